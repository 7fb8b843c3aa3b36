"""What a figure shows that was measured otherwise than the law says, or beside which a remark stands.

Such a figure is taken at its word where it brings an item under control; it never clears one.
"""

from fractions import Fraction
from typing import Final

from services.classification.rules.faults import Fault
from services.classification.rules.intervals import Interval
from services.classification.rules.measures import Measure
from services.classification.rules.truth import Truth
from services.classification.rules.vocabulary import Derived, Measured, Operator

# 10 to 35 °C, at which materials are tested where nothing else is said (GB/T 228.1-2021, ISO 6892-1).
_ROOM_TEMPERATURE: Final = Interval(Fraction("283.15"), Fraction("308.15"))

_FINEST_PLACE: Final = Fraction(1, 10**12)


def clearing_truth(node: Measured | Derived) -> Truth:
    """The truth of a comparison that can clear an item."""
    return node.clearing if isinstance(node, Measured) else Truth.FALSE


def under_conditions(node: Measured | Derived, measure: Measure, truth: Truth, faults: list[Fault]) -> Truth:
    """What a figure shows, given how it was measured; faults are added where that does not suffice.

    A figure with a reservation is taken at its word where it brings the item under control; it clears nothing.
    """
    clearing = clearing_truth(node)
    conditions = node.conditions if isinstance(node, Measured) else ()
    for quantity, wanted in conditions:
        stated = [interval for name, interval in measure.conditions if name == quantity]
        if not stated:
            faults.append(Fault.TEST_CONDITION_UNSTATED)
            truth = Truth.UNKNOWN if truth is clearing else truth
        elif not all(any(interval.within(figure) for figure in wanted) for interval in stated):
            faults.append(Fault.TEST_CONDITION_DIFFERS)
            truth = Truth.UNKNOWN
    if not conditions and truth is clearing:
        if not all(_is_ordinary(name, interval) for name, interval in measure.conditions):
            faults.append(Fault.TEST_CONDITION_DIFFERS)
            truth = Truth.UNKNOWN
        if measure.qualified:
            faults.append(Fault.REMARK_NOT_UNDERSTOOD)
            truth = Truth.UNKNOWN
    return truth


def _is_ordinary(quantity: str, stated: Interval) -> bool:
    """Whether a test condition is the ordinary one where the law names none."""
    return quantity == "test_temperature" and stated.within(_ROOM_TEMPERATURE)


def is_plausible(node: Measured | Derived, measure: Measure) -> bool:
    """Whether a figure can be one of such a thing; one that cannot is a mistake of unit and decides nothing."""
    plausible = node.plausible if isinstance(node, Measured) else None
    return plausible is None or all(interval.meets(plausible) for interval in measure.intervals)


def may_be_rounded(node: Measured | Derived, measure: Measure) -> bool:
    """Whether a figure is one of a set as rounded: 2.4 GHz beside 2450 MHz."""
    return node.limit.operator is Operator.IN_SET and any(
        _is_rounding(interval.low, allowed.low)
        for interval in measure.intervals
        if interval.is_point
        for allowed in node.limit.allowed
    )


def _is_rounding(figure: Fraction | None, value: Fraction | None) -> bool:
    """Whether a value lies within half a unit of the last place, noughts left out, of a figure."""
    if not figure or value is None:
        return False
    place = Fraction(1)
    while (figure / place).denominator != 1 and place > _FINEST_PLACE:
        place /= 10
    while (figure / place).denominator == 1 and (figure / (place * 10)).denominator == 1:
        place *= 10
    return abs(value - figure) <= place / 2
