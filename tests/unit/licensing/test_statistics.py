"""The arithmetic of statistics: ways through the procedure, stays, percentiles, working days by subtraction."""

import math
from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.foundation.working_days import WorkingDayCalendar
from services.licensing.domain.application_state import TABLE, Action, ApplicationState, Outcome
from services.licensing.domain.case_path import CasePath, Stage, Step, read_path
from services.licensing.domain.stage_durations import StageTally, limits, nearest_rank
from services.licensing.domain.statistics import LedgerTally
from services.licensing.domain.working_day_ranks import WorkingDayRanks, date_of, day_number
from services.licensing.reference_files import load_procedures

CALENDAR = WorkingDayCalendar.load()
RANKS = WorkingDayRanks.of(CALENDAR)
PROCEDURE = load_procedures().procedures[0]
LIMITS = limits(PROCEDURE)
FIRST_DAY = RANKS.first + 1
LAST_DAY = RANKS.first + len(RANKS.ranks) - 1


def way(words: str) -> CasePath:
    """The path of words such as "submit SUBMITTED pass_checks PROVINCIAL_REVIEW"."""
    parts = words.split()
    return read_path(
        [Step(action, ApplicationState(state)) for action, state in zip(parts[::2], parts[1::2], strict=True)]
    )


@st.composite
def walks(draw: st.DrawFn) -> list[Step]:
    """Any walk through the transition table from a submission on."""
    state, steps = ApplicationState.SUBMITTED, [Step(Action.SUBMIT, ApplicationState.SUBMITTED)]
    for _ in range(draw(st.integers(0, 25))):
        rows = [row for row in TABLE if row.source is state]
        if not rows:
            break
        row = draw(st.sampled_from(rows))
        state = row.target
        steps.append(Step(row.action, state))
    return steps


def on_days(steps: list[Step], gaps: list[int], start: int) -> list[int]:
    days = [start]
    for position in range(1, len(steps)):
        days.append(days[-1] + gaps[position % len(gaps)])
    return days


_GAPS = st.lists(st.integers(0, 12), min_size=1, max_size=8)


@given(walks(), _GAPS)
def test_the_stays_of_a_case_add_up_to_its_elapsed_time(steps: list[Step], gaps: list[int]) -> None:
    path, days = read_path(steps), on_days(steps, gaps, FIRST_DAY)
    stays = path.stays
    assert [stay.end for stay in stays[:-1]] == [stay.start for stay in stays[1:]]
    assert (stays[0].start, stays[-1].end, path.state) == (0, None, steps[-1].state)
    spans = [(days[stay.start], days[stay.end if stay.end is not None else len(days) - 1]) for stay in stays]
    assert sum(end - start for start, end in spans) == days[-1] - days[0]
    assert sum(RANKS.between(start, end) or 0 for start, end in spans) == CALENDAR.count_between(
        date_of(days[0]), date_of(days[-1])
    )


@given(walks(), _GAPS)
def test_a_case_counts_once_in_each_stage_that_it_left(steps: list[Step], gaps: list[int]) -> None:
    tally, path = StageTally(RANKS), read_path(steps)
    tally.add(path, [on_days(steps, gaps, FIRST_DAY)], LIMITS, restricted=False)
    counted = {each.stage: each.cases for each in tally.durations(LIMITS)}
    assert set(counted.values()) <= {0, 1}
    assert counted[Stage.REVIEW] == (path.outcome is not None)
    present = {
        ApplicationState.PROVINCIAL_REVIEW: Stage.PROVINCIAL_REVIEW,
        ApplicationState.MINISTRY_INTAKE: Stage.MINISTRY_INTAKE,
        ApplicationState.IN_CONSULTATION: Stage.CONSULTATION,
        ApplicationState.SUPPLEMENT_REQUESTED: Stage.APPLICANT,
    }.get(path.state)
    assert present is None or counted[present] == 0
    if path.state in (ApplicationState.LICENSED, ApplicationState.REFUSED):
        assert counted[Stage.MINISTRY_INTAKE] == 1


