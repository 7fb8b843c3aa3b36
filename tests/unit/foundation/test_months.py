"""The months in English, written and read."""

from datetime import date

import pytest

from services.foundation.months import ENGLISH, english_day, month_of


def test_a_day_is_written_with_the_name_of_its_month() -> None:
    assert english_day(date(2026, 1, 6)) == "6 January 2026"
    assert english_day(date(2026, 12, 31)) == "31 December 2026"


@pytest.mark.parametrize("number", range(1, 13))
def test_a_month_is_read_by_its_name_or_how_it_begins(number: int) -> None:
    name = ENGLISH[number - 1]
    assert {month_of(name), month_of(name.lower()), month_of(name[:4].upper())} == {number}


def test_what_is_no_month_is_refused() -> None:
    with pytest.raises(ValueError, match="Octember"):
        month_of("Octember")
