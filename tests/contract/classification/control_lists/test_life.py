"""A proposal and its two people: what is proposed counts once another person activates it, and nothing is removed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import grpc
import pytest
import sqlalchemy
from xuke.classification.v1 import classification_pb2 as cl
from xuke.classification.v1 import control_list_pb2 as messages

from services.classification.domain.entries import ControlList
from services.classification.store.proposal_tables import control_list_proposal
from services.foundation.database import Database
from services.foundation.errors import ErrorCode
from services.foundation.grpc_errors import from_rpc_error
from services.foundation.ledger import Subject
from services.foundation.pagination import encode_page_token
from tests.contract.classification.control_lists.cases import APT, HAFNIUM, HEADER, NEW, NOW, keep, stamp
from tests.contract.classification.lists import REGIME, Person, refusal
from tests.support import identity
from tests.support.services import call_of, request_id


def test_an_entry_counts_once_a_second_person_activates_it(
    editor: Person, second: Person, database: Database, shipped: ControlList
) -> None:
    proposal = editor.bring_in(HEADER + NEW)
    assert (proposal.state, proposal.kind) == (
        messages.CONTROL_LIST_PROPOSAL_STATE_PROPOSED,
        messages.CONTROL_LIST_PROPOSAL_KIND_LIST,
    )
    assert proposal.base_version == shipped.version
    assert (proposal.added, proposal.changed, proposal.ended) == (1, 0, 0)
    assert proposal.unchanged == len(shipped.entries)
    assert list(proposal.allowed_actions) == ["withdraw"]
    (change,) = editor.changes(proposal)
    assert (change.control_code, change.kind, change.name_zh) == ("3C909", "ADDED", "试验用氧化铪溅射靶材")
    told = {field.field: (field.before, field.after) for field in change.fields}
    assert told["hs_references"] == ("", "2825902000 announcement 2026-80")
    assert told["standings"] == ("", "IN_FORCE 2026-11-01.. (2026-80)")
    assert refusal(lambda: editor.entry("3C909")).code is ErrorCode.NOT_FOUND

    assert list(second.read(proposal).allowed_actions) == ["activate", "reject"]
    activated = second.activate(proposal)
    assert (activated.state, activated.decided_by) == (
        messages.CONTROL_LIST_PROPOSAL_STATE_ACTIVATED,
        "editor-2",
    )
    assert editor.entry("3C909").list_version == activated.list_version == editor.current()
    classified = editor.classification.Classify(cl.ClassifyRequest(item=HAFNIUM))
    assert classified.overall == cl.OUTCOME_CONTROLLED
    assert classified.candidates[0].entry.control_code == "3C909"
    assert [each.list_version for each in editor.versions()] == [activated.list_version, shipped.version]
    with database.begin(call_of(identity.AUDITOR)) as work:
        about = work.events(Subject("control_list_proposal", proposal.proposal_id))
        (counted,) = work.events(Subject("control_list_regime", REGIME))
    assert [(event.action, event.actor_subject) for event in about] == [
        ("CONTROL_LIST_PROPOSED", "editor-1"),
        ("CONTROL_LIST_PROPOSAL_ACTIVATED", "editor-2"),
    ]
    assert counted.payload["version"] == activated.list_version


def test_four_eyes(editor: Person, second: Person, database: Database) -> None:
    proposal = editor.bring_in(HEADER + NEW)
    for act, reason in (
        (editor.activate, "FOUR_EYES"),
        (editor.reject, "FOUR_EYES"),
        (second.withdraw, "PROPOSAL_OF_ANOTHER"),
    ):
        error = refusal(lambda act=act: act(proposal))
        assert (error.code, error.reason) == (ErrorCode.FAILED_PRECONDITION, reason)
    with (
        pytest.raises(sqlalchemy.exc.IntegrityError, match="four_eyes"),
        database.begin(call_of(identity.LIST_EDITOR)) as work,
    ):
        work.connection.execute(
            sqlalchemy.update(control_list_proposal).values(
                state="ACTIVATED", decided_by="editor-1", decided_at=NOW
            )
        )
    stale = messages.ControlListProposal(proposal_id=proposal.proposal_id, etag="7")
    assert refusal(lambda: second.activate(stale)).reason == "STALE_ETAG"
    rejected = second.reject(proposal)
    assert rejected.decision_reason == "Not by this announcement"
    assert refusal(lambda: second.activate(rejected)).reason == "PROPOSAL_STATE_FORBIDS_ACTION"
    assert refusal(lambda: editor.entry("3C909")).code is ErrorCode.NOT_FOUND


def test_of_two_proposals_on_the_same_version_one_counts(editor: Person, second: Person) -> None:
    first = editor.bring_in(HEADER + NEW)
    other = editor.bring_in(HEADER + NEW.replace("3C909", "3C910"))
    second.activate(first)
    assert refusal(lambda: second.activate(other)).reason == "PROPOSAL_BASE_CHANGED"
    assert second.read(other).outcome_changes == 0
    # Withdrawing it is still possible, so that it does not stand open for ever.
    assert editor.withdraw(other).state == messages.CONTROL_LIST_PROPOSAL_STATE_WITHDRAWN


def test_of_two_proposals_activated_at_the_same_time_one_counts(editor: Person, second: Person) -> None:
    proposals = [
        editor.bring_in(HEADER + NEW.replace("3C909", code)) for code in ("3C909", "3C910", "3C911", "3C912")
    ]

    def activate(proposal: messages.ControlListProposal) -> str:
        try:
            return second.activate(proposal).list_version
        except grpc.RpcError as error:
            return from_rpc_error(error).reason

    with ThreadPoolExecutor(len(proposals)) as pool:
        came_of_it = sorted(pool.map(activate, proposals))
    assert came_of_it == [editor.current(), *["PROPOSAL_BASE_CHANGED"] * 3]


def test_nothing_that_counted_is_ever_changed_or_removed(database: Database) -> None:
    for statement in (
        "DELETE FROM list_activation",
        "UPDATE list_activation SET activated_at = now()",
        "DELETE FROM interpretation",
        "UPDATE interpretation SET answer = 'TRUE'",
        "DELETE FROM control_list_proposal",
        "UPDATE control_list_proposal SET reason = ''",
        "DELETE FROM control_list_change",
        "DELETE FROM classified_item",
        "DELETE FROM classification_run",
        "UPDATE classification_run SET outcome = ''",
        "DELETE FROM reclassification_task",
        "UPDATE reclassification_task SET outcome_after = ''",
    ):
        with (
            pytest.raises(sqlalchemy.exc.ProgrammingError, match="permission denied"),
            database.engine.begin() as connection,
        ):
            connection.execute(sqlalchemy.text(statement))


def test_before_the_first_list_nothing_was_known(editor: Person) -> None:
    long_ago = stamp(NOW - timedelta(days=1))
    error = refusal(lambda: editor.entry("1C117.d.1", known_at=long_ago))
    assert (error.code, error.reason) == (ErrorCode.FAILED_PRECONDITION, "CONTROL_LIST_NOT_LOADED")
    found = editor.classification.SearchEntries(
        cl.SearchEntriesRequest(query="1C117.d.1", known_at=stamp(NOW))
    )
    assert found.list_versions == [editor.current()]


def test_a_request_that_is_repeated_is_answered_as_before(editor: Person, second: Person) -> None:
    same = request_id()
    first = editor.bring_in(HEADER + NEW, request_id=same)
    second.activate(first)
    again = editor.bring_in(HEADER + NEW, request_id=same, chunk=7)
    assert again.proposal_id == first.proposal_id
    error = refusal(lambda: editor.bring_in(HEADER + NEW + NEW.replace("3C909", "3C911"), request_id=same))
    assert error.reason == "REQUEST_ID_REUSED"


def test_lists_are_read_page_by_page(editor: Person, procedure: Person) -> None:
    for at in range(5):
        keep(procedure, APT, f"products/{at}")
    lines = "".join(NEW.replace("3C909", f"3C91{at}") for at in range(5))
    proposal = editor.bring_in(HEADER + lines)
    request = messages.ListControlListChangesRequest(proposal_id=proposal.proposal_id, page_size=2)
    found = []
    while True:
        page = editor.lists.ListControlListChanges(request)
        found += [change.control_code for change in page.changes]
        if not page.next_page_token:
            break
        request.page_token = page.next_page_token
    assert found == [f"3C91{at}" for at in range(5)]
    suspended = editor.state("1C117.d.1", cl.ENTRY_STATUS_SUSPENDED, "2026-11-20", "2027-11-20")
    outcomes = messages.ListOutcomeChangesRequest(proposal_id=suspended.proposal_id, page_size=2)
    subjects = []
    counted = []
    while True:
        answer = editor.lists.ListOutcomeChanges(outcomes)
        subjects += [change.subject for change in answer.changes]
        counted.append(answer.outcome_changes)
        if not answer.next_page_token:
            break
        outcomes.page_token = answer.next_page_token
    assert subjects == [f"products/{at}" for at in range(5)]
    # The first page is told with how many they are on all.
    assert counted == [5, -1, -1]
    uncounted = messages.GetControlListProposalRequest(
        proposal_id=suspended.proposal_id, without_outcome_changes=True
    )
    assert editor.lists.GetControlListProposal(uncounted).outcome_changes == -1
    assert editor.read(suspended).outcome_changes == 5
    for ask, request in (
        (editor.lists.ListReclassificationTasks, messages.ListReclassificationTasksRequest(page_token="x")),
        (
            editor.lists.ListControlListChanges,
            messages.ListControlListChangesRequest(
                proposal_id=proposal.proposal_id, page_token=encode_page_token("9" * 30)
            ),
        ),
        (
            editor.lists.ListOutcomeChanges,
            messages.ListOutcomeChangesRequest(
                proposal_id=suspended.proposal_id, page_token=encode_page_token("\0")
            ),
        ),
    ):
        error = refusal(lambda ask=ask, request=request: ask(request))
        assert [each.reason for each in error.violations] == ["PAGE_TOKEN_INVALID"]
    error = refusal(
        lambda: editor.lists.ListInterpretations(messages.ListInterpretationsRequest(control_code="\0"))
    )
    assert [each.reason for each in error.violations] == ["LIST_TEXT_UNPRINTABLE"]
