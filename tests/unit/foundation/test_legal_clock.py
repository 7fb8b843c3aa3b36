"""The clock of a statutory period: tables worked by hand, and properties against a day-by-day model."""

import datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.foundation.clock import SHANGHAI, legal_day
from services.foundation.legal_clock import (
    ClockReading,
    ClockState,
    Due,
    DueOn,
    Exclusion,
    ExclusionReason,
    LegalClock,
    NoStatutoryLimit,
    NotPublished,
    Paused,
    Timeliness,
)
from services.foundation.working_days import (
    REFERENCE_FILE,
    CalendarNotPublished,
    WorkingDayCalendar,
    read_notice_rows,
)

CALENDAR = WorkingDayCalendar.load()
CALENDAR_TO_2025 = WorkingDayCalendar.from_rows(
    row for row in read_notice_rows(REFERENCE_FILE) if row.notice_year <= 2025
)
EXPERT = ExclusionReason.EXPERT_OPINION
VERIFICATION = ExclusionReason.ON_SITE_VERIFICATION


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def at(text: str) -> datetime.datetime:
    """An instant given as China would write it; a bare date means noon."""
    value = datetime.datetime.fromisoformat(text if "T" in text else f"{text}T12:00")
    return value.replace(tzinfo=SHANGHAI)


def exclusion(reason: ExclusionReason, opened: str, closed: str | None = None) -> Exclusion:
    return Exclusion(reason, at(opened), None if closed is None else at(closed))


def read(
    as_of: str,
    *exclusions: Exclusion,
    limit: int | None = 45,
    start: str = "2026-09-01",
    stop: str | None = None,
) -> ClockReading:
    clock = LegalClock(limit, at(start), None if stop is None else at(stop), exclusions)
    return clock.read(at(as_of), CALENDAR)


def test_forty_five_working_days_over_national_day_and_make_up_days() -> None:
    reading = read("2026-10-10")
    assert (reading.counted, reading.excluded) == (24, 0)
    assert reading.due == DueOn(day("2026-11-09"))
    assert reading.state is ClockState.RUNNING


def test_the_period_ends_as_its_last_day_ends_in_china() -> None:
    reading = read("2026-11-09T23:59:59")
    assert reading.timeliness is Timeliness.IN_TIME
    assert isinstance(reading.due, DueOn)
    assert reading.due.ends_at == datetime.datetime(2026, 11, 9, 16, 0, tzinfo=datetime.UTC)
    assert read("2026-11-10T00:00:00").timeliness is Timeliness.LATE


@pytest.mark.parametrize(
    ("exclusions", "as_of", "counted", "excluded", "by_reason", "due"),
    [
        pytest.param(
            [exclusion(EXPERT, "2026-09-03", "2026-09-10")],
            "2026-09-11", 3, 5, {EXPERT: 5}, DueOn(day("2026-11-16")),
            id="the day it opens counts, the day it closes does not",
        ),
        pytest.param(
            [
                exclusion(EXPERT, "2026-09-03", "2026-09-10"),
                exclusion(VERIFICATION, "2026-09-08", "2026-09-14"),
            ],
            "2026-09-16", 4, 7, {EXPERT: 5, VERIFICATION: 4}, DueOn(day("2026-11-18")),
            id="overlapping reasons leave a day out once",
        ),
        pytest.param(
            [
                exclusion(EXPERT, "2026-09-03", "2026-09-08"),
                exclusion(VERIFICATION, "2026-09-08", "2026-09-14"),
            ],
            "2026-09-16", 4, 7, {EXPERT: 3, VERIFICATION: 4}, DueOn(day("2026-11-18")),
            id="one closing as the next opens leaves no day between them",
        ),
        pytest.param(
            [exclusion(EXPERT, "2026-09-03T09:00", "2026-09-03T17:00")],
            "2026-09-04", 3, 0, {EXPERT: 0}, DueOn(day("2026-11-09")),
            id="opened and closed on one day leaves nothing out",
        ),
        pytest.param(
            [exclusion(EXPERT, "2026-09-30", "2026-10-08")],
            "2026-10-09", 22, 1, {EXPERT: 1}, DueOn(day("2026-11-10")),
            id="over the holiday only the working day is left out",
        ),
        pytest.param(
            [exclusion(EXPERT, "2026-09-03")],
            "2026-09-10", 2, 5, {EXPERT: 5}, Paused(43),
            id="an open exclusion has no due date",
        ),
        pytest.param(
            [exclusion(EXPERT, "2026-09-03", "2026-09-20")],
            "2026-09-10", 2, 5, {EXPERT: 5}, Paused(43),
            id="a close that has not happened yet is not known",
        ),
        pytest.param(
            [exclusion(EXPERT, "2026-09-03"), exclusion(VERIFICATION, "2026-09-07", "2026-09-09")],
            "2026-09-10", 2, 5, {EXPERT: 5, VERIFICATION: 2}, Paused(43),
            id="closed inside an open one",
        ),
        pytest.param(
            [exclusion(EXPERT, "2026-11-11")],
            "2026-11-20", 47, 7, {EXPERT: 7}, DueOn(day("2026-11-09")),
            id="opening an exclusion after the due date does not bring the date back",
        ),
        pytest.param(
            [exclusion(EXPERT, "2026-09-20")],
            "2026-09-10", 7, 0, {}, DueOn(day("2026-11-09")),
            id="an exclusion not yet opened is not seen",
        ),
        pytest.param(
            [exclusion(EXPERT, "2026-08-20", "2026-09-03")],
            "2026-09-04", 1, 2, {EXPERT: 2}, DueOn(day("2026-11-11")),
            id="opened before the clock started, counted from the start",
        ),
    ],
)  # fmt: skip
def test_exclusions(
    exclusions: list[Exclusion],
    as_of: str,
    counted: int,
    excluded: int,
    by_reason: dict[ExclusionReason, int],
    due: Due,
) -> None:
    reading = read(as_of, *exclusions)
    assert (reading.counted, reading.excluded) == (counted, excluded)
    assert dict(reading.excluded_by_reason) == by_reason
    assert reading.due == due


