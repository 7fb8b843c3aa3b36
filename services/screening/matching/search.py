"""Looks up the names of a segment that a query may mean, in bounded work.

Each part of the query is compared with the words that look or sound like it; the readings that hold them gather
what the words are worth; those that gathered most are aligned exactly. Every step has a bound, so that no query,
however hostile, takes more than a fixed number of comparisons.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from services.screening.matching.abbreviations import initials_of
from services.screening.matching.alignment import Aligner, Alignment
from services.screening.matching.analysis import Reading
from services.screening.matching.comparing import Cell
from services.screening.matching.parts import Part
from services.screening.matching.rows import Rows, distinct
from services.screening.matching.segment import Segment
from services.screening.matching.sounds import Sounds, squeeze
from services.screening.matching.words import Kind

MOST_WORDS_COMPARED: Final = 48
MOST_READINGS_ALIGNED: Final = 20
MOST_READINGS_ALIGNED_FOR_ALL: Final = 2_000
MOST_ABBREVIATED: Final = 6
_LOWEST_SHARE: Final = 0.3
# Just below what half of two names of two words is worth; a listed name within a longer one has little more.
_LOWEST_SHARE_FOR_ALL: Final = 0.7
_WITHIN: Final = 0.75
_NEAR_BEST: Final = 0.55
_REMEMBERED: Final = 2_000
_NOT_LOOKED_UP: Final = (Kind.PARTICLE, Kind.HONORIFIC, Kind.INITIAL)

# Readings, and what each of them is worth.
Worth = tuple[Rows, npt.NDArray[np.float32]]
_NO_READINGS: Final[Worth] = np.zeros(0, np.int32), np.zeros(0, np.float32)


@dataclass(frozen=True, slots=True)
class Found:
    """A reading of a listed name that a reading of the query was aligned with."""

    name: int
    alignment: Alignment


class Searcher:
    """Searches one segment; remembers the words it has compared, which changes no result."""

    def __init__(self, segment: Segment, sounds: Sounds) -> None:
        self.segment: Final = segment
        self._sounds: Final = sounds
        self._memory: dict[Part, Worth] = {}
        self._cells_memory: dict[Part, dict[int, Cell | None]] = {}
        # To reckon in: what each reading gathers, zero before and after; and of one part, what was written last.
        self._total = np.zeros(len(segment.name_of), np.float32)
        self._shares = np.zeros(len(segment.name_of), np.float32)

    def search(self, reading: Reading, for_all: bool = False) -> list[Found]:
        """The readings of the segment most like a reading, aligned; with `for_all` not only the nearest of them."""
        segment = self.segment
        aligner = Aligner(reading.parts, self._sounds)
        numbers = self._choose(reading, aligner.letters, for_all)
        chosen = [(one, segment.rows_of(one).tolist()) for one in numbers]
        if not chosen:
            return []
        rows = list({row for _, own in chosen for row in own})
        table = [self._cells(part, rows) for part in reading.parts]
        return [
            Found(
                int(segment.name_of[one]),
                aligner.align(
                    [segment.parts[row] for row in own], [[line.get(row) for row in own] for line in table]
                ),
            )
            for one, own in chosen
        ]

    def _cells(self, part: Part, rows: list[int]) -> dict[int, Cell | None]:
        """The likeness of a part to words, None where it is not enough; those compared before are remembered."""
        known = self._cells_memory.get(part)
        if known is None:
            if len(self._cells_memory) >= _REMEMBERED:
                self._cells_memory.clear()
            known = self._cells_memory[part] = {}
        unknown = [row for row in rows if row not in known]
        if unknown:
            known.update(dict.fromkeys(unknown))
            same = self.segment.known(part)
            known.update(self.segment.words.like(part, np.array(unknown, np.intp), same, self._sounds))
        return known

    def _choose(self, reading: Reading, letters: Iterable[str], for_all: bool) -> list[int]:
        segment = self.segment
        weight = sum(part.weight for part in reading.parts)
        looked_up = [part for part in reading.parts if part.kind not in _NOT_LOOKED_UP]
        if any(part.kind is not Kind.FORM for part in looked_up):
            # Half of all firms bear the same few legal forms: they single out none.
            looked_up = [part for part in looked_up if part.kind is not Kind.FORM]
        total = self._total
        met: list[Rows] = []
        for part in looked_up:
            readings, worth = self._worth(part)
            total[readings] += worth
            met.append(readings)
        for one, two in pairwise(reading.parts):
            for row in segment.spelt_as(squeeze(one.latin + two.latin)) if one.latin and two.latin else ():
                holding = segment.holding(row)
                total[holding] += one.weight + two.weight
                met.append(holding)
        touched = distinct(np.concatenate(met)) if met else _NO_READINGS[0]
        gathered = total[touched]
        total[touched] = 0
        weights = segment.weights[touched]
        share = 2 * gathered / (weights + np.float32(weight))
        # A name that is wholly within the other also counts.
        within = gathered / np.minimum(weights, weight)
        value = share + np.float32(0.5) * np.minimum(within, 1)
        if for_all:
            # A listed name within a longer one counts however much longer that is.
            value = np.where(within >= np.float32(_WITHIN), np.maximum(value, _LOWEST_SHARE_FOR_ALL), value)
        # However many bear the very same name, one that bears a similar name must be found beside them.
        lowest = (
            _LOWEST_SHARE_FOR_ALL if for_all else max(_LOWEST_SHARE, _NEAR_BEST * float(value.max(initial=0)))
        )
        most = MOST_READINGS_ALIGNED_FOR_ALL if for_all else MOST_READINGS_ALIGNED
        kept = touched[value >= lowest]
        value = value[value >= lowest]
        if len(kept) > most:
            order = np.lexsort((kept, -value))[:most]
            kept = kept[order]
        return sorted({*kept.tolist(), *self._abbreviated(reading, letters)})

    def _abbreviated(self, reading: Reading, letters: Iterable[str]) -> list[int]:
        """Readings of which a part of the reading is an abbreviation, or whose part abbreviates the reading."""
        segment = self.segment
        found: list[int] = []
        for of_part in filter(None, letters):
            found += segment.spelled_out(of_part)[:MOST_ABBREVIATED]
        initials, _ = initials_of(reading.parts)
        for row in segment.abbreviations(initials)[:MOST_ABBREVIATED] if initials else ():
            found += segment.holding(row)[:MOST_ABBREVIATED].tolist()
        return found[: 2 * MOST_ABBREVIATED]

    def _worth(self, part: Part) -> Worth:
        """Per reading what its word most like a part is worth."""
        remembered = self._memory.get(part)
        if remembered is not None:
            return remembered
        segment = self.segment
        rows = segment.known(part)
        if part.latin and part.kind is not Kind.NUMBER:
            rows.update(segment.near(part.latin, MOST_WORDS_COMPARED).tolist())
        cells = self._cells(part, list(rows))
        gains = sorted(
            (cell[0] ** 2 / 1_000_000 * (part.weight + segment.parts[row].weight) / 2, row)
            for row in rows
            if (cell := cells[row]) is not None
        )
        held = [segment.holding(row) for _, row in gains]
        worth = [gain for gain, _ in gains]
        together = segment.holding_together(part.latin)
        if len(together) and part.kind is Kind.NAME:
            held.append(together)
            worth.append(part.weight)
        if held:
            holding = np.concatenate(held)
            # Of places written to more than once the last one stays: that of the greatest gain.
            self._shares[holding] = np.repeat(
                np.array(worth, np.float32), [len(readings) for readings in held]
            )
            readings = distinct(holding)
            result = readings, self._shares[readings]
        else:
            result = _NO_READINGS
        if len(self._memory) >= _REMEMBERED:
            self._memory.clear()
        self._memory[part] = result
        return result
