from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.approval.domain.application_procedure import (
    LONGEST_WAIT,
    TERMINAL,
    decide,
    may_close,
    next_due_at,
)
from services.approval.domain.decisions import Await, Conclude, Proceed
from services.approval.domain.position import (
    AgencyTask,
    ApplicationPosition,
    ApplicationState,
    ConsultationRound,
    Deadline,
    DeadlineState,
    RoundState,
    TaskState,
)
from services.approval.domain.steps import (
    AbandonConsultationRound,
    CloseConsultationRound,
    ExpireAgencyTask,
    ExpireDeadline,
    IssueLicence,
    OpenConsultationRound,
    RecordReminder,
    RemindAgency,
    RunAutomaticChecks,
)

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def position(state: ApplicationState, **changes: object) -> ApplicationPosition:
    return ApplicationPosition("a", state, 7, submission_number=1, **changes)  # type: ignore[arg-type]


def deadline(
    due_in: timedelta | None,
    reminders_in: tuple[timedelta, ...] = (),
    sent: int = 0,
    state: DeadlineState = DeadlineState.OPEN,
) -> Deadline:
    return Deadline(
        "d",
        "provincial_review",
        state,
        None if due_in is None else NOW + due_in,
        tuple(NOW + reminder for reminder in reminders_in),
        sent,
    )


def task(
    state: TaskState,
    mandatory: bool = True,
    due_in: timedelta | None = 10 * DAY,
    sent: int = 0,
    task_id: str = "t",
    competent: bool = True,
) -> AgencyTask:
    return AgencyTask(task_id, mandatory, state, None if due_in is None else NOW + due_in, sent, competent)


def consultation(
    *tasks: AgencyTask, state: RoundState = RoundState.OPEN, planned: int = 1, number: int = 1
) -> ApplicationPosition:
    current = ConsultationRound("r", number, state, NOW - 10 * DAY, tasks)
    return position(ApplicationState.IN_CONSULTATION, planned_round=planned, round=current)


@pytest.mark.parametrize("state", sorted(TERMINAL))
def test_a_concluded_application_ends_whatever_else_is_open(state: ApplicationState) -> None:
    assert decide(position(state, deadlines=(deadline(-DAY),)), NOW) == Conclude(state.value)


@pytest.mark.parametrize("state", sorted(TERMINAL))
@pytest.mark.parametrize(("round_state", "left"), [(RoundState.OPEN, True), (RoundState.CLOSED, False)])
def test_an_application_that_ended_leaves_no_round_open(
    state: ApplicationState, round_state: RoundState, left: bool
) -> None:
    tasks = (task(TaskState.OPEN, due_in=-HOUR), task(TaskState.ANSWERED))
    current = ConsultationRound("r", 1, round_state, NOW - DAY, tasks)
    abandoning = Proceed((AbandonConsultationRound("a", "r"),))
    assert decide(position(state, round=current), NOW) == (abandoning if left else Conclude(state.value))


@pytest.mark.parametrize(
    ("state", "step"),
    [
        (ApplicationState.SUBMITTED, RunAutomaticChecks("a", 1)),
        (ApplicationState.APPROVED, IssueLicence("a")),
    ],
)
def test_steps_that_a_state_demands(state: ApplicationState, step: object) -> None:
    assert decide(position(state), NOW) == Proceed((step,))  # type: ignore[arg-type]


WAITING = [
    ApplicationState.DRAFT,
    ApplicationState.PROVINCIAL_REVIEW,
    ApplicationState.SUPPLEMENT_REQUESTED,
    ApplicationState.MINISTRY_INTAKE,
    ApplicationState.ACCEPTED,
    ApplicationState.READY_FOR_PROPOSAL,
    ApplicationState.PROPOSED,
]


