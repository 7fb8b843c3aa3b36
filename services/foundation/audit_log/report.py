"""What a verification found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class FindingKind(StrEnum):
    """What is wrong. The first five are about the database, the others about the log itself."""

    EVENT_DELETED = "EVENT_DELETED"
    EVENT_ALTERED = "EVENT_ALTERED"
    EVENT_MOVED = "EVENT_MOVED"
    """The event is there, under another sequence or transaction id than it was sealed with."""
    EVENT_INSERTED = "EVENT_INSERTED"
    """An event stands behind the seal that was never sealed."""
    DATABASE_ROLLED_BACK = "DATABASE_ROLLED_BACK"
    """The database is an older copy: it has not counted as far as the log."""
    ENTRIES_FORGED = "ENTRIES_FORGED"
    """Entries do not add up to a root that was signed."""
    ENTRIES_TRUNCATED = "ENTRIES_TRUNCATED"
    SUBTREES_DAMAGED = "SUBTREES_DAMAGED"
    """Only proofs suffer; the sealer makes them anew when their heads do not fit."""
    CHECKPOINT_FORGED = "CHECKPOINT_FORGED"
    """A checkpoint is unsigned, signed by another key, of another log, or goes back in size."""
    EPOCH_FORGED = "EPOCH_FORGED"
    LOG_REWRITTEN = "LOG_REWRITTEN"
    """The log is not an extension of a checkpoint that the auditor kept."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, with the index in the log, the sequence and the event where it has them.

    For entries that do not add up, `index` is the first that no signed root proves.
    """

    kind: FindingKind
    index: int | None = None
    seq: int | None = None
    event_id: UUID | None = None
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AuditReport:
    """The outcome of a verification of one database against its sealed log.

    `size` and `root` are what the newest valid checkpoint signs; `matched` events are in the database as they
    were sealed; `unsealed` events are newer than the seal. `omitted` findings are beyond the number reported.
    """

    origin: str
    size: int
    root: str
    checkpoints: int
    matched: int
    unsealed: int
    findings: tuple[Finding, ...]
    omitted: int

    @property
    def intact(self) -> bool:
        """Whether log and database tell the same story."""
        return not self.findings
