"""The working-day calendar against days read by hand from the notices, and against a plain model."""

import datetime
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.foundation.working_days import (
    CalendarNotPublished,
    DayKind,
    InvalidNoticeError,
    NoticeRow,
    WorkingDayCalendar,
    read_notice_rows,
)

CALENDAR = WorkingDayCalendar.load()
DATES = st.dates(datetime.date(2020, 1, 1), datetime.date(2026, 12, 31))


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("date", "worked", "why"),
    [
        ("2026-11-20", True, "an ordinary Friday"),
        ("2026-11-21", False, "an ordinary Saturday"),
        ("2026-11-22", False, "an ordinary Sunday"),
        ("2026-10-01", False, "National Day, a Thursday"),
        ("2026-10-07", False, "the last day of the National Day holiday, a Wednesday"),
        ("2026-10-10", True, "a Saturday worked in exchange for National Day"),
        ("2026-09-20", True, "a Sunday worked in exchange for National Day"),
        ("2026-02-28", True, "a Saturday worked in exchange for the Spring Festival"),
        ("2020-01-31", False, "a Friday off by the extension of the Spring Festival of 2020"),
        ("2020-02-01", False, "a make-up Saturday that the extension of 2020 gave back"),
        ("2020-02-03", True, "the Monday on which work resumed in 2020"),
        ("2022-12-31", False, "given off by the notice for 2023"),
        ("2024-12-31", True, "an ordinary Tuesday at the end of a year"),
    ],
)
def test_named_days(date: str, worked: bool, why: str) -> None:
    assert CALENDAR.is_working_day(day(date)) is worked, why


@pytest.mark.parametrize(("year", "number"), [(2025, 248), (2026, 248)])
def test_working_days_of_a_year(year: int, number: int) -> None:
    # 261 weekdays, less 13 statutory holidays net of exchanged days (全国年节及纪念日放假办法, 2024).
    assert CALENDAR.count_between(datetime.date(year - 1, 12, 31), datetime.date(year, 12, 31)) == number


def test_forty_five_working_days_over_national_day() -> None:
    # Accepted on Tuesday 2026-09-01: 13 days to 18 September, Sunday the 20th worked, 25 September and
    # 1 to 7 October off, Saturday 10 October worked.
    assert CALENDAR.add_working_days(day("2026-09-01"), 45) == day("2026-11-09")


@pytest.mark.parametrize(
    ("start", "number", "due"),
    [
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-10-09", 1, "2026-10-10"),
        ("2026-10-10", 1, "2026-10-12"),
        ("2026-10-03", 2, "2026-10-09"),
        ("2025-12-31", 1, "2026-01-04"),
    ],
)
def test_adding_working_days(start: str, number: int, due: str) -> None:
    assert CALENDAR.add_working_days(day(start), number) == day(due)


def test_a_year_without_a_notice_is_an_error_naming_the_year() -> None:
    assert CALENDAR.horizon == day("2026-12-31")
    for ask in (
        lambda: CALENDAR.is_working_day(day("2027-01-04")),
        lambda: CALENDAR.count_between(day("2026-12-30"), day("2027-01-04")),
        lambda: CALENDAR.add_working_days(day("2026-12-31"), 1),
        lambda: CALENDAR.add_working_days(day("2026-11-23"), 45),
    ):
        with pytest.raises(CalendarNotPublished) as raised:
            ask()
        assert (raised.value.year, raised.value.reason) == (2027, "CALENDAR_NOT_PUBLISHED")
    with pytest.raises(CalendarNotPublished) as raised:
        CALENDAR.is_working_day(day("2019-12-31"))
    assert raised.value.year == 2019


def test_nonsense_questions_are_refused() -> None:
    with pytest.raises(ValueError):
        CALENDAR.add_working_days(day("2026-01-05"), 0)
    with pytest.raises(ValueError):
        CALENDAR.count_between(day("2026-01-06"), day("2026-01-05"))


