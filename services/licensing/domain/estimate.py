"""When most comparable applications were decided, told from how many working days past decisions took.

It is no promise and no limit: the limit of the law is the review clock's (两用物项出口管制条例 Art. 17).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from services.foundation.working_days import CalendarNotPublished, WorkingDayCalendar

# Decisions older than this say little about today's.
LOOKS_BACK = timedelta(days=365)
# Fewer decisions than these say nothing, and might tell of a single case.
DECISIONS_NEEDED = 5


@dataclass(frozen=True)
class Estimate:
    """Working days from acceptance to the decision; a day is None where its calendar is not published."""

    half_by: date | None
    nine_of_ten_by: date | None
    median_working_days: int
    ninetieth_percentile_working_days: int
    decided: int


def estimate(decided: Mapping[int, int], accepted_on: date, calendar: WorkingDayCalendar) -> Estimate | None:
    """The estimate for an application accepted on a day; None where too few were decided.

    `decided` counts decisions by the working days that they took.
    """
    total = sum(decided.values())
    if total < DECISIONS_NEEDED:
        return None
    median, ninetieth = _within(decided, total, 50), _within(decided, total, 90)
    return Estimate(
        _day(accepted_on, median, calendar),
        _day(accepted_on, ninetieth, calendar),
        median,
        ninetieth,
        total,
    )


def _within(decided: Mapping[int, int], total: int, percent: int) -> int:
    """The fewest working days within which at least so many of a hundred were decided (nearest rank)."""
    reached = 0
    for working_days in sorted(decided):
        reached += decided[working_days]
        if reached * 100 >= total * percent:
            return working_days
    raise ValueError("nothing was decided")


def _day(accepted_on: date, working_days: int, calendar: WorkingDayCalendar) -> date | None:
    try:
        return calendar.add_working_days(accepted_on, working_days) if working_days else accepted_on
    except CalendarNotPublished:
        return None
