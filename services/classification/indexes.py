"""The current list of each regime, indexed in memory and built again when a new version is loaded.

The database says which versions are current, on every call: an index that is behind is never used.
"""

import threading
from collections.abc import Mapping

from sqlalchemy import Connection

from services.classification.domain.index import ListIndex, SearchPolicy
from services.classification.store.lists import ListVersion, current_versions, read_list
from services.foundation.errors import failed_precondition, invalid_field


class Indexes:
    """Indexes by version, shared by every thread of the process."""

    def __init__(self, policy: SearchPolicy) -> None:
        self._policy = policy
        self._built: Mapping[str, ListIndex] = {}
        self._lock = threading.Lock()

    def current(self, connection: Connection, regime: str = "") -> list[ListIndex]:
        """The index of the current version of a regime, or of each regime where none is named.

        Errors: FAILED_PRECONDITION where no list is loaded at all; INVALID_ARGUMENT for an unknown regime.
        """
        versions = current_versions(connection)
        if not versions:
            raise failed_precondition("CONTROL_LIST_NOT_LOADED")
        known = sorted(version.regime for version in versions)
        if regime and regime not in known:
            raise invalid_field("regime", "REGIME_UNKNOWN", regime=regime, known=" ".join(known))
        if any(version.version not in self._built for version in versions):
            self._build(connection, versions)
        built = self._built
        return [built[version.version] for version in versions if regime in ("", version.regime)]

    def _build(self, connection: Connection, versions: list[ListVersion]) -> None:
        with self._lock:
            known = self._built
            self._built = {
                version.version: known.get(version.version)
                or ListIndex(read_list(connection, version), self._policy)
                for version in versions
            }
