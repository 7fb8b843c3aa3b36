"""The life of a proposal: one person proposes, another decides, and what counted before stays for ever."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, timedelta

import grpc
import pytest
import sqlalchemy
from xuke.screening.v1 import list_pb2 as messages
from xuke.screening.v1 import screening_pb2

from services.foundation.database import Database
from services.foundation.errors import ErrorCode
from services.foundation.grpc_errors import from_rpc_error
from services.foundation.ledger import Subject
from services.screening.store.proposal_tables import list_proposal
from tests.contract.screening.cases import export, party, refusal
from tests.contract.screening.proposals.editor import (
    ALPHA,
    BETA,
    GAMMA,
    HEADER,
    NOW,
    Editor,
    definition,
    verdict_of,
)
from tests.support import identity
from tests.support.identity import LIST_EDITOR
from tests.support.services import SettableClock, call_of, request_id


def test_a_new_list_counts_once_a_second_person_activates_it(
    editor: Editor, second: Editor, procedure: Editor, database: Database
) -> None:
    proposal = editor.bring_in(HEADER + ALPHA + BETA, definition=definition())
    assert (proposal.state, proposal.base_version) == (messages.PROPOSAL_STATE_PROPOSED, "")
    assert (proposal.added, proposal.changed, proposal.ended, proposal.unchanged) == (2, 0, 0, 0)
    assert list(proposal.allowed_actions) == ["withdraw"]
    assert verdict_of(procedure, "Alpha Rocket Works") == screening_pb2.VERDICT_CLEAR

    seen = second.lists.GetProposal(messages.GetProposalRequest(proposal_id=proposal.proposal_id))
    assert list(seen.allowed_actions) == ["activate", "reject"]
    activated = second.activate(proposal)
    assert (activated.state, activated.decided_by) == (messages.PROPOSAL_STATE_ACTIVATED, "editor-2")
    assert list(activated.allowed_actions) == []

    made = procedure.screening.Screen(export(party(name_en="Alpha Rocket Works")))
    assert made.verdict == screening_pb2.VERDICT_PROHIBITED
    assert activated.list_version in made.versions
    assert made.hits[0].list_code == "trial_list"
    (version,) = editor.versions("trial_list")
    assert (version.proposed_by, version.activated_by, version.current) == ("editor-1", "editor-2", True)
    listed = editor.screening.ListPartyLists(screening_pb2.ListPartyListsRequest()).lists
    trial = next(one for one in listed if one.list_code == "trial_list")
    assert (trial.read_on, trial.review_by, trial.required) == ("2026-11-20", "2027-02-18", False)
    assert trial.activated_at.ToDatetime(UTC) == NOW
    with database.begin(call_of(identity.AUDITOR)) as work:
        about = work.events(Subject("list_proposal", proposal.proposal_id))
        (counted,) = work.events(Subject("party_list", "trial_list"))
    assert [(event.action, event.actor_subject) for event in about] == [
        ("LIST_PROPOSED", "editor-1"),
        ("LIST_PROPOSAL_ACTIVATED", "editor-2"),
    ]
    assert counted.payload["version"] == activated.list_version


def test_four_eyes(editor: Editor, second: Editor) -> None:
    proposal = editor.bring_in(HEADER + ALPHA, definition=definition())
    for act, reason in (
        (editor.activate, "FOUR_EYES"),
        (editor.reject, "FOUR_EYES"),
        (second.withdraw, "PROPOSAL_OF_ANOTHER"),
    ):
        error = refusal(lambda act=act: act(proposal))
        assert (error.code, error.reason) == (ErrorCode.FAILED_PRECONDITION, reason)
    withdrawn = editor.withdraw(proposal)
    assert withdrawn.state == messages.PROPOSAL_STATE_WITHDRAWN
    assert refusal(lambda: second.activate(withdrawn)).reason == "PROPOSAL_STATE_FORBIDS_ACTION"
    assert refusal(lambda: editor.entries("trial_list")).code is ErrorCode.NOT_FOUND


def test_the_database_itself_keeps_the_two_people_apart(editor: Editor, database: Database) -> None:
    editor.bring_in(HEADER + ALPHA, definition=definition())
    with (
        pytest.raises(sqlalchemy.exc.IntegrityError, match="four_eyes"),
        database.begin(call_of(LIST_EDITOR)) as work,
    ):
        work.connection.execute(
            sqlalchemy.update(list_proposal).values(state="ACTIVATED", decided_by="editor-1", decided_at=NOW)
        )


def test_a_rejected_proposal_changes_nothing_and_says_why(
    editor: Editor, second: Editor, trial: messages.Proposal
) -> None:
    proposal = editor.bring_in(HEADER + ALPHA + GAMMA)
    rejected = second.reject(proposal)
    assert (rejected.state, rejected.decision_reason) == (
        messages.PROPOSAL_STATE_REJECTED,
        "Not by this notice",
    )
    assert editor.entries("trial_list").list_version == trial.list_version


def test_a_proposal_on_an_earlier_version_cannot_be_activated(
    editor: Editor, second: Editor, trial: messages.Proposal
) -> None:
    first = editor.bring_in(HEADER + ALPHA + BETA + GAMMA)
    late = editor.bring_in(HEADER + ALPHA)
    second.activate(first)
    error = refusal(lambda: second.activate(late))
    assert (error.code, error.reason) == (ErrorCode.FAILED_PRECONDITION, "PROPOSAL_BASE_CHANGED")
    assert error.metadata["current_version"] == first.list_version
    request = messages.GetProposalRequest(proposal_id=late.proposal_id)
    assert list(second.lists.GetProposal(request).allowed_actions) == ["reject"]
    assert second.reject(late).state == messages.PROPOSAL_STATE_REJECTED


def test_a_stale_etag_is_refused_and_a_repetition_gets_the_first_answer(
    editor: Editor, second: Editor
) -> None:
    proposal = editor.bring_in(HEADER + ALPHA, definition=definition())
    request = messages.ActivateProposalRequest(
        request_id=request_id(), proposal_id=proposal.proposal_id, etag="7"
    )
    assert refusal(lambda: second.lists.ActivateProposal(request)).reason == "STALE_ETAG"
    request.etag = proposal.etag
    first = second.lists.ActivateProposal(request)
    assert second.lists.ActivateProposal(request) == first


def test_a_proposal_that_lay_too_long_is_not_activated(
    editor: Editor, second: Editor, clock: SettableClock
) -> None:
    proposal = editor.bring_in(HEADER + ALPHA, definition=definition())
    clock.advance(timedelta(days=90))
    assert refusal(lambda: second.activate(proposal)).reason == "LIST_TOO_OLD"
    assert second.reject(proposal).state == messages.PROPOSAL_STATE_REJECTED


def test_of_two_proposals_activated_at_the_same_time_one_counts(
    editor: Editor, second: Editor, trial: messages.Proposal
) -> None:
    rivals = [editor.bring_in(HEADER + ALPHA + BETA + GAMMA), editor.bring_in(HEADER + ALPHA)]

    def outcome(proposal: messages.Proposal) -> str:
        try:
            return messages.ProposalState.Name(second.activate(proposal).state)
        except grpc.RpcError as refused:
            return from_rpc_error(refused).reason

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(outcome, rivals))
    assert outcomes == ["PROPOSAL_BASE_CHANGED", "PROPOSAL_STATE_ACTIVATED"]
    current, _ = editor.versions("trial_list")
    assert current.current
    assert current.list_version in {proposal.list_version for proposal in rivals}


def test_pages_of_entries_changes_and_proposals(editor: Editor, second: Editor) -> None:
    body = "".join(f"E-{at:03},Entry Number {at} Works,KR,Notice,2026-01-01,,\n" for at in range(30))
    proposal = editor.bring_in(HEADER + body, definition=definition())
    request = messages.ListProposalChangesRequest(proposal_id=proposal.proposal_id, page_size=20)
    first = editor.lists.ListProposalChanges(request)
    request.page_token = first.next_page_token
    rest = editor.lists.ListProposalChanges(request)
    assert [change.entry_id for change in (*first.changes, *rest.changes)] == [
        f"E-{at:03}" for at in range(30)
    ]
    assert rest.next_page_token == ""
    second.activate(proposal)
    page = editor.entries("trial_list", page_size=25)
    more = editor.entries("trial_list", page_size=25, page_token=page.next_page_token)
    assert (len(page.entries), len(more.entries), page.total, more.next_page_token) == (25, 5, 30, "")
    found = editor.entries("trial_list", query="number 7 w")
    assert ([entry.entry_id for entry in found.entries], found.total) == (["E-007"], 1)
    assert editor.entries("trial_list", query="100%").total == 0

    later = editor.bring_in(HEADER + body + ALPHA)
    listed = editor.lists.ListProposals(messages.ListProposalsRequest(page_size=1))
    assert [one.proposal_id for one in listed.proposals] == [later.proposal_id]
    rest = editor.lists.ListProposals(
        messages.ListProposalsRequest(page_size=1, page_token=listed.next_page_token)
    )
    assert [one.proposal_id for one in rest.proposals] == [proposal.proposal_id]
    activated = editor.lists.ListProposals(
        messages.ListProposalsRequest(states=[messages.PROPOSAL_STATE_ACTIVATED], list_code="trial_list")
    )
    assert [one.proposal_id for one in activated.proposals] == [proposal.proposal_id]
    for token in ("x", "WyJ4Il0"):
        bad = messages.ListProposalsRequest(page_token=token)
        assert [
            found.reason for found in refusal(lambda bad=bad: editor.lists.ListProposals(bad)).violations
        ] == ["PAGE_TOKEN_INVALID"]