@given(st.lists(st.integers(0, 60), min_size=1), st.integers(1, 100))
def test_a_percentile_is_the_nearest_rank(values: list[int], per_hundred: int) -> None:
    expected = sorted(values)[math.ceil(len(values) * per_hundred / 100) - 1]
    assert nearest_rank(Counter(values), per_hundred) == expected


@pytest.mark.parametrize(
    ("values", "median", "ninetieth"),
    [
        ([], 0, 0),
        ([7], 7, 7),
        ([1, 2], 1, 2),
        ([3, 1, 2], 2, 3),
        (list(range(1, 11)), 5, 9),
        ([0, 0, 40], 0, 40),
    ],
)
def test_median_and_ninetieth_percentile(values: list[int], median: int, ninetieth: int) -> None:
    assert (nearest_rank(Counter(values), 50), nearest_rank(Counter(values), 90)) == (median, ninetieth)


@given(st.integers(FIRST_DAY - 1, LAST_DAY), st.integers(0, 400))
def test_subtraction_counts_as_the_calendar_does(after: int, length: int) -> None:
    through = min(after + length, LAST_DAY)
    assert RANKS.between(after, through) == CALENDAR.count_between(date_of(after), date_of(through))


def test_days_without_a_calendar_are_not_counted() -> None:
    assert RANKS.between(LAST_DAY - 3, LAST_DAY + 1) is None
    assert RANKS.unpublished_year(LAST_DAY - 3, LAST_DAY + 400) == CALENDAR.horizon.year + 1
    assert RANKS.unpublished_year(LAST_DAY + 400, LAST_DAY + 401) == CALENDAR.horizon.year + 2
    assert RANKS.between(FIRST_DAY - 2, FIRST_DAY) is None
    assert RANKS.unpublished_year(FIRST_DAY - 2, FIRST_DAY) == CALENDAR.first_day.year - 1
    # Nothing to count is no day, whatever the year; so are clocks that differ.
    assert RANKS.between(LAST_DAY + 5, LAST_DAY + 5) == RANKS.between(LAST_DAY + 5, LAST_DAY + 4) == 0


def test_a_stay_after_a_supplement_begins_with_the_receipt() -> None:
    path = way(
        "submit SUBMITTED pass_checks PROVINCIAL_REVIEW request_supplement SUPPLEMENT_REQUESTED"
        " supplement SUBMITTED wait SUBMITTED pass_checks PROVINCIAL_REVIEW forward MINISTRY_INTAKE"
    )
    # The checks waited 25 working days for a service that was away: the province's period ran all the same.
    monday = day_number(date(2026, 3, 2))
    days = [monday, monday, monday + 1, monday + 2, monday + 2, monday + 38, monday + 38]
    tally = StageTally(RANKS)
    tally.add(path, [days], LIMITS, restricted=False)
    by_stage = {each.stage: each for each in tally.durations(LIMITS)}
    province = by_stage[Stage.PROVINCIAL_REVIEW]
    assert (province.cases, province.median, province.limit, province.beyond_limit) == (1, 1, 20, 1)
    assert by_stage[Stage.APPLICANT].median == 1


def test_two_stays_within_the_limit_are_not_beyond_it() -> None:
    path = way(
        "submit SUBMITTED pass_checks PROVINCIAL_REVIEW request_supplement SUPPLEMENT_REQUESTED"
        " supplement SUBMITTED pass_checks PROVINCIAL_REVIEW forward MINISTRY_INTAKE"
    )
    monday = day_number(date(2026, 3, 2))
    days = [monday, monday, monday + 14, monday + 14, monday + 14, monday + 32]
    tally = StageTally(RANKS)
    tally.add(path, [days], LIMITS, restricted=False)
    province = tally.durations(LIMITS)[0]
    assert (province.median, province.beyond_limit) == (24, 0)


