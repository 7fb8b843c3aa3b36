"""Who may do what with lists, lists that people import as they are published, and what a later program brings."""

import pathlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from xuke.screening.v1 import list_pb2 as messages
from xuke.screening.v1 import list_pb2_grpc as contract
from xuke.screening.v1 import screening_pb2

from services.foundation.database import Database
from services.foundation.errors import ErrorCode
from services.foundation.principal import Principal, Role
from services.screening.bases import Bases
from services.screening.domain.lists import REQUIRED_LISTS
from services.screening.loading import load
from services.screening.reference_files import Shipped, read_comparison
from services.screening.server import registrations
from services.screening.store.lists import activations
from services.screening.store.proposals import list_proposals
from services.screening.store.tables import ledger
from tests.conftest import ServiceDatabase
from tests.contract.screening.cases import export, party, refusal
from tests.contract.screening.proposals.editor import ALPHA, HEADER, Editor, definition
from tests.support import identity
from tests.support.identity import LIST_EDITOR, SECOND_EDITOR
from tests.support.services import RunningService, SettableClock, call_of, request_id, running

UNITED_NATIONS = (
    pathlib.Path(__file__).parents[2] / "unit" / "screening" / "imports" / "united_nations.xml"
).read_bytes()
ANY_ID = "0198a000-0000-7000-8000-000000000000"
READERS = {
    Role.LIST_EDITOR,
    Role.PROVINCIAL_OFFICER,
    Role.MINISTRY_OFFICER,
    Role.MINISTRY_DIRECTOR,
    Role.AGENCY_REVIEWER,
    Role.ENFORCEMENT_OFFICER,
    Role.AUDITOR,
}
PROPOSAL_READERS = {Role.LIST_EDITOR, Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR, Role.AUDITOR}
EDITORS = {Role.LIST_EDITOR}


@pytest.fixture
def second(service: RunningService) -> Editor:
    return Editor(service, SECOND_EDITOR)


@pytest.fixture
def editor(service: RunningService) -> Editor:
    return Editor(service, LIST_EDITOR)


@pytest.mark.parametrize("principal", identity.ONE_OF_EACH_ROLE, ids=lambda principal: principal.role.value)
def test_who_may_do_what_with_lists(service: RunningService, principal: Principal) -> None:
    lists = contract.ListServiceStub(service.channel(principal))
    described = messages.ProposeImportRequest(
        description=messages.ImportDescription(
            request_id=request_id(),
            format=messages.LIST_FORMAT_PARTIES_CSV,
            list_code="no_such_list",
            read_on="2026-11-20",
            reason="?",
        )
    )
    entry = messages.ListEntry(entry_id="A-1", name_en="Alpha")
    acts: dict[str, tuple[Callable[[], object], set[Role]]] = {
        "ListEntries": (
            lambda: lists.ListEntries(messages.ListEntriesRequest(list_code="watch_list")),
            READERS,
        ),
        "ListListVersions": (
            lambda: lists.ListListVersions(messages.ListListVersionsRequest(list_code="watch_list")),
            READERS,
        ),
        "ListRules": (lambda: lists.ListRules(messages.ListRulesRequest()), READERS),
        "ProposeImport": (lambda: lists.ProposeImport(iter([described])), EDITORS),
        "ProposeEntryChanges": (
            lambda: lists.ProposeEntryChanges(
                messages.ProposeEntryChangesRequest(
                    request_id=request_id(),
                    list_code="no_such_list",
                    base_version="?",
                    entries=[entry],
                    reason="?",
                )
            ),
            EDITORS,
        ),
        "GetProposal": (
            lambda: lists.GetProposal(messages.GetProposalRequest(proposal_id=ANY_ID)),
            PROPOSAL_READERS,
        ),
        "ListProposals": (lambda: lists.ListProposals(messages.ListProposalsRequest()), PROPOSAL_READERS),
        "ListProposalChanges": (
            lambda: lists.ListProposalChanges(messages.ListProposalChangesRequest(proposal_id=ANY_ID)),
            PROPOSAL_READERS,
        ),
        "ActivateProposal": (
            lambda: lists.ActivateProposal(
                messages.ActivateProposalRequest(request_id=request_id(), proposal_id=ANY_ID, etag="1")
            ),
            EDITORS,
        ),
        "RejectProposal": (
            lambda: lists.RejectProposal(
                messages.RejectProposalRequest(
                    request_id=request_id(), proposal_id=ANY_ID, etag="1", reason="?"
                )
            ),
            EDITORS,
        ),
        "WithdrawProposal": (
            lambda: lists.WithdrawProposal(
                messages.WithdrawProposalRequest(request_id=request_id(), proposal_id=ANY_ID, etag="1")
            ),
            EDITORS,
        ),
    }
    methods = messages.DESCRIPTOR.services_by_name["ListService"].methods
    assert set(acts) == {method.name for method in methods}
    allowed_where_nothing_is = {ErrorCode.NOT_FOUND, ErrorCode.INVALID_ARGUMENT}
    for name, (act, allowed) in acts.items():
        if principal.role in allowed:
            try:
                act()
            except Exception:  # noqa: BLE001 - looked at in the next line
                assert refusal(act).code in allowed_where_nothing_is, name
        else:
            error = refusal(act)
            assert (error.code, error.reason) == (ErrorCode.PERMISSION_DENIED, "ROLE_NOT_ALLOWED"), name


