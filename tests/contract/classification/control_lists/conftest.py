"""Two list editors and the procedure, over a service of each test's own."""

from collections.abc import Callable, Iterator

import pytest

from services.classification.domain.entries import ControlList
from services.classification.examination import Examination, read_examination
from services.classification.indexes import Indexes
from services.classification.loading import load
from services.classification.reference_files import read_control_list, read_search_policy
from services.classification.server import registrations
from services.classification.store.tables import ledger
from services.classification.upkeep import Upkeep
from services.foundation.database import Database
from tests.conftest import ServiceDatabase
from tests.contract.classification.control_lists.cases import NOW
from tests.contract.classification.lists import Person
from tests.support import identity
from tests.support.services import RunningService, SettableClock, running


@pytest.fixture(scope="module")
def shipped() -> ControlList:
    return read_control_list()


@pytest.fixture(scope="module")
def examination() -> Examination:
    return read_examination()


@pytest.fixture(scope="module")
def indexes() -> Indexes:
    return Indexes(read_search_policy())


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(NOW)


@pytest.fixture
def database(
    service_database: Callable[[str], ServiceDatabase], shipped: ControlList, clock: SettableClock
) -> Iterator[Database]:
    database = Database(service_database("classification").url, ledger)
    load(database, shipped, clock)
    yield database
    database.dispose()


@pytest.fixture
def upkeep(database: Database, indexes: Indexes, examination: Examination, clock: SettableClock) -> Upkeep:
    return Upkeep(database, indexes, examination, clock)


@pytest.fixture
def service(
    database: Database, indexes: Indexes, examination: Examination, clock: SettableClock
) -> Iterator[RunningService]:
    with running(registrations(database, indexes, examination), clock) as service:
        yield service


@pytest.fixture
def editor(service: RunningService) -> Person:
    return Person(service, identity.LIST_EDITOR)


@pytest.fixture
def second(service: RunningService) -> Person:
    return Person(service, identity.SECOND_EDITOR)


@pytest.fixture
def procedure(service: RunningService) -> Person:
    return Person(service, identity.PROCEDURE)
