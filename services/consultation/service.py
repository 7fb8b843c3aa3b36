"""The use cases of consultation, each within one transaction.

Every writer first locks the application's consultation, so that of two acts at the same time, an opinion and
the passing of its due time for instance, the one that commits first wins and the other sees it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.consultation.domain.agencies import AgencyDirectory
from services.consultation.domain.conditions import Amendment, amend, check_owner
from services.consultation.domain.consolidation import APPLICATION_WITHDRAWN, Consolidated, consolidate
from services.consultation.domain.opinion import DraftOpinion, check_opinion
from services.consultation.domain.records import Condition, NewTask, Round, Task
from services.consultation.domain.task_state import Action, attempt, next_state
from services.consultation.domain.vocabulary import RoundState, TaskState
from services.consultation.store import reading, writing
from services.consultation.store.reading import TaskPlace
from services.foundation.database import UnitOfWork
from services.foundation.errors import (
    XukeError,
    failed_precondition,
    invalid_field,
    not_found,
    permission_denied,
    stale_etag,
)
from services.foundation.ledger import Kick, LedgerEvent, Subject
from services.foundation.principal import Role


@dataclass(frozen=True)
class TaskPage:
    """Some tasks, and the place after them if there are more."""

    tasks: list[Task]
    next_place: TaskPlace | None


def open_round(
    work: UnitOfWork,
    agencies: AgencyDirectory,
    application_id: UUID,
    round_number: int,
    tasks: Sequence[NewTask],
) -> Round:
    """Opens a round, or returns the one that this application has under this number.

    A round without agencies has nothing to wait for and closes at once. Errors: INVALID_ARGUMENT for an
    unknown agency or one that is asked twice.
    """
    agencies.check_tasks(tasks)
    writing.create_consultation(work.connection, application_id, work.call.now)
    writing.lock_consultation(work.connection, application_id)
    existing = reading.find_round_by_number(work.connection, application_id, round_number)
    if existing is not None:
        return existing
    round_id = writing.add_round(work.connection, application_id, round_number, tasks, work.call.now)
    _record(
        work,
        application_id,
        "ROUND_OPENED",
        RoundState.OPEN,
        round_id=str(round_id),
        round_number=str(round_number),
        agencies=" ".join(task.agency for task in tasks),
        mandatory_agencies=" ".join(task.agency for task in tasks if task.mandatory),
    )
    if not tasks:
        _close(work, get_round(work, round_id), consolidate(()))
    return get_round(work, round_id)


def get_round(work: UnitOfWork, round_id: UUID) -> Round:
    """A round with the tasks that the caller may see. Errors: NOT_FOUND."""
    found = reading.find_round(work.connection, round_id)
    if found is None:
        raise not_found("round", str(round_id))
    return found


def list_rounds(work: UnitOfWork, application_id: UUID) -> list[Round]:
    """The rounds of an application; empty where none was opened or the caller may see none."""
    return reading.rounds_of(work.connection, application_id)


def get_task(work: UnitOfWork, task_id: UUID) -> Task:
    """A task that the caller may see. Errors: NOT_FOUND."""
    found = reading.find_task(work.connection, task_id)
    if found is None:
        raise not_found("task", str(task_id))
    return found


def list_tasks(
    work: UnitOfWork,
    agencies: AgencyDirectory,
    agency: str,
    states: Sequence[TaskState],
    after: TaskPlace | None,
    size: int,
) -> TaskPage:
    """A page of the tasks that the caller may see, the first due first.

    Errors: PERMISSION_DENIED for a reviewer who asks for another agency; INVALID_ARGUMENT for an unknown one.
    """
    caller = work.call.principal
    if agency and agency not in agencies:
        raise invalid_field("agency", "UNKNOWN_AGENCY", value=agency, known=" ".join(agencies.codes()))
    if agency and caller.role is Role.AGENCY_REVIEWER and agency != caller.agency:
        raise permission_denied("OTHER_AGENCY_NOT_VISIBLE", agency=caller.agency)
    tasks = reading.tasks_page(work.connection, agency, states, after, size + 1)
    more = len(tasks) > size
    last = tasks[size - 1] if more else None
    return TaskPage(tasks[:size], TaskPlace(last.due_at, last.task_id) if last else None)


def submit_opinion(work: UnitOfWork, task_id: UUID, etag: str, draft: DraftOpinion) -> Task:
    """Records the opinion of the caller's agency.

    A later opinion replaces the earlier, which stays on record; it must name the version it replaces. Errors:
    INVALID_ARGUMENT for an incomplete opinion; FAILED_PRECONDITION where the task takes none; ABORTED for a
    stale etag.
    """
    check_opinion(draft)
    task = _locked_task(work, task_id)
    state = next_state(task, Action.ANSWER, work.call.principal, work.call.now)
    if task.given is not None and not etag:
        raise invalid_field("etag", "ETAG_MISSING")
    if etag and etag != str(task.version):
        raise stale_etag("task", str(task_id))
    caller = work.call.principal.subject
    writing.add_opinion(work.connection, task, draft, state, caller, work.call.now)
    _record_task(
        work,
        task,
        "OPINION_SUBMITTED" if task.given is None else "OPINION_REPLACED",
        state,
        opinion=draft.opinion.value,
    )
    return get_task(work, task_id)


def amend_condition(work: UnitOfWork, condition_id: UUID, etag: str, amendment: Amendment) -> Condition:
    """Changes or lifts a condition of the caller's agency.

    Errors: PERMISSION_DENIED for a condition of another agency; ABORTED for a stale etag; see `amend`.
    """
    owner = reading.condition_owner(work.connection, condition_id)
    if owner is None:
        raise not_found("condition", str(condition_id))
    check_owner(owner, str(condition_id), work.call.principal)
    task = _locked_task(work, _condition(work, condition_id).task_id)
    condition = _condition(work, condition_id)
    amended = amend(condition, task.round_state, amendment)
    if etag != str(condition.version):
        raise stale_etag("condition", str(condition_id))
    writing.change_condition(
        work.connection, condition, amended, amendment.reason, work.call.principal.subject, work.call.now
    )
    action = "CONDITION_LIFTED" if amended.lifted else "CONDITION_AMENDED"
    _record_task(work, task, action, task.state, condition_id=str(condition_id))
    return _condition(work, condition_id)


def waive_task(work: UnitOfWork, task_id: UUID, etag: str, reason: str) -> Task:
    """Records why the ministry does without an opinion that is missing.

    Errors: FAILED_PRECONDITION where an opinion was given or the round is closed; ABORTED for a stale etag.
    """
    if not reason.strip():
        raise invalid_field("reason", "TEXT_BLANK")
    task = _locked_task(work, task_id)
    state = next_state(task, Action.WAIVE, work.call.principal, work.call.now)
    if etag != str(task.version):
        raise stale_etag("task", str(task_id))
    writing.waive_task(work.connection, task_id, state, work.call.principal.subject, reason, work.call.now)
    _record_task(work, task, "TASK_WAIVED", state)
    return get_task(work, task_id)


def expire_task(work: UnitOfWork, task_id: UUID) -> Task:
    """Marks a task overdue if it is open and its due time has passed; else nothing changes."""
    task = _locked_task(work, task_id)
    state = attempt(task, Action.EXPIRE, work.call.principal, work.call.now)
    if isinstance(state, XukeError):
        return task
    writing.set_task_state(work.connection, task_id, state)
    _record_task(work, task, "TASK_OVERDUE", state)
    return get_task(work, task_id)


def record_task_reminder(work: UnitOfWork, task_id: UUID) -> Task:
    """Counts a reminder to an agency that has not answered; for one that has, nothing changes."""
    task = _locked_task(work, task_id)
    if task.round_state is RoundState.CLOSED or task.state not in (TaskState.OPEN, TaskState.OVERDUE):
        return task
    writing.count_reminder(work.connection, task_id)
    _record_task(work, task, "TASK_REMINDED", task.state)
    return get_task(work, task_id)


def close_round(work: UnitOfWork, round_id: UUID) -> Round:
    """Closes a round by the truth table; a closed round is returned as it is.

    Errors: FAILED_PRECONDITION naming the agencies whose mandatory opinions are neither given nor waived.
    """
    writing.lock_consultation(work.connection, get_round(work, round_id).application_id)
    round_ = get_round(work, round_id)
    if round_.state is RoundState.CLOSED:
        return round_
    missing = [task.agency for task in round_.tasks if task.answer.is_missing]
    if missing:
        raise failed_precondition(
            "MANDATORY_OPINIONS_MISSING",
            id=str(round_id),
            state=round_.state.value,
            agencies=" ".join(missing),
            allowed="",
        )
    result = consolidate(task.answer for task in round_.tasks)
    _end_tasks(work, round_, Action.CLOSE)
    _close(work, round_, result)
    return get_round(work, round_id)


def abandon_round(work: UnitOfWork, round_id: UUID) -> Round:
    """Closes the round of an application that was withdrawn, without a result; a closed one stays as it is."""
    writing.lock_consultation(work.connection, get_round(work, round_id).application_id)
    round_ = get_round(work, round_id)
    if round_.state is RoundState.CLOSED:
        return round_
    _end_tasks(work, round_, Action.ABANDON)
    writing.close_round(work.connection, round_id, None, APPLICATION_WITHDRAWN, work.call.now)
    _record(
        work,
        round_.application_id,
        "ROUND_ABANDONED",
        RoundState.CLOSED,
        round_id=str(round_id),
        round_number=str(round_.round_number),
        consolidation_reason=APPLICATION_WITHDRAWN,
    )
    return get_round(work, round_id)


def _end_tasks(work: UnitOfWork, round_: Round, action: Action) -> None:
    for task in round_.tasks:
        state = next_state(task, action, work.call.principal, work.call.now)
        if state is not task.state:
            writing.set_task_state(work.connection, task.task_id, state)


def list_events(work: UnitOfWork, application_id: UUID, after: int) -> list[LedgerEvent]:
    """What happened in the consultation on an application after a sequence."""
    return work.events(_subject(application_id), after)


def _close(work: UnitOfWork, round_: Round, result: Consolidated) -> None:
    writing.close_round(work.connection, round_.round_id, result.result, result.reason, work.call.now)
    _record(
        work,
        round_.application_id,
        "ROUND_CLOSED",
        RoundState.CLOSED,
        round_id=str(round_.round_id),
        round_number=str(round_.round_number),
        consolidation=result.result.value,
        consolidation_reason=result.reason.value,
    )


def _locked_task(work: UnitOfWork, task_id: UUID) -> Task:
    """The task as it stands once nobody else can change it."""
    writing.lock_consultation(work.connection, get_task(work, task_id).application_id)
    return get_task(work, task_id)


def _condition(work: UnitOfWork, condition_id: UUID) -> Condition:
    found = reading.find_condition(work.connection, condition_id)
    if found is None:
        raise not_found("condition", str(condition_id))
    return found


def _subject(application_id: UUID) -> Subject:
    return Subject("consultation", str(application_id))


def _record_task(work: UnitOfWork, task: Task, action: str, state: TaskState, **references: str) -> None:
    _record(
        work,
        task.application_id,
        action,
        task.round_state,
        round_id=str(task.round_id),
        task_id=str(task.task_id),
        agency=task.agency,
        task_state=state.value,
        **references,
    )


def _record(
    work: UnitOfWork, application_id: UUID, action: str, state: RoundState, **references: str
) -> None:
    """Appends to the ledger; `state` is that of the round, which is that of the consultation."""
    kick = Kick("ApplicationWorkflow", f"application/{application_id}", "consultation")
    work.record(_subject(application_id), action, {"state": state.value, **references}, kick)
