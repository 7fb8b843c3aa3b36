"""Loads the lists and rules as shipped when the service starts, as an act of the service that stands in the record.

What is there already is not replaced: a list, rules or a register that a later program brings anew become a proposal,
on which a list editor decides.
"""

from typing import Final

import structlog

from services.foundation.clock import Clock
from services.foundation.database import Database
from services.foundation.principal import Call, Principal, Role
from services.foundation.startup import once_reachable
from services.foundation.tracing import enter_trace
from services.screening import list_service, rule_service
from services.screening.bases import Bases
from services.screening.imports.importers import importers_of
from services.screening.reference_files import Shipped

_ACTOR: Final = Principal("service:screening", "screening", Role.LIST_EDITOR)

_log = structlog.get_logger()


def load(database: Database, shipped: Shipped, clock: Clock) -> list[str]:
    """Loads or proposes the lists and rules in one transaction; returns the versions that were not there yet."""
    call = Call(_ACTOR, clock.now(), enter_trace(None), "load")
    importers = importers_of(())
    with database.begin(call) as work:
        loaded = [
            listed.version
            for listed in shipped.lists
            if list_service.load_or_propose(work, importers, listed)
        ]
        if rule_service.load_or_propose_rules(work, importers, shipped.rules):
            loaded.append(shipped.rules.version)
        if rule_service.load_or_propose_destinations(work, importers, shipped.destinations):
            loaded.append(shipped.destinations.version)
    return loaded


def build_when_reachable(database: Database, bases: Bases, clock: Clock) -> None:
    """Makes what counts ready to be searched, before anybody asks for it; waits for the database as long as it takes."""
    call = Call(_ACTOR, clock.now(), enter_trace(None), "load")
    basis = once_reachable(lambda: bases.catch_up(database, call))
    _log.info("basis_built", versions=basis.versions, entries=bases.entries_held)


def load_when_reachable(database: Database, shipped: Shipped, clock: Clock) -> list[str]:
    """Loads once the database can be reached; waits as long as it takes."""
    loaded = once_reachable(lambda: load(database, shipped, clock))
    _log.info("lists_loaded", versions=loaded)
    return loaded