@pytest.mark.parametrize("state", WAITING)
@pytest.mark.parametrize(
    ("changes", "until"),
    [
        ({}, LONGEST_WAIT),
        ({"recheck_at": NOW + 3 * HOUR}, 3 * HOUR),
        ({"recheck_at": NOW - HOUR}, LONGEST_WAIT),
        ({"deadlines": (deadline(2 * HOUR),)}, 2 * HOUR),
        ({"deadlines": (deadline(20 * HOUR, (HOUR, 5 * HOUR)),)}, HOUR),
        ({"deadlines": (deadline(20 * HOUR, (-HOUR, 5 * HOUR), sent=1),)}, 5 * HOUR),
        ({"deadlines": (deadline(HOUR), deadline(2 * HOUR))}, HOUR),
        ({"deadlines": (deadline(None), deadline(30 * DAY))}, LONGEST_WAIT),
        ({"deadlines": (deadline(HOUR, state=DeadlineState.MET),)}, LONGEST_WAIT),
        ({"deadlines": (deadline(-HOUR, state=DeadlineState.EXPIRED),)}, LONGEST_WAIT),
    ],
)
def test_a_person_is_waited_for_until_the_next_instant_of_the_record(
    state: ApplicationState, changes: dict[str, object], until: timedelta
) -> None:
    assert decide(position(state, **changes), NOW) == Await(NOW + until)


@pytest.mark.parametrize(
    ("deadlines", "steps"),
    [
        ((deadline(-HOUR),), (ExpireDeadline("a", "d"),)),
        ((deadline(timedelta(0)),), (ExpireDeadline("a", "d"),)),
        ((deadline(HOUR, (-HOUR,)),), (RecordReminder("a", "d", 1),)),
        ((deadline(HOUR, (-2 * HOUR, -HOUR), sent=1),), (RecordReminder("a", "d", 2),)),
        ((deadline(-HOUR, (-2 * HOUR,)),), (ExpireDeadline("a", "d"),)),
    ],
)
def test_what_is_due_is_asked_of_the_record(
    deadlines: tuple[Deadline, ...], steps: tuple[object, ...]
) -> None:
    assert decide(position(ApplicationState.PROVINCIAL_REVIEW, deadlines=deadlines), NOW) == Proceed(steps)  # type: ignore[arg-type]


def test_a_round_is_opened_once_it_is_planned() -> None:
    planned = position(ApplicationState.IN_CONSULTATION, planned_round=1)
    assert decide(planned, NOW) == Proceed((OpenConsultationRound("a", 1),))
    second = consultation(task(TaskState.ANSWERED), state=RoundState.CLOSED, planned=2)
    assert decide(second, NOW) == Proceed((OpenConsultationRound("a", 2),))


@pytest.mark.parametrize(
    ("tasks", "closes"),
    [
        ((), True),
        ((task(TaskState.ANSWERED),), True),
        ((task(TaskState.WAIVED), task(TaskState.ANSWERED)), True),
        ((task(TaskState.OPEN),), False),
        ((task(TaskState.ANSWERED), task(TaskState.OPEN)), False),
        ((task(TaskState.ANSWERED, competent=False),), False),
        ((task(TaskState.ANSWERED, mandatory=False, competent=False),), True),
        ((task(TaskState.WAIVED, competent=False),), True),
        ((task(TaskState.OVERDUE),), False),
        ((task(TaskState.ANSWERED), task(TaskState.OVERDUE)), False),
        ((task(TaskState.ANSWERED), task(TaskState.OPEN, mandatory=False)), False),
        ((task(TaskState.ANSWERED), task(TaskState.OVERDUE, mandatory=False)), True),
        ((task(TaskState.OVERDUE, mandatory=False),), True),
        ((task(TaskState.CLOSED_UNANSWERED, mandatory=False),), True),
    ],
)
def test_silence_of_a_mandatory_agency_is_never_consent(tasks: tuple[AgencyTask, ...], closes: bool) -> None:
    at = consultation(*tasks)
    assert at.round is not None
    assert may_close(at.round) is closes
    closing = Proceed((CloseConsultationRound("a", "r"),))
    assert (decide(at, NOW) == closing) is closes


def test_a_round_that_closed_unrecorded_is_recorded() -> None:
    at = consultation(task(TaskState.OVERDUE), state=RoundState.CLOSED)
    assert decide(at, NOW) == Proceed((CloseConsultationRound("a", "r"),))


