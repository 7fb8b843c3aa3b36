"""The files of one sealed log, written: by one process at a time, and safe at any crash.

Entries and subtrees reach the disk before the checkpoint that covers them. A crash in between leaves
entries beyond the last checkpoint; opening the log drops them, and they are sealed again from the database.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from services.foundation.audit_log.entry import ENTRY_SIZE
from services.foundation.audit_log.sealed_log import (
    CHECKPOINTS,
    ENTRIES,
    EPOCHS,
    SIGNING_KEY,
    SUBTREES,
    VERIFIER_KEY,
    LogDamaged,
    SealedLog,
)
from services.foundation.audit_log.signed_note import SigningKey, note_bytes
from services.foundation.audit_log.statements import Checkpoint, Epoch
from services.foundation.merkle import (
    EMPTY_ROOT,
    HASH_SIZE,
    CompactRange,
    leaf_hash,
    root_of_stored,
    stored_count,
)

_LOCK: Final = "lock"


class LogInUse(Exception):
    """Another process writes this log."""


def create_log(folder: Path, origin: str, cluster: str, now: datetime) -> None:
    """Makes an empty log with a new key, its first epoch and a checkpoint of nothing, or nothing at all.

    A log without a checkpoint therefore never exists, and one found without is damaged, not new.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        key = SigningKey.create(origin, fresh / SIGNING_KEY)
        first_epoch = Epoch(origin, 0, cluster, 0, 0, 0, now)
        nothing = Checkpoint(origin, 0, EMPTY_ROOT, now)
        for name, content in (
            (VERIFIER_KEY, f"{key.verifier}\n"),
            (EPOCHS, key.sign(first_epoch.text())),
            (CHECKPOINTS, key.sign(nothing.text())),
            (ENTRIES, ""),
            (SUBTREES, ""),
            (_LOCK, ""),
        ):
            with (fresh / name).open("wb") as file:
                file.write(content.encode())
                file.flush()
                os.fsync(file.fileno())
        _sync_folder(fresh)
        fresh.chmod(0o755)
        fresh.rename(folder)
        _sync_folder(folder.parent)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


class LogWriter:
    """Appends to a log. Close it after any error and open it anew: opening restores its order."""

    def __init__(self, folder: Path) -> None:
        """Opens the log for writing.

        Raises LogInUse while another process holds it, LogDamaged when the files contradict the last
        checkpoint, and what `SigningKey.load` raises.
        """
        self._lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o644)
        self._files: dict[str, int] = {}
        try:
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise LogInUse(str(folder)) from error
            for name in (ENTRIES, SUBTREES, CHECKPOINTS, EPOCHS):
                self._files[name] = os.open(folder / name, os.O_RDWR)
            self.log = SealedLog(folder)
            self._key = SigningKey.load(self.log.verifier_key().name, folder / SIGNING_KEY)
            if self._key.verifier != self.log.verifier_key():
                raise LogDamaged(f"the keys in {folder} do not belong together")
            self.checkpoint = self.log.latest_checkpoint()
            self._cut(CHECKPOINTS, self.log.latest_note()[1])
            self._recover_entries()
            self.epochs = self._recover_epochs()
        except BaseException:
            self.close()
            raise

    def append(self, entries: Sequence[bytes], now: datetime) -> Checkpoint:
        """Adds entries and seals them under a new checkpoint; returns once both are on the disk."""
        size = self.checkpoint.size
        tree = CompactRange.of_stored(size, self.log.node)
        finished = [node for entry in entries for node in tree.append(leaf_hash(entry))]
        self._write(ENTRIES, b"".join(entries), size * ENTRY_SIZE)
        self._write(SUBTREES, b"".join(finished), stored_count(size) * HASH_SIZE)
        checkpoint = Checkpoint(self.checkpoint.origin, tree.size, tree.root(), now)
        self._add_note(CHECKPOINTS, checkpoint.text())
        self.checkpoint = checkpoint
        return checkpoint

    def open_epoch(self, cluster: str, leftovers: Sequence[bytes], after_seq: int, now: datetime) -> Epoch:
        """Closes the epoch with the rows of it that were not sealed yet, and opens the next one.

        The statement is written first; without the checkpoint that covers the leftovers it is dropped when
        the log is opened again.
        """
        size = self.checkpoint.size
        epoch = Epoch(
            self.checkpoint.origin, len(self.epochs), cluster, size, size + len(leftovers), after_seq, now
        )
        self._add_note(EPOCHS, epoch.text())
        self.append(leftovers, now)
        self.epochs.append(epoch)
        return epoch

    def close(self) -> None:
        """Lets go of the files; the log is then free for another writer."""
        for descriptor in (*self._files.values(), self._lock):
            os.close(descriptor)
        self._files = {}

    def _recover_entries(self) -> None:
        size = self.checkpoint.size
        if os.fstat(self._files[ENTRIES]).st_size < size * ENTRY_SIZE:
            raise LogDamaged(f"{self.log.folder} holds fewer entries than its last checkpoint covers")
        self._cut(ENTRIES, size * ENTRY_SIZE)
        if os.fstat(self._files[SUBTREES]).st_size >= stored_count(size) * HASH_SIZE:
            self._cut(SUBTREES, stored_count(size) * HASH_SIZE)
            if root_of_stored(size, self.log.node) == self.checkpoint.root:
                return
        # Subtrees only repeat what the entries say, so they can be had again from them.
        tree = CompactRange()
        nodes = [node for entry in self.log.entries(0, size) for node in tree.append(leaf_hash(entry))]
        if tree.root() != self.checkpoint.root:
            raise LogDamaged(f"the entries of {self.log.folder} do not add up to its last checkpoint")
        self._write(SUBTREES, b"".join(nodes), 0)

    def _recover_epochs(self) -> list[Epoch]:
        notes = self.log.epoch_notes()
        epochs = [epoch for epoch in self.log.epochs() if epoch.first_index <= self.checkpoint.size]
        self._cut(EPOCHS, sum(len(note_bytes(note)) for note in notes[: len(epochs)]))
        return epochs

    def _cut(self, name: str, length: int) -> None:
        if os.fstat(self._files[name]).st_size > length:
            os.ftruncate(self._files[name], length)
            os.fsync(self._files[name])

    def _add_note(self, name: str, text: str) -> None:
        self._write(name, self._key.sign(text).encode(), os.fstat(self._files[name]).st_size)

    def _write(self, name: str, data: bytes, offset: int) -> None:
        rest = memoryview(data)
        while rest:
            written = os.pwrite(self._files[name], rest, offset)
            rest, offset = rest[written:], offset + written
        os.fsync(self._files[name])


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
