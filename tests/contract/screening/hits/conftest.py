"""A service of each test's own, so that the queue holds what the test put there."""

from collections.abc import Callable, Iterator

import pytest

from services.foundation.database import Database
from services.screening.bases import Bases
from services.screening.loading import load
from services.screening.reference_files import Shipped, read_comparison
from services.screening.server import registrations
from services.screening.store.tables import ledger
from tests.conftest import ServiceDatabase
from tests.contract.screening.hits.world import World
from tests.support.services import SettableClock, running


@pytest.fixture
def world(
    service_database: Callable[[str], ServiceDatabase], shipped: Shipped, clock: SettableClock
) -> Iterator[World]:
    database = Database(service_database("screening").url, ledger)
    load(database, shipped, clock)
    with running(registrations(database, Bases(read_comparison())), clock) as service:
        yield World(service, database, clock)
    database.dispose()
