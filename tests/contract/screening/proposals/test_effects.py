"""What a proposal would do to the exports that are watched, told before it is activated."""

from datetime import timedelta
from typing import Any

import pytest
from xuke.screening.v1 import list_pb2 as messages
from xuke.screening.v1 import screening_pb2

from tests.contract.screening.cases import export, party, refusal
from tests.contract.screening.proposals.editor import ALPHA, BETA, GAMMA, HEADER, Editor, definition
from tests.support.services import SettableClock


def watch(procedure: Editor, watched_as: str, **fields: Any) -> screening_pb2.Screening:
    given = {"name_en": "Alpha Rocket Works"} | fields
    return procedure.screening.Screen(export(party(**given), watched_as=watched_as))


def effects(editor: Editor, proposal: messages.Proposal) -> tuple[int, int]:
    read = editor.lists.GetProposal(messages.GetProposalRequest(proposal_id=proposal.proposal_id))
    return read.more_severe, read.less_severe


def test_a_proposal_says_how_many_watched_exports_it_would_touch(
    editor: Editor, second: Editor, procedure: Editor
) -> None:
    watch(procedure, "applications/1")
    watch(procedure, "applications/2")
    watch(procedure, "applications/3", name_en="Someone Else Entirely")
    first = editor.bring_in(HEADER + ALPHA, definition=definition())
    assert effects(editor, first) == (2, 0)
    # Asked again, and by an index that is held: the same.
    assert effects(second, first) == (2, 0)
    second.activate(first)
    assert effects(editor, first) == (0, 0)

    watch(procedure, "applications/1")
    lighter = editor.bring_in(HEADER + BETA)
    assert effects(editor, lighter) == (0, 1)
    second.activate(editor.bring_in(HEADER + ALPHA + BETA))
    # It starts from what counts no longer: it cannot be activated, and would change nothing.
    assert effects(editor, lighter) == (0, 0)


def test_effects_that_take_too_long_are_said_to_be_uncounted(
    editor: Editor, procedure: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch(procedure, "applications/1")
    proposal = editor.bring_in(HEADER + ALPHA, definition=definition())
    monkeypatch.setattr("services.screening.effects.LONGEST_COUNT", -1.0)
    assert effects(editor, proposal) == (-1, -1)


def test_effects_are_told_while_a_list_is_stale(
    editor: Editor, second: Editor, procedure: Editor, trial: messages.Proposal, clock: SettableClock
) -> None:
    watch(procedure, "applications/1", name_en="Gamma Optics Limited")
    lies = editor.bring_in(HEADER + ALPHA + BETA + GAMMA)
    clock.advance(timedelta(days=90))
    assert refusal(lambda: watch(procedure, "applications/2")).reason == "SCREENING_LIST_STALE"
    other = editor.bring_in(
        HEADER + GAMMA,
        list_code="other_list",
        definition=definition(list_code="other_list"),
        read_on="2027-02-18",
    )
    assert effects(second, other) == (1, 0)
    # One that lay too long itself is read before it is rejected.
    assert effects(second, lies) == (1, 0)
