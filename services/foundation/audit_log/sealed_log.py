"""The files of one sealed log, read.

entries      64 bytes per event, in the order of sealing
subtrees     32 bytes per complete subtree, in the order they were finished (see `merkle`)
checkpoints  signed checkpoints, one after another; only what the last one covers counts
epochs       signed statements of which rows belong to which stretch of the log
verifier_key the public key, for whoever checks
signing_key  the private key (mode 0600); kept with the log, so that removing the log to make it anew
             also means another key
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from services.foundation.audit_log.entry import ENTRY_SIZE, Position, entry_position
from services.foundation.audit_log.signed_note import (
    InvalidNote,
    VerifierKey,
    note_bytes,
    note_text,
    split_notes,
)
from services.foundation.audit_log.statements import Checkpoint, Epoch, SignedCheckpoint
from services.foundation.merkle import HASH_SIZE, stored_position

ENTRIES: Final = "entries"
SUBTREES: Final = "subtrees"
CHECKPOINTS: Final = "checkpoints"
EPOCHS: Final = "epochs"
VERIFIER_KEY: Final = "verifier_key"
SIGNING_KEY: Final = "signing_key"

# A checkpoint takes about 250 bytes, so that the last whole one is always within this many from the end.
_TAIL_BYTES: Final = 4096
_ENTRIES_AT_ONCE: Final = 4096


class LogDamaged(Exception):
    """The files contradict their own checkpoints: something other than the sealer wrote to them."""


class SealedLog:
    """Reads a log while its sealer may be writing: nothing beyond the last checkpoint is looked at."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def verifier_key(self) -> VerifierKey:
        """The public key that lies with the log; an auditor compares it with the one he keeps."""
        return VerifierKey.parse((self.folder / VERIFIER_KEY).read_text(encoding="utf-8"))

    def latest_note(self) -> tuple[str, int]:
        """The newest whole checkpoint note, not checked, and where it ends in the file.

        Raises LogDamaged when there is none near the end.
        """
        with (self.folder / CHECKPOINTS).open("rb") as file:
            size = file.seek(0, 2)
            begin = file.seek(max(0, size - _TAIL_BYTES))
            tail = note_text(file.read())
        notes = list(split_notes(tail))
        # The first note of a tail that does not start with the file may lack its beginning.
        if len(notes) < (1 if begin == 0 else 2):
            raise LogDamaged(f"{self.folder / CHECKPOINTS} does not end in a checkpoint")
        return notes[-1], begin + sum(len(note_bytes(note)) for note in notes)

    def latest_signed(self) -> SignedCheckpoint:
        """The newest checkpoint with its note. Raises LogDamaged when its signature does not hold."""
        note, _ = self.latest_note()
        try:
            return SignedCheckpoint(Checkpoint.parse(self.verifier_key().open(note)), note)
        except InvalidNote as error:
            raise LogDamaged(f"the last checkpoint of {self.folder}: {error}") from error

    def latest_checkpoint(self) -> Checkpoint:
        """The newest checkpoint, as `latest_signed`."""
        return self.latest_signed().checkpoint

    def checkpoint_notes(self) -> Iterator[str]:
        """Every whole checkpoint note, oldest first; not checked."""
        pending = b""
        with (self.folder / CHECKPOINTS).open("rb") as file:
            while chunk := file.read(1 << 20):
                pending += chunk
                # A chunk may end within a character; what follows the last whole note is read again.
                notes = list(split_notes(note_text(pending)))
                yield from notes
                pending = pending[sum(len(note_bytes(note)) for note in notes) :]

    def epoch_notes(self) -> list[str]:
        """Every whole epoch note, oldest first; not checked."""
        return list(split_notes(note_text((self.folder / EPOCHS).read_bytes())))

    def epochs(self) -> list[Epoch]:
        """The epochs, their signatures checked. Raises LogDamaged when one does not hold."""
        key = self.verifier_key()
        try:
            return [Epoch.parse(key.open(note)) for note in self.epoch_notes()]
        except InvalidNote as error:
            raise LogDamaged(f"the epochs of {self.folder}: {error}") from error

    def entry(self, index: int) -> bytes:
        """The entry at an index. Raises LogDamaged when the file is shorter."""
        return self._read(ENTRIES, index * ENTRY_SIZE, ENTRY_SIZE)

    def node(self, level: int, index: int) -> bytes:
        """The head of a complete subtree: what proofs are made from."""
        return self._read(SUBTREES, stored_position(level, index) * HASH_SIZE, HASH_SIZE)

    def entries(self, begin: int, end: int) -> Iterator[bytes]:
        """The entries from one index to before another; ends early where the file ends."""
        with (self.folder / ENTRIES).open("rb") as file:
            file.seek(begin * ENTRY_SIZE)
            while begin < end:
                chunk = file.read(min(end - begin, _ENTRIES_AT_ONCE) * ENTRY_SIZE)
                whole = len(chunk) // ENTRY_SIZE
                for offset in range(0, whole * ENTRY_SIZE, ENTRY_SIZE):
                    yield chunk[offset : offset + ENTRY_SIZE]
                if whole == 0:
                    return
                begin += whole

    def find(self, position: Position, begin: int, end: int) -> int | None:
        """The index of the entry at a position within a stretch that is in order, by bisection."""
        low, high = begin, end
        while low < high:
            middle = (low + high) // 2
            if entry_position(self.entry(middle)) < position:
                low = middle + 1
            else:
                high = middle
        return low if low < end and entry_position(self.entry(low)) == position else None

    def _read(self, name: str, offset: int, length: int) -> bytes:
        with (self.folder / name).open("rb") as file:
            file.seek(offset)
            data = file.read(length)
        if len(data) != length:
            raise LogDamaged(f"{self.folder / name} ends before byte {offset + length}")
        return data
