"""Sizes written as one product: Φ1.8×20 m, 120 mm × 120 mm × 50 mm."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Final

from services.classification.rules.conditions import FIGURE
from services.classification.rules.intervals import Interval
from services.classification.rules.measures import LONGEST_VALUE, Measure, read_measures
from services.classification.rules.numerals import plain_text
from services.classification.rules.quantities import Composite, Quantity
from services.classification.rules.units import UnitTable

_SIGN: Final = re.compile(r"\s*[×xX*✕✖]\s*")
_UNIT_LETTER: Final = re.compile(r"[^\W\d_]|[\"″]")
_DIAMETER_SIGNS: Final = ("Φ", "φ", "Ø", "⌀")
_BLOCK: Final = ("block_longest_edge", "block_middle_edge", "block_shortest_edge")
_BLOCK_SIDES: Final = tuple((edge,) for edge in _BLOCK)
_SIDES: Final = (("length",), ("width",), ("height", "thickness"))


def read_size(
    composite: Composite, written: str, quantities: Mapping[str, Quantity], units: UnitTable
) -> tuple[tuple[str, Measure], ...]:
    """The quantities that a size states with their measures; none where it is not such a size.

    Of a diameter and a length without the sign of a diameter, either figure may be either.
    """
    if len(written) > LONGEST_VALUE:
        return ()
    factors = [factor for factor in _SIGN.split(plain_text(written)) if factor.strip()]
    parts = next((parts for parts in composite.parts if len(parts) == len(factors)), None)
    if parts is None:
        return ()
    common = next((match["unit"] for match in FIGURE.finditer(factors[-1]) if match["unit"]), "")
    round_ones = [factor for factor in factors if factor.strip().startswith(_DIAMETER_SIGNS)]
    if len(parts) == len(_BLOCK):
        # With a diameter it is a ring or a tube, not a block.
        blocks = [] if round_ones else [_read(quantities[parts[0][0]], factors, common, units)]
        return tuple(_stated(parts, ([each] for block in blocks for each in _falling(block))))
    factors.sort(key=lambda factor: factor not in round_ones)
    read = [_read(quantities[part[0]], factors, common, units) for part in parts]
    known_order = len(round_ones) == 1
    return tuple(
        _stated(
            parts, ([measures[place]] if known_order else measures for place, measures in enumerate(read))
        )
    )


def edges_of_block(stated: Mapping[str, list[Measure]]) -> tuple[tuple[str, Measure], ...]:
    """The edges of a block from its length, width and height or thickness, or from three edges, largest first."""
    given = [edge for edge in _BLOCK if stated.get(edge)]
    if given and len(given) < len(_BLOCK):
        return ()
    sides = [
        [each for name in side for each in stated.get(name, ())]
        for side in (_BLOCK_SIDES if given else _SIDES)
    ]
    if not all(len(side) == 1 for side in sides):
        return ()
    return tuple(zip(_BLOCK, _falling([side[0] for side in sides]), strict=True))


def _read(quantity: Quantity, factors: list[str], common: str, units: UnitTable) -> list[Measure]:
    return [
        read_measures(quantity, factor, "" if _has_unit(factor) else common, units)[0] for factor in factors
    ]


def _stated(
    parts: tuple[tuple[str, ...], ...], measures: Iterator[list[Measure]]
) -> Iterator[tuple[str, Measure]]:
    for names, found in zip(parts, measures, strict=False):
        for name in names:
            for measure in found:
                yield name, measure


def _has_unit(factor: str) -> bool:
    return _UNIT_LETTER.search(factor.strip().lstrip("".join(_DIAMETER_SIGNS))) is not None


def _falling(measures: list[Measure]) -> list[Measure]:
    """Sides by falling size: the second largest lies between the second largest lower and upper ends.

    A side that could not be read can be of any size, so that it leaves open which of the others comes where.
    """
    sides = [_ends(measure) for measure in measures]
    lows = sorted((low for low, _ in sides), key=lambda end: (end is not None, end or 0), reverse=True)
    highs = sorted((high for _, high in sides), key=lambda end: (end is None, end or 0), reverse=True)
    fault = next((measure.fault for measure in measures if measure.fault is not None), None)
    qualified = any(measure.qualified for measure in measures)
    conditions = tuple(each for measure in measures for each in measure.conditions)
    written = " × ".join(measure.written for measure in measures)
    return [
        replace(
            measures[0],
            written=written,
            intervals=(Interval(low, high),),
            fault=fault,
            qualified=qualified,
            conditions=conditions,
        )
        for low, high in zip(lows, highs, strict=True)
    ]


def _ends(measure: Measure) -> tuple[Fraction | None, Fraction | None]:
    """The least and the greatest that a measure can be; None where there is no end."""
    lows = [interval.low for interval in measure.intervals]
    highs = [interval.high for interval in measure.intervals]
    low = None if not lows or None in lows else min(end for end in lows if end is not None)
    high = None if not highs or None in highs else max(end for end in highs if end is not None)
    return low, high
