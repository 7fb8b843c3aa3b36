from dataclasses import replace

import pytest

from services.foundation.errors import ErrorCode, XukeError
from services.foundation.proposals import (
    TRANSITIONS,
    ProposalAction,
    ProposalStanding,
    ProposalState,
    allowed_actions,
    next_state,
)

OPEN = ProposalStanding("p-1", ProposalState.PROPOSED, "editor-1", "list 1", "list 1")


def outcome(standing: ProposalStanding, action: ProposalAction, actor: str) -> str:
    try:
        return next_state(standing, action, actor).value
    except XukeError as refused:
        told = (refused.code, refused.metadata["id"], refused.metadata["state"])
        if told != (ErrorCode.FAILED_PRECONDITION, standing.proposal_id, standing.state.value):
            raise
        return refused.reason


@pytest.mark.parametrize(
    ("action", "actor", "expected"),
    [
        (ProposalAction.ACTIVATE, "editor-1", "FOUR_EYES"),
        (ProposalAction.ACTIVATE, "editor-2", "ACTIVATED"),
        (ProposalAction.REJECT, "editor-1", "FOUR_EYES"),
        (ProposalAction.REJECT, "editor-2", "REJECTED"),
        (ProposalAction.WITHDRAW, "editor-1", "WITHDRAWN"),
        (ProposalAction.WITHDRAW, "editor-2", "PROPOSAL_OF_ANOTHER"),
    ],
)
def test_who_may_do_what_with_an_open_proposal(action: ProposalAction, actor: str, expected: str) -> None:
    assert outcome(OPEN, action, actor) == expected


@pytest.mark.parametrize(("base", "current"), [("list 1", "list 2"), ("", "list 1"), ("list 1", "")])
def test_a_proposal_on_what_no_longer_counts_cannot_be_activated(base: str, current: str) -> None:
    moved = replace(OPEN, base_version=base, current_version=current)
    assert outcome(moved, ProposalAction.ACTIVATE, "editor-2") == "PROPOSAL_BASE_CHANGED"
    assert outcome(moved, ProposalAction.REJECT, "editor-2") == "REJECTED"
    assert outcome(moved, ProposalAction.WITHDRAW, "editor-1") == "WITHDRAWN"


def test_a_proposal_for_what_is_not_there_yet_can_be_activated() -> None:
    first = replace(OPEN, base_version="", current_version="")
    assert outcome(first, ProposalAction.ACTIVATE, "editor-2") == "ACTIVATED"


@pytest.mark.parametrize("state", [state for state in ProposalState if state is not ProposalState.PROPOSED])
@pytest.mark.parametrize("action", ProposalAction)
@pytest.mark.parametrize("actor", ["editor-1", "editor-2"])
def test_a_decided_proposal_stays_as_it_is(state: ProposalState, action: ProposalAction, actor: str) -> None:
    decided = replace(OPEN, state=state)
    assert outcome(decided, action, actor) == "PROPOSAL_STATE_FORBIDS_ACTION"
    assert allowed_actions(decided, actor) == ()


@pytest.mark.parametrize("actor", ["editor-1", "editor-2"])
@pytest.mark.parametrize("current", ["list 1", "list 2"])
def test_what_is_said_to_be_allowed_is_allowed(actor: str, current: str) -> None:
    standing = replace(OPEN, current_version=current)
    allowed = {action for action in ProposalAction if outcome(standing, action, actor) in set(ProposalState)}
    assert set(allowed_actions(standing, actor)) == allowed


def test_every_end_is_reached_and_final() -> None:
    assert {row.target for row in TRANSITIONS} == set(ProposalState) - {ProposalState.PROPOSED}
    assert {row.source for row in TRANSITIONS} == {ProposalState.PROPOSED}
