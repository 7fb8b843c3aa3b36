"""Two list editors and the procedure, over a service of each test's own."""

from collections.abc import Callable, Iterator

import pytest
from xuke.screening.v1 import list_pb2 as messages

from services.foundation.database import Database
from services.screening.bases import Bases
from services.screening.loading import load
from services.screening.reference_files import Shipped, read_comparison
from services.screening.server import registrations
from services.screening.store.tables import ledger
from tests.conftest import ServiceDatabase
from tests.contract.screening.proposals.editor import ALPHA, BETA, HEADER, NOW, Editor, definition
from tests.support import identity
from tests.support.identity import LIST_EDITOR, SECOND_EDITOR
from tests.support.services import RunningService, SettableClock, running


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


@pytest.fixture
def editor(service: RunningService) -> Editor:
    return Editor(service, LIST_EDITOR)


@pytest.fixture
def second(service: RunningService) -> Editor:
    return Editor(service, SECOND_EDITOR)


@pytest.fixture
def procedure(service: RunningService) -> Editor:
    return Editor(service, identity.PROCEDURE)


@pytest.fixture
def trial(editor: Editor, second: Editor) -> messages.Proposal:
    return second.activate(editor.bring_in(HEADER + ALPHA + BETA, definition=definition()))
