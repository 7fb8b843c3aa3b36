"""The index of a long list is built outside any transaction: the database ends a session that idles in one."""

import dataclasses
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import event, text
from xuke.screening.v1 import screening_pb2 as messages
from xuke.screening.v1 import screening_pb2_grpc as contract

from services.foundation.database import Database
from services.foundation.errors import ErrorCode, XukeError
from services.launcher.readiness import wait_until
from services.screening.bases import Bases, BasisBehindError
from services.screening.domain.list_index import ListIndex
from services.screening.domain.lists import PartyList
from services.screening.domain.screen import Basis
from services.screening.loading import build_when_reachable, load
from services.screening.reference_files import Shipped, read_comparison
from services.screening.server import registrations
from services.screening.store.lists import add_activation, add_list
from services.screening.store.tables import ledger
from tests.conftest import ServiceDatabase
from tests.contract.screening.cases import export, party
from tests.support import identity
from tests.support.services import RunningService, SettableClock, call_of, running

# Reading the entries below takes a small part of this, reading all of their names several times as long.
IDLE_SECONDS = 0.8
ENTRIES = 1_500
ALIASES = 12


def long_list(listed: PartyList) -> PartyList:
    """A version with many more entries, of many names each."""
    first = listed.entries[0]
    new = tuple(
        dataclasses.replace(
            first,
            entry_id=f"long-{number:06}",
            name_en=f"Kolvan Sertig {number} Works",
            aliases=tuple(f"Tarumi{alias} Belgor{number} Works" for alias in range(ALIASES)),
        )
        for number in range(ENTRIES)
    )
    return dataclasses.replace(listed, entries=(*listed.entries, *new)).versioned()


def shorter(listed: PartyList, by: int) -> PartyList:
    """A version without the last entries."""
    return dataclasses.replace(listed, entries=listed.entries[: len(listed.entries) - by]).versioned()


def activate(database: Database, listed: PartyList, clock: SettableClock) -> None:
    with database.begin(call_of(identity.LIST_EDITOR, clock.now())) as work:
        add_list(work.connection, listed)
        add_activation(work.connection, listed.list_code, listed.version, clock.now())


@pytest.fixture
def patient(
    service_database: Callable[[str], ServiceDatabase], shipped: Shipped, clock: SettableClock
) -> Iterator[tuple[str, Database]]:
    """A database with the shipped lists."""
    url = service_database("screening").url
    database = Database(url, ledger)
    load(database, shipped, clock)
    yield url, database
    database.dispose()


@pytest.fixture
def impatient(patient: tuple[str, Database]) -> Iterator[Database]:
    """The same database, by sessions that may idle in a transaction for a moment only."""
    database = Database(patient[0], ledger)

    def hurry(connection: Any, _: object) -> None:
        connection.execute(f"SET idle_in_transaction_session_timeout = {int(1000 * IDLE_SECONDS)}")
        connection.commit()

    event.listen(database.engine, "connect", hurry)
    yield database
    database.dispose()


def is_there(database: Database, process: int) -> bool:
    """Whether a session has not been ended."""
    with database.begin(call_of(identity.AUDITOR)) as work:
        found = work.connection.execute(
            text("SELECT 1 FROM pg_stat_activity WHERE pid = :pid"), {"pid": process}
        )
        return found.first() is not None


def screened(service: RunningService) -> messages.Screening:
    stub = contract.ScreeningServiceStub(service.channel(identity.PROVINCIAL_OFFICER))
    return stub.Screen(export(party(name_en="Kolvan Sertig 7 Works")))


