"""The sealer of one database: reads what can no longer be preceded, appends it to the log, signs.

All it writes to the database is, once, which log seals it. It refuses to go on, and says why, when the
database is not the one the log knows, or the log not the one the database knows: whether an older copy was put
in place, events were removed or a log was lost is for a person to find out with `verification`, and to go on
from with `open_epoch` or `start_new_log`.
"""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from services.foundation.audit_log.comparison import Comparison, stretches
from services.foundation.audit_log.entry import Entry, Position, entry_bytes, entry_position
from services.foundation.audit_log.log_writer import LogWriter, create_log
from services.foundation.audit_log.rows import (
    Connection,
    cluster_of,
    greatest_seq,
    known_log,
    remember_log,
    row_at,
    rows_in_order,
    sealable_rows,
    try_lock,
)
from services.foundation.audit_log.sealed_log import SealedLog
from services.foundation.audit_log.statements import Checkpoint, Epoch

# What one checkpoint covers at the most, so that a long backlog is sealed in steps.
ROWS_PER_CHECKPOINT: Final = 20_000


class Refusal(StrEnum):
    """Why a sealer does not seal."""

    ANOTHER_SEALER = "ANOTHER_SEALER"
    """Another process holds the lock of this database."""
    OTHER_CLUSTER = "OTHER_CLUSTER"
    """The database was restored into another cluster, whose transaction ids are not those of the log."""
    DATABASE_BEHIND_LOG = "DATABASE_BEHIND_LOG"
    """The last sealed event is not in the database as it was sealed."""
    LOG_MISSING = "LOG_MISSING"
    """The database was sealed into a log that is not where it belongs."""
    OTHER_LOG = "OTHER_LOG"
    """The log has another key than the one that the database was sealed into."""
    LOG_NOT_LOST = "LOG_NOT_LOST"
    """A new log was asked for, and there is one."""
    NOTHING_RESTORED = "NOTHING_RESTORED"
    """A new epoch was asked for, and the database is the one that the log knows."""


class SealingRefused(Exception):
    """The sealer must not go on; `reason` says why."""

    def __init__(self, reason: Refusal, origin: str) -> None:
        super().__init__(f"{reason}: {origin}")
        self.reason = reason
        self.origin = origin


class Sealer:
    """Seals one database into one log, holding both for itself. Close it after any error."""

    def __init__(self, folder: Path, origin: str, connection: Connection, now: datetime) -> None:
        """Takes the database's lock and opens the log, making it if this database never had one.

        Raises SealingRefused, LogInUse, LogDamaged.
        """
        self._folder = folder
        self._connection = connection
        if not try_lock(connection):
            raise SealingRefused(Refusal.ANOTHER_SEALER, origin)
        self._cluster = cluster_of(connection)
        known = known_log(connection)
        if not folder.exists():
            if known is not None:
                raise SealingRefused(Refusal.LOG_MISSING, origin)
            create_log(folder, origin, self._cluster, now)
        self.writer = LogWriter(folder)
        key = str(self.writer.log.verifier_key())
        if known is None:
            # New, or left so by a crash, or older than this record of it.
            remember_log(connection, key)
        elif known != key:
            self.writer.close()
            raise SealingRefused(Refusal.OTHER_LOG, origin)

    def seal(self, now: datetime) -> Checkpoint | None:
        """Seals what is ready under one checkpoint; None when there was nothing. Raises SealingRefused."""
        epoch = self.writer.epochs[-1]
        if not self._folder.exists():
            # The open files would take what nobody finds again.
            raise SealingRefused(Refusal.LOG_MISSING, epoch.origin)
        obstacle = self._obstacle()
        if obstacle is not None:
            raise SealingRefused(obstacle, epoch.origin)
        last = self._last_entry()
        position: Position = (0, 0) if last is None else entry_position(last)
        rows = sealable_rows(self._connection, position, epoch.after_seq, ROWS_PER_CHECKPOINT)
        if not rows:
            return None
        return self.writer.append([entry_bytes(row) for row in rows], now)

    def open_epoch(self, now: datetime) -> Epoch:
        """Goes on sealing a database that was restored: a person's act, after verification.

        Seals, out of the common order, the events that came with the restored copy or after it and are
        not in the log; rows of greater sequences belong to the new epoch. Writers wait meanwhile. Raises
        SealingRefused when nothing was restored.
        """
        if self._obstacle() is None:
            raise SealingRefused(Refusal.NOTHING_RESTORED, self.writer.checkpoint.origin)
        with self._connection.transaction():
            # Waits for open writers, so that no sequence at or below the greatest is still to appear.
            self._connection.execute("LOCK TABLE audit_event IN SHARE MODE")
            stretch = stretches(self.writer.epochs, self.writer.checkpoint.size)[-1]
            comparison = Comparison()
            comparison.run(
                stretch.entries(self.writer.log), rows_in_order(self._connection, stretch.after_seq, None)
            )
            leftovers = [
                entry
                for entry in comparison.unknown
                if entry_position(entry) > comparison.last_matched
                or Entry.of_bytes(entry).seq > comparison.greatest_matched_seq
            ]
            after_seq = greatest_seq(self._connection)
            return self.writer.open_epoch(self._cluster, leftovers, after_seq, now)

    def close(self) -> None:
        """Lets go of the log and of the database."""
        self.writer.close()
        self._connection.close()

    def _obstacle(self) -> Refusal | None:
        """Why the database is not the one that the log knows, or None when it is."""
        if self.writer.epochs[-1].cluster != self._cluster:
            return Refusal.OTHER_CLUSTER
        last = self._last_entry()
        if last is None:
            return None
        row = row_at(self._connection, Entry.of_bytes(last).seq)
        return None if row is not None and entry_bytes(row) == last else Refusal.DATABASE_BEHIND_LOG

    def _last_entry(self) -> bytes | None:
        """The last entry of the current epoch; None when it has none yet."""
        size = self.writer.checkpoint.size
        return self.writer.log.entry(size - 1) if size > self.writer.epochs[-1].first_index else None


def start_new_log(folder: Path, origin: str, connection: Connection, now: datetime) -> None:
    """Begins a new log, with a new key, for a database whose log is lost: a person's act.

    Everything that the database holds is then sealed anew; what was changed before cannot be shown any more
    but by checkpoints that others kept. Raises SealingRefused while another sealer is at work, or when there
    is a log.
    """
    if not try_lock(connection):
        raise SealingRefused(Refusal.ANOTHER_SEALER, origin)
    if folder.exists():
        raise SealingRefused(Refusal.LOG_NOT_LOST, origin)
    create_log(folder, origin, cluster_of(connection), now)
    remember_log(connection, str(SealedLog(folder).verifier_key()))
