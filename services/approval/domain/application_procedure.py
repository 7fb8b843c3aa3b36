"""What the procedure of an application does next.

The instants are those of the record (licensing computes them from the calendar); a timer decides nothing: a
step that depends on time is a conditional change in the database, and whoever commits first wins.
"""

from datetime import datetime, timedelta
from typing import assert_never

from services.approval.domain.decisions import Await, Conclude, Decision, Proceed, next_instant
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
    ApplicationStep,
    CloseConsultationRound,
    ExpireAgencyTask,
    ExpireDeadline,
    IssueLicence,
    OpenConsultationRound,
    RecordReminder,
    RemindAgency,
    RunAutomaticChecks,
)

# Even if every kick is lost, a case is looked at twice a day.
LONGEST_WAIT = timedelta(hours=12)
# When an agency is reminded before its task is due. Not a period of law: a courtesy, in elapsed time.
AGENCY_REMINDERS_BEFORE_DUE = (timedelta(hours=72), timedelta(hours=24))

TERMINAL = frozenset(
    {
        ApplicationState.GATE_REFUSED,
        ApplicationState.NOT_ACCEPTED,
        ApplicationState.REFUSED,
        ApplicationState.LICENSED,
        ApplicationState.WITHDRAWN,
        ApplicationState.LAPSED,
    }
)


def decide(position: ApplicationPosition, now: datetime) -> Decision:
    """The next steps of an application in this position at this instant (UTC)."""
    if position.state in TERMINAL:
        current = position.round
        if current is not None and current.state is RoundState.OPEN:
            return Proceed((AbandonConsultationRound(position.application_id, current.round_id),))
        return Conclude(position.state.value)
    steps = (*_steps_of_state(position, now), *_steps_of_deadlines(position, now))
    if steps:
        return Proceed(steps)
    return Await(next_instant(now, now + LONGEST_WAIT, _instants(position)))


def next_due_at(position: ApplicationPosition) -> datetime | None:
    """When the first open deadline of the authority falls due; None where none is known."""
    return min((deadline.due_at for deadline in _open(position) if deadline.due_at is not None), default=None)


def _steps_of_state(position: ApplicationPosition, now: datetime) -> tuple[ApplicationStep, ...]:
    match position.state:
        case ApplicationState.SUBMITTED:
            return (RunAutomaticChecks(position.application_id, position.submission_number),)
        case ApplicationState.IN_CONSULTATION:
            return _steps_of_consultation(position, now)
        case ApplicationState.APPROVED:
            # What frees it is recorded with the application, which wakes the workflow.
            return () if position.issue_held_because else (IssueLicence(position.application_id),)
        case (
            ApplicationState.DRAFT
            | ApplicationState.PROVINCIAL_REVIEW
            | ApplicationState.SUPPLEMENT_REQUESTED
            | ApplicationState.MINISTRY_INTAKE
            | ApplicationState.ACCEPTED
            | ApplicationState.READY_FOR_PROPOSAL
            | ApplicationState.PROPOSED
            | ApplicationState.GATE_REFUSED
            | ApplicationState.NOT_ACCEPTED
            | ApplicationState.REFUSED
            | ApplicationState.LICENSED
            | ApplicationState.WITHDRAWN
            | ApplicationState.LAPSED
        ):
            return ()
        case _:
            assert_never(position.state)


def _steps_of_consultation(position: ApplicationPosition, now: datetime) -> tuple[ApplicationStep, ...]:
    current = position.round
    if current is None or current.round_number < position.planned_round:
        return (OpenConsultationRound(position.application_id, position.planned_round),)
    if current.state is RoundState.CLOSED or may_close(current):
        return (CloseConsultationRound(position.application_id, current.round_id),)
    steps: list[ApplicationStep] = []
    for task in current.tasks:
        if task.state is not TaskState.OPEN:
            continue
        reminder = _next_reminder(current, task)
        if _passed(task.due_at, now):
            steps.append(ExpireAgencyTask(task.task_id))
        elif _passed(reminder, now):
            steps.append(RemindAgency(task.task_id, task.reminders_sent + 1))
    return tuple(steps)


def may_close(current: ConsultationRound) -> bool:
    """Whether nothing holds the round any more.

    Silence is never consent: a mandatory task holds the round until a competent agency has given its opinion
    or a director waives it, however late. A task that is not mandatory stops holding it once it is overdue.
    """
    return not any(_holds(task) for task in current.tasks)


def _holds(task: AgencyTask) -> bool:
    match task.state:
        case TaskState.ANSWERED:
            return task.mandatory and not task.competent
        case TaskState.WAIVED | TaskState.CLOSED_UNANSWERED:
            return False
        case TaskState.OVERDUE:
            return task.mandatory
        case TaskState.OPEN:
            return True
        case _:
            assert_never(task.state)


def _next_reminder(current: ConsultationRound, task: AgencyTask) -> datetime | None:
    """When the next reminder of a task is due; those before the round was opened are left out."""
    if task.due_at is None:
        return None
    due_at = task.due_at
    planned = [
        due_at - before for before in AGENCY_REMINDERS_BEFORE_DUE if due_at - before > current.opened_at
    ]
    return planned[task.reminders_sent] if task.reminders_sent < len(planned) else None


def _steps_of_deadlines(position: ApplicationPosition, now: datetime) -> tuple[ApplicationStep, ...]:
    steps: list[ApplicationStep] = []
    for deadline in _open(position):
        if _passed(deadline.due_at, now):
            steps.append(ExpireDeadline(position.application_id, deadline.deadline_id))
        elif _passed(_reminder_of(deadline), now):
            number = deadline.reminders_sent + 1
            steps.append(RecordReminder(position.application_id, deadline.deadline_id, number))
    return tuple(steps)


def _reminder_of(deadline: Deadline) -> datetime | None:
    sent = deadline.reminders_sent
    return deadline.reminders_at[sent] if sent < len(deadline.reminders_at) else None


def _open(position: ApplicationPosition) -> list[Deadline]:
    return [deadline for deadline in position.deadlines if deadline.state is DeadlineState.OPEN]


def _passed(instant: datetime | None, now: datetime) -> bool:
    return instant is not None and instant <= now


def _instants(position: ApplicationPosition) -> list[datetime | None]:
    instants = [position.recheck_at]
    for deadline in _open(position):
        instants += [deadline.due_at, _reminder_of(deadline)]
    if position.state is ApplicationState.IN_CONSULTATION and position.round is not None:
        for task in position.round.tasks:
            if task.state is TaskState.OPEN:
                instants += [task.due_at, _next_reminder(position.round, task)]
    return instants
