"""Reading entries and versions over a socket."""

from collections.abc import Callable

import grpc
import pytest
import sqlalchemy
from xuke.classification.v1 import classification_pb2 as messages
from xuke.classification.v1 import classification_pb2_grpc as contract

from services.classification.examination import read_examination
from services.classification.indexes import Indexes
from services.classification.loading import load
from services.classification.reference_files import read_control_list, read_search_policy
from services.classification.server import registrations
from services.classification.store.lists import ListVersion, read_list
from services.classification.store.tables import ledger, list_version
from services.foundation.database import Database
from services.foundation.errors import ErrorCode, XukeError
from services.foundation.grpc_errors import from_rpc_error
from services.foundation.principal import Principal
from tests.conftest import ServiceDatabase
from tests.support import identity
from tests.support.services import SettableClock, running

Stub = Callable[[Principal], contract.ClassificationServiceStub]


def refusal(act: Callable[[], object]) -> XukeError:
    with pytest.raises(grpc.RpcError) as caught:
        act()
    return from_rpc_error(caught.value)


def test_an_entry_is_read_whole(stub: Stub) -> None:
    entry = stub(identity.EXPORTER).GetEntry(messages.GetEntryRequest(control_code="2c902.B"))
    assert entry.control_code == "2C902.b"
    assert entry.parameters == "平均粒径＞50μm且≤500μm"
    assert entry.parameters_en == "mean particle size > 50 um and <= 500 um"
    assert entry.parameters_complete
    assert "培育钻石" in entry.decontrol.zh
    assert entry.hs_codes == ["71051020"]
    assert entry.status == messages.ENTRY_STATUS_UNCONFIRMED
    assert entry.effective_to == ""


def test_an_entry_without_a_printed_code_is_read_by_its_identifier(stub: Stub) -> None:
    entry = stub(identity.EXPORTER).GetEntry(messages.GetEntryRequest(control_code="CN-2024-31-01"))
    assert (entry.control_code, entry.proposed_control_code) == ("CN-2024-31-01", "9A012.b.2")


def test_an_entry_stands_differently_on_another_day(stub: Stub) -> None:
    request = messages.GetEntryRequest(control_code="1C909.a.1", as_of="2025-10-20")
    assert stub(identity.EXPORTER).GetEntry(request).status == messages.ENTRY_STATUS_ANNOUNCED


def test_an_unknown_entry_is_not_found(stub: Stub) -> None:
    error = refusal(lambda: stub(identity.EXPORTER).GetEntry(messages.GetEntryRequest(control_code="9A999")))
    assert (error.code, error.metadata) == (ErrorCode.NOT_FOUND, {"kind": "control_entry", "id": "9A999"})


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("1C117.d.1", "1C117.d.1"),
        ("2841801000", "1C117.d.1"),
        ("仲鎢酸銨", "1C117.d.1"),
        ("Ammonium Paratungstate", "1C117.d.1"),
        ("7681-49-4", "1C350.c"),
        ("CN-2024-31-01", "CN-2024-31-01"),
    ],
)
def test_entries_are_found_by_code_and_text(stub: Stub, query: str, first: str) -> None:
    found = stub(identity.EXPORTER).SearchEntries(messages.SearchEntriesRequest(query=query))
    assert found.entries[0].control_code == first
    assert len(found.list_versions) == 1


def test_pages_hold_every_entry_once(stub: Stub) -> None:
    client = stub(identity.EXPORTER)
    whole = client.SearchEntries(messages.SearchEntriesRequest(query="1C902", page_size=200))
    codes = [entry.control_code for entry in whole.entries]
    assert len(codes) == len(set(codes)) > 7
    assert whole.next_page_token == ""
    paged: list[str] = []
    token = ""
    while True:
        page = client.SearchEntries(
            messages.SearchEntriesRequest(query="1C902", page_size=5, page_token=token)
        )
        paged.extend(entry.control_code for entry in page.entries)
        token = page.next_page_token
        if not token:
            break
        assert len(page.entries) == 5
    assert paged == codes


@pytest.mark.parametrize("token", ["!!", "WyJ4Il0", "W10"])
def test_a_foreign_page_token_is_refused(stub: Stub, token: str) -> None:
    request = messages.SearchEntriesRequest(query="1C902", page_token=token)
    error = refusal(lambda: stub(identity.EXPORTER).SearchEntries(request))
    assert [(found.field, found.reason) for found in error.violations] == [
        ("page_token", "PAGE_TOKEN_INVALID")
    ]


def test_the_stored_list_is_the_shipped_one(stub: Stub, database: Database) -> None:
    (version,) = stub(identity.AUDITOR).ListListVersions(messages.ListListVersionsRequest()).versions
    shipped = read_control_list()
    assert (version.list_version, version.entry_count) == (shipped.version, 655)
    assert (version.regime, version.effective_from) == ("cn_dual_use", "2026-01-01")
    with database.engine.begin() as connection:
        stored = read_list(
            connection,
            ListVersion(
                shipped.regime, shipped.version, shipped.edition, shipped.covers_from, version.entry_count
            ),
        )
    assert stored == shipped


def test_loading_again_changes_nothing_and_leaves_one_event(
    database: Database, stub: Stub, clock: SettableClock
) -> None:
    assert load(database, read_control_list(), clock) is False
    with database.engine.begin() as connection:
        events = connection.execute(
            sqlalchemy.select(ledger.audit_event.c.action, ledger.audit_event.c.subject_id)
        ).all()
        versions = connection.execute(sqlalchemy.select(list_version)).all()
    assert [tuple(event) for event in events] == [("LIST_VERSION_LOADED", read_control_list().version)]
    assert len(versions) == 1


def test_without_a_list_nothing_is_classified(
    service_database: Callable[[str], ServiceDatabase], clock: SettableClock
) -> None:
    database = Database(service_database("classification").url, ledger)
    request = messages.ClassifyRequest(item=messages.Item(name_zh="仲钨酸铵", hs_code="2841801000"))
    with running(
        registrations(database, Indexes(read_search_policy()), read_examination()), clock
    ) as service:
        client = contract.ClassificationServiceStub(service.channel(identity.EXPORTER))
        error = refusal(lambda: client.Classify(request))
        assert (error.code, error.reason) == (ErrorCode.FAILED_PRECONDITION, "CONTROL_LIST_NOT_LOADED")
        assert load(database, read_control_list(), clock)
        assert client.Classify(request).candidates[0].entry.control_code == "1C117.d.1"
    database.dispose()


def test_the_service_can_neither_change_nor_remove_a_list(stub: Stub, database: Database) -> None:
    for statement in (
        "UPDATE control_entry SET name_zh = ''",
        "DELETE FROM list_version",
        "DELETE FROM entry_standing",
    ):
        with (
            pytest.raises(sqlalchemy.exc.ProgrammingError, match="permission denied"),
            database.engine.begin() as connection,
        ):
            connection.execute(sqlalchemy.text(statement))
