"""The use cases of control lists as they come with the program, and of versions in general."""

from services.classification.domain.entries import ControlList
from services.classification.store import lists
from services.foundation.database import UnitOfWork
from services.foundation.ledger import Subject


def load_list(work: UnitOfWork, control_list: ControlList) -> bool:
    """Makes a version that comes with the program the one that counts; False where it is that already."""
    lists.lock_regime(work.connection, control_list.regime)
    current = lists.current_version(work.connection, control_list.regime)
    if current is not None and current.version == control_list.version:
        return False
    lists.add_list(work.connection, control_list)
    lists.add_activation(work.connection, control_list.regime, control_list.version, work.call.now)
    work.record(
        Subject("control_list", control_list.version),
        "LIST_VERSION_LOADED",
        {
            "state": "loaded",
            "regime": control_list.regime,
            "edition": control_list.edition.isoformat(),
            "entries": str(len(control_list.entries)),
        },
    )
    return True
