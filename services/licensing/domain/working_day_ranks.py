"""Counting working days by subtraction: for thousands of spans at once, from one table of a calendar."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from services.foundation.working_days import WorkingDayCalendar

_EPOCH = date(1970, 1, 1).toordinal()


def day_number(day: date) -> int:
    """A date counted from 1970-01-01."""
    return day.toordinal() - _EPOCH


def date_of(day: int) -> date:
    """The date of a day number."""
    return date.fromordinal(day + _EPOCH)


@dataclass(frozen=True)
class WorkingDayRanks:
    """`ranks[n]` working days lie in the calendar through its day before the first plus n."""

    first: int
    ranks: tuple[int, ...]

    @classmethod
    def of(cls, calendar: WorkingDayCalendar) -> "WorkingDayRanks":
        """The table of a calendar."""
        before = calendar.first_day - timedelta(days=1)
        length = (calendar.horizon - before).days
        ranks = (calendar.count_between(before, before + timedelta(days=n)) for n in range(length + 1))
        return cls(day_number(before), tuple(ranks))

    def between(self, after: int, through: int) -> int | None:
        """Working days after a day through another, as `WorkingDayCalendar.count_between`.

        None where a day lies in a year without a published calendar. Events of machines whose clocks differ by
        a little may be out of order: what ends before it begins takes no day.
        """
        left, right = after - self.first, through - self.first
        if 0 <= left <= right < len(self.ranks):
            return self.ranks[right] - self.ranks[left]
        return 0 if right <= left else None

    def spans(self, afters: Sequence[int], throughs: Sequence[int]) -> list[int | None]:
        """`between` of many pairs of days."""
        first, last, ranks = self.first, self.first + len(self.ranks) - 1, self.ranks
        return [
            ranks[through - first] - ranks[after - first]
            if first <= after <= through <= last
            else self.between(after, through)
            for after, through in zip(afters, throughs, strict=True)
        ]

    def uncovered(self, afters: Sequence[int], throughs: Sequence[int]) -> list[tuple[int, int]]:
        """The pairs of days that `between` cannot count."""
        if min(afters) >= self.first and max(throughs) < self.first + len(self.ranks):
            return []
        return [
            (after, through)
            for after, through in zip(afters, throughs, strict=True)
            if self.between(after, through) is None
        ]

    def unpublished_year(self, after: int, through: int) -> int:
        """The first year that `between` has no calendar for."""
        return date_of(after + 1 if after < self.first else max(after + 1, self.first + len(self.ranks))).year