def test_a_long_list_is_taken_into_use_however_long_its_index_takes(
    patient: tuple[str, Database], impatient: Database, shipped: Shipped, clock: SettableClock
) -> None:
    large = long_list(shipped.lists[0])
    started = time.monotonic()
    ListIndex(large)
    assert time.monotonic() - started > 1.5 * IDLE_SECONDS, "built too soon to tell anything"
    with running(registrations(impatient, Bases(read_comparison())), clock) as service:
        assert not screened(service).hits
        activate(patient[1], large, clock)
        changed = screened(service)
        assert large.version in changed.versions
        assert "long-000007" in [hit.entry_id for hit in changed.hits]
    with running(registrations(impatient, Bases(read_comparison())), clock) as service:
        assert screened(service).hits == changed.hits


def test_a_transaction_that_idles_is_refused_as_one_that_may_be_tried_again(
    patient: tuple[str, Database], impatient: Database
) -> None:
    with pytest.raises(XukeError) as refused, impatient.begin(call_of(identity.AUDITOR)) as work:
        process = work.connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        assert wait_until(lambda: not is_there(patient[1], process), seconds=20, interval=0.02)
        work.connection.exec_driver_sql("SELECT 1")
    assert (refused.value.code, refused.value.reason) == (ErrorCode.UNAVAILABLE, "DATABASE_BUSY")


def test_a_version_that_is_not_ready_is_refused_and_never_left_out(
    patient: tuple[str, Database], shipped: Shipped, clock: SettableClock
) -> None:
    database = patient[1]
    held = Bases(read_comparison())
    with (
        pytest.raises(BasisBehindError) as refused,
        database.begin(call_of(identity.AUDITOR, clock.now())) as work,
    ):
        held.current(work.connection)
    assert (refused.value.code, refused.value.reason) == (ErrorCode.UNAVAILABLE, "SCREENING_BASIS_BEHIND")
    assert held.entries_held == 0
    build_when_reachable(database, held, clock)
    with database.begin(call_of(identity.AUDITOR, clock.now())) as work:
        assert len(held.current(work.connection).lists) == len(shipped.lists)


def test_a_version_that_counts_by_the_time_another_is_ready_is_made_ready_too(
    patient: tuple[str, Database], shipped: Shipped, clock: SettableClock
) -> None:
    database, call = patient[1], call_of(identity.AUDITOR, clock.now())
    held = Bases(read_comparison())
    versions = iter([shorter(shipped.lists[0], 1), shorter(shipped.lists[0], 2)])

    def overtaken() -> Basis:
        """Each time another version counts, until there is none left."""
        version = next(versions, None)
        if version is not None:
            activate(database, version, clock)
        with database.begin(call) as work:
            return held.current(work.connection)

    assert held.ready(database, call, overtaken).lists[0] == shorter(shipped.lists[0], 2)


def test_what_is_held_is_bounded_by_the_entries(
    patient: tuple[str, Database], shipped: Shipped, clock: SettableClock
) -> None:
    database, call = patient[1], call_of(identity.AUDITOR, clock.now())
    in_force = sum(len(listed.entries) for listed in shipped.lists)
    # Room for one version more of the first list, and not for two.
    most = in_force + 2 * len(shipped.lists[0].entries) - 10
    bounded, roomy = Bases(read_comparison(), most_entries=most), Bases(read_comparison())
    for fewer in range(5):
        activate(database, shorter(shipped.lists[0], fewer), clock)
        for held in (bounded, roomy):
            assert held.catch_up(database, call).lists[0] == shorter(shipped.lists[0], fewer)
        assert bounded.entries_held <= most
    assert roomy.entries_held > most
    # What counts is kept, whatever a replay asks for.
    with database.begin(call) as work:
        current = bounded.current(work.connection)

    def replayed() -> Basis:
        with database.begin(call) as work:
            versions = [shipped.lists[0].version, *(listed.version for listed in current.lists[1:])]
            return bounded.of_versions(
                work.connection, versions, current.rules.version, current.destinations.version
            )

    assert bounded.ready(database, call, replayed).lists[0] == shipped.lists[0]
    with database.begin(call) as work:
        assert bounded.current(work.connection) is current
    assert bounded.entries_held <= most