@pytest.mark.parametrize(
    ("tasks", "decision"),
    [
        ((task(TaskState.OPEN, due_in=-HOUR),), Proceed((ExpireAgencyTask("t"),))),
        ((task(TaskState.OPEN, due_in=71 * HOUR),), Proceed((RemindAgency("t", 1),))),
        ((task(TaskState.OPEN, due_in=23 * HOUR, sent=1),), Proceed((RemindAgency("t", 2),))),
        ((task(TaskState.OPEN, due_in=71 * HOUR, sent=1),), Await(NOW + LONGEST_WAIT)),
        ((task(TaskState.OPEN, due_in=5 * HOUR, sent=2),), Await(NOW + 5 * HOUR)),
        ((task(TaskState.OPEN, due_in=74 * HOUR),), Await(NOW + 2 * HOUR)),
        ((task(TaskState.OPEN, due_in=None),), Await(NOW + LONGEST_WAIT)),
        ((task(TaskState.OVERDUE, due_in=-HOUR),), Await(NOW + LONGEST_WAIT)),
        (
            (
                task(TaskState.OPEN, due_in=-HOUR, task_id="x"),
                task(TaskState.OPEN, due_in=-HOUR, mandatory=False, task_id="y"),
            ),
            Proceed((ExpireAgencyTask("x"), ExpireAgencyTask("y"))),
        ),
    ],
)
def test_agencies_are_reminded_and_then_overdue(tasks: tuple[AgencyTask, ...], decision: object) -> None:
    assert decide(consultation(*tasks), NOW) == decision


def test_a_task_is_not_reminded_of_instants_before_it_was_asked() -> None:
    asked = ConsultationRound("r", 1, RoundState.OPEN, NOW, (task(TaskState.OPEN, due_in=48 * HOUR),))
    at = position(ApplicationState.IN_CONSULTATION, planned_round=1, round=asked)
    assert decide(at, NOW) == Await(NOW + LONGEST_WAIT)
    assert decide(at, NOW + 24 * HOUR) == Proceed((RemindAgency("t", 1),))


def test_the_due_date_shown_is_the_first_that_is_open() -> None:
    deadlines = (deadline(2 * DAY), deadline(DAY, state=DeadlineState.MET), deadline(None))
    assert next_due_at(position(ApplicationState.ACCEPTED, deadlines=deadlines)) == NOW + 2 * DAY
    assert next_due_at(position(ApplicationState.ACCEPTED)) is None


hours = st.integers(-200, 200).map(lambda number: timedelta(hours=number))
tasks_of_any_kind = st.builds(
    task, st.sampled_from(TaskState), st.booleans(), st.none() | hours, st.integers(0, 3), st.just("t")
)
deadlines_of_any_kind = st.builds(
    deadline,
    st.none() | hours,
    st.lists(hours, max_size=3).map(lambda found: tuple(sorted(found))),
    st.integers(0, 3),
    st.sampled_from(DeadlineState),
)


@given(
    st.sampled_from(ApplicationState),
    st.lists(tasks_of_any_kind, max_size=4),
    st.lists(deadlines_of_any_kind, max_size=3),
    st.none() | hours,
    st.sampled_from(RoundState),
)
def test_every_position_leads_to_steps_or_to_an_instant_ahead_or_to_the_end(
    state: ApplicationState,
    tasks: list[AgencyTask],
    deadlines: list[Deadline],
    recheck_in: timedelta | None,
    round_state: RoundState,
) -> None:
    current = ConsultationRound("r", 1, round_state, NOW - 20 * DAY, tuple(tasks))
    decision = decide(
        position(
            state,
            deadlines=tuple(deadlines),
            planned_round=1,
            round=current,
            recheck_at=None if recheck_in is None else NOW + recheck_in,
        ),
        NOW,
    )
    match decision:
        case Conclude():
            assert state in TERMINAL
            assert current.state is RoundState.CLOSED
        case Proceed(steps):
            assert steps
        case Await(until):
            assert NOW < until <= NOW + LONGEST_WAIT
            # Nothing that the record demands by now is left lying.
            due = [one.due_at for one in deadlines if one.state is DeadlineState.OPEN and one.due_at]
            assert all(instant > NOW for instant in due)
