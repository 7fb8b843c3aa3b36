"""The life of a task: one table of every change of state that is possible, and nothing beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, assert_never

from services.consultation.domain.records import Task
from services.consultation.domain.vocabulary import Opinion, RoundState, TaskState
from services.foundation.errors import XukeError, failed_precondition, permission_denied
from services.foundation.principal import Principal, Role


class Action(StrEnum):
    """What can be done to a task."""

    ANSWER = "ANSWER"
    EXPIRE = "EXPIRE"
    WAIVE = "WAIVE"
    CLOSE = "CLOSE"
    ABANDON = "ABANDON"


class Guard(StrEnum):
    """A further demand that a change of state makes."""

    NONE = "NONE"
    OWN_AGENCY = "OWN_AGENCY"
    """The caller speaks for the agency that was asked."""
    DUE = "DUE"
    """The due time is known and has come."""
    NOT_COMPETENT = "NOT_COMPETENT"
    """The agency said that the matter is not its own."""
    NOTHING_MISSING = "NOTHING_MISSING"
    """The opinion is not mandatory, or a competent agency has given it."""


@dataclass(frozen=True)
class Transition:
    """One row of the table: in `source`, `role` may take `action` if `guard` holds, which leads to `target`."""

    source: TaskState
    action: Action
    role: Role
    guard: Guard
    target: TaskState


_OPEN, _OVERDUE, _ANSWERED = TaskState.OPEN, TaskState.OVERDUE, TaskState.ANSWERED
_WAIVED, _UNANSWERED = TaskState.WAIVED, TaskState.CLOSED_UNANSWERED

TRANSITIONS: Final[tuple[Transition, ...]] = (
    Transition(_OPEN, Action.ANSWER, Role.AGENCY_REVIEWER, Guard.OWN_AGENCY, _ANSWERED),
    # A late opinion is still an opinion.
    Transition(_OVERDUE, Action.ANSWER, Role.AGENCY_REVIEWER, Guard.OWN_AGENCY, _ANSWERED),
    # An agency may think again while the round is open; the earlier opinion stays on record.
    Transition(_ANSWERED, Action.ANSWER, Role.AGENCY_REVIEWER, Guard.OWN_AGENCY, _ANSWERED),
    Transition(_OPEN, Action.EXPIRE, Role.PROCEDURE, Guard.DUE, _OVERDUE),
    Transition(_OPEN, Action.WAIVE, Role.MINISTRY_DIRECTOR, Guard.NONE, _WAIVED),
    Transition(_OVERDUE, Action.WAIVE, Role.MINISTRY_DIRECTOR, Guard.NONE, _WAIVED),
    # Only the absence of an opinion can be waived, never an opinion that was given.
    Transition(_ANSWERED, Action.WAIVE, Role.MINISTRY_DIRECTOR, Guard.NOT_COMPETENT, _WAIVED),
    Transition(_OPEN, Action.CLOSE, Role.PROCEDURE, Guard.NOTHING_MISSING, _UNANSWERED),
    Transition(_OVERDUE, Action.CLOSE, Role.PROCEDURE, Guard.NOTHING_MISSING, _UNANSWERED),
    Transition(_ANSWERED, Action.CLOSE, Role.PROCEDURE, Guard.NOTHING_MISSING, _ANSWERED),
    Transition(_WAIVED, Action.CLOSE, Role.PROCEDURE, Guard.NONE, _WAIVED),
    # Of an application that was withdrawn nobody is asked anything any more; what was said stays on record.
    Transition(_OPEN, Action.ABANDON, Role.PROCEDURE, Guard.NONE, _UNANSWERED),
    Transition(_OVERDUE, Action.ABANDON, Role.PROCEDURE, Guard.NONE, _UNANSWERED),
    Transition(_ANSWERED, Action.ABANDON, Role.PROCEDURE, Guard.NONE, _ANSWERED),
    Transition(_WAIVED, Action.ABANDON, Role.PROCEDURE, Guard.NONE, _WAIVED),
)


def next_state(task: Task, action: Action, actor: Principal, now: datetime) -> TaskState:
    """The state that `action` leads to.

    Errors: PERMISSION_DENIED for a caller who may never do this, or speaks for another agency;
    FAILED_PRECONDITION naming the actual state and the actions that are possible in it.
    """
    result = attempt(task, action, actor, now)
    if isinstance(result, XukeError):
        raise result
    return result


def attempt(task: Task, action: Action, actor: Principal, now: datetime) -> TaskState | XukeError:
    """As `next_state`, with the refusal as a value."""
    if all(row.role is not actor.role for row in TRANSITIONS if row.action is action):
        return permission_denied("ROLE_NOT_ALLOWED", role=actor.role.value, method=action.value)
    if task.round_state is RoundState.CLOSED:
        return failed_precondition("ROUND_CLOSED", id=str(task.round_id), state=RoundState.CLOSED, allowed="")
    rows = [row for row in _rows_from(task.state) if row.action is action]
    if not rows:
        return failed_precondition(
            "TASK_STATE_FORBIDS_ACTION",
            id=str(task.task_id),
            action=action.value,
            state=task.state.value,
            allowed=" ".join(dict.fromkeys(row.action.value for row in _rows_from(task.state))),
        )
    refusals = [_refusal(row.guard, task, actor, now) for row in rows]
    for row, refusal in zip(rows, refusals, strict=True):
        if refusal is None:
            return row.target
    return next(refusal for refusal in refusals if refusal is not None)


def _rows_from(state: TaskState) -> Sequence[Transition]:
    return [row for row in TRANSITIONS if row.source is state]


def _refusal(guard: Guard, task: Task, actor: Principal, now: datetime) -> XukeError | None:
    """Why a guard does not hold, or None if it does."""
    state = {"id": str(task.task_id), "state": task.state.value}
    match guard:
        case Guard.NONE:
            return None
        case Guard.OWN_AGENCY:
            if actor.agency and actor.agency == task.agency:
                return None
            return permission_denied("TASK_OF_ANOTHER_AGENCY", agency=task.agency)
        case Guard.DUE:
            if task.due_at is not None and task.due_at <= now:
                return None
            due = task.due_at.isoformat() if task.due_at else ""
            return failed_precondition("TASK_NOT_DUE", **state, due_at=due, allowed="")
        case Guard.NOT_COMPETENT:
            if task.opinion is Opinion.NOT_COMPETENT:
                return None
            return failed_precondition("OPINION_CANNOT_BE_WAIVED", **state, agency=task.agency, allowed="")
        case Guard.NOTHING_MISSING:
            if not task.answer.is_missing:
                return None
            return failed_precondition(
                "MANDATORY_OPINIONS_MISSING", **state, agencies=task.agency, allowed=""
            )
        case _:
            assert_never(guard)


def transitions_as_markdown() -> str:
    """The table for readers."""
    lines = ["| in | action | by | if | leads to |", "|---|---|---|---|---|"]
    lines += [
        f"| {row.source} | {row.action} | {row.role} | {'' if row.guard is Guard.NONE else row.guard} "
        f"| {row.target} |"
        for row in TRANSITIONS
    ]
    return "\n".join(lines)
