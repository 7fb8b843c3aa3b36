"""What a figure shows that was measured otherwise than the law says, or beside which a remark stands.

Such a figure is taken at its word where it brings an item under control; it never clears one.
"""

from fractions import Fraction
from typing import Final

from services.classification.rules.faults import Fault
from services.classification.rules.intervals import Interval
from services.classification.rules.measures import Measure
from services.classification.rules.truth import Truth
from services.classification.rules.vocabulary import Derived, Measured

# 10 to 35 °C, at which materials are tested where nothing else is said (GB/T 228.1-2021, ISO 6892-1).
_ROOM_TEMPERATURE: Final = Interval(Fraction("283.15"), Fraction("308.15"))


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
