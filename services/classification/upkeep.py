"""What classification does by itself: classifies stored items again, and tells of temporary controls in time.

Every pass takes up what is left, so that a stop at any moment loses nothing, and several processes share the work.
"""

import threading
from typing import Final

import structlog

from services.classification import reclassification, temporary_controls
from services.classification.examination import Examination
from services.classification.indexes import Indexes
from services.foundation.clock import Clock
from services.foundation.database import Database
from services.foundation.errors import XukeError
from services.foundation.principal import Call, Principal, Role
from services.foundation.tracing import enter_trace

_ACTOR: Final = Principal("service:classification", "classification", Role.LIST_EDITOR)
# A new legal day needs nobody's call; an activation is taken up at once.
_PAUSE_SECONDS: Final = 60.0

_log = structlog.get_logger()


class Upkeep:
    """Works in a thread of its own from `start` to `stop`."""

    def __init__(self, database: Database, indexes: Indexes, examination: Examination, clock: Clock) -> None:
        self._database = database
        self._indexes = indexes
        self._examination = examination
        self._clock = clock
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="upkeep", daemon=True)

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def wake(self) -> None:
        """Something counts from now on that did not before: looked at at once."""
        self._wake.set()

    def stop(self) -> None:
        """Ends after the transaction at hand."""
        self._stopping.set()
        self._wake.set()
        self._thread.join()

    def run_once(self) -> int:
        """One pass over everything that is left; returns how many items were classified again."""
        # First, and by themselves: an evaluation that is overdue does not wait for a long pass over the items.
        with self._database.begin(self._call("temporary_controls")) as work:
            temporary_controls.raise_alarms(work, self._indexes)
        total = 0
        while not self._stopping.is_set():
            with self._database.begin(self._call("reclassify")) as work:
                count = reclassification.reclassify_some(work, self._indexes, self._examination)
            total += count
            if count == 0:
                break
        return total

    def _call(self, method: str) -> Call:
        return Call(_ACTOR, self._clock.now(), enter_trace(None), method)

    def _work(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                count = self.run_once()
                if count:
                    _log.info("items_classified_again", items=count)
            except XukeError as error:
                # The database is away or no list is there yet: the next pass takes it up.
                _log.warning("upkeep_waits", reason=error.reason)
            except Exception:  # noqa: BLE001 - the thread must not end unseen; the next pass tries again
                _log.exception("upkeep_failed")
            self._wake.wait(_PAUSE_SECONDS)