@pytest.mark.parametrize("list_code", REQUIRED_LISTS)
def test_an_entry_that_is_read_and_stated_again_changes_nothing(editor: Editor, list_code: str) -> None:
    page = editor.entries(list_code, page_size=200)
    assert len(page.entries) == page.total
    error = refusal(
        lambda: editor.lists.ProposeEntryChanges(
            messages.ProposeEntryChangesRequest(
                request_id=request_id(),
                list_code=list_code,
                base_version=page.list_version,
                entries=page.entries,
                reason="As it is",
            )
        )
    )
    assert [found.reason for found in error.violations] == ["LIST_NOTHING_CHANGES"]


def test_nobody_outside_sees_what_is_proposed(
    service: RunningService, editor: Editor, database: Database
) -> None:
    editor.bring_in(HEADER + ALPHA, list_code="unseen_list", definition=definition(list_code="unseen_list"))
    seen = {}
    for principal in (identity.EXPORTER, identity.CUSTOMS_OFFICER, identity.AUDITOR):
        with database.begin(call_of(principal)) as work:
            seen[principal.role.value] = bool(list_proposals(work.connection, (), "unseen_list", None, 5))
    assert seen == {"exporter": False, "customs_officer": False, "auditor": True}


def test_a_name_on_the_list_of_the_security_council_stops_an_export(
    service: RunningService, editor: Editor, second: Editor
) -> None:
    proposal = editor.bring_in(
        UNITED_NATIONS, format=messages.LIST_FORMAT_UNITED_NATIONS_XML, list_code="", file_name="un.xml"
    )
    assert (proposal.list_code, proposal.added, proposal.list_name.en) == (
        "un_security_council",
        2,
        "Consolidated list of the Security Council of the United Nations",
    )
    second.activate(proposal)
    procedure = Editor(service, identity.PROCEDURE)
    made = procedure.screening.Screen(export(party(name_en="Example Missile Trading Corp.")))
    assert made.verdict == screening_pb2.VERDICT_PROHIBITED
    hit = next(one for one in made.hits if one.list_code == "un_security_council")
    assert (hit.entry_id, hit.source.instrument) == ("FXe.001", "联合国安全理事会综合制裁清单（Fictional）")
    assert "禁止向其出口" in hit.explanation.zh
    # A file of parties can add to it, and the next one of the Security Council ends what it does not hold.
    listed = editor.entries("un_security_council").entries
    assert [(entry.entry_id, entry.country, entry.kind) for entry in listed] == [
        ("FXe.001", "KP", "ORGANISATION"),
        ("FXi.001", "IR", "PERSON"),
    ]


def test_a_long_list_is_proposed_and_activated_whole(editor: Editor, second: Editor) -> None:
    body = "".join(f"L-{at:05},Long List Company Number {at},KR,Notice,2026-01-01,,\n" for at in range(5_000))
    proposal = editor.bring_in(
        HEADER + body, chunk=100_000, list_code="long_list", definition=definition(list_code="long_list")
    )
    assert proposal.added == 5_000
    assert second.activate(proposal).state == messages.PROPOSAL_STATE_ACTIVATED
    assert editor.entries("long_list", query="number 4999").total == 1


@pytest.fixture
def empty(service_database: Callable[[str], ServiceDatabase]) -> Iterator[Database]:
    database = Database(service_database("screening").url, ledger)
    yield database
    database.dispose()


def test_what_a_later_program_brings_is_proposed_and_one_editor_decides(
    empty: Database, shipped: Shipped
) -> None:
    clock = SettableClock(datetime(2026, 11, 21, 2, 0, tzinfo=UTC))
    load(empty, shipped, clock)
    control, *others = shipped.lists
    newer = replace(
        control,
        read_on=date(2026, 11, 1),
        entries=(*control.entries[1:], replace(control.entries[0], entry_id="CONTROL-NEW")),
    ).versioned()
    later = replace(shipped, lists=(newer, *others))
    with running(registrations(empty, Bases(read_comparison())), clock) as service:
        editor = Editor(service, LIST_EDITOR)
        assert load(empty, later, clock) == [newer.version]
        # Another start says nothing new.
        assert load(empty, later, clock) == []
        (proposal,) = editor.lists.ListProposals(messages.ListProposalsRequest()).proposals
        assert (proposal.proposed_by, proposal.added, proposal.ended) == ("service:screening", 1, 1)
        assert list(proposal.allowed_actions) == ["activate", "reject"]
        assert editor.entries("control_list").list_version == control.version

        # The next program takes its place, while it is undecided.
        newest = replace(newer, read_on=date(2026, 11, 2)).versioned()
        load(empty, replace(shipped, lists=(newest, *others)), clock)
        latest, withdrawn = editor.lists.ListProposals(messages.ListProposalsRequest()).proposals
        assert withdrawn.state == messages.PROPOSAL_STATE_WITHDRAWN
        editor.activate(latest)
        assert editor.entries("control_list").total == len(control.entries) + 1

        # A start with an old program undoes nothing that people have activated.
        assert load(empty, shipped, clock) == []
        assert load(empty, later, clock) == []
        assert editor.entries("control_list").list_version == latest.list_version
    with empty.begin(call_of(identity.AUDITOR)) as work:
        made = activations(work.connection, "control_list")
    assert [(one.proposed_by, one.activated_by) for one in made] == [
        ("service:screening", "editor-1"),
        ("", ""),
    ]
