"""Units as people write them, and exact conversion between them.

A factor is a rational number of SI units and an offset is added after it, so that no conversion rounds. The
case of letters counts (mPa is not MPa); a spelling that could be either of two units resolves to neither.
Source of the factors: The International System of Units (SI Brochure, 9th edition); yard and pound agreement
of 1959 for inch, foot and pound.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import product
from typing import Final

from services.classification.rules.faults import Fault

Bases = tuple[tuple[str, int], ...]

_LONGEST: Final = 60
_SUPERSCRIPTS: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_FACTOR: Final = re.compile(r"(?P<symbol>.*?[^\d\-+])(?P<power>[-+]?[1-9])?")
_MOST_FACTORS: Final = 4


@dataclass(frozen=True, slots=True)
class Dimension:
    """A kind of quantity: its SI unit and the powers of its bases.

    Mass, volume and mole fractions have bases of their own, and so have absolute temperature and counted
    operations: none of them can be compared with another by a factor.
    """

    identifier: str
    si_unit: str
    bases: Bases


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: `factor` SI units, with `offset` SI units added (for temperatures)."""

    symbol: str
    dimension: Dimension
    factor: Fraction
    offset: Fraction

    def to_si(self, value: Fraction) -> Fraction:
        """A value in this unit as a value in the SI unit of its dimension."""
        return value * self.factor + self.offset

    def from_si(self, value: Fraction) -> Fraction:
        """A value in the SI unit of the dimension as a value in this unit."""
        return (value - self.offset) / self.factor


def spelling(text: str) -> str:
    """A unit as looked up: one width, no spaces, no raised or multiplied signs; the case of letters stays."""
    plain = unicodedata.normalize("NFKC", text.translate(_SUPERSCRIPTS))
    plain = plain.replace("^", "").replace("−", "-").replace("–", "-").replace("㎡", "m2")
    return "".join(character for character in plain if not character.isspace() and character not in "·⋅•*")


def bases_of(text: str) -> Bases:
    """The bases of a dimension from their written form, for example `kg m-3`."""
    found: dict[str, int] = defaultdict(int)
    for word in text.split():
        symbol = word.rstrip("-0123456789")
        found[symbol] += int(word[len(symbol) :] or "1")
    return _bases(found)


def _bases(powers: Mapping[str, int]) -> Bases:
    return tuple(sorted((base, power) for base, power in powers.items() if power))


class UnitTable:
    """All units by every spelling; build once, use from any thread."""

    def __init__(self, units: Iterable[tuple[Unit, tuple[str, ...]]], ambiguous: Iterable[str]) -> None:
        self._by_spelling: dict[str, list[Unit]] = defaultdict(list)
        self._dimensions: dict[str, Dimension] = {}
        self._ambiguous = frozenset(spelling(text) for text in ambiguous)
        for unit, spellings in units:
            self._dimensions[unit.dimension.identifier] = unit.dimension
            for text in dict.fromkeys(spelling(text) for text in (unit.symbol, *spellings)):
                known = self._by_spelling[text]
                if any(other.dimension == unit.dimension for other in known):
                    raise ValueError(f"unit spelling {text!r} stands twice under {unit.dimension.identifier}")
                known.append(unit)
        self._resolve = lru_cache(maxsize=4096)(self._looked_up)

    def dimension(self, identifier: str) -> Dimension:
        """A dimension by its identifier; KeyError where no unit has it."""
        return self._dimensions[identifier]

    def units_of(self, dimension: Dimension) -> tuple[Unit, ...]:
        """The units of a dimension in the order of the table."""
        found = {unit.symbol: unit for known in self._by_spelling.values() for unit in known}
        return tuple(unit for unit in found.values() if unit.dimension == dimension)

    def is_unit(self, text: str) -> bool:
        """Whether a text is the spelling of a unit."""
        return spelling(text) in self._by_spelling or spelling(text) in self._ambiguous

    def resolve(self, text: str, wanted: Dimension) -> Unit | Fault:
        """The unit that a text means for a quantity of a dimension, or why there is none."""
        if len(text) > _LONGEST:
            return Fault.UNIT_UNKNOWN
        return self._resolve(spelling(text), wanted)

    def _looked_up(self, text: str, wanted: Dimension) -> Unit | Fault:
        if text in self._ambiguous:
            return Fault.UNIT_AMBIGUOUS
        if not text:
            return Fault.UNIT_MISSING
        known = self._by_spelling.get(text, [])
        for unit in known:
            if unit.dimension == wanted:
                return unit
        for unit in known:
            if unit.dimension.bases == wanted.bases:
                return unit
        composed = self._composed(text)
        for bases, factor in composed:
            if bases == wanted.bases:
                return Unit(text, wanted, factor, Fraction(0))
        return Fault.UNIT_MISMATCH if known or composed else Fault.UNIT_UNKNOWN

    def _composed(self, text: str) -> list[tuple[Bases, Fraction]]:
        """What a product or quotient of known units means, one meaning for each reading of its factors."""
        parts = text.replace("每", "/").replace("per", "/").split("/")
        if not 2 <= len(parts) <= _MOST_FACTORS:
            return []
        meanings: list[list[tuple[Unit, int]]] = []
        for place, part in enumerate(parts):
            sign = 1 if place == 0 else -1
            read = self._factor(part) if part or place else []
            if part or place:
                if not read:
                    return []
                meanings.append([(unit, power * sign) for unit, power in read])
        return [_multiplied(reading) for reading in product(*meanings)]

    def _factor(self, part: str) -> list[tuple[Unit, int]]:
        """The units that one factor can mean, with the power it stands in."""
        whole = [(unit, 1) for unit in self._by_spelling.get(part, []) if not unit.offset]
        if whole:
            return whole
        match = _FACTOR.fullmatch(part)
        if match is None:
            return []
        power = int(match["power"] or "1")
        return [(unit, power) for unit in self._by_spelling.get(match["symbol"], []) if not unit.offset]


def _multiplied(reading: Iterable[tuple[Unit, int]]) -> tuple[Bases, Fraction]:
    powers: dict[str, int] = defaultdict(int)
    factor = Fraction(1)
    for unit, power in reading:
        factor *= unit.factor**power
        for base, exponent in unit.dimension.bases:
            powers[base] += exponent * power
    return _bases(powers), factor
