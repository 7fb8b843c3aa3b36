"""Sets of numbers: what an item's value can be and what a limit allows."""

from dataclasses import dataclass
from fractions import Fraction

from services.classification.rules.numerals import as_written
from services.classification.rules.truth import Truth


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers between two ends; an end of None is infinite."""

    low: Fraction | None
    high: Fraction | None
    low_included: bool = True
    high_included: bool = True

    @staticmethod
    def point(value: Fraction) -> "Interval":
        """One number."""
        return Interval(value, value)

    @property
    def is_point(self) -> bool:
        """Whether it holds one number only."""
        return self.low is not None and self.low == self.high

    @property
    def is_bounded(self) -> bool:
        """Whether both ends are finite."""
        return self.low is not None and self.high is not None

    @property
    def written(self) -> str:
        """The number, or the ends in brackets: round where an end is left out or infinite."""
        if self.low is not None and self.is_point:
            return as_written(self.low)
        low = "-∞" if self.low is None else as_written(self.low)
        high = "∞" if self.high is None else as_written(self.high)
        opening = "[" if self.low_included and self.low is not None else "("
        closing = "]" if self.high_included and self.high is not None else ")"
        return f"{opening}{low}; {high}{closing}"

    def within(self, other: "Interval") -> bool:
        """Whether every number of this interval lies in the other."""
        return _starts_no_later(other, self) and _ends_no_earlier(other, self)

    def meets(self, other: "Interval") -> bool:
        """Whether the two have a number in common."""
        return not (_ends_before(self, other) or _ends_before(other, self))

    def position_in(self, allowed: "Interval") -> Truth:
        """Whether a value somewhere in this interval lies in the allowed one."""
        if self.within(allowed):
            return Truth.TRUE
        return Truth.UNKNOWN if self.meets(allowed) else Truth.FALSE


def _starts_no_later(wide: Interval, narrow: Interval) -> bool:
    if wide.low is None:
        return True
    if narrow.low is None:
        return False
    if wide.low == narrow.low:
        return wide.low_included or not narrow.low_included
    return wide.low < narrow.low


def _ends_no_earlier(wide: Interval, narrow: Interval) -> bool:
    if wide.high is None:
        return True
    if narrow.high is None:
        return False
    if wide.high == narrow.high:
        return wide.high_included or not narrow.high_included
    return wide.high > narrow.high


def _ends_before(first: Interval, second: Interval) -> bool:
    if first.high is None or second.low is None:
        return False
    if first.high == second.low:
        return not (first.high_included and second.low_included)
    return first.high < second.low
