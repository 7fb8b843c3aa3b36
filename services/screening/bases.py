"""What a screening rests on, held in memory and built again when a new version is loaded.

The database says which versions are current, on every screening: a basis that is behind is never used. Reading the
names of a long list takes many seconds, so that it is never done in a transaction: the database would end the
session of one that idles. Whoever lacks a version gives up the transaction, and begins again when it is there.
"""

import threading
from collections.abc import Callable, Collection, Sequence
from typing import Final, TypeVar

from sqlalchemy import Connection

from services.foundation.database import Database
from services.foundation.errors import ErrorCode, XukeError, failed_precondition
from services.foundation.principal import Call
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

# Indexes of lists kept in memory, those of replays among them; and the entries that they have together, of which a
# hundred thousand take about 0.3 GB. What is just needed is kept, however much it is.
_MOST_LISTS_HELD: Final = 16
MOST_ENTRIES_HELD: Final = 200_000
# How often somebody begins again who finds each time that other versions count by now.
_MOST_ATTEMPTS: Final = 5

Result = TypeVar("Result")


class BasisBehindError(XukeError):
    """UNAVAILABLE with SCREENING_BASIS_BEHIND: of these versions of lists one is not ready to be searched."""

    def __init__(self, versions: Sequence[str]) -> None:
        super().__init__(ErrorCode.UNAVAILABLE, "SCREENING_BASIS_BEHIND")
        self.versions: Final = tuple(versions)


class Bases:
    """The current basis, shared by every thread of the process."""

    def __init__(self, comparison: Comparison, most_entries: int = MOST_ENTRIES_HELD) -> None:
        self._comparison = comparison
        self._most_entries = most_entries
        self._basis: Basis | None = None
        self._indexes: dict[str, ListIndex] = {}
        self._lock = threading.Lock()
        # One index is built at a time; who waits for it holds no connection.
        self._building = threading.Lock()

    def current(self, connection: Connection) -> Basis:
        """The basis of the current versions.

        A list that is not loaded is missing from it, which `screen` refuses. Errors: FAILED_PRECONDITION where no
        rules are loaded; BasisBehindError, see `ready`.
        """
        wanted_lists = tuple(stored.version for stored in current_lists(connection))
        wanted_rules = current_rules(connection)
        wanted_destinations = current_destinations(connection)
        if wanted_rules is None or wanted_destinations is None:
            raise failed_precondition("SCREENING_RULES_MISSING")
        known = self._basis
        if known is not None and _rests_on(known, wanted_lists, wanted_rules, wanted_destinations):
            return known
        found = self.of_versions(connection, wanted_lists, wanted_rules, wanted_destinations)
        with self._lock:
            self._basis = found
        return found

    def of_versions(
        self, connection: Connection, list_versions: Sequence[str], rules: str, destinations: str
    ) -> Basis:
        """The basis of versions that need not be the current ones, for a replay. Errors: BasisBehindError."""
        with self._lock:
            if any(version not in self._indexes for version in list_versions):
                raise BasisBehindError(list_versions)
            for version in list_versions:
                # The one used last stands last, so that the one unused for longest is given up first.
                self._indexes[version] = self._indexes.pop(version)
            indexes = {version: self._indexes[version] for version in list_versions}
        return basis_of(
            [index.party_list for index in indexes.values()],
            read_rules(connection, rules),
            read_destinations(connection, destinations),
            self._comparison,
            indexes,
        )

    def ready(self, database: Database, call: Call, act: Callable[[], Result]) -> Result:
        """What `act` returns, which begins a transaction of its own and asks for a basis in it.

        Where a version is not ready the transaction is given up; when the version is ready, `act` is done again.
        Errors: those of `act`; BasisBehindError where other versions counted by then, time and again.
        """
        for _ in range(_MOST_ATTEMPTS):
            try:
                return act()
            except BasisBehindError as behind:
                wanted = behind.versions
            self._make_ready(database, call, wanted)
        return act()

    def catch_up(self, database: Database, call: Call) -> Basis:
        """The basis of the current versions, in a transaction of its own. Errors: those of `current` and `ready`."""

        def current() -> Basis:
            with database.begin(call) as work:
                return self.current(work.connection)

        return self.ready(database, call, current)

    def party_list(self, connection: Connection, version: str) -> PartyList:
        """A version of a list, current or not; one that is held is not read again."""
        held = self._indexes.get(version)
        return read_list(connection, version) if held is None else held.party_list

    @property
    def comparison(self) -> Comparison:
        """How parties are compared by this program."""
        return self._comparison

    @property
    def entries_held(self) -> int:
        """How many entries the indexes in memory have together."""
        return sum(len(index.party_list.entries) for index in list(self._indexes.values()))

    def _make_ready(self, database: Database, call: Call, versions: Sequence[str]) -> None:
        with self._building:
            for version in versions:
                if version in self._indexes:
                    continue
                index = self._built(database, call, version)
                with self._lock:
                    self._indexes[version] = index
                    self._give_up_beside(versions)

    def _built(self, database: Database, call: Call, version: str) -> ListIndex:
        """The index of a version, made from the one of the same list that was used last: that is soon done."""
        with database.begin(call) as work:
            code = list_of_version(work.connection, version)
            with self._lock:
                held = [one for one in self._indexes.values() if one.party_list.list_code == code]
            before = held[-1] if held else None
            listed = read_list(work.connection, version, None if before is None else before.party_list)
        return ListIndex(listed, before=before)

    def _give_up_beside(self, wanted: Collection[str]) -> None:
        """Gives up what has been unused for longest, but for what is wanted and what the current basis rests on."""
        current = () if self._basis is None else self._basis.lists
        needed = {*wanted, *(listed.version for listed in current)}
        for version in [one for one in self._indexes if one not in needed]:
            if len(self._indexes) <= _MOST_LISTS_HELD and self.entries_held <= self._most_entries:
                return
            del self._indexes[version]


def _rests_on(
    basis: Basis, list_versions: tuple[str, ...], rules_version: str, destinations_version: str
) -> bool:
    return (
        tuple(listed.version for listed in basis.lists) == list_versions
        and basis.rules.version == rules_version
        and basis.destinations.version == destinations_version
    )
