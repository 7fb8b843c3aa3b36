"""The use cases of the party lists, each within one transaction."""

from services.foundation.database import UnitOfWork
from services.foundation.ledger import Subject
from services.screening.domain.lists import PartyList
from services.screening.store import lists


def load_list(work: UnitOfWork, party_list: PartyList) -> bool:
    """Makes a version that comes with the program the current one; False where it is that already."""
    lists.lock_list(work.connection, party_list.list_code)
    if lists.current_version(work.connection, party_list.list_code) == party_list.version:
        return False
    lists.add_list(work.connection, party_list)
    lists.add_activation(work.connection, party_list, work.call.now)
    work.record(
        Subject("party_list", party_list.list_code),
        "LIST_VERSION_LOADED",
        {
            "state": "loaded",
            "version": party_list.version,
            "read_on": party_list.read_on.isoformat(),
            "entries": str(len(party_list.entries)),
        },
    )
    return True
