"""The entries of the log against the rows of the database: one pass over both in the order of sealing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from heapq import merge
from itertools import pairwise
from typing import Final

from services.foundation.audit_log.entry import AuditRow, Position, entry_bytes, entry_position
from services.foundation.audit_log.sealed_log import SealedLog
from services.foundation.audit_log.statements import Epoch

# Of an entry: its position, which compares as bytes just as it does as numbers, and its event id.
_POSITION: Final = slice(0, 16)
_EVENT: Final = slice(16, 32)

IndexedEntry = tuple[bytes, int]
"""An entry, and its index in the log."""


@dataclass
class Comparison:
    """What agrees and what does not. Entries are kept with their index, rows as the entry they would make."""

    matched: int = 0
    last_matched: Position = (0, 0)
    greatest_matched_seq: int = 0
    altered: list[IndexedEntry] = field(default_factory=list)
    missing: list[IndexedEntry] = field(default_factory=list)
    unknown: list[bytes] = field(default_factory=list)

    def run(self, entries: Iterable[IndexedEntry], rows: Iterable[AuditRow]) -> None:
        """Compares a further stretch; both must be in the order of sealing.

        Two entries may claim one position after an older copy of the database went on counting.
        """
        remaining = iter(entries)
        entry = next(remaining, None)
        matched, last, greatest = 0, b"", self.greatest_matched_seq
        for row in rows:
            data = entry_bytes(row)
            if entry is not None and entry[0] == data:
                entry = next(remaining, None)
            else:
                position = data[_POSITION]
                while entry is not None and entry[0][_POSITION] < position:
                    self.missing.append(entry)
                    entry = next(remaining, None)
                claimants: list[IndexedEntry] = []
                while entry is not None and entry[0][_POSITION] == position:
                    claimants.append(entry)
                    entry = next(remaining, None)
                if not self._settle(data, claimants):
                    continue
            matched, last = matched + 1, data
            if row[0] > greatest:
                greatest = row[0]
        while entry is not None:
            self.missing.append(entry)
            entry = next(remaining, None)
        self.matched += matched
        self.greatest_matched_seq = greatest
        if last:
            self.last_matched = entry_position(last)

    def _settle(self, data: bytes, claimants: list[IndexedEntry]) -> bool:
        """Finds the entry of a row among those at its position; whether the row is as it was sealed."""
        same = next((claimant for claimant in claimants if claimant[0] == data), None)
        changed = next((claimant for claimant in claimants if claimant[0][_EVENT] == data[_EVENT]), None)
        answered = same or changed
        self.missing += [claimant for claimant in claimants if claimant is not answered]
        if same is None and changed is not None:
            self.altered.append(changed)
        elif same is None:
            self.unknown.append(data)
        return same is not None


@dataclass(frozen=True, slots=True)
class Stretch:
    """One epoch as it is compared: its entries by index, and the sequences of its rows.

    The entries from `leftovers_from` are in order among themselves but not after those before them.
    """

    begin: int
    leftovers_from: int
    end: int
    after_seq: int
    through_seq: int | None

    def entries(self, log: SealedLog) -> Iterator[IndexedEntry]:
        """The entries in the order of sealing."""
        first = zip(log.entries(self.begin, self.leftovers_from), range(self.begin, self.end), strict=False)
        if self.leftovers_from == self.end:
            return first
        leftovers = zip(
            log.entries(self.leftovers_from, self.end), range(self.leftovers_from, self.end), strict=False
        )
        return merge(first, leftovers)


def stretches(epochs: list[Epoch], size: int) -> list[Stretch]:
    """The epochs of a log of this size, oldest first; the last takes every row that no earlier one has."""
    reached = [epoch for epoch in epochs if epoch.first_index <= size]
    found = [
        Stretch(epoch.first_index, after.leftovers_from, after.first_index, epoch.after_seq, after.after_seq)
        for epoch, after in pairwise(reached)
    ]
    if reached:
        found.append(Stretch(reached[-1].first_index, size, size, reached[-1].after_seq, None))
    return found
