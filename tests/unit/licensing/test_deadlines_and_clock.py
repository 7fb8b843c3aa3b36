"""Deadlines and the review clock, from events and the published calendar."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from services.foundation.ledger import LedgerEvent
from services.foundation.legal_clock import DueOn, Exclusion, ExclusionReason, NotPublished, Paused
from services.foundation.working_days import WorkingDayCalendar
from services.licensing.domain.application_state import ApplicationState
from services.licensing.domain.deadlines import explanation, movement, opinion_due_at, times
from services.licensing.domain.findings import ScreeningVerdict
from services.licensing.domain.position import next_recheck
from services.licensing.domain.procedure import Holder
from services.licensing.domain.review_clock import HolderTime, holder_of, read_clock
from services.licensing.reference_files import load_procedures

CALENDAR = WorkingDayCalendar.load()
PROCEDURE = load_procedures().version("dual_use_2024-12-01")
REVIEW = PROCEDURE.deadline("ministry_review")
S = ApplicationState
MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)


def at(days: float) -> datetime:
    return MONDAY + timedelta(days=days)


def event(sequence: int, days: float, action: str, state: S, **payload: str) -> LedgerEvent:
    return LedgerEvent(
        sequence, uuid.uuid4(), at(days), "x", "ministry_officer", action, {**payload, "state": state.value}
    )


def test_a_deadline_within_the_calendar() -> None:
    found = times(PROCEDURE.deadline("provincial_review"), MONDAY, (), MONDAY, CALENDAR)
    assert found.due == DueOn(date(2026, 3, 30))
    assert found.due_at == datetime(2026, 3, 30, 16, tzinfo=UTC)


def test_reminders_before_the_beginning_are_left_out() -> None:
    found = times(PROCEDURE.deadline("provincial_supplement_notice"), MONDAY, (), MONDAY, CALENDAR)
    assert found.reminders_at == (datetime(2026, 3, 6, 1, tzinfo=UTC),)


def test_only_the_review_limit_is_paused() -> None:
    open_now = (Exclusion(ExclusionReason.EXPERT_OPINION, at(1)),)
    assert times(REVIEW, MONDAY, open_now, at(2), CALENDAR).due == Paused(44)
    other = times(PROCEDURE.deadline("deliver"), MONDAY, open_now, at(2), CALENDAR)
    assert other.due == DueOn(date(2026, 3, 16))


def test_a_year_without_a_calendar() -> None:
    november = datetime(2026, 11, 21, tzinfo=UTC)
    found = times(REVIEW, november, (), november, CALENDAR)
    assert isinstance(found.due, NotPublished)
    assert (found.due.year, found.due_at, found.reminders_at) == (2027, None, ())
    assert found.due.earliest_possible >= date(2027, 1, 1)
    reason, values = explanation(found.due)
    assert (reason, values["year"]) == ("DUE_YEAR_NOT_PUBLISHED", "2027")
    assert opinion_due_at(10, november, november, CALENDAR) == datetime(2026, 12, 4, 16, tzinfo=UTC)
    december = datetime(2026, 12, 28, tzinfo=UTC)
    assert opinion_due_at(10, december, december, CALENDAR) is None


def test_asking_again_on_the_next_day_of_law() -> None:
    # 23:30 in China, then 00:01 of the following day there.
    assert next_recheck(datetime(2026, 11, 21, 15, 30, tzinfo=UTC)) == datetime(
        2026, 11, 21, 16, 5, tzinfo=UTC
    )
    assert next_recheck(datetime(2026, 11, 21, 16, 1, tzinfo=UTC)) == datetime(
        2026, 11, 22, 16, 5, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("before", "after", "opened", "met"),
    [
        (S.DRAFT, S.SUBMITTED, (), ()),
        (S.SUBMITTED, S.PROVINCIAL_REVIEW, ("provincial_review", "provincial_supplement_notice"), ()),
        (
            S.PROVINCIAL_REVIEW,
            S.MINISTRY_INTAKE,
            ("ministry_intake",),
            ("provincial_review", "provincial_supplement_notice"),
        ),
        (S.MINISTRY_INTAKE, S.ACCEPTED, ("ministry_review",), ("ministry_intake",)),
        (S.ACCEPTED, S.IN_CONSULTATION, (), ()),
        (S.PROPOSED, S.READY_FOR_PROPOSAL, (), ()),
        (S.PROPOSED, S.APPROVED, ("deliver",), ("ministry_review",)),
        (S.PROPOSED, S.WITHDRAWN, (), ("ministry_review",)),
        (S.APPROVED, S.LICENSED, (), ("deliver",)),
    ],
)
def test_what_a_transition_does_to_deadlines(
    before: S, after: S, opened: tuple[str, ...], met: tuple[str, ...]
) -> None:
    moved = movement(PROCEDURE, before, after, ScreeningVerdict.CLEAR)
    assert (set(moved.opened), set(moved.met)) == (set(opened), set(met))


def test_no_limit_where_a_party_is_on_the_watch_list() -> None:
    moved = movement(PROCEDURE, S.MINISTRY_INTAKE, S.ACCEPTED, ScreeningVerdict.RESTRICTED)
    assert moved.opened == ()


HISTORY = [
    event(1, -3, "create", S.DRAFT),
    event(2, 0, "submit", S.SUBMITTED),
    event(3, 0.25, "pass_checks", S.PROVINCIAL_REVIEW, verdict="CLEAR"),
    event(4, 2, "request_supplement", S.SUPPLEMENT_REQUESTED),
    event(5, 9, "supplement", S.SUBMITTED),
    event(6, 9, "pass_checks", S.PROVINCIAL_REVIEW, verdict="CLEAR"),
    event(7, 10, "forward", S.MINISTRY_INTAKE),
    event(8, 11, "accept", S.ACCEPTED, accepted_as_of=at(11).isoformat()),
    event(9, 14, "start_exclusion", S.ACCEPTED, exclusion_id="e1", reason="EXPERT_OPINION"),
    event(10, 21, "end_exclusion", S.ACCEPTED, exclusion_id="e1"),
    event(11, 22, "start_consultation", S.IN_CONSULTATION),
    event(12, 23, "close_consultation", S.READY_FOR_PROPOSAL),
    event(13, 24, "propose", S.PROPOSED),
    event(14, 25, "countersign", S.APPROVED),
    event(15, 26, "issue_licence", S.LICENSED),
]


def test_the_clock_of_a_whole_history() -> None:
    clock = read_clock(HISTORY, REVIEW, at(40), CALENDAR)
    assert clock.started_at == at(11)
    assert clock.reading is not None
    # Friday 13 March to Friday 27 March: ten working days, five of them for the experts.
    assert (clock.reading.state.value, clock.reading.counted, clock.reading.excluded) == ("STOPPED", 5, 5)
    assert clock.exclusions[0].working_days == 5
    held = {time.holder: time for time in clock.holder_times}
    assert held[Holder.APPLICANT] == HolderTime(Holder.APPLICANT, 5, 7 * 86400.0, None)
    assert held[Holder.PROVINCE].working_days == 2 + 1
    assert held[Holder.MINISTRY].working_days == 1 + 10 + 0
    assert held[Holder.SYSTEM].seconds == 0.25 * 86400
    assert Holder.APPLICANT in held


def test_the_clock_as_of_an_earlier_day_knows_only_what_was_known() -> None:
    assert read_clock(HISTORY, REVIEW, at(10.5), CALENDAR).reading is None
    clock = read_clock(HISTORY, REVIEW, at(15), CALENDAR)
    assert clock.reading is not None
    assert (clock.reading.state.value, clock.reading.due) == ("PAUSED", Paused(44))
    assert clock.exclusions[0].exclusion.closed_at is None


def test_the_order_of_reading_changes_nothing() -> None:
    once = read_clock(HISTORY, REVIEW, at(40), CALENDAR)
    assert read_clock(list(HISTORY), REVIEW, at(40), CALENDAR) == once


def test_a_decision_taken_back_did_not_stop_the_clock() -> None:
    history = [
        *HISTORY[:14],
        event(15, 35, "send_back", S.READY_FOR_PROPOSAL, taken_back="APPROVED"),
        event(16, 36, "propose", S.PROPOSED),
        event(17, 39, "countersign", S.APPROVED),
    ]
    decided, reopened, again = (
        read_clock(history, REVIEW, at(day), CALENDAR).reading for day in (34, 36, 40)
    )
    never = read_clock(HISTORY[:13], REVIEW, at(36), CALENDAR).reading
    assert decided is not None
    assert reopened is not None
    assert again is not None
    assert (decided.state.value, decided.counted) == ("STOPPED", 5)
    assert reopened == never
    assert again.state.value == "STOPPED"
    assert again.counted > reopened.counted


def test_a_watch_listed_party_has_no_limit() -> None:
    history = [
        event(1, 0, "pass_checks", S.PROVINCIAL_REVIEW, verdict="RESTRICTED"),
        event(2, 1, "accept", S.ACCEPTED, accepted_as_of=at(1).isoformat()),
    ]
    reading = read_clock(history, REVIEW, at(2), CALENDAR).reading
    assert reading is not None
    assert reading.limit is None


def test_clocks_of_two_machines_may_differ_a_little() -> None:
    history = [
        event(1, 0, "accept", S.ACCEPTED, accepted_as_of=at(0).isoformat()),
        event(2, 1, "start_exclusion", S.ACCEPTED, exclusion_id="e", reason="IDENTIFICATION"),
        event(3, 0.999, "end_exclusion", S.ACCEPTED, exclusion_id="e"),
    ]
    clock = read_clock(history, REVIEW, at(2), CALENDAR)
    assert clock.reading is not None
    assert clock.reading.excluded == 0
    assert all(time.seconds >= 0 for time in clock.holder_times)


def test_days_beyond_the_calendar_are_not_counted_and_said() -> None:
    start = datetime(2026, 12, 30, tzinfo=UTC)
    history = [LedgerEvent(1, uuid.uuid4(), start, "x", "r", "pass_checks", {"state": "PROVINCIAL_REVIEW"})]
    held = read_clock(history, REVIEW, start + timedelta(days=30), CALENDAR).holder_times
    assert (held[0].working_days, held[0].unpublished_year) == (1, 2027)


def test_somebody_holds_every_open_case() -> None:
    idle = {state for state in S if holder_of(state) is None}
    assert idle == {S.DRAFT, S.GATE_REFUSED, S.NOT_ACCEPTED, S.REFUSED, S.LICENSED, S.WITHDRAWN, S.LAPSED}
