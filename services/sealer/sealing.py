"""One database kept sealed: a thread that goes on through every outage and stops at every contradiction."""

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psycopg
import structlog

from services.foundation.audit_log.log_writer import LogInUse
from services.foundation.audit_log.rows import connect
from services.foundation.audit_log.sealed_log import LogDamaged
from services.foundation.audit_log.sealer import Refusal, Sealer, SealingRefused
from services.foundation.audit_log.signed_note import InvalidNote
from services.foundation.clock import Clock

INTERVAL_SECONDS: Final = 1.0
_PAUSE_SECONDS: Final = 1.0
# A contradiction needs a person, who needs the lock that looking at it takes.
_CONTRADICTION_PAUSE_SECONDS: Final = 5.0

_log = structlog.get_logger()


@dataclass(frozen=True)
class AuditedDatabase:
    """A database to seal: the service it belongs to, its owner's address, and the folder of its log."""

    service: str
    url: str
    folder: Path

    @property
    def origin(self) -> str:
        """The name that the log states of itself."""
        return f"xuke/{self.service}"


@dataclass
class Sealing:
    """Keeps one database sealed until it is told to stop.

    `contradiction` says why sealing has stopped although everything can be reached; empty while all is well.
    """

    database: AuditedDatabase
    clock: Clock
    contradiction: str = ""
    _stopping: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begins to seal."""
        self._thread = threading.Thread(target=self.run, name=f"seal-{self.database.service}")
        self._thread.start()

    def stop(self) -> None:
        """Ends after the checkpoint in progress."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def run(self) -> None:
        """Seals at every interval; tries again after an outage, and looks again after a contradiction."""
        while not self._stopping.is_set():
            try:
                self._seal_until_stopped()
            except psycopg.Error as error:
                self._interrupted("database_unreachable", error)
            except (LogInUse, OSError) as error:
                self._interrupted("log_not_writable", error)
            except SealingRefused as refused:
                if refused.reason is Refusal.ANOTHER_SEALER:
                    self._interrupted("another_sealer", refused)
                else:
                    self._contradicted(refused.reason, refused)
            except (LogDamaged, InvalidNote) as error:
                self._contradicted("LOG_DAMAGED", error)
            except Exception as error:  # noqa: BLE001 - the thread must not end unseen; nothing is sealed
                _log.exception("sealing_failed", service=self.database.service)
                self._contradicted("UNEXPECTED", error)

    def _interrupted(self, event: str, error: Exception) -> None:
        _log.warning(event, service=self.database.service, error=str(error).strip())
        self._stopping.wait(_PAUSE_SECONDS)

    def _contradicted(self, reason: str, error: Exception) -> None:
        self.contradiction = reason
        _log.error("sealing_stopped", service=self.database.service, reason=reason, error=str(error))
        self._stopping.wait(_CONTRADICTION_PAUSE_SECONDS)

    def _seal_until_stopped(self) -> None:
        with connect(self.database.url) as connection:
            sealer = Sealer(self.database.folder, self.database.origin, connection, self.clock.now())
            try:
                _log.info("sealing", service=self.database.service, size=sealer.writer.checkpoint.size)
                while not self._stopping.is_set():
                    started = time.monotonic()
                    checkpoint = sealer.seal(self.clock.now())
                    self.contradiction = ""
                    if checkpoint is not None:
                        _log.info("sealed", service=self.database.service, size=checkpoint.size)
                    self._stopping.wait(INTERVAL_SECONDS - (time.monotonic() - started))
            finally:
                sealer.close()
