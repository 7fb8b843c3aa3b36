"""Whether a log agrees with itself: signatures, and entries under every root that was ever signed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from services.foundation.audit_log.entry import ENTRY_SIZE
from services.foundation.audit_log.report import Finding, FindingKind
from services.foundation.audit_log.sealed_log import ENTRIES, SUBTREES, SealedLog
from services.foundation.audit_log.signed_note import InvalidNote, VerifierKey
from services.foundation.audit_log.statements import Checkpoint, Epoch
from services.foundation.merkle import EMPTY_ROOT, CompactRange, leaf_hash

_LEAVES_AT_ONCE = 4096


@dataclass
class LogCheck:
    """A log as far as it can be trusted: what is signed, how many entries are there, and what is wrong."""

    origin: str
    latest: Checkpoint | None = None
    checkpoints: int = 0
    present: int = 0
    epochs: list[Epoch] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many entries the newest valid checkpoint covers."""
        return self.latest.size if self.latest else 0

    @property
    def root(self) -> bytes:
        """The root that the newest valid checkpoint signs."""
        return self.latest.root if self.latest else EMPTY_ROOT


def check_log(log: SealedLog, key: VerifierKey, witness: Checkpoint | None = None) -> LogCheck:
    """Checks every checkpoint of a log, in order, against its entries.

    `witness` is a checkpoint that the auditor kept outside the log: the log must still extend it. It is
    what shows a log that was cut back or written anew together with its checkpoints.
    """
    check = LogCheck(key.name)
    entries = _Entries(log)
    trusted = 0
    broken = False
    for checkpoint in _valid_checkpoints(log, key, check):
        if witness is not None and checkpoint.size >= witness.size:
            if entries.root(witness.size) != witness.root:
                check.findings.append(Finding(FindingKind.LOG_REWRITTEN, witness.size))
            witness = None
        if not broken and entries.root(checkpoint.size) != checkpoint.root:
            broken = True
            kind = (
                FindingKind.ENTRIES_TRUNCATED
                if entries.size < checkpoint.size
                else FindingKind.ENTRIES_FORGED
            )
            details = {
                "first": str(trusted),
                "through": str(checkpoint.size - 1),
                "present": str(entries.size),
            }
            check.findings.append(Finding(kind, trusted, details=details))
        if not broken:
            trusted = checkpoint.size
    if witness is not None:
        check.findings.append(Finding(FindingKind.LOG_REWRITTEN, witness.size))
    if entries.damaged_at is not None and not broken:
        check.findings.append(Finding(FindingKind.SUBTREES_DAMAGED, entries.damaged_at))
    check.present = min(check.size, (log.folder / ENTRIES).stat().st_size // ENTRY_SIZE)
    _check_epochs(log, key, check)
    return check


class _Entries:
    """The tree over the entries, grown as far as asked; notes where the stored subtrees differ."""

    def __init__(self, log: SealedLog) -> None:
        self._entries = log.entries(0, 1 << 62)
        self._tree = CompactRange()
        self.damaged_at: int | None = None
        self._stored = (log.folder / SUBTREES).open("rb")

    @property
    def size(self) -> int:
        return self._tree.size

    def root(self, size: int) -> bytes | None:
        """The root over the first `size` entries, which must not shrink; None when they are not all there."""
        while self._tree.size < size:
            begin = self._tree.size
            finished: list[bytes] = []
            append = self._tree.append
            for entry in islice(self._entries, min(size - begin, _LEAVES_AT_ONCE)):
                finished += append(leaf_hash(entry))
            if self._tree.size == begin:
                return None
            joined = b"".join(finished)
            if self.damaged_at is None and self._stored.read(len(joined)) != joined:
                self.damaged_at = begin
        return self._tree.root()


def _valid_checkpoints(log: SealedLog, key: VerifierKey, check: LogCheck) -> Iterator[Checkpoint]:
    for number, note in enumerate(log.checkpoint_notes()):
        try:
            checkpoint = Checkpoint.parse(key.open(note))
        except InvalidNote as error:
            details = {"checkpoint": str(number), "cause": str(error)}
            check.findings.append(Finding(FindingKind.CHECKPOINT_FORGED, details=details))
            continue
        if checkpoint.origin != key.name or checkpoint.size < check.size:
            details = {"checkpoint": str(number), "cause": "of another log or shrinking"}
            check.findings.append(Finding(FindingKind.CHECKPOINT_FORGED, checkpoint.size, details=details))
            continue
        check.checkpoints += 1
        check.latest = checkpoint
        yield checkpoint
    if check.latest is None:
        check.findings.append(
            Finding(FindingKind.CHECKPOINT_FORGED, details={"cause": "no valid checkpoint"})
        )


def _check_epochs(log: SealedLog, key: VerifierKey, check: LogCheck) -> None:
    for number, note in enumerate(log.epoch_notes()):
        try:
            epoch = Epoch.parse(key.open(note))
        except InvalidNote as error:
            check.findings.append(
                Finding(FindingKind.EPOCH_FORGED, details={"epoch": str(number), "cause": str(error)})
            )
            continue
        if epoch.origin != key.name or epoch.number != number:
            check.findings.append(Finding(FindingKind.EPOCH_FORGED, details={"epoch": str(number)}))
            continue
        check.epochs.append(epoch)
    if not check.epochs:
        check.findings.append(Finding(FindingKind.EPOCH_FORGED, details={"cause": "no valid epoch"}))