def test_a_stopped_clock_counts_no_further_and_says_whether_it_was_in_time() -> None:
    reading = read("2026-11-20", stop="2026-11-09T20:00")
    assert (reading.state, reading.timeliness, reading.counted) == (
        ClockState.STOPPED,
        Timeliness.IN_TIME,
        45,
    )
    assert read("2026-11-20", stop="2026-11-10").timeliness is Timeliness.LATE
    before_the_stop = read("2026-09-10", stop="2026-11-09")
    assert before_the_stop.state is ClockState.RUNNING


def test_what_is_open_when_the_clock_stops_closes_with_it() -> None:
    reading = read("2026-11-20", exclusion(EXPERT, "2026-09-03"), stop="2026-09-10")
    assert (reading.counted, reading.excluded, reading.state) == (2, 5, ClockState.STOPPED)
    assert reading.due == DueOn(day("2026-11-16"))


def test_no_statutory_limit_still_counts() -> None:
    reading = read("2026-09-11", exclusion(EXPERT, "2026-09-03"), limit=None)
    assert reading.due == NoStatutoryLimit()
    assert (reading.timeliness, reading.state) == (Timeliness.NO_LIMIT, ClockState.PAUSED)
    assert (reading.counted, reading.excluded) == (2, 6)


def test_a_period_into_an_unpublished_year_names_the_year_and_a_bound() -> None:
    # 23 working days are left in November and December 2026, 5 + 5 + 5 + 5 + 3 after the 27th of
    # November; twenty-two more days follow, each of which a notice could make a working day.
    reading = read("2026-12-01", start="2026-11-30")
    assert reading.due == NotPublished(2027, day("2027-01-22"))
    assert reading.timeliness is Timeliness.IN_TIME
    assert (reading.counted, reading.counted_through) == (1, day("2026-12-01"))


def test_reading_in_an_unpublished_year_counts_what_is_known_and_says_how_far() -> None:
    reading = read("2027-01-29", start="2026-11-30")
    assert (reading.counted, reading.counted_through) == (23, day("2026-12-31"))
    assert reading.due == NotPublished(2027, day("2027-01-22"))
    assert reading.timeliness is Timeliness.UNDETERMINED
    known = read("2027-01-29", start="2026-09-01")
    assert (known.due, known.timeliness) == (DueOn(day("2026-11-09")), Timeliness.LATE)


def test_an_exclusion_open_across_the_horizon_is_paused_and_closed_across_it_is_bounded() -> None:
    across = exclusion(EXPERT, "2026-12-30")
    assert read("2027-01-29", across, start="2026-11-30").due == Paused(23)
    opened_beyond = exclusion(EXPERT, "2027-01-05")
    assert read("2027-01-29", opened_beyond, start="2026-11-30").due == NotPublished(2027, day("2027-01-22"))
    closed = exclusion(EXPERT, "2026-12-30", "2027-01-10")
    assert read("2027-01-29", closed, start="2026-11-30").due == NotPublished(2027, day("2027-02-02"))


def test_a_start_in_an_unpublished_year_is_bounded() -> None:
    reading = read("2027-01-05", start="2027-01-04", limit=5)
    assert reading.due == NotPublished(2027, day("2027-01-09"))
    assert (reading.counted, reading.counted_through) == (0, day("2027-01-04"))


@pytest.mark.parametrize(
    "build",
    [
        lambda: LegalClock(0, at("2026-09-01")),
        lambda: LegalClock(45, at("2026-09-01"), at("2026-08-31")),
        lambda: exclusion(EXPERT, "2026-09-02", "2026-09-01"),
        lambda: LegalClock(45, datetime.datetime.fromisoformat("2026-09-01T12:00")),
        lambda: Exclusion(EXPERT, datetime.datetime.fromisoformat("2026-09-01T12:00")),
        lambda: read("2026-08-31"),
    ],
)
def test_impossible_facts_are_refused(build: object) -> None:
    assert callable(build)
    with pytest.raises(ValueError):
        build()


