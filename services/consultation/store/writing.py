"""Queries that write. The caller holds the lock of the application's consultation."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects import postgresql

from services.consultation.domain.conditions import Amended
from services.consultation.domain.opinion import DraftOpinion
from services.consultation.domain.records import Condition, NewTask, Task
from services.consultation.domain.vocabulary import Consolidation, RoundState, TaskState
from services.consultation.store.tables import (
    condition,
    condition_change,
    consultation,
    consultation_round,
    factor_assessment,
    opinion,
    task,
)


def create_consultation(connection: Connection, application_id: UUID, now: datetime) -> None:
    """Makes sure that the row to lock is there."""
    connection.execute(
        postgresql.insert(consultation)
        .values(application_id=application_id, first_opened_at=now)
        .on_conflict_do_nothing()
    )


def lock_consultation(connection: Connection, application_id: UUID) -> None:
    """Waits until no other transaction changes the consultation on this application."""
    connection.execute(
        select(consultation.c.application_id)
        .where(consultation.c.application_id == application_id)
        .with_for_update()
    )


def add_round(
    connection: Connection, application_id: UUID, round_number: int, tasks: Sequence[NewTask], now: datetime
) -> UUID:
    """Adds an open round with its open tasks; returns its id."""
    round_id: UUID = connection.execute(
        insert(consultation_round)
        .values(
            application_id=application_id,
            round_number=round_number,
            state=RoundState.OPEN,
            opened_at=now,
        )
        .returning(consultation_round.c.round_id)
    ).scalar_one()
    if tasks:
        connection.execute(
            insert(task),
            [
                {
                    "round_id": round_id,
                    "application_id": application_id,
                    "position": position,
                    "agency": new.agency,
                    "mandatory": new.mandatory,
                    "reason": new.reason,
                    "state": TaskState.OPEN,
                    "due_at": new.due_at,
                }
                for position, new in enumerate(tasks, start=1)
            ],
        )
    return round_id


def add_opinion(
    connection: Connection, of: Task, draft: DraftOpinion, state: TaskState, given_by: str, now: datetime
) -> None:
    """Adds an opinion, which now stands; conditions of the one before are lifted for its reasons."""
    number = of.given.number + 1 if of.given else 1
    for earlier in of.conditions:
        if not earlier.lifted:
            change_condition(
                connection, earlier, Amended(earlier.text, lifted=True), draft.reasons, given_by, now
            )
    connection.execute(
        insert(opinion).values(
            task_id=of.task_id,
            opinion_number=number,
            opinion=draft.opinion,
            reasons=draft.reasons,
            given_by=given_by,
            given_at=now,
        )
    )
    key = {"task_id": of.task_id, "opinion_number": number}
    if draft.factors:
        connection.execute(
            insert(factor_assessment),
            [
                key | {"factor": each.factor, "rating": each.rating, "comment": each.comment}
                for each in draft.factors
            ],
        )
    if draft.conditions:
        connection.execute(
            insert(condition),
            [
                key | {"position": position, "agency": of.agency, "text_zh": text.zh, "text_en": text.en}
                for position, text in enumerate(draft.conditions, start=1)
            ],
        )
    connection.execute(
        update(task)
        .where(task.c.task_id == of.task_id)
        .values(state=state, opinion_number=number, version=task.c.version + 1)
    )


def change_condition(
    connection: Connection, of: Condition, amended: Amended, reason: str, changed_by: str, now: datetime
) -> None:
    """Changes a condition and keeps who changed it, why, and to what; its task's version moves on too."""
    values = {
        "text_zh": amended.text.zh,
        "text_en": amended.text.en,
        "lifted": amended.lifted,
        "version": of.version + 1,
    }
    connection.execute(update(condition).where(condition.c.condition_id == of.condition_id).values(**values))
    connection.execute(
        insert(condition_change).values(
            condition_id=of.condition_id, reason=reason, changed_by=changed_by, changed_at=now, **values
        )
    )
    connection.execute(update(task).where(task.c.task_id == of.task_id).values(version=task.c.version + 1))


def waive_task(
    connection: Connection, task_id: UUID, state: TaskState, waived_by: str, reason: str, now: datetime
) -> None:
    """Records that the ministry does without an opinion."""
    connection.execute(
        update(task)
        .where(task.c.task_id == task_id)
        .values(
            state=state,
            waived_by=waived_by,
            waiver_reason=reason,
            waived_at=now,
            version=task.c.version + 1,
        )
    )


def set_task_state(connection: Connection, task_id: UUID, state: TaskState) -> None:
    """Moves a task by the procedure. The version stays: nothing that a reviewer judges has changed."""
    connection.execute(update(task).where(task.c.task_id == task_id).values(state=state))


def count_reminder(connection: Connection, task_id: UUID) -> None:
    """Counts a reminder that was sent."""
    connection.execute(
        update(task).where(task.c.task_id == task_id).values(reminders_sent=task.c.reminders_sent + 1)
    )


def close_round(
    connection: Connection, round_id: UUID, result: Consolidation | None, reason: str, now: datetime
) -> None:
    """Closes a round with its result, or without one, and why."""
    connection.execute(
        update(consultation_round)
        .where(consultation_round.c.round_id == round_id)
        .values(
            state=RoundState.CLOSED,
            consolidation=result,
            consolidation_reason=reason,
            closed_at=now,
        )
    )
