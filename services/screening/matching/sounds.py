"""How probably one word is another as spelt in Latin letters.

For every unit of a script (see `units`) a table says with which Latin spellings it is rendered and at what cost,
in hundredths of a natural logarithm: 0 is certain, 69 every second time. The dearest way to write a word is letter
by letter as if nothing were known of it; the cheapest way through the tables, compared with that, is the
likeness of two words, in thousandths. Costs are whole numbers, so a likeness is the same on every machine.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from services.screening.matching.text import LONGEST_WORD, Script
from services.screening.matching.units import plain

Ints = npt.NDArray[np.int32]

_LONGEST_SPELLING: Final = 4
_IMPOSSIBLE: Final = 30_000
_UNSPELT: Final = 460
_UNKNOWN_UNIT: Final = 120
_LETTER_ALONE: Final = 180
_OTHER_LETTER: Final = 500
LONGEST_LATIN: Final = 24


def squeeze(word: str) -> str:
    """A word without doubled letters, bounded in length."""
    kept = [one for at, one in enumerate(word) if at == 0 or word[at - 1] != one]
    return "".join(kept)[:LONGEST_LATIN]


@dataclass(frozen=True, slots=True)
class Spelt:
    """Latin words prepared for comparison, one row each.

    `spellings` holds for every letter the number of the spelling of one to four letters that begins there,
    `running` what the letters up to there cost when written one by one, `alone` what the whole word costs.
    """

    lengths: Ints
    spellings: npt.NDArray[np.int16]
    running: Ints
    alone: Ints

    def take(self, rows: npt.NDArray[np.intp]) -> "Spelt":
        """Some of the words."""
        longest = max(1, int(self.lengths[rows].max(initial=1)))
        return Spelt(
            self.lengths[rows],
            self.spellings[rows, :longest],
            self.running[rows, : longest + 1],
            self.alone[rows],
        )


class Sounds:
    """The fitted tables. Pure: the same words give the same likeness."""

    def __init__(
        self,
        spellings: Iterable[tuple[str, str, str, int]],
        letters: Mapping[tuple[str, str], int],
        common: Mapping[str, int],
    ) -> None:
        """Tables of (script, unit, spelling, cost), of (letter before, letter) -> cost, of common word -> cost.

        See reference/.
        """
        by_unit: dict[tuple[Script, str], dict[str, int]] = {}
        for script, unit, spelling, cost in spellings:
            by_unit.setdefault((Script(script), unit), {})[spelling] = cost
        known = sorted({one for table in by_unit.values() for one in table if one})
        self._numbers: Final = {spelling: number for number, spelling in enumerate(known, 1)}
        self._letters: Final = dict(letters)
        self._common: Final = dict(common)
        self._tables: Final = by_unit
        self._units: dict[tuple[Script, str], tuple[int, Ints, tuple[int, ...]]] = {}

    def knows(self, script: Script, unit: str) -> bool:
        """Whether spellings of a unit have been fitted."""
        return (script, unit) in self._tables

    def information(self, word: str) -> int:
        """What a Latin word costs letter by letter: how little probable it is to be met by chance."""
        return sum(self._letters.get(pair, _OTHER_LETTER) for pair in zip("^" + word, word, strict=False))

    def commonness(self, word: str) -> int | None:
        """What meeting a Latin word by chance costs where many are called so; None for other words."""
        return self._common.get(word)

    def spell(self, words: Sequence[str]) -> Spelt:
        """Prepares Latin words; they should be squeezed."""
        longest = max((len(word) for word in words), default=1) or 1
        numbers = np.zeros((len(words), longest, _LONGEST_SPELLING), np.int16)
        running = np.zeros((len(words), longest + 1), np.int32)
        number = self._numbers.get
        for row, word in enumerate(words):
            if not word:
                continue
            costs = [self._letters.get(pair, _OTHER_LETTER) for pair in zip("^" + word, word, strict=False)]
            running[row, 1 : len(word) + 1] = costs
            padded = word + "   "
            numbers[row, : len(word)] = [
                [number(padded[at : at + length], 0) for length in range(1, _LONGEST_SPELLING + 1)]
                for at in range(len(word))
            ]
        lengths = np.array([len(word) for word in words], np.int32)
        letters = np.arange(1, longest + 1) <= lengths[:, None]
        alone = np.maximum(running.sum(axis=1), 1).astype(np.int32)
        running[:, 1:] += _LETTER_ALONE * letters
        np.cumsum(running, axis=1, out=running)
        return Spelt(lengths, numbers, running, alone)

    def costs(self, script: Script, word_units: Sequence[str], spelt: Spelt) -> Ints:
        """What it costs to render the units as each of the words."""
        # Words lie in columns, so that every step is over neighbouring memory. Everything is reckoned less what the
        # letters up to there cost when written one by one: a letter that no unit stands for then costs nothing more.
        running = np.ascontiguousarray(spelt.running.T)
        width = running.shape[0]
        reached = np.zeros_like(running)
        steps: dict[int, tuple[npt.NDArray[np.intp], Ints]] = {}
        for unit in word_units[:LONGEST_WORD]:
            silent, table, lengths = self._table(script, unit)
            following = reached + np.int32(silent)
            for length in lengths:
                if length >= width:
                    continue
                if length not in steps:
                    spelled = spelt.spellings[:, : width - length, length - 1].T
                    steps[length] = (
                        np.ascontiguousarray(spelled, np.intp),
                        running[:-length] - running[length:],
                    )
                numbers, saved = steps[length]
                step = table.take(numbers, mode="clip")
                step += saved
                step += reached[: width - length]
                np.minimum(following[length:], step, out=following[length:])
            # Letters that no unit stands for.
            np.minimum.accumulate(following, axis=0, out=following)
            reached = following
        ends = spelt.lengths, np.arange(len(spelt.lengths))
        return reached[ends] + running[ends]

    def likeness(self, script: Script, word_units: Sequence[str], spelt: Spelt) -> Ints:
        """Thousandths: 1000 for the surest rendering, 0 for one no better than chance."""
        alone = spelt.alone
        chance = alone * 9 // 5
        saved = (chance - self.costs(script, word_units, spelt)).clip(0)
        return (1000 * saved) // chance

    def best_spelling(self, script: Script, word_units: Sequence[str]) -> str:
        """The most usual Latin spelling of a word, unit by unit; to be shown, and to look words up by."""
        return "".join(self._best(script, unit) for unit in word_units)

    def _best(self, script: Script, unit: str) -> str:
        table = self._tables.get((script, unit))
        if table is None:
            return plain(script, unit)
        return min(table, key=lambda spelling: (table[spelling], spelling))

    def _table(self, script: Script, unit: str) -> tuple[int, Ints, tuple[int, ...]]:
        """What a unit costs unspelt, and by the number of each spelling; and how long its spellings are."""
        found = self._units.get((script, unit))
        if found is None:
            table = self._tables.get((script, unit))
            if table is None:
                usual = plain(script, unit)
                table = {usual: _UNKNOWN_UNIT}
            row = np.full(len(self._numbers) + 1, _IMPOSSIBLE, np.int32)
            for spelling, cost in table.items():
                if spelling in self._numbers:
                    row[self._numbers[spelling]] = cost
            lengths = {len(one) for one in table if one in self._numbers and len(one) <= _LONGEST_SPELLING}
            found = (min(table.get("", _UNSPELT), _UNSPELT), row, tuple(sorted(lengths)))
            self._units[(script, unit)] = found
        return found


@lru_cache(maxsize=1)
def read_sounds() -> Sounds:
    """The tables that come with the program."""
    from services.screening.matching.reference import common_names, letter_costs, spelling_costs

    return Sounds(spelling_costs(), letter_costs(), common_names())
