"""The kicks that rows of an outbox stand for."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.foundation.ledger import Kick


@dataclass(frozen=True)
class OutboxRow:
    """One row of an outbox that was not sent yet."""

    seq: int
    wake: Kick
    sequence: int


@dataclass(frozen=True)
class PendingKick:
    """One kick to send: the last sequence of a workflow's source, and the rows that it settles."""

    wake: Kick
    sequence: int
    rows: tuple[int, ...]


def coalesce(rows: Iterable[OutboxRow]) -> list[PendingKick]:
    """One kick for each workflow and source, in the order in which the first row of each was written.

    The workflow pulls everything up to the last sequence, so the earlier ones need not be sent.
    """
    grouped: dict[Kick, list[OutboxRow]] = {}
    for row in sorted(rows, key=lambda row: row.seq):
        grouped.setdefault(row.wake, []).append(row)
    return [
        PendingKick(wake, max(row.sequence for row in group), tuple(row.seq for row in group))
        for wake, group in grouped.items()
    ]
