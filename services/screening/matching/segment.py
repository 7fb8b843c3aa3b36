"""One immutable part of the index: the words of many names, and which names hold them.

Names share their words, so a query is compared with words first and with names after. Words are found by pairs
of letters and of consonant classes; both tables are plain arrays, one posting list after the other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from services.screening.matching.abbreviations import initials_of, letters_of
from services.screening.matching.analysis import Analyser, Reading
from services.screening.matching.parts import Part
from services.screening.matching.sounds import Sounds, Spelt, squeeze
from services.screening.matching.text import Script
from services.screening.matching.words import Kind

Rows = npt.NDArray[np.int32]

_LETTERS: Final = 28
_CLASSES: Final = 8
_CLASS_OF: Final = {
    letter: number
    for number, letters in enumerate(("bpfvw", "kcqgx", "td", "szj", "lr", "mn"), 1)
    for letter in letters
}
_PAIRS: Final = _LETTERS * _LETTERS
_MOST_EQUALLY_NEAR: Final = 400
_MOST_JOINED: Final = 5
_LONGEST_SHORT: Final = 5
_NAMES: Final = (Kind.NAME, Kind.GIVEN)
_NO_ROWS: Final = np.zeros(0, np.int32)
KEYS: Final = _PAIRS + _CLASSES * _CLASSES


@dataclass(frozen=True, slots=True, order=True)
class IndexedName:
    """A name of an entity, as given to the index."""

    entity: str
    name: str


def _written_together(reading: Reading) -> set[str]:
    parts = reading.parts
    if len(parts) > _MOST_JOINED:
        return set()
    return {squeeze(one.latin + two.latin) for one, two in pairwise(parts) if one.latin and two.latin}


def _short_pairs(reading: Reading) -> list[Part]:
    """Neighbouring short words as one word: Ji-woo is also Jiwoo, and is to be found by what sounds like that."""
    parts = reading.parts
    if len(parts) > _MOST_JOINED:
        return []
    return [
        Part(
            one.text + two.text,
            Script.LATIN,
            Kind.NAME,
            latin := squeeze(one.latin + two.latin),
            tuple(latin),
            "",
            one.weight + two.weight,
        )
        for one, two in pairwise(parts)
        if all(part.script is Script.LATIN and part.kind in _NAMES for part in (one, two))
        and max(len(one.latin), len(two.latin)) <= _LONGEST_SHORT
    ]


def keys_of(latin: str) -> list[int]:
    """The keys a Latin spelling is looked up by; each at most once."""
    numbers = [ord(one) - 96 if "a" <= one <= "z" else 27 for one in latin]
    pairs = {before * _LETTERS + one for before, one in zip([0, *numbers], [*numbers, 0], strict=True)}
    classes = [_CLASS_OF[one] for one in latin if one in _CLASS_OF]
    around = zip([0, *classes], [*classes, 7], strict=True)
    return sorted(pairs | {_PAIRS + before * _CLASSES + one for before, one in around})


class Segment:
    """Words, readings and entities, numbered. Never changed after it is built."""

    def __init__(self, names: Iterable[IndexedName], analyser: Analyser, sounds: Sounds) -> None:
        """Reads and indexes names, in an order of their own; the same name of one entity counts once."""
        numbers: dict[Part, int] = {}
        reading_parts: list[int] = []
        also: list[tuple[int, int]] = []
        initials: list[tuple[str, int]] = []
        together: dict[str, list[int]] = {}
        starts = [0]
        self.names: list[tuple[str, str]] = []
        self.readings: list[Reading] = []
        self.scripts: list[frozenset[Script]] = []
        name_of: list[int] = []
        weights: list[int] = []
        for given in sorted(set(names)):
            at = len(self.names)
            self.names.append((given.entity, given.name))
            read = analyser.read(given.name)
            self.scripts.append(read.scripts)
            for reading in read.readings:
                self.readings.append(reading)
                name_of.append(at)
                for part in reading.parts:
                    reading_parts.append(numbers.setdefault(part, len(numbers)))
                starts.append(len(reading_parts))
                if spelled_out := initials_of(reading.parts)[0]:
                    initials.append((spelled_out, len(self.readings) - 1))
                for part in _short_pairs(reading):
                    also.append((numbers.setdefault(part, len(numbers)), len(self.readings) - 1))
                for written in _written_together(reading):
                    together.setdefault(written, []).append(len(self.readings) - 1)
                weights.append(sum(part.weight for part in reading.parts))
        self.parts: Final[list[Part]] = list(numbers)
        self._together: Final = {latin: np.array(rows, np.int32) for latin, rows in together.items()}
        self.name_of: Final = np.array(name_of, np.int32)
        self.weights: Final = np.array(weights, np.int32)
        self.starts: Final = np.array(starts, np.int64)
        self.reading_parts: Final = np.array(reading_parts, np.int32)
        self.spelt: Final[Spelt] = sounds.spell([part.latin for part in self.parts])
        lengths = np.diff(self.starts)
        held = np.concatenate([self.reading_parts, np.array([row for row, _ in also], np.int32)])
        owners = np.concatenate(
            [
                np.repeat(np.arange(len(self.readings), dtype=np.int32), lengths),
                np.array([reading for _, reading in also], np.int32),
            ]
        )
        order = np.argsort(held, kind="stable")
        self._postings: Final[Rows] = owners[order]
        self._posting_starts: Final = np.searchsorted(held[order], np.arange(len(self.parts) + 1))
        self._by_initials: Final = _grouped(initials)
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
        self._key_owners, self._key_starts, self._key_counts = self._keys()

    def _keys(self) -> tuple[Rows, npt.NDArray[np.intp], npt.NDArray[np.float32]]:
        """The words by key, where each key begins, and how many keys each word has."""
        keys: list[int] = []
        owners: list[int] = []
        counts = np.ones(len(self.parts), np.float32)
        cache: dict[str, list[int]] = {}
        for row, part in enumerate(self.parts):
            if not part.latin or part.kind in (Kind.NUMBER, Kind.INITIAL, Kind.PARTICLE):
                continue
            own = cache.setdefault(part.latin, keys_of(part.latin))
            keys += own
            owners += [row] * len(own)
            counts[row] = len(own)
        sorted_by_key = np.argsort(np.array(keys, np.int32), kind="stable")
        by_key = np.array(keys, np.int32)[sorted_by_key]
        return np.array(owners, np.int32)[sorted_by_key], np.searchsorted(by_key, np.arange(KEYS + 1)), counts

    def known(self, part: Part) -> set[int]:
        """Words that are the same by text, meaning or Latin spelling."""
        found = set(self._by_text.get(part.text, ()))
        if part.concept:
            found.update(self._by_concept.get(part.concept, ()))
        if part.latin:
            found.update(self._by_latin.get(part.latin, ()))
        return found

    def near(self, latin: str, most: int) -> Rows:
        """The words whose spelling shares most letters and consonants with a spelling."""
        keys = keys_of(latin)
        owners = np.concatenate(
            [self._key_owners[self._key_starts[key] : self._key_starts[key + 1]] for key in keys]
        )
        shared = np.bincount(owners, minlength=len(self.parts))
        rows = np.flatnonzero(shared >= max(2, len(keys) // 5))
        share = shared[rows] / (self._key_counts[rows] + np.float32(len(keys)))
        if len(rows) > most:
            rows = rows[share >= np.partition(share, len(rows) - most)[len(rows) - most]]
        return rows[:_MOST_EQUALLY_NEAR].astype(np.int32)

    def holding(self, row: int) -> Rows:
        """The readings that hold a word."""
        return self._postings[self._posting_starts[row] : self._posting_starts[row + 1]]

    def holding_together(self, latin: str) -> Rows:
        """The readings in which two neighbouring words give a spelling when written together."""
        return self._together.get(latin, _NO_ROWS)

    def spelt_as(self, latin: str) -> Sequence[int]:
        """The words of a spelling."""
        return self._by_latin.get(latin, ())

    def spelled_out(self, letters: str) -> Sequence[int]:
        """The readings whose words begin with the letters of an abbreviation."""
        return self._by_initials.get(letters, ())

    def abbreviations(self, initials: str) -> Sequence[int]:
        """The words that may abbreviate words with those initials."""
        return self._by_letters.get(initials, ())

    def rows_of(self, reading: int) -> Rows:
        """The words of a reading."""
        return self.reading_parts[self.starts[reading] : self.starts[reading + 1]]


def _grouped(pairs: Iterable[tuple[str, int]]) -> dict[str, Sequence[int]]:
    found: dict[str, list[int]] = {}
    for key, row in pairs:
        found.setdefault(key, []).append(row)
    return {key: tuple(rows) for key, rows in found.items()}
