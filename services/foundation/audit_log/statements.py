"""What a sealed log states under signature: checkpoints, and the epochs of its database.

A checkpoint follows C2SP tlog-checkpoint: origin, number of entries and root hash, one line each, and an
extension line with the instant of sealing. An epoch statement opens the log on a database cluster and
says which rows belong to it, because transaction ids begin anew after a dump is restored.
"""

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from services.foundation.audit_log.signed_note import InvalidNote
from services.foundation.merkle import HASH_SIZE

_SEALED: Final = "sealed "
_OPENED: Final = "opened "
_EPOCH_SUFFIX: Final = "/epoch"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a log: how many entries, under which root, when (UTC)."""

    origin: str
    size: int
    root: bytes
    sealed_at: datetime

    def text(self) -> str:
        """The text that is signed."""
        root = base64.b64encode(self.root).decode()
        return f"{self.origin}\n{self.size}\n{root}\n{_SEALED}{_instant(self.sealed_at)}\n"

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Reads the text of a checkpoint. Raises InvalidNote when it is not one."""
        try:
            origin, size, root, sealed = text.removesuffix("\n").split("\n")
            checkpoint = cls(
                origin,
                int(size),
                base64.b64decode(root, validate=True),
                datetime.fromisoformat(sealed.removeprefix(_SEALED)),
            )
        except (ValueError, binascii.Error) as error:
            raise InvalidNote("not a checkpoint") from error
        if len(checkpoint.root) != HASH_SIZE or checkpoint.size < 0 or checkpoint.text() != text:
            raise InvalidNote("not a checkpoint")
        return checkpoint


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint with the note that signs it."""

    checkpoint: Checkpoint
    note: str


@dataclass(frozen=True, slots=True)
class Epoch:
    """A stretch of the log whose rows were written in one database cluster.

    `first_index` is its first entry. Rows whose `seq` is above `after_seq` belong to it or to a later
    one. When an epoch ends, rows of it that were not sealed yet are appended out of the common order;
    `leftovers_from` in the statement of the next epoch is where those of the epoch before it begin.
    """

    origin: str
    number: int
    cluster: str
    leftovers_from: int
    first_index: int
    after_seq: int
    opened_at: datetime

    def text(self) -> str:
        """The text that is signed."""
        return (
            f"{self.origin}{_EPOCH_SUFFIX}\n{self.number}\n{self.cluster}\n{self.leftovers_from}\n"
            f"{self.first_index}\n{self.after_seq}\n{_OPENED}{_instant(self.opened_at)}\n"
        )

    @classmethod
    def parse(cls, text: str) -> "Epoch":
        """Reads the text of an epoch statement. Raises InvalidNote when it is not one."""
        try:
            origin, number, cluster, leftovers, first, after, opened = text.removesuffix("\n").split("\n")
            epoch = cls(
                origin.removesuffix(_EPOCH_SUFFIX),
                int(number),
                cluster,
                int(leftovers),
                int(first),
                int(after),
                datetime.fromisoformat(opened.removeprefix(_OPENED)),
            )
        except ValueError as error:
            raise InvalidNote("not an epoch statement") from error
        numbers = (epoch.number, epoch.leftovers_from, epoch.first_index, epoch.after_seq)
        if min(numbers) < 0 or epoch.text() != text:
            raise InvalidNote("not an epoch statement")
        return epoch


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
