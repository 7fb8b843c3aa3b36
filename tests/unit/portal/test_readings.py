"""What people type is read the way it was meant, and never guessed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.portal.readings import as_code, as_control_code, as_day, as_number, as_text, lines


@pytest.mark.parametrize(
    "typed",
    [
        "2026-10-02",
        "2026/10/2",
        "2026.10.02",
        "2026年10月2日",
        " 2026 年 10 月 2 日 ",
        "２０２６－１０－０２",
        "20261002",
        "2 October 2026",
        "2 Oct 2026",
    ],
)
def test_a_day_is_read_however_it_is_written(typed: str) -> None:
    assert as_day(typed) == "2026-10-02"


@pytest.mark.parametrize("typed", ["2026-02-30", "10/02/2026", "2026-13-01", "soon", "2 Foo 2026", "2026"])
def test_what_is_no_day_or_could_be_two_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        as_day(typed)


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_day_is_read_back(day: date) -> None:
    assert as_day(day.isoformat()) == day.isoformat()
    assert as_day(f"{day.year}年{day.month}月{day.day}日") == day.isoformat()


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("12,000.50", "12000.50"),
        ("1,234,567", "1234567"),
        ("１２，０００", "12000"),
        ("12 000", "12000"),
        ("12,5", "12,5"),
        ("1,2345", "1,2345"),
        ("kg", "kg"),
        ("", ""),
    ],
)
def test_a_number_loses_its_groups_and_nothing_else(typed: str, read: str) -> None:
    assert as_number(typed) == read


def test_a_code_is_the_same_however_it_is_grouped() -> None:
    assert as_code(" 2841.80-1000 ") == as_code("２８４１８０１０００") == "2841801000"
    assert as_code("usd") == "USD"


def test_a_code_of_the_control_list_is_spelt_as_there() -> None:
    assert as_control_code(" １ｃ１１７．Ｄ． １\u200b") == as_control_code("1C117.d.1") == "1C117.d.1"


@pytest.mark.parametrize(
    ("pasted", "read"),
    [
        ("白色结晶\t三氧化钨", "白色结晶 三氧化钨"),
        ("\ufeff钨镍铁合金\u00a0棒\u200b", "钨镍铁合金 棒"),
        ("first\nsecond \u202eline\x00", "first\nsecond line"),
        ("\u2066\u2069\t ", ""),
        ("𠮷野（中国）", "𠮷野（中国）"),
    ],
)
def test_what_nobody_sees_is_not_taken_along_with_a_text(pasted: str, read: str) -> None:
    assert as_text(pasted) == read


def test_lines_that_say_nothing_are_left_out() -> None:
    assert lines(" a \n\n b\n") == ["a", "b"]
