"""Limits of the law as intervals in SI, and values held against them."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, assert_never

from services.classification.rules.intervals import Interval
from services.classification.rules.numerals import as_written
from services.classification.rules.quantities import Better
from services.classification.rules.truth import Truth, agreement, disjunction
from services.classification.rules.units import Unit
from services.classification.rules.vocabulary import Limit, Operator

# 5 %: near a limit the customs declaration states 不属于管制物项 with the parameters of the item.
NEAR: Final = Fraction(1, 20)
_SIGNS: Final = {
    Operator.GREATER: "> {0}",
    Operator.AT_LEAST: "≥ {0}",
    Operator.LESS: "< {0}",
    Operator.AT_MOST: "≤ {0}",
    Operator.EQUAL: "= {0}",
}


@dataclass(frozen=True, slots=True)
class Bounds:
    """The numbers of a limit as printed: `values` for one limit or a set, else a range with open or closed ends."""

    values: tuple[Fraction, ...] = ()
    low: Fraction | None = None
    high: Fraction | None = None
    low_included: bool = True
    high_included: bool = True


def limit(
    operator: Operator, bounds: Bounds, unit: Unit, better: Better, *, boundary_unresolved: bool
) -> Limit:
    """A limit in SI with its printed form."""
    if operator is Operator.BETTER:
        operator = Operator.LESS if better is Better.LOWER else Operator.GREATER
    si = Bounds(
        tuple(unit.to_si(value) for value in bounds.values),
        None if bounds.low is None else unit.to_si(bounds.low),
        None if bounds.high is None else unit.to_si(bounds.high),
        bounds.low_included,
        bounds.high_included,
    )
    allowed = _allowed(operator, si)
    otherwise = _allowed(_other_reading(operator), si) if boundary_unresolved else None
    symbol = "" if unit.symbol == "1" else " " + unit.symbol
    si_symbol = "" if unit.dimension.si_unit == "1" else " " + unit.dimension.si_unit
    return Limit(
        operator,
        unit,
        _written(operator, bounds) + symbol,
        _written(operator, si) + si_symbol,
        allowed,
        otherwise,
        _near(bounds, unit),
    )


def _other_reading(operator: Operator) -> Operator:
    """The operator that differs on the limit itself."""
    return {
        Operator.GREATER: Operator.AT_LEAST,
        Operator.AT_LEAST: Operator.GREATER,
        Operator.LESS: Operator.AT_MOST,
        Operator.AT_MOST: Operator.LESS,
    }[operator]


def _allowed(operator: Operator, bounds: Bounds) -> tuple[Interval, ...]:
    match operator:
        case Operator.GREATER:
            return (Interval(bounds.values[0], None, False),)
        case Operator.AT_LEAST:
            return (Interval(bounds.values[0], None),)
        case Operator.LESS:
            return (Interval(None, bounds.values[0], True, False),)
        case Operator.AT_MOST:
            return (Interval(None, bounds.values[0]),)
        case Operator.EQUAL | Operator.IN_SET:
            return tuple(Interval.point(value) for value in bounds.values)
        case Operator.BETWEEN | Operator.OVERLAPS | Operator.CONTAINS:
            return (Interval(bounds.low, bounds.high, bounds.low_included, bounds.high_included),)
        case Operator.BETTER:
            raise ValueError("a direction must be chosen before the limit is made")
        case _:
            assert_never(operator)


def _written(operator: Operator, bounds: Bounds) -> str:
    if operator in _SIGNS:
        return _SIGNS[operator].format(as_written(bounds.values[0]))
    if operator is Operator.IN_SET:
        return "{" + "; ".join(as_written(value) for value in bounds.values) + "}"
    opening = "[" if bounds.low_included and bounds.low is not None else "("
    closing = "]" if bounds.high_included and bounds.high is not None else ")"
    low = "-∞" if bounds.low is None else as_written(bounds.low)
    high = "∞" if bounds.high is None else as_written(bounds.high)
    return f"{opening}{low}; {high}{closing}"


def held_against(value: Interval, operator: Operator, allowed: Sequence[Interval]) -> Truth:
    """Whether a value somewhere in an interval, or a range for the operators on ranges, keeps a limit."""
    if operator is Operator.OVERLAPS:
        return _overlap(value, allowed[0])
    if operator is Operator.CONTAINS:
        return _containment(value, allowed[0])
    if len(allowed) == 1:
        return value.position_in(allowed[0])
    return disjunction(value.position_in(interval) for interval in allowed)


def _overlap(value: Interval, allowed: Interval) -> Truth:
    if not value.meets(allowed):
        return Truth.FALSE
    # A bound such as ≥ 700 nm does not say how far the range reaches.
    return Truth.TRUE if value.is_bounded or value.within(allowed) else Truth.UNKNOWN


def _containment(value: Interval, allowed: Interval) -> Truth:
    if allowed.within(value):
        return Truth.TRUE if value.is_bounded else Truth.UNKNOWN
    return Truth.FALSE


def truth_under(readings: Sequence[Interval], operator: Operator, allowed: Sequence[Interval]) -> Truth:
    """The truth that every reading of a value agrees on."""
    return agreement(held_against(reading, operator, allowed) for reading in readings)


def is_near(readings: Sequence[Interval], compared: Limit) -> bool:
    """Whether an end of a value lies within five percent of an end of the limit."""
    return any(
        low <= end <= high
        for reading in readings
        for end in (reading.low, reading.high)
        if end is not None
        for low, high in compared.near
    )


def _near(bounds: Bounds, unit: Unit) -> tuple[tuple[Fraction, Fraction], ...]:
    """Five percent to either side of each printed number, in the unit of the law, as SI values."""
    ends = [end for end in (*bounds.values, bounds.low, bounds.high) if end is not None]
    return tuple((unit.to_si(end - abs(end) * NEAR), unit.to_si(end + abs(end) * NEAR)) for end in ends)
