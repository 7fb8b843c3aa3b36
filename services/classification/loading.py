"""Loads the list as shipped when the service starts, as an act of the service itself that stands in the record.

A list that counts already is not replaced: what a later program brings anew becomes a proposal, on which a list
editor decides.
"""

from typing import Final

import structlog

from services.classification import list_service
from services.classification.domain.entries import ControlList
from services.foundation.clock import Clock
from services.foundation.database import Database
from services.foundation.principal import Call, Principal, Role
from services.foundation.startup import once_reachable
from services.foundation.tracing import enter_trace

_ACTOR: Final = Principal("service:classification", "classification", Role.LIST_EDITOR)

_log = structlog.get_logger()


def load(database: Database, control_list: ControlList, clock: Clock) -> bool:
    """Loads a list, or proposes it where another counts; False where nothing was to be done."""
    call = Call(_ACTOR, clock.now(), enter_trace(None), "load")
    with database.begin(call) as work:
        return list_service.load_or_propose(work, control_list)


def load_when_reachable(database: Database, control_list: ControlList, clock: Clock) -> bool:
    """Loads or proposes a list once the database can be reached; waits as long as it takes."""
    loaded = once_reachable(lambda: load(database, control_list, clock))
    _log.info("list_loaded" if loaded else "list_present", list_version=control_list.version)
    return loaded