def test_a_case_that_comes_back_has_not_left() -> None:
    tally = StageTally(RANKS)
    for words in (
        "submit SUBMITTED pass_checks PROVINCIAL_REVIEW request_supplement SUPPLEMENT_REQUESTED",
        "submit SUBMITTED pass_checks PROVINCIAL_REVIEW",
    ):
        tally.add(way(words), [[FIRST_DAY] * len(words.split()[::2])], LIMITS, restricted=False)
    assert all(each.cases == 0 for each in tally.durations(LIMITS))


def test_what_is_left_out_of_the_review() -> None:
    path = way(
        "submit SUBMITTED pass_checks PROVINCIAL_REVIEW forward MINISTRY_INTAKE accept ACCEPTED"
        " start_exclusion ACCEPTED end_exclusion ACCEPTED start_consultation READY_FOR_PROPOSAL"
        " propose PROPOSED send_back READY_FOR_PROPOSAL propose PROPOSED countersign REFUSED"
    )
    assert path.review is not None
    assert (path.review.start, path.review.end, path.review.exclusions) == (3, 10, ((4, 5),))
    assert (path.outcome, path.decided, path.licensed) == (Outcome.REFUSE, 10, False)


def test_cases_are_bounded_by_the_day_of_their_submission() -> None:
    for first, last, expected in ((20000, 20000, 1), (20001, None, 0), (None, 19999, 0), (None, None, 1)):
        tally = LedgerTally(RANKS, lambda _: PROCEDURE, first, last)
        tally.add("submit SUBMITTED", False, ["20000"])
        tally.add("withdraw WITHDRAWN", False, ["20000"])
        assert tally.states.total() == expected
        assert len(tally.months()) == expected


def test_months_of_submission_and_decision() -> None:
    tally = LedgerTally(RANKS, lambda _: PROCEDURE, None, None)
    for day in (date(2026, 2, 28), date(2026, 3, 1)):
        submitted, decided = day_number(day), day_number(day) + 40
        tally.add(
            "submit SUBMITTED countersign APPROVED issue_licence LICENSED",
            False,
            [f"{submitted} {decided} {decided}"],
        )
    assert tally.months() == [("2026-02", 1, 0), ("2026-03", 1, 0), ("2026-04", 0, 2)]
    figures = {each.figure: each for each in tally.reconcile({}, {}, 0)}
    assert (figures["GRANTED"].in_tables, figures["GRANTED"].in_ledger) == (0, 2)
    assert figures["STATE_LICENSED"].in_ledger == figures["LICENCES_ISSUED"].in_ledger == 2


def test_a_decision_taken_back_is_not_counted_and_the_next_one_is() -> None:
    first = day_number(date(2026, 3, 1))
    words = "submit SUBMITTED accept ACCEPTED countersign APPROVED send_back READY_FOR_PROPOSAL"
    tally = LedgerTally(RANKS, lambda _: PROCEDURE, None, None)
    tally.add(words, False, [f"{first} {first} {first + 1} {first + 2}"])
    assert tally.months() == [("2026-03", 1, 0)]
    tally.add(
        f"{words} propose PROPOSED countersign REFUSED",
        False,
        [f"{first} {first} {first + 1} {first + 2} {first + 3} {first + 40}"],
    )
    assert tally.months() == [("2026-03", 2, 0), ("2026-04", 0, 1)]
    figures = {each.figure: each.in_ledger for each in tally.reconcile({}, {}, 0)}
    assert (figures["DECIDED"], figures["REFUSED"]) == (1, 1)


def test_the_stages_are_limited_by_the_procedure() -> None:
    assert {
        Stage.PROVINCIAL_REVIEW: 20,
        Stage.MINISTRY_INTAKE: 5,
        Stage.REVIEW: 45,
        Stage.CONSULTATION: PROCEDURE.agency_opinion_working_days,
        Stage.APPLICANT: 0,
    } == LIMITS
    assert date_of(FIRST_DAY) - timedelta(days=1) == date_of(RANKS.first)