def test_an_operator_imports_the_next_year(tmp_path: Path) -> None:
    notice = tmp_path / "2027.csv"
    notice.write_text(
        "notice_year,date,kind,name_zh,source\n"
        "2027,2026-12-27,work,元旦,notice for 2027\n"
        "2027,2027-01-01,off,元旦,notice for 2027\n",
        encoding="utf-8",
    )
    calendar = WorkingDayCalendar.load(notice)
    assert calendar.horizon == day("2027-12-31")
    assert dict(calendar.sources)[2027] == ("notice for 2027",)
    assert calendar.is_working_day(day("2026-12-27")), (
        "the notice of a year can arrange the December before it"
    )
    assert not calendar.is_working_day(day("2027-01-01"))
    assert calendar.is_working_day(day("2027-01-04"))


def test_an_amending_notice_replaces_what_was_known(tmp_path: Path) -> None:
    notice = tmp_path / "amendment.csv"
    notice.write_text(
        "notice_year,date,kind,name_zh,source\n2026,2026-10-08,off,国庆节,amending notice\n", encoding="utf-8"
    )
    calendar = WorkingDayCalendar.load(notice)
    assert not calendar.is_working_day(day("2026-10-08"))
    assert "amending notice" in dict(calendar.sources)[2026]


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("date,kind\n", "columns"),
        ("notice_year,date,kind,name_zh,source\n2027,2027-02-30,off,x,s\n", "line 2"),
        ("notice_year,date,kind,name_zh,source\n2027,2027-01-01,holiday,x,s\n", "line 2"),
        ("notice_year,date,kind,name_zh,source\n2027,2027-01-01,off,x,\n", "source"),
        ("notice_year,date,kind,name_zh,source\n2027,2026-10-01,off,x,s\n", "cannot arrange"),
        (
            "notice_year,date,kind,name_zh,source\n2027,2027-01-01,off,x,s\n2027,2027-01-01,work,x,s\n",
            "twice",
        ),
        ("notice_year,date,kind,name_zh,source\n2027\n", "line 2"),
    ],
)
def test_an_unreadable_notice_is_refused(tmp_path: Path, body: str, complaint: str) -> None:
    notice = tmp_path / "notice.csv"
    notice.write_text(body, encoding="utf-8")
    with pytest.raises(InvalidNoticeError, match=complaint):
        read_notice_rows(notice)


def test_a_gap_between_years_is_refused() -> None:
    rows = [
        NoticeRow(year, datetime.date(year, 1, 1), DayKind.OFF, "元旦", "a notice")
        for year in (2025, 2026, 2028)
    ]
    with pytest.raises(ValueError, match="2027"):
        WorkingDayCalendar.from_rows(rows)
    with pytest.raises(ValueError):
        WorkingDayCalendar.from_rows([])


def test_values_cross_process_borders() -> None:
    assert pickle.loads(pickle.dumps(CALENDAR)) == CALENDAR
    assert pickle.loads(pickle.dumps(CalendarNotPublished(2027))).year == 2027


@given(DATES, DATES)
def test_counting_agrees_with_asking_day_by_day(one: datetime.date, other: datetime.date) -> None:
    after, through = min(one, other), max(one, other)
    span = (after + datetime.timedelta(days=offset) for offset in range(1, (through - after).days + 1))
    worked = tuple(date for date in span if CALENDAR.is_working_day(date))
    assert CALENDAR.working_days(after, through) == worked
    assert CALENDAR.count_between(after, through) == len(worked)


@given(st.dates(datetime.date(2020, 1, 1), datetime.date(2026, 6, 30)), st.integers(1, 100))
def test_adding_then_counting_gives_the_number_back(start: datetime.date, number: int) -> None:
    due = CALENDAR.add_working_days(start, number)
    assert CALENDAR.is_working_day(due)
    assert CALENDAR.count_between(start, due) == number
