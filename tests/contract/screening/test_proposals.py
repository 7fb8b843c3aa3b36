"""Lists are changed by two people: a file or a form proposes, another person activates, nothing is removed."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import pytest
import sqlalchemy
from sqlalchemy import select
from xuke.foundation.v1 import foundation_pb2
from xuke.screening.v1 import list_pb2 as messages
from xuke.screening.v1 import list_pb2_grpc as contract
from xuke.screening.v1 import screening_pb2, screening_pb2_grpc

from services.foundation.database import Database
from services.foundation.errors import ErrorCode
from services.foundation.grpc_errors import from_rpc_error
from services.foundation.ledger import Subject
from services.foundation.principal import Principal
from services.screening.bases import Bases
from services.screening.loading import load
from services.screening.reference_files import Shipped, read_comparison
from services.screening.server import registrations
from services.screening.store.proposal_tables import list_proposal, list_proposal_change
from services.screening.store.tables import ledger
from tests.conftest import ServiceDatabase
from tests.contract.screening.cases import export, party, refusal
from tests.support import identity
from tests.support.identity import LIST_EDITOR, SECOND_EDITOR
from tests.support.services import RunningService, SettableClock, call_of, request_id, running

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
HEADER = "entry_id,name_en,country,announcement,effective_from,suspended_from,suspended_to\n"
ALPHA = "A-1,Alpha Rocket Works,KR,Notice 1,2026-01-01,,\n"
BETA = "B-1,Beta Turbine Company,KR,Notice 1,2026-01-01,,\n"
GAMMA = "C-1,Gamma Optics Limited,KR,Notice 2,2026-11-01,,\n"


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(NOW)


@pytest.fixture
def database(
    service_database: Callable[[str], ServiceDatabase], shipped: Shipped, clock: SettableClock
) -> Iterator[Database]:
    database = Database(service_database("screening").url, ledger)
    load(database, shipped, clock)
    yield database
    database.dispose()


@pytest.fixture
def service(database: Database, clock: SettableClock) -> Iterator[RunningService]:
    with running(registrations(database, Bases(read_comparison())), clock) as service:
        yield service


class Editor:
    """One caller of the service, with what tests do over and over."""

    def __init__(self, service: RunningService, principal: Principal) -> None:
        self.lists = contract.ListServiceStub(service.channel(principal))
        self.screening = screening_pb2_grpc.ScreeningServiceStub(service.channel(principal))

    def bring_in(self, content: str | bytes, chunk: int = 1000, **fields: Any) -> messages.Proposal:
        data = content.encode() if isinstance(content, str) else content
        described = {
            "request_id": request_id(),
            "format": messages.LIST_FORMAT_PARTIES_CSV,
            "list_code": "trial_list",
            "read_on": "2026-11-20",
            "file_name": "trial.csv",
            "reason": "A new notice",
        } | fields
        parts = [messages.ProposeImportRequest(description=messages.ImportDescription(**described))]
        parts += [
            messages.ProposeImportRequest(content=data[at : at + chunk]) for at in range(0, len(data), chunk)
        ]
        return self.lists.ProposeImport(iter(parts))

    def activate(self, proposal: messages.Proposal) -> messages.Proposal:
        return self.lists.ActivateProposal(
            messages.ActivateProposalRequest(
                request_id=request_id(), proposal_id=proposal.proposal_id, etag=proposal.etag
            )
        )

    def reject(self, proposal: messages.Proposal) -> messages.Proposal:
        return self.lists.RejectProposal(
            messages.RejectProposalRequest(
                request_id=request_id(),
                proposal_id=proposal.proposal_id,
                etag=proposal.etag,
                reason="Not by this notice",
            )
        )

    def withdraw(self, proposal: messages.Proposal) -> messages.Proposal:
        return self.lists.WithdrawProposal(
            messages.WithdrawProposalRequest(
                request_id=request_id(), proposal_id=proposal.proposal_id, etag=proposal.etag
            )
        )

    def changes(self, proposal: messages.Proposal) -> Sequence[messages.EntryChange]:
        request = messages.ListProposalChangesRequest(proposal_id=proposal.proposal_id)
        return self.lists.ListProposalChanges(request).changes

    def entries(self, list_code: str, **fields: Any) -> messages.ListEntriesResponse:
        return self.lists.ListEntries(messages.ListEntriesRequest(list_code=list_code, **fields))

    def versions(self, list_code: str) -> Sequence[messages.ListVersion]:
        return self.lists.ListListVersions(messages.ListListVersionsRequest(list_code=list_code)).versions


@pytest.fixture
def editor(service: RunningService) -> Editor:
    return Editor(service, LIST_EDITOR)


@pytest.fixture
def second(service: RunningService) -> Editor:
    return Editor(service, SECOND_EDITOR)


@pytest.fixture
def procedure(service: RunningService) -> Editor:
    return Editor(service, identity.PROCEDURE)


def definition(**fields: Any) -> messages.ListDefinition:
    given = {
        "list_code": "trial_list",
        "name": foundation_pb2.LocalizedText(zh="试行名单", en="Trial list"),
        "match_verdict": screening_pb2.VERDICT_PROHIBITED,
        "likeness_verdict": screening_pb2.VERDICT_REVIEW,
        "source": foundation_pb2.LegalSource(instrument="试行办法", article="Art. 1"),
        "effective_from": "2026-01-01",
        "maximum_age_days": 90,
    } | fields
    return messages.ListDefinition(**given)


@pytest.fixture
def trial(editor: Editor, second: Editor) -> messages.Proposal:
    return second.activate(editor.bring_in(HEADER + ALPHA + BETA, definition=definition()))


def verdict_of(procedure: Editor, name: str) -> int:
    return procedure.screening.Screen(export(party(name_en=name))).verdict


def rows(database: Database) -> tuple[int, ...]:
    with database.begin(call_of(LIST_EDITOR)) as work:
        return tuple(
            work.connection.execute(select(sqlalchemy.func.count()).select_from(table)).scalar_one()
            for table in (list_proposal, list_proposal_change, ledger.audit_event)
        )


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


def test_what_a_file_leaves_out_ends_and_is_not_removed(
    editor: Editor, second: Editor, procedure: Editor, trial: messages.Proposal
) -> None:
    before = procedure.screening.Screen(export(party(name_en="Beta Turbine Company")))
    assert before.verdict == screening_pb2.VERDICT_PROHIBITED

    changed = ALPHA.replace("Alpha Rocket Works", "Alpha Rocket Works Group")
    proposal = editor.bring_in(HEADER + GAMMA + changed)
    assert (proposal.added, proposal.changed, proposal.ended, proposal.unchanged) == (1, 1, 1, 0)
    told = {change.entry_id: change for change in editor.changes(proposal)}
    assert {entry_id: change.kind for entry_id, change in told.items()} == {
        "A-1": messages.CHANGE_KIND_CHANGED,
        "B-1": messages.CHANGE_KIND_ENDED,
        "C-1": messages.CHANGE_KIND_ADDED,
    }
    fields = [(one.field, one.before, one.after) for one in told["A-1"].fields]
    assert fields == [("name_en", "Alpha Rocket Works", "Alpha Rocket Works Group")]
    # The list was read on 20 November and did not hold it any more.
    fields = [(one.field, one.before, one.after) for one in told["B-1"].fields]
    assert fields == [("effective_to", "", "2026-11-19")]
    assert ("country", "", "KR") in [(one.field, one.before, one.after) for one in told["C-1"].fields]

    activated = second.activate(proposal)
    standing = {entry.entry_id: entry.standing for entry in editor.entries("trial_list").entries}
    assert standing == {"A-1": "IN_FORCE", "B-1": "DELISTED", "C-1": "IN_FORCE"}
    then = editor.entries("trial_list", as_of="2026-10-31").entries
    assert [entry.standing for entry in then] == ["IN_FORCE", "IN_FORCE", "ANNOUNCED"]
    assert verdict_of(procedure, "Beta Turbine Company") == screening_pb2.VERDICT_CLEAR
    # What was screened before stands, and so does the version that it rested on.
    old = editor.entries("trial_list", list_version=trial.list_version)
    assert [entry.entry_id for entry in old.entries] == ["A-1", "B-1"]
    assert trial.list_version in before.versions
    assert [version.list_version for version in editor.versions("trial_list")] == [
        activated.list_version,
        trial.list_version,
    ]


def test_whoever_is_on_the_list_again_is_listed_again(
    editor: Editor, second: Editor, trial: messages.Proposal
) -> None:
    second.activate(editor.bring_in(HEADER + ALPHA))
    again = editor.bring_in(HEADER + ALPHA + BETA)
    (change,) = editor.changes(again)
    assert [(one.field, one.before, one.after) for one in change.fields] == [
        ("effective_to", "2026-11-19", "")
    ]
    # The list says again what it said first: it comes back to that version.
    assert again.list_version == trial.list_version
    assert second.activate(again).state == messages.PROPOSAL_STATE_ACTIVATED
    assert [version.current for version in editor.versions("trial_list")] == [True, False, False]
    assert editor.entries("trial_list").list_version == trial.list_version


def test_the_order_of_the_file_changes_nothing(editor: Editor, second: Editor) -> None:
    forward = editor.bring_in(HEADER + ALPHA + BETA + GAMMA, definition=definition())
    backward = editor.bring_in(HEADER + GAMMA + BETA + ALPHA, definition=definition())
    assert forward.list_version == backward.list_version
    second.activate(forward)
    error = refusal(lambda: editor.bring_in(HEADER + BETA + ALPHA + GAMMA))
    assert [found.reason for found in error.violations] == ["LIST_NOTHING_CHANGES"]


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


def test_repeating_an_import_gets_the_first_answer_even_after_it_was_activated(
    editor: Editor, second: Editor, database: Database
) -> None:
    key = request_id()
    first = editor.bring_in(HEADER + ALPHA, definition=definition(), request_id=key)
    second.activate(first)
    before = rows(database)
    assert editor.bring_in(HEADER + ALPHA, definition=definition(), request_id=key, chunk=7) == first
    assert rows(database) == before
    other = refusal(lambda: editor.bring_in(HEADER + BETA, definition=definition(), request_id=key))
    assert other.reason == "REQUEST_ID_REUSED"


@pytest.mark.parametrize(
    ("content", "fields", "faults"),
    [
        ("", {}, [("lines[1]", "IMPORT_FILE_EMPTY")]),
        (HEADER, {}, [("lines[1]", "IMPORT_FILE_EMPTY")]),
        (
            HEADER + ",,XX,,2026-13-01,,\n" + ALPHA + ALPHA,
            {},
            [
                ("lines[2].entry_id", "IMPORT_VALUE_MISSING"),
                ("lines[2].name_en", "IMPORT_ENTRY_UNNAMED"),
                ("lines[2].country", "IMPORT_COUNTRY_UNKNOWN"),
                ("lines[2].effective_from", "IMPORT_DAY_INVALID"),
                ("lines[4].entry_id", "IMPORT_ENTRY_TWICE"),
            ],
        ),
        (HEADER + ALPHA, {"read_on": ""}, [("read_on", "LIST_READ_ON_MISSING")]),
        (HEADER + ALPHA, {"read_on": "2026-11-22"}, [("read_on", "LIST_READ_IN_FUTURE")]),
        (HEADER + ALPHA, {"read_on": "2026-02-30"}, [("read_on", "SCREENING_DAY_INVALID")]),
        (HEADER + ALPHA, {"read_on": "2026-08-01"}, [("read_on", "LIST_READ_TOO_LONG_AGO")]),
        (HEADER + ALPHA, {"reason": "a\u0000b"}, [("reason", "LIST_TEXT_UNPRINTABLE")]),
        (
            HEADER + ALPHA,
            {"definition": definition(name=None, maximum_age_days=0)},
            [
                ("definition.name.zh", "LIST_DEFINITION_INCOMPLETE"),
                ("definition.name.en", "LIST_DEFINITION_INCOMPLETE"),
                ("definition.maximum_age_days", "LIST_DEFINITION_INCOMPLETE"),
            ],
        ),
        (
            HEADER + ALPHA,
            {"definition": definition(list_code="other_list")},
            [("list_code", "LIST_CODES_DIFFER")],
        ),
        (
            HEADER + ALPHA,
            {"format": messages.LIST_FORMAT_RULES_CSV},
            [("list_code", "LIST_FORMAT_NEEDS_NO_LIST")],
        ),
        (
            "<CONSOLIDATED_LIST/>",
            {"format": messages.LIST_FORMAT_UNITED_NATIONS_XML, "definition": None},
            [("list_code", "LIST_OF_OTHER_FORMAT")],
        ),
    ],
)
def test_a_bad_file_is_told_whole_and_leaves_nothing(
    editor: Editor, database: Database, content: str, fields: dict[str, Any], faults: list[tuple[str, str]]
) -> None:
    before = rows(database)
    error = refusal(lambda: editor.bring_in(content, **({"definition": definition()} | fields)))
    assert error.code is ErrorCode.INVALID_ARGUMENT
    assert [(found.field, found.reason) for found in error.violations] == faults
    assert rows(database) == before


def test_a_list_that_is_not_there_needs_a_definition(editor: Editor) -> None:
    error = refusal(lambda: editor.bring_in(HEADER + ALPHA))
    assert [found.reason for found in error.violations] == ["LIST_DEFINITION_MISSING"]
    error = refusal(lambda: editor.bring_in(HEADER + ALPHA, list_code="Trial List"))
    assert [found.reason for found in error.violations] == ["LIST_CODE_INVALID"]


def test_the_effects_of_a_required_list_are_not_for_an_import_to_change(editor: Editor) -> None:
    error = refusal(
        lambda: editor.bring_in(
            HEADER + ALPHA,
            list_code="control_list",
            definition=definition(list_code="control_list", match_verdict=screening_pb2.VERDICT_REVIEW),
        )
    )
    assert [(found.field, found.reason) for found in error.violations] == [
        ("definition", "LIST_DEFINITION_FIXED")
    ]


def test_a_list_read_before_the_current_one_is_refused(editor: Editor, trial: messages.Proposal) -> None:
    error = refusal(lambda: editor.bring_in(HEADER + GAMMA, read_on="2026-11-19"))
    assert [found.reason for found in error.violations] == ["LIST_READ_BEFORE_CURRENT"]


def test_a_proposal_that_lay_too_long_is_not_activated(
    editor: Editor, second: Editor, clock: SettableClock
) -> None:
    proposal = editor.bring_in(HEADER + ALPHA, definition=definition())
    clock.advance(timedelta(days=90))
    assert refusal(lambda: second.activate(proposal)).reason == "LIST_TOO_OLD"
    assert second.reject(proposal).state == messages.PROPOSAL_STATE_REJECTED


def test_the_same_list_read_again_is_fresh_again(
    editor: Editor, second: Editor, procedure: Editor, trial: messages.Proposal, clock: SettableClock
) -> None:
    clock.advance(timedelta(days=90))
    error = refusal(lambda: verdict_of(procedure, "Alpha Rocket Works"))
    assert (error.reason, error.metadata["list_code"]) == ("SCREENING_LIST_STALE", "trial_list")
    read_again = editor.bring_in(HEADER + ALPHA + BETA, read_on="2027-02-18")
    assert (read_again.added, read_again.changed, read_again.ended, read_again.unchanged) == (0, 0, 0, 2)
    second.activate(read_again)
    assert verdict_of(procedure, "Alpha Rocket Works") == screening_pb2.VERDICT_PROHIBITED


def changed_entry(entry: messages.ListEntry, **fields: Any) -> messages.ListEntry:
    changed = messages.ListEntry()
    changed.CopyFrom(entry)
    for name, value in fields.items():
        if isinstance(value, list):
            del getattr(changed, name)[:]
            getattr(changed, name).extend(value)
        else:
            setattr(changed, name, value)
    return changed


def propose(editor: Editor, base: str, *entries: messages.ListEntry) -> messages.Proposal:
    return editor.lists.ProposeEntryChanges(
        messages.ProposeEntryChangesRequest(
            request_id=request_id(),
            list_code="trial_list",
            base_version=base,
            entries=entries,
            reason="Suspended by notice 3",
        )
    )


def test_a_single_entry_is_suspended_and_another_file_does_not_undo_it(
    editor: Editor, second: Editor, procedure: Editor, trial: messages.Proposal
) -> None:
    alpha, _ = editor.entries("trial_list").entries
    suspended = changed_entry(
        alpha,
        suspended_from="2026-11-01",
        suspended_to="2027-10-31",
        standing_basis="Notice 3",
        aliases=["Alpha; Rockets", "Alpha RW"],
        holders=[messages.Holder(list_code="trial_list", entry_id="B-1", percent="50.5")],
    )
    proposal = propose(editor, trial.list_version, suspended)
    assert (proposal.changed, proposal.unchanged, proposal.ended) == (1, 1, 0)
    assert (proposal.read_on, proposal.format) == ("2026-11-20", messages.LIST_FORMAT_UNSPECIFIED)
    (change,) = editor.changes(proposal)
    assert {one.field: one.after for one in change.fields} == {
        "aliases": "Alpha; Rockets; Alpha RW",
        "holders": "trial_list:B-1:50.5",
        "suspended_from": "2026-11-01",
        "suspended_to": "2027-10-31",
        "standing_basis": "Notice 3",
    }
    second.activate(proposal)
    alpha, _ = editor.entries("trial_list").entries
    assert (alpha.standing, list(alpha.aliases)) == ("SUSPENDED", ["Alpha; Rockets", "Alpha RW"])
    assert verdict_of(procedure, "Alpha Rocket Works") == screening_pb2.VERDICT_REVIEW

    plain = "entry_id,name_en,country,announcement,effective_from\n"
    again = editor.bring_in(
        plain + ALPHA.replace(",,\n", "\n") + BETA.replace(",,\n", "\n"), read_on="2026-11-21"
    )
    assert (again.changed, again.unchanged) == (0, 2)


def test_what_is_wrong_with_an_entry_names_its_field(
    editor: Editor, trial: messages.Proposal, database: Database
) -> None:
    alpha, _ = editor.entries("trial_list").entries
    before = rows(database)
    wrong = changed_entry(
        alpha,
        name_en="",
        measures=["NO_SUCH"],
        effective_to="2025-01-01",
        holders=[
            messages.Holder(list_code="trial_list", entry_id="Z-9", percent="10"),
            messages.Holder(list_code="trial_list", entry_id="B-1", percent="120"),
        ],
    )
    wrong.source.url = "javascript:alert(1)"
    error = refusal(lambda: propose(editor, trial.list_version, wrong))
    assert {(found.field, found.reason) for found in error.violations} == {
        ("entries[0].name_en", "IMPORT_ENTRY_UNNAMED"),
        ("entries[0].measures", "IMPORT_WORD_UNKNOWN"),
        ("entries[0].effective_to", "IMPORT_DAYS_REVERSED"),
        ("entries[0].holders", "IMPORT_HOLDER_INVALID"),
        ("entries[0].holders", "IMPORT_HOLDER_UNKNOWN"),
        ("entries[0].source.url", "IMPORT_URL_INVALID"),
    }
    assert rows(database) == before


def test_changes_of_entries_start_from_the_current_version(
    editor: Editor, second: Editor, trial: messages.Proposal
) -> None:
    alpha, _ = editor.entries("trial_list").entries
    second.activate(editor.bring_in(HEADER + ALPHA + BETA + GAMMA))
    error = refusal(lambda: propose(editor, trial.list_version, changed_entry(alpha, name_zh="阿尔法")))
    assert (error.code, error.reason) == (ErrorCode.FAILED_PRECONDITION, "LIST_BASE_CHANGED")


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
