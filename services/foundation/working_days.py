"""Working days (工作日) of the People's Republic of China, as published year by year.

Administrative periods are counted in working days without statutory holidays
(行政许可法 Art. 82). Which days are holidays, and which Saturdays and Sundays are worked in
exchange (调休), is announced for each year by the General Office of the State Council. A year
without a published notice has no calendar: it is an error, never a guess.
"""

import csv
import datetime
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from services.foundation.errors import ErrorCode, XukeError

REFERENCE_FILE: Final = Path(__file__).parent / "reference" / "working_days.csv"

_ONE_DAY: Final = datetime.timedelta(days=1)
_COLUMNS: Final = ("notice_year", "date", "kind", "name_zh", "source")


class CalendarNotPublished(XukeError):
    """The holiday notice of a needed year is not loaded; whoever needs it must wait and say so."""

    def __init__(self, year: int) -> None:
        super().__init__(ErrorCode.FAILED_PRECONDITION, "CALENDAR_NOT_PUBLISHED", {"year": str(year)})
        self.year = year

    def __reduce__(self) -> tuple[type["CalendarNotPublished"], tuple[int]]:
        return (CalendarNotPublished, (self.year,))


class InvalidNoticeError(Exception):
    """One file states two different things about the same date, or its rows cannot be read."""


