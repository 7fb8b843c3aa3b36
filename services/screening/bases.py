"""What a screening rests on, held in memory and built again when a new version is loaded.

The database says which versions are current, on every screening: a basis that is behind is never used.
"""

import threading
from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection

from services.foundation.errors import failed_precondition
from services.screening.domain.list_index import ListIndex
from services.screening.domain.lists import PartyList
from services.screening.domain.screen import Basis, Comparison, basis_of
from services.screening.store.lists import current_lists, list_of_version, read_list
from services.screening.store.rules import (
    current_destinations,
    current_rules,
    read_destinations,
    read_rules,
)

# Indexes of lists kept in memory, those of replays among them.
_MOST_LISTS_HELD: Final = 16


class Bases:
    """The current basis, shared by every thread of the process."""

    def __init__(self, comparison: Comparison) -> None:
        self._comparison = comparison
        self._basis: Basis | None = None
        self._indexes: dict[str, ListIndex] = {}
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
            built = self._built(connection, wanted_lists, wanted_rules, wanted_destinations)
            self._basis = built
        return built

    def of_versions(
        self, connection: Connection, list_versions: Sequence[str], rules: str, destinations: str
    ) -> Basis:
        """The basis of versions that need not be the current ones, for a replay."""
        with self._lock:
            return self._built(connection, tuple(list_versions), rules, destinations)

    def party_list(self, connection: Connection, version: str) -> PartyList:
        """A version of a list, current or not; one that is held is not read again."""
        held = self._indexes.get(version)
        return read_list(connection, version) if held is None else held.party_list

    @property
    def comparison(self) -> Comparison:
        """How parties are compared by this program."""
        return self._comparison

    def _built(
        self, connection: Connection, list_versions: tuple[str, ...], rules: str, destinations: str
    ) -> Basis:
        for version in list_versions:
            index = self._indexes.pop(version, None) or self._read(connection, version)
            # The one used last stands last, so that the one unused for longest is given up first.
            self._indexes[version] = index
        while len(self._indexes) > max(_MOST_LISTS_HELD, len(list_versions)):
            del self._indexes[next(iter(self._indexes))]
        lists = tuple(self._indexes[version].party_list for version in list_versions)
        return basis_of(
            lists,
            read_rules(connection, rules),
            read_destinations(connection, destinations),
            self._comparison,
            self._indexes,
        )

    def _read(self, connection: Connection, version: str) -> ListIndex:
        """The index of a version, made from the one of the same list that was used last: that is soon done."""
        code = list_of_version(connection, version)
        before = next(
            (one for one in reversed(self._indexes.values()) if one.party_list.list_code == code), None
        )
        if before is None:
            return ListIndex(read_list(connection, version))
        return ListIndex(read_list(connection, version, before.party_list), before=before)


def _rests_on(
    basis: Basis, list_versions: tuple[str, ...], rules_version: str, destinations_version: str
) -> bool:
    return (
        tuple(listed.version for listed in basis.lists) == list_versions
        and basis.rules.version == rules_version
        and basis.destinations.version == destinations_version
    )
