"""Queries that read: rounds and tasks with everything that belongs to them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select, tuple_

from services.consultation.domain.records import (
    Condition,
    ConditionText,
    FactorAssessment,
    GivenOpinion,
    Round,
    Task,
    Waiver,
)
from services.consultation.domain.vocabulary import (
    Consolidation,
    FactorRating,
    Opinion,
    ReviewFactor,
    RoundState,
    TaskState,
)
from services.consultation.store.tables import (
    condition,
    consultation_round,
    factor_assessment,
    opinion,
    task,
)


@dataclass(frozen=True)
class TaskPlace:
    """A place in the list of tasks: by due time, those without one last, then by id."""

    due_at: datetime | None
    task_id: UUID


def find_task(connection: Connection, task_id: UUID) -> Task | None:
    """One task, if the caller may see it."""
    return next(iter(_tasks(connection, _tasks_and_rounds().where(task.c.task_id == task_id))), None)


def find_round(connection: Connection, round_id: UUID) -> Round | None:
    """One round with the tasks that the caller may see."""
    return next(iter(_rounds(connection, consultation_round.c.round_id == round_id)), None)


def find_round_by_number(connection: Connection, application_id: UUID, round_number: int) -> Round | None:
    """The round of an application with that number."""
    rounds = _rounds(
        connection,
        and_(
            consultation_round.c.application_id == application_id,
            consultation_round.c.round_number == round_number,
        ),
    )
    return next(iter(rounds), None)


def rounds_of(connection: Connection, application_id: UUID) -> list[Round]:
    """All rounds of an application by number, with the tasks that the caller may see."""
    return _rounds(connection, consultation_round.c.application_id == application_id)


def tasks_page(
    connection: Connection, agency: str, states: Sequence[TaskState], after: TaskPlace | None, limit: int
) -> list[Task]:
    """At most `limit` tasks after a place; of one agency and in some states where given."""
    query = _tasks_and_rounds().order_by(task.c.due_at.asc().nulls_last(), task.c.task_id).limit(limit)
    if agency:
        query = query.where(task.c.agency == agency)
    if states:
        query = query.where(task.c.state.in_(states))
    if after is not None:
        query = query.where(_later(after))
    return _tasks(connection, query)


def condition_owner(connection: Connection, condition_id: UUID) -> str | None:
    """The agency that set a condition, whoever asks; None if there is no such condition."""
    return connection.execute(select(func.condition_agency(condition_id))).scalar_one()  # type: ignore[no-any-return]


def find_condition(connection: Connection, condition_id: UUID) -> Condition | None:
    """One condition, if the caller may see it."""
    row = connection.execute(select(condition).where(condition.c.condition_id == condition_id)).first()
    return None if row is None else _condition(row)


def _later(place: TaskPlace) -> ColumnElement[bool]:
    if place.due_at is None:
        return and_(task.c.due_at.is_(None), task.c.task_id > place.task_id)
    return or_(
        task.c.due_at > place.due_at,
        and_(task.c.due_at == place.due_at, task.c.task_id > place.task_id),
        task.c.due_at.is_(None),
    )


def _tasks_and_rounds() -> Select[Any]:
    return select(task, consultation_round.c.state.label("round_state")).join(
        consultation_round, consultation_round.c.round_id == task.c.round_id
    )


def _rounds(connection: Connection, which: ColumnElement[bool]) -> list[Round]:
    rows = connection.execute(
        select(consultation_round).where(which).order_by(consultation_round.c.round_number)
    ).all()
    if not rows:
        return []
    tasks: dict[UUID, list[Task]] = defaultdict(list)
    query = _tasks_and_rounds().where(task.c.round_id.in_([row.round_id for row in rows]))
    for each in _tasks(connection, query.order_by(task.c.position)):
        tasks[each.round_id].append(each)
    return [
        Round(
            round_id=row.round_id,
            application_id=row.application_id,
            round_number=row.round_number,
            state=RoundState(row.state),
            tasks=tuple(tasks[row.round_id]),
            consolidation=Consolidation(row.consolidation) if row.consolidation else None,
            consolidation_reason=row.consolidation_reason,
            opened_at=row.opened_at.astimezone(UTC),
            closed_at=_utc(row.closed_at),
        )
        for row in rows
    ]


def _tasks(connection: Connection, query: Select[Any]) -> list[Task]:
    rows = connection.execute(query).all()
    standing = [(row.task_id, row.opinion_number) for row in rows if row.opinion_number]
    opinions = _opinions(connection, standing) if standing else {}
    conditions = _conditions(connection, [task_id for task_id, _ in standing]) if standing else {}
    return [
        Task(
            task_id=row.task_id,
            round_id=row.round_id,
            round_state=RoundState(row.round_state),
            application_id=row.application_id,
            agency=row.agency,
            mandatory=row.mandatory,
            reason=row.reason,
            state=TaskState(row.state),
            due_at=_utc(row.due_at),
            given=opinions.get(row.task_id),
            conditions=tuple(conditions.get(row.task_id, ())),
            waiver=None
            if row.waived_at is None
            else Waiver(row.waived_by, row.waiver_reason, row.waived_at.astimezone(UTC)),
            reminders_sent=row.reminders_sent,
            version=row.version,
        )
        for row in rows
    ]


def _opinions(connection: Connection, standing: Iterable[tuple[UUID, int]]) -> Mapping[UUID, GivenOpinion]:
    keys = list(standing)
    assessments: dict[UUID, dict[ReviewFactor, FactorAssessment]] = defaultdict(dict)
    for row in connection.execute(
        select(factor_assessment).where(
            tuple_(factor_assessment.c.task_id, factor_assessment.c.opinion_number).in_(keys)
        )
    ):
        factor = ReviewFactor(row.factor)
        assessments[row.task_id][factor] = FactorAssessment(factor, FactorRating(row.rating), row.comment)
    rows = connection.execute(
        select(opinion).where(tuple_(opinion.c.task_id, opinion.c.opinion_number).in_(keys))
    )
    return {
        row.task_id: GivenOpinion(
            number=row.opinion_number,
            opinion=Opinion(row.opinion),
            reasons=row.reasons,
            # In the order of the law, whatever order they came in.
            factors=tuple(
                assessments[row.task_id][factor]
                for factor in ReviewFactor
                if factor in assessments[row.task_id]
            ),
            given_by=row.given_by,
            given_at=row.given_at.astimezone(UTC),
        )
        for row in rows
    }


def _conditions(connection: Connection, task_ids: Sequence[UUID]) -> Mapping[UUID, list[Condition]]:
    found: dict[UUID, list[Condition]] = defaultdict(list)
    query = select(condition).where(condition.c.task_id.in_(task_ids))
    for row in connection.execute(query.order_by(condition.c.opinion_number, condition.c.position)):
        found[row.task_id].append(_condition(row))
    return found


def _condition(row: Row[Any]) -> Condition:
    return Condition(
        condition_id=row.condition_id,
        task_id=row.task_id,
        agency=row.agency,
        text=ConditionText(row.text_zh, row.text_en),
        lifted=row.lifted,
        version=row.version,
    )


def _utc(instant: datetime | None) -> datetime | None:
    return None if instant is None else instant.astimezone(UTC)
