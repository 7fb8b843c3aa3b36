"""The lists indexed in memory: those that count, built again when another version is activated, and a few earlier.

The database says which versions count, on every call: an index that is behind is never used.
"""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from services.classification.domain.entries import ControlList
from services.classification.domain.index import ListIndex, SearchPolicy
from services.classification.store.lists import ListVersion, current_versions, read_list
from services.foundation.errors import failed_precondition, invalid_field

# Indexes of versions that do not count (any more, or not yet), beside those that do.
_OTHERS_HELD: Final = 3


class Indexes:
    """Indexes by version, shared by every thread of the process."""

    def __init__(self, policy: SearchPolicy) -> None:
        self._policy = policy
        self._built: Mapping[str, ListIndex] = {}
        self._others: dict[str, ListIndex] = {}
        self._lock = threading.Lock()

    def current(
        self, connection: Connection, regime: str = "", known_at: datetime | None = None
    ) -> list[ListIndex]:
        """The index of the version that counts in a regime, or in each regime where none is named.

        With `known_at` the versions are those that counted at that instant. Errors: FAILED_PRECONDITION where no
        list was loaded at all; INVALID_ARGUMENT for an unknown regime.
        """
        return self.among(connection, current_versions(connection, known_at), regime, known_at)

    def among(
        self,
        connection: Connection,
        versions: list[ListVersion],
        regime: str = "",
        known_at: datetime | None = None,
    ) -> list[ListIndex]:
        """The same of versions that were looked up already."""
        if not versions:
            raise failed_precondition("CONTROL_LIST_NOT_LOADED")
        known = sorted(version.regime for version in versions)
        if regime and regime not in known:
            raise invalid_field("regime", "REGIME_UNKNOWN", regime=regime, known=" ".join(known))
        wanted = [version for version in versions if regime in ("", version.regime)]
        if known_at is not None:
            return [self._of_version(connection, version) for version in wanted]
        # Another thread may put another map in its place at any moment: one look at it decides.
        built = self._built
        if any(version.version not in built for version in versions):
            built = self._build(connection, versions)
        return [built[version.version] for version in wanted]

    def of_proposal(self, version: str, make: Callable[[], ControlList]) -> ListIndex:
        """The index of a version that does not count (yet), made where it is not held; held for the next reader."""
        return self._built.get(version) or self._other(version, make)

    def _of_version(self, connection: Connection, version: ListVersion) -> ListIndex:
        return self._built.get(version.version) or self._other(
            version.version, lambda: read_list(connection, version)
        )

    def _other(self, version: str, make: Callable[[], ControlList]) -> ListIndex:
        with self._lock:
            index = self._others.pop(version, None) or ListIndex(make(), self._policy)
            self._others[version] = index
            while len(self._others) > _OTHERS_HELD:
                del self._others[next(iter(self._others))]
            return index

    def _build(self, connection: Connection, versions: list[ListVersion]) -> Mapping[str, ListIndex]:
        """Indexes of the versions that count, those that are held already included."""
        with self._lock:
            known = self._built
            self._built = {
                version.version: known.get(version.version)
                or self._others.pop(version.version, None)
                or ListIndex(read_list(connection, version), self._policy)
                for version in versions
            }
            return self._built
