"""How long most decisions took, by nearest rank, and the days that this gives."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.foundation.working_days import WorkingDayCalendar
from services.licensing.domain.estimate import estimate

CALENDAR = WorkingDayCalendar.load()
# A Monday.
ACCEPTED_ON = date(2026, 3, 2)


@given(st.lists(st.integers(0, 200), min_size=5, max_size=60))
def test_so_many_were_decided_by_then_and_fewer_before(took: list[int]) -> None:
    found = estimate(Counter(took), ACCEPTED_ON, CALENDAR)
    assert found is not None
    assert found.decided == len(took)
    for percent, days in (
        (50, found.median_working_days),
        (90, found.ninetieth_percentile_working_days),
    ):
        assert sum(each <= days for each in took) * 100 >= percent * len(took)
        assert sum(each < days for each in took) * 100 < percent * len(took)


@pytest.mark.parametrize("decided", [{}, {10: 4}, {1: 2, 2: 2}])
def test_too_few_say_nothing(decided: dict[int, int]) -> None:
    assert estimate(decided, ACCEPTED_ON, CALENDAR) is None


def test_the_days_are_working_days() -> None:
    found = estimate({5: 5, 24: 5}, ACCEPTED_ON, CALENDAR)
    assert found is not None
    assert (found.median_working_days, found.half_by) == (5, date(2026, 3, 9))
    # 清明节, 6 April 2026, is no working day.
    assert (found.ninetieth_percentile_working_days, found.nine_of_ten_by) == (24, date(2026, 4, 3))
    later = estimate({25: 5}, ACCEPTED_ON, CALENDAR)
    assert later is not None
    assert later.half_by == date(2026, 4, 7)


def test_decided_on_the_day_of_acceptance() -> None:
    found = estimate({0: 9}, ACCEPTED_ON, CALENDAR)
    assert found is not None
    assert found.half_by == ACCEPTED_ON


def test_no_day_is_named_in_a_year_that_is_not_published() -> None:
    last_days = date(CALENDAR.horizon.year, 12, 28)
    found = estimate({1: 9, 30: 3}, last_days, CALENDAR)
    assert found is not None
    assert found.half_by is not None
    assert found.nine_of_ten_by is None
    assert found.ninetieth_percentile_working_days == 30
