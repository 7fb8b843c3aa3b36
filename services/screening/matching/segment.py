"""The names of a list, ready to be searched: their words, and which readings hold them.

Names share their words, so a query is compared with words first and with names after. Words are found by pairs
of letters and of consonant classes; all tables are plain arrays, one posting list after the other.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from services.screening.matching.abbreviations import letters_of
from services.screening.matching.analysis import Analyser
from services.screening.matching.comparing import Words
from services.screening.matching.parts import Part
from services.screening.matching.read_names import ReadNames, read_names
from services.screening.matching.rows import Places, Ragged, Rows
from services.screening.matching.sounds import Sounds, Spelt
from services.screening.matching.words import Kind

_LETTERS: Final = 28
_CLASSES: Final = 8
_CLASS_OF: Final = {
    letter: number
    for number, letters in enumerate(("bpfvw", "kcqgx", "td", "szj", "lr", "mn"), 1)
    for letter in letters
}
_PAIRS: Final = _LETTERS * _LETTERS
_MOST_EQUALLY_NEAR: Final = 400
_NO_KEYS: Final = (Kind.NUMBER, Kind.INITIAL, Kind.PARTICLE)
Number = TypeVar("Number", bound=np.generic)
_NO_ROWS: Final = np.zeros(0, np.int32)
KEYS: Final = _PAIRS + _CLASSES * _CLASSES


@dataclass(frozen=True, slots=True, order=True)
class IndexedName:
    """A name of an entity, as given to the index."""

    entity: str
    name: str


def keys_of(latin: str) -> list[int]:
    """The keys a Latin spelling is looked up by; each at most once."""
    numbers = [ord(one) - 96 if "a" <= one <= "z" else 27 for one in latin]
    pairs = {before * _LETTERS + one for before, one in zip([0, *numbers], [*numbers, 0], strict=True)}
    classes = [_CLASS_OF[one] for one in latin if one in _CLASS_OF]
    around = zip([0, *classes], [*classes, 7], strict=True)
    return sorted(pairs | {_PAIRS + before * _CLASSES + one for before, one in around})


@dataclass(frozen=True, slots=True)
class _Tables:
    """What each word needs to be compared: its spelling prepared, and the keys that it is looked up by."""

    spelt: Spelt
    keys: Ragged

    @classmethod
    def of(cls, words: Sequence[Part], sounds: Sounds) -> "_Tables":
        found: dict[str, list[int]] = {}
        keys: list[int] = []
        lengths: list[int] = []
        for part in words:
            own: Sequence[int] = ()
            if part.latin and part.kind not in _NO_KEYS:
                own = found.get(part.latin) or found.setdefault(part.latin, keys_of(part.latin))
            keys += own
            lengths.append(len(own))
        return cls(sounds.spell([part.latin for part in words]), Ragged.of_lengths(keys, lengths))

    def followed_by(self, other: "_Tables") -> "_Tables":
        return _Tables(_one_after_the_other(self.spelt, other.spelt), self.keys.followed_by(other.keys))

    def take(self, words: Places) -> "_Tables":
        return _Tables(self.spelt.take(words), self.keys.take(words))


def _one_after_the_other(one: Spelt, other: Spelt) -> Spelt:
    longest = max(one.spellings.shape[1], other.spellings.shape[1])

    def widened(table: npt.NDArray[Number], width: int) -> npt.NDArray[Number]:
        if table.shape[1] == width:
            return table
        last = np.repeat(table[:, -1:], width - table.shape[1], axis=1)
        return np.concatenate([table, last if table.ndim == 2 else np.zeros_like(last)], axis=1)

    return Spelt(
        np.concatenate([one.lengths, other.lengths]),
        np.concatenate([widened(each.spellings, longest) for each in (one, other)]),
        np.concatenate([widened(each.running, longest + 1) for each in (one, other)]),
        np.concatenate([one.alone, other.alone]),
    )


class Segment:
    """Words, readings and entities, numbered. Never changed after it is built."""

    def __init__(self, read: ReadNames, tables: _Tables) -> None:
        """Prepares names that were read; see `of` and `changed`."""
        self._read: Final = read
        self._tables: Final = tables
        self.names: Final = read.names
        self.scripts: Final = read.scripts
        self.parts: Final[list[Part]] = read.words.things
        self.name_of: Final = read.readings.owners()
        self.words: Final = Words(self.parts, tables.spelt)
        held = read.words.numbers
        self.word_weights: Final = np.array([part.weight for part in self.parts], np.int32)
        own = np.arange(len(held.values)) - held.starts[:-1].repeat(held.lengths) < read.lengths.repeat(
            held.lengths
        )
        reached = np.concatenate([[0], np.cumsum(self.word_weights[held.values] * own)])
        self.weights: Final = (reached[held.starts[1:]] - reached[held.starts[:-1]]).astype(np.int32)
        self._rows: Final = held.values
        self._starts: Final[list[int]] = held.starts.tolist()
        self._lengths: Final[list[int]] = read.lengths.tolist()
        # Of the readings that hold a word, those in which it is a word of its own come first.
        order = np.argsort(2 * held.values + ~own, kind="stable")
        self._postings: Final = held.owners()[order]
        self._posting_starts: Final[list[int]] = np.searchsorted(
            held.values[order], np.arange(len(self.parts) + 1)
        ).tolist()
        self._together: Final = _numbers_of(read.together.things)
        self._by_together: Final = _owners_of(read.together.numbers, len(read.together.things))
        self._initials: Final = _numbers_of(read.initials.things)
        self._by_initials: Final = _owners_of(read.initials.numbers, len(read.initials.things))
        self._by_letters: Final = _grouped(
            (letters, row) for row, part in enumerate(self.parts) if (letters := letters_of(part))
        )
        self._by_text: Final = _grouped((part.text, row) for row, part in enumerate(self.parts))
        self._by_concept: Final = _grouped(
            (part.concept, row) for row, part in enumerate(self.parts) if part.concept
        )
        self._by_latin: Final = _grouped(
            (part.latin, row) for row, part in enumerate(self.parts) if part.latin
        )
        by_key = Ragged.grouped(tables.keys.values.astype(np.int16), tables.keys.owners(), KEYS)
        # As numbers that need not be converted when they are counted.
        owners, starts = by_key.values.astype(np.intp), by_key.starts.tolist()
        self._by_key: Final = [owners[start:end] for start, end in pairwise(starts)]
        self._key_counts: Final = np.maximum(tables.keys.lengths, 1).astype(np.float32)

    @classmethod
    def of(cls, names: Iterable[IndexedName], analyser: Analyser, sounds: Sounds) -> "Segment":
        """Reads and indexes names, in an order of their own; the same name of one entity counts once."""
        read = read_names(_pairs(names), analyser)
        return cls(read, _Tables.of(read.words.things, sounds))

    def changed(
        self, gone: Collection[str], added: Iterable[IndexedName], analyser: Analyser, sounds: Sounds
    ) -> "Segment":
        """The same as made of the names without those of the entities `gone` and with those added, sooner."""
        read, new_words, kept = self._read.changed(gone, read_names(_pairs(added), analyser))
        return Segment(read, self._tables.followed_by(_Tables.of(new_words, sounds)).take(kept))

    def known(self, part: Part) -> set[int]:
        """Words that are the same by text, meaning or Latin spelling."""
        found = set(self._by_text.get(part.text, ()))
        if part.concept:
            found.update(self._by_concept.get(part.concept, ()))
        if part.latin:
            found.update(self._by_latin.get(part.latin, ()))
        return found

    def near(self, latin: str, most: int) -> Places:
        """The words whose spelling shares most letters and consonants with a spelling."""
        keys = keys_of(latin)
        owners = np.concatenate([self._by_key[key] for key in keys])
        shared = np.bincount(owners, minlength=len(self.parts))
        fewest = max(2, len(keys) // 5)
        for enough in (max(fewest, len(keys) // 2), fewest):
            rows = np.flatnonzero(shared >= enough)
            share = shared[rows] / (self._key_counts[rows] + np.float32(len(keys)))
            if len(rows) > most:
                lowest = np.partition(share, len(rows) - most)[len(rows) - most]
                if lowest > (enough - 1) / (enough - 1 + len(keys)):
                    # No word that shares fewer is as near.
                    break
        if len(rows) > most:
            rows = rows[share >= lowest]
        return rows[:_MOST_EQUALLY_NEAR]

    def holding(self, row: int) -> Rows:
        """The readings that hold a word."""
        return self._postings[self._posting_starts[row] : self._posting_starts[row + 1]]

    def holding_together(self, latin: str) -> Rows:
        """The readings in which two neighbouring words give a spelling when written together."""
        number = self._together.get(latin)
        return _NO_ROWS if number is None else self._by_together.at(number)

    def spelt_as(self, latin: str) -> Sequence[int]:
        """The words of a spelling."""
        return self._by_latin.get(latin, ())

    def spelled_out(self, letters: str) -> Sequence[int]:
        """The readings whose words begin with the letters of an abbreviation."""
        number = self._initials.get(letters)
        return () if number is None else self._by_initials.at(number).tolist()

    def abbreviations(self, initials: str) -> Sequence[int]:
        """The words that may abbreviate words with those initials."""
        return self._by_letters.get(initials, ())

    def rows_of(self, reading: int) -> Rows:
        """The words of a reading."""
        start = self._starts[reading]
        return self._rows[start : start + self._lengths[reading]]


def _pairs(names: Iterable[IndexedName]) -> Iterable[tuple[str, str]]:
    return ((one.entity, one.name) for one in names)


def _numbers_of(texts: Iterable[str]) -> dict[str, int]:
    return {text: number for number, text in enumerate(texts)}


def _owners_of(numbers: Ragged, count: int) -> Ragged:
    """By number the lists that it stands in."""
    return Ragged.grouped(numbers.values, numbers.owners(), count)


def _grouped(pairs: Iterable[tuple[str, int]]) -> dict[str, Sequence[int]]:
    found: dict[str, list[int]] = {}
    for key, row in pairs:
        found.setdefault(key, []).append(row)
    return {key: tuple(rows) for key, rows in found.items()}
