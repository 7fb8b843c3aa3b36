"""The life of a proposal to change data of the law: one person proposes, another makes it count or not.

One table of every change of state that is possible, and nothing beside it. What is proposed (a version of a
party list, of rules, of a control list) and where it is kept is the concern of the service that holds it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, assert_never

from services.foundation.errors import XukeError, failed_precondition


class ProposalState(StrEnum):
    """Where a proposal stands."""

    PROPOSED = "PROPOSED"
    ACTIVATED = "ACTIVATED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"


class ProposalAction(StrEnum):
    """What can be done with a proposal."""

    ACTIVATE = "ACTIVATE"
    REJECT = "REJECT"
    WITHDRAW = "WITHDRAW"


class ProposalGuard(StrEnum):
    """A demand that a change of state makes."""

    ANOTHER_PERSON = "ANOTHER_PERSON"
    """The caller is not the one who proposed: four eyes."""
    PROPOSER = "PROPOSER"
    """The caller is the one who proposed."""
    BASE_UNCHANGED = "BASE_UNCHANGED"
    """What counts now is still what the proposal started from."""


@dataclass(frozen=True, slots=True)
class ProposalTransition:
    """One row of the table: in `source`, whoever meets every guard may take `action`, which leads to `target`."""

    source: ProposalState
    action: ProposalAction
    guards: tuple[ProposalGuard, ...]
    target: ProposalState


TRANSITIONS: Final[tuple[ProposalTransition, ...]] = (
    ProposalTransition(
        ProposalState.PROPOSED,
        ProposalAction.ACTIVATE,
        (ProposalGuard.ANOTHER_PERSON, ProposalGuard.BASE_UNCHANGED),
        ProposalState.ACTIVATED,
    ),
    ProposalTransition(
        ProposalState.PROPOSED,
        ProposalAction.REJECT,
        (ProposalGuard.ANOTHER_PERSON,),
        ProposalState.REJECTED,
    ),
    ProposalTransition(
        ProposalState.PROPOSED,
        ProposalAction.WITHDRAW,
        (ProposalGuard.PROPOSER,),
        ProposalState.WITHDRAWN,
    ),
)


@dataclass(frozen=True, slots=True)
class ProposalStanding:
    """What the rules need of a proposal: by whom, from which version, and which version counts now.

    A version is empty where there was, or is, none.
    """

    proposal_id: str
    state: ProposalState
    proposed_by: str
    base_version: str
    current_version: str


def next_state(standing: ProposalStanding, action: ProposalAction, actor: str) -> ProposalState:
    """The state that `action` of the person `actor` (subject) leads to.

    Errors: FAILED_PRECONDITION with PROPOSAL_STATE_FORBIDS_ACTION naming the state and what is possible in it,
    FOUR_EYES for whoever proposed, PROPOSAL_OF_ANOTHER for whoever did not, PROPOSAL_BASE_CHANGED.
    """
    for row in TRANSITIONS:
        if (row.source, row.action) == (standing.state, action):
            for guard in row.guards:
                refusal = _refusal(guard, standing, actor)
                if refusal is not None:
                    raise refusal
            return row.target
    raise failed_precondition(
        "PROPOSAL_STATE_FORBIDS_ACTION",
        id=standing.proposal_id,
        action=action.value,
        state=standing.state.value,
        allowed=" ".join(row.action.value for row in TRANSITIONS if row.source is standing.state),
    )


def allowed_actions(standing: ProposalStanding, actor: str) -> tuple[ProposalAction, ...]:
    """What the person `actor` may do with the proposal now."""
    return tuple(
        row.action
        for row in TRANSITIONS
        if row.source is standing.state
        and all(_refusal(guard, standing, actor) is None for guard in row.guards)
    )


def _refusal(guard: ProposalGuard, standing: ProposalStanding, actor: str) -> XukeError | None:
    """Why a guard does not hold, or None if it does."""
    about = {"id": standing.proposal_id, "state": standing.state.value}
    match guard:
        case ProposalGuard.ANOTHER_PERSON:
            return failed_precondition("FOUR_EYES", **about) if actor == standing.proposed_by else None
        case ProposalGuard.PROPOSER:
            if actor == standing.proposed_by:
                return None
            return failed_precondition("PROPOSAL_OF_ANOTHER", **about)
        case ProposalGuard.BASE_UNCHANGED:
            if standing.base_version == standing.current_version:
                return None
            return failed_precondition(
                "PROPOSAL_BASE_CHANGED",
                **about,
                base_version=standing.base_version,
                current_version=standing.current_version,
            )
        case _:
            assert_never(guard)