class DayKind(StrEnum):
    """What a notice says of a date it names."""

    OFF = "off"
    WORK = "work"


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One date named by a holiday notice of the State Council.

    `notice_year` is the year the notice arranges, which may differ from the year of the date: the
    notice for 2023 gave 2022-12-31 off.
    """

    notice_year: int
    date: datetime.date
    kind: DayKind
    name_zh: str
    source: str


@dataclass(frozen=True, slots=True)
class WorkingDayCalendar:
    """A frozen calendar over one unbroken run of years, each arranged by a published notice.

    Build it with `from_rows` or `load`. `sources` maps each arranged year to the notices it rests
    on, so that a decision can name the calendar it used. The last days of the last covered year
    may still be rearranged by the notice of the year that follows.
    """

    first_day: datetime.date
    horizon: datetime.date
    sources: tuple[tuple[int, tuple[str, ...]], ...]
    _working_days: tuple[int, ...] = field(repr=False)

    @classmethod
    def from_rows(cls, rows: Iterable[NoticeRow]) -> "WorkingDayCalendar":
        """Build a calendar; a later row about a date replaces an earlier one.

        Raises ValueError when there is no row, or when the arranged years leave a gap.
        """
        named: dict[datetime.date, NoticeRow] = {}
        sources: dict[int, dict[str, None]] = {}
        for row in rows:
            named[row.date] = row
            sources.setdefault(row.notice_year, {})[row.source] = None
        if not sources:
            raise ValueError("a calendar needs at least one notice")
        first_year, last_year = min(sources), max(sources)
        missing = [year for year in range(first_year, last_year + 1) if year not in sources]
        if missing:
            raise ValueError(f"no notice for {missing} between {first_year} and {last_year}")
        first_day = datetime.date(first_year, 1, 1)
        horizon = datetime.date(last_year, 12, 31)
        working_days = tuple(
            ordinal
            for ordinal in range(first_day.toordinal(), horizon.toordinal() + 1)
            if _is_worked(datetime.date.fromordinal(ordinal), named)
        )
        return cls(
            first_day=first_day,
            horizon=horizon,
            sources=tuple((year, tuple(sources[year])) for year in sorted(sources)),
            _working_days=working_days,
        )

    @classmethod
    def load(cls, additional_file: Path | None = None) -> "WorkingDayCalendar":
        """The calendar of the reference file, with an operator's later notice laid over it.

        The additional file has the same columns and is how the next year is imported, or how an
        amending notice replaces days already known (as 国办发明电〔2020〕1号 did in 2020).
        """
        rows = read_notice_rows(REFERENCE_FILE)
        if additional_file is not None:
            rows += read_notice_rows(additional_file)
        return cls.from_rows(rows)

    def is_working_day(self, date: datetime.date) -> bool:
        """Whether the date is worked. Raises CalendarNotPublished outside the covered years."""
        self._require_covered(date)
        position = bisect_right(self._working_days, date.toordinal())
        return position > 0 and self._working_days[position - 1] == date.toordinal()

    def count_between(self, after: datetime.date, through: datetime.date) -> int:
        """How many working days lie after `after` (exclusive) and through `through` (inclusive).

        Raises ValueError if `through` is before `after`, CalendarNotPublished if a counted day
        lies outside the covered years.
        """
        if through < after:
            raise ValueError(f"cannot count from {after} back to {through}")
        if through == after:
            return 0
        self._require_covered(after + _ONE_DAY)
        self._require_covered(through)
        return self._rank(through) - self._rank(after)

    def add_working_days(self, start: datetime.date, number: int) -> datetime.date:
        """The date of the n-th working day after `start`; the starting day is not counted.

        行政许可法 Art. 82 counts working days; that the day on which a period begins is left out is
        the rule of 民法典 Art. 201. Raises ValueError for a number below one, CalendarNotPublished
        when the answer lies in a year without a notice.
        """
        if number < 1:
            raise ValueError("the number of working days to add must be at least one")
        self._require_covered(start + _ONE_DAY)
        position = self._rank(start) + number - 1
        if position >= len(self._working_days):
            raise CalendarNotPublished(self.horizon.year + 1)
        return datetime.date.fromordinal(self._working_days[position])

    def working_days(self, after: datetime.date, through: datetime.date) -> tuple[datetime.date, ...]:
        """The working days that `count_between` counts, in order, under the same conditions."""
        number = self.count_between(after, through)
        first = self._rank(after)
        return tuple(
            datetime.date.fromordinal(ordinal) for ordinal in self._working_days[first : first + number]
        )

    def _rank(self, date: datetime.date) -> int:
        return bisect_right(self._working_days, date.toordinal())

    def _require_covered(self, date: datetime.date) -> None:
        if not self.first_day <= date <= self.horizon:
            raise CalendarNotPublished(date.year)


def read_notice_rows(path: Path) -> list[NoticeRow]:
    """Read notice rows from a CSV file with the columns of the reference file.

    Raises InvalidNoticeError naming the line when a row cannot be read, when a date is named
    twice differently in this file, or when a date lies outside the arranged year and the last
    month before it.
    """
    rows: list[NoticeRow] = []
    kinds: dict[datetime.date, DayKind] = {}
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != _COLUMNS:
            raise InvalidNoticeError(f"{path.name}: the columns must be {', '.join(_COLUMNS)}")
        for record in reader:
            where = f"{path.name} line {reader.line_num}"
            try:
                row = NoticeRow(
                    notice_year=int(record["notice_year"]),
                    date=datetime.date.fromisoformat(record["date"]),
                    kind=DayKind(record["kind"]),
                    name_zh=record["name_zh"],
                    source=record["source"],
                )
            except (TypeError, ValueError) as error:
                raise InvalidNoticeError(f"{where}: {error}") from error
            if not row.source:
                raise InvalidNoticeError(f"{where}: the source of the notice is missing")
            december_before = datetime.date(row.notice_year - 1, 12, 1)
            if not december_before <= row.date <= datetime.date(row.notice_year, 12, 31):
                raise InvalidNoticeError(f"{where}: a notice for {row.notice_year} cannot arrange {row.date}")
            if kinds.setdefault(row.date, row.kind) is not row.kind:
                raise InvalidNoticeError(f"{where}: {row.date} is named twice, differently")
            rows.append(row)
    return rows


def _is_worked(date: datetime.date, named: dict[datetime.date, NoticeRow]) -> bool:
    row = named.get(date)
    return date.weekday() < 5 if row is None else row.kind is DayKind.WORK
