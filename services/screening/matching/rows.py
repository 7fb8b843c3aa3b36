"""Lists of numbers of different lengths, one after the other in one array; and things that such lists number."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import numpy as np
import numpy.typing as npt

Thing = TypeVar("Thing", bound=Hashable)
Rows = npt.NDArray[np.int32]
Places = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Ragged:
    """Lists of numbers; list `at` goes from `starts[at]` to `starts[at + 1]`. Never changed."""

    values: Rows
    starts: Places

    @classmethod
    def of_lengths(cls, values: Sequence[int] | Rows, lengths: Sequence[int] | Places) -> "Ragged":
        """Lists of the lengths given, which together hold the values."""
        starts = np.zeros(len(lengths) + 1, np.intp)
        np.cumsum(lengths, out=starts[1:])
        return cls(np.asarray(values, np.int32), starts)

    @classmethod
    def grouped(cls, owners: Rows, values: Rows, count: int) -> "Ragged":
        """By owner, of which there are `count`, the values that stand beside it, in the order in which they stand."""
        order = np.argsort(owners, kind="stable")
        return cls(values[order], np.searchsorted(owners[order], np.arange(count + 1)))

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def lengths(self) -> Places:
        """How many numbers each list holds."""
        return np.diff(self.starts)

    def at(self, row: int) -> Rows:
        """One list."""
        return self.values[self.starts[row] : self.starts[row + 1]]

    def owners(self) -> Rows:
        """Of each number the list that it stands in."""
        return np.repeat(np.arange(len(self), dtype=np.int32), self.lengths)

    def places(self, rows: Places) -> Places:
        """Where the numbers of some lists stand, list by list."""
        lengths = self.lengths[rows]
        ends = np.cumsum(lengths)
        return np.repeat(self.starts[:-1][rows] - (ends - lengths), lengths) + np.arange(
            int(ends[-1]) if len(ends) else 0
        )

    def take(self, rows: Places) -> "Ragged":
        """Some of the lists, in the order given."""
        return Ragged.of_lengths(self.values[self.places(rows)], self.lengths[rows])

    def followed_by(self, other: "Ragged") -> "Ragged":
        """These lists, then those of another."""
        return Ragged(
            np.concatenate([self.values, other.values]),
            np.concatenate([self.starts, other.starts[1:] + self.starts[-1]]),
        )


@dataclass(frozen=True, slots=True)
class Numbered(Generic[Thing]):
    """Lists of things: the things once each, in the order in which they are first met, and their numbers."""

    things: list[Thing]
    numbers: Ragged

    @classmethod
    def of(cls, lists: Iterable[Sequence[Thing]]) -> "Numbered[Thing]":
        """Lists of things, numbered."""
        known: dict[Thing, int] = {}
        numbers: list[int] = []
        lengths: list[int] = []
        for own in lists:
            numbers += [known.setdefault(one, len(known)) for one in own]
            lengths.append(len(own))
        return cls(list(known), Ragged.of_lengths(numbers, lengths))

    def followed_by(self, other: "Numbered[Thing]") -> "Numbered[Thing]":
        """These lists, then those of another; what both hold keeps its number."""
        known = {one: number for number, one in enumerate(self.things)}
        translated = np.array([known.setdefault(one, len(known)) for one in other.things], np.int32)
        numbers = Ragged(translated[other.numbers.values], other.numbers.starts)
        return Numbered(list(known), self.numbers.followed_by(numbers))

    def take(self, rows: Places) -> "tuple[Numbered[Thing], Places]":
        """Some of the lists, in the order given and numbered anew; and of each thing kept its number here."""
        taken = self.numbers.take(rows)
        kept, values = _as_met(taken.values, len(self.things))
        things = [self.things[number] for number in kept.tolist()]
        return Numbered(things, Ragged(values, taken.starts)), kept


def distinct(numbers: Rows) -> Rows:
    """The numbers in order, each once."""
    if len(numbers) < 2:
        return numbers
    ordered = np.sort(numbers)
    first: Rows = ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])]
    return first


def _as_met(numbers: Rows, count: int) -> tuple[Places, Rows]:
    """The numbers in the order in which they are first met, and all of them replaced by their place in it."""
    first: Final = np.full(count, len(numbers))
    # Of places written to more than once the last one stays: here the first, for they are gone through backwards.
    first[numbers[::-1]] = np.arange(len(numbers))[::-1]
    met = np.flatnonzero(first < len(numbers))
    kept = met[np.argsort(first[met], kind="stable")]
    renumbered = np.zeros(count, np.int32)
    renumbered[kept] = np.arange(len(kept), dtype=np.int32)
    return kept, renumbered[numbers]
