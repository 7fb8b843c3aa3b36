"""What a screening rests on, held in memory and built again when a new version is loaded.

The database says which versions are current, on every screening: a basis that is behind is never used.
"""

import threading

from sqlalchemy import Connection

from services.foundation.errors import failed_precondition
from services.screening.domain.screen import Basis, Comparison, index_of
from services.screening.store.lists import current_lists, read_list
from services.screening.store.rules import (
    current_destinations,
    current_rules,
    read_destinations,
    read_rules,
)


class Bases:
    """The current basis, shared by every thread of the process."""

    def __init__(self, comparison: Comparison) -> None:
        self._comparison = comparison
        self._basis: Basis | None = None
        self._lock = threading.Lock()

    def current(self, connection: Connection) -> Basis:
        """The basis of the current versions. Errors: FAILED_PRECONDITION where no rules are loaded.

        A list that is not loaded is missing from it, which `screen` refuses.
        """
        wanted_lists = tuple(stored.version for stored in current_lists(connection))
        wanted_rules = current_rules(connection)
        wanted_destinations = current_destinations(connection)
        if wanted_rules is None or wanted_destinations is None:
            raise failed_precondition("SCREENING_RULES_MISSING")
        known = self._basis
        if known is not None and _rests_on(known, wanted_lists, wanted_rules, wanted_destinations):
            return known
        with self._lock:
            lists = {listed.version: listed for listed in known.lists} if known else {}
            current = tuple(
                lists.get(version) or read_list(connection, version, self._comparison.names)
                for version in wanted_lists
            )
            built = Basis(
                lists=current,
                index=index_of(current),
                rules=read_rules(connection, wanted_rules),
                destinations=read_destinations(connection, wanted_destinations),
                comparison=self._comparison,
            )
            self._basis = built
        return built


def _rests_on(
    basis: Basis, list_versions: tuple[str, ...], rules_version: str, destinations_version: str
) -> bool:
    return (
        tuple(listed.version for listed in basis.lists) == list_versions
        and basis.rules.version == rules_version
        and basis.destinations.version == destinations_version
    )
