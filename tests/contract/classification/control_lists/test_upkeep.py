"""The upkeep works beside the requests."""

from xuke.classification.v1 import classification_pb2 as cl

from services.classification.examination import Examination
from services.classification.indexes import Indexes
from services.classification.server import registrations
from services.classification.upkeep import Upkeep
from services.foundation.database import Database
from tests.contract.classification.control_lists.cases import APT, keep
from tests.contract.classification.lists import Person
from tests.support import identity
from tests.support.services import SettableClock, running
from tests.support.waiting import wait_until


def test_the_upkeep_takes_up_an_activation_by_itself(
    database: Database,
    indexes: Indexes,
    examination: Examination,
    clock: SettableClock,
    upkeep: Upkeep,
) -> None:
    with running(registrations(database, indexes, examination, upkeep.wake), clock) as service:
        editor, second = Person(service, identity.LIST_EDITOR), Person(service, identity.SECOND_EDITOR)
        keep(Person(service, identity.PROCEDURE), APT, "applications/a/1/0")
        upkeep.start()
        try:
            second.activate(editor.state("1C117.d.1", cl.ENTRY_STATUS_SUSPENDED, "2026-11-20", "2027-11-20"))
            # The pause between two passes is longer than this wait.
            wait_until(lambda: bool(editor.tasks()), 30)
        finally:
            upkeep.stop()