def test_a_start_before_the_calendar_is_an_error() -> None:
    with pytest.raises(CalendarNotPublished) as raised:
        read("2020-02-01", start="2019-12-20")
    assert raised.value.year == 2019


EPOCH = datetime.datetime(2024, 12, 1, tzinfo=datetime.UTC)
INSTANTS = st.timedeltas(datetime.timedelta(0), datetime.timedelta(days=576)).map(EPOCH.__add__)
LENGTHS = st.timedeltas(datetime.timedelta(0), datetime.timedelta(days=90))


@st.composite
def exclusions(draw: st.DrawFn) -> Exclusion:
    opened = draw(INSTANTS)
    closed = draw(st.none() | LENGTHS)
    return Exclusion(
        draw(st.sampled_from(ExclusionReason)), opened, None if closed is None else opened + closed
    )


@st.composite
def cases(draw: st.DrawFn) -> tuple[LegalClock, datetime.datetime]:
    started = draw(INSTANTS)
    length = draw(st.none() | LENGTHS)
    clock = LegalClock(
        draw(st.integers(1, 60)),
        started,
        None if length is None else started + length,
        tuple(draw(st.lists(exclusions(), max_size=5))),
    )
    return clock, started + draw(LENGTHS)


def model(clock: LegalClock, as_of: datetime.datetime) -> tuple[int, int, Due]:
    """The rule in its plainest form: walk day by day and ask of each whether it is left out."""
    stopped = clock.stopped_at is not None and clock.stopped_at <= as_of
    end = clock.stopped_at if stopped and clock.stopped_at is not None else as_of
    known = [item for item in clock.exclusions if item.opened_at <= end]

    def left_out(date: datetime.date) -> bool:
        for item in known:
            closed = item.closed_at if item.closed_at is not None and item.closed_at <= end else None
            through = (
                legal_day(closed if closed is not None else end) if stopped or closed else datetime.date.max
            )
            if legal_day(item.opened_at) < date <= through:
                return True
        return False

    is_open = not stopped and any(item.closed_at is None or item.closed_at > end for item in known)
    counted = excluded = used = 0
    due: Due | None = None
    date = legal_day(clock.started_at)
    while due is None or date < legal_day(end):
        date += datetime.timedelta(days=1)
        if due is None and is_open and date > legal_day(end):
            assert clock.limit is not None
            due = Paused(clock.limit - used)
            continue
        if not CALENDAR.is_working_day(date):
            continue
        out = left_out(date)
        if date <= legal_day(end):
            counted, excluded = counted + (not out), excluded + out
        if due is None and not out:
            used += 1
            if used == clock.limit:
                due = DueOn(date)
    return counted, excluded, due


@given(cases())
def test_the_reading_agrees_with_the_day_by_day_model(case: tuple[LegalClock, datetime.datetime]) -> None:
    clock, as_of = case
    reading = clock.read(as_of, CALENDAR)
    assert (reading.counted, reading.excluded, reading.due) == model(clock, as_of)


@given(cases())
def test_counted_and_excluded_are_all_the_working_days(case: tuple[LegalClock, datetime.datetime]) -> None:
    clock, as_of = case
    reading = clock.read(as_of, CALENDAR)
    total = CALENDAR.count_between(legal_day(clock.started_at), reading.counted_through)
    assert reading.counted + reading.excluded == total
    by_reason = [number for _, number in reading.excluded_by_reason]
    assert max(by_reason, default=0) <= reading.excluded <= sum(by_reason)


def earliest(due: Due) -> datetime.date:
    match due:
        case DueOn(date):
            return date
        case NotPublished(_, earliest_possible):
            return earliest_possible
        case Paused() | NoStatutoryLimit():
            return datetime.date.max


@given(cases(), exclusions())
def test_one_more_exclusion_never_brings_the_due_date_forward(
    case: tuple[LegalClock, datetime.datetime], added: Exclusion
) -> None:
    clock, as_of = case
    more = LegalClock(clock.limit, clock.started_at, clock.stopped_at, (*clock.exclusions, added))
    before, after = clock.read(as_of, CALENDAR), more.read(as_of, CALENDAR)
    assert earliest(after.due) >= earliest(before.due)
    assert after.counted <= before.counted


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_the_facts_does_not_matter(
    case: tuple[LegalClock, datetime.datetime], random: Random
) -> None:
    clock, as_of = case
    shuffled = list(clock.exclusions)
    random.shuffle(shuffled)
    other = LegalClock(clock.limit, clock.started_at, clock.stopped_at, tuple(shuffled))
    assert other.read(as_of, CALENDAR) == clock.read(as_of, CALENDAR)


@given(cases())
def test_the_bound_of_a_shorter_calendar_is_never_later_than_the_true_date(
    case: tuple[LegalClock, datetime.datetime],
) -> None:
    clock, as_of = case
    short, full = clock.read(as_of, CALENDAR_TO_2025).due, clock.read(as_of, CALENDAR).due
    assert earliest(short) <= earliest(full)
    if not isinstance(short, NotPublished):
        assert short == full
