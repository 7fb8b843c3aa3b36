"""Screening as it runs: its lists loaded into a migrated database, served on a socket."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from xuke.screening.v1 import screening_pb2_grpc as contract

from services.foundation.database import Database
from services.foundation.principal import Principal
from services.screening.bases import Bases
from services.screening.loading import load
from services.screening.reference_files import Shipped, read_comparison, read_shipped
from services.screening.server import registrations
from services.screening.store.tables import ledger
from tests.conftest import ServiceDatabase
from tests.support.services import RunningService, SettableClock, running

Stub = Callable[[Principal], contract.ScreeningServiceStub]


@pytest.fixture(scope="module")
def clock() -> SettableClock:
    return SettableClock(datetime(2026, 11, 21, 2, 0, tzinfo=UTC))


@pytest.fixture(scope="module")
def shipped() -> Shipped:
    return read_shipped()


@pytest.fixture(scope="module")
def database(service_database: Callable[[str], ServiceDatabase]) -> Iterator[Database]:
    database = Database(service_database("screening").url, ledger)
    yield database
    database.dispose()


@pytest.fixture(scope="module")
def service(database: Database, shipped: Shipped, clock: SettableClock) -> Iterator[RunningService]:
    load(database, shipped, clock)
    with running(registrations(database, Bases(read_comparison())), clock) as service:
        yield service


@pytest.fixture(scope="module")
def stub(service: RunningService) -> Stub:
    return lambda principal: contract.ScreeningServiceStub(service.channel(principal))
