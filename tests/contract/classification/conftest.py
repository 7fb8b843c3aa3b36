"""Classification as it runs: its list loaded into a migrated database, served on a socket."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from xuke.classification.v1 import classification_pb2_grpc as contract

from services.classification.examination import read_examination
from services.classification.indexes import Indexes
from services.classification.loading import load
from services.classification.reference_files import read_control_list, read_search_policy
from services.classification.server import registrations
from services.classification.store.tables import ledger
from services.foundation.database import Database
from services.foundation.principal import Principal
from tests.conftest import ServiceDatabase
from tests.support.services import RunningService, SettableClock, running

Stub = Callable[[Principal], contract.ClassificationServiceStub]


@pytest.fixture(scope="module")
def clock() -> SettableClock:
    return SettableClock(datetime(2026, 11, 21, 2, 0, tzinfo=UTC))


@pytest.fixture(scope="module")
def addresses(service_database: Callable[[str], ServiceDatabase]) -> ServiceDatabase:
    return service_database("classification")


@pytest.fixture(scope="module")
def database(addresses: ServiceDatabase) -> Iterator[Database]:
    database = Database(addresses.url, ledger)
    yield database
    database.dispose()


@pytest.fixture(scope="module")
def service(database: Database, clock: SettableClock) -> Iterator[RunningService]:
    load(database, read_control_list(), clock)
    with running(
        registrations(database, Indexes(read_search_policy()), read_examination()), clock
    ) as service:
        yield service


@pytest.fixture(scope="module")
def stub(service: RunningService) -> Stub:
    return lambda principal: contract.ClassificationServiceStub(service.channel(principal))
