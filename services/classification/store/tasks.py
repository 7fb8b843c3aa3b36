"""Queries over the tasks that changes of lists bring about, and over the alarms of temporary controls."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_nothing

from services.classification.domain.outcomes import Outcome
from services.classification.domain.stored import Conclusion, OutcomeChange, ReclassificationTask
from services.classification.domain.temporary_control import TemporaryControl
from services.classification.store.item_tables import reclassification_task
from services.classification.store.proposal_tables import temporary_control_alarm


def add_task(
    connection: Connection, change: OutcomeChange, list_versions: tuple[str, ...], now: datetime
) -> UUID:
    """Raises a task: an item whose outcome a list has changed."""
    task_id: UUID = connection.execute(
        insert(reclassification_task)
        .values(
            row_version=1,
            subject=change.subject,
            item_name_zh=change.name_zh,
            item_name_en=change.name_en,
            outcome_before=change.before.outcome.name,
            outcome_after=change.after.outcome.name,
            codes_before=list(change.before.codes),
            codes_after=list(change.after.codes),
            list_versions=list(list_versions),
            raised_at=now,
            settled_by="",
            settlement="",
        )
        .returning(reclassification_task.c.task_id)
    ).scalar_one()
    return task_id


def find_task(connection: Connection, task_id: UUID, *, lock: bool = False) -> ReclassificationTask | None:
    """A task, if the caller may see it; with `lock` nobody else settles it until the transaction ends."""
    query = select(reclassification_task).where(reclassification_task.c.task_id == task_id)
    row = connection.execute(query.with_for_update() if lock else query).first()
    return None if row is None else _task(row)


def list_tasks(
    connection: Connection, settled: bool, before: UUID | None, size: int
) -> list[ReclassificationTask]:
    """Tasks that are settled, or that are not, newest first, after the one with the id `before`."""
    columns = reclassification_task.c
    query = (
        select(reclassification_task)
        .where(columns.settled_at.is_not(None) if settled else columns.settled_at.is_(None))
        .order_by(columns.task_id.desc())
        .limit(size)
    )
    if before is not None:
        query = query.where(columns.task_id < before)
    return [_task(row) for row in connection.execute(query)]


def settle_task(
    connection: Connection, task: ReclassificationTask, settled_by: str, now: datetime, settlement: str
) -> ReclassificationTask:
    """Settles a task that the caller has locked."""
    row = connection.execute(
        update(reclassification_task)
        .where(reclassification_task.c.task_id == task.task_id)
        .values(
            row_version=task.row_version + 1, settled_by=settled_by, settled_at=now, settlement=settlement
        )
        .returning(reclassification_task)
    ).one()
    return _task(row)


def add_alarm(connection: Connection, regime: str, control: TemporaryControl, now: datetime) -> bool:
    """Notes that a temporary control was told of; False where it was told of in that state before."""
    return (
        connection.execute(
            insert_or_nothing(temporary_control_alarm)
            .values(
                regime=regime,
                identifier=control.entry.identifier,
                term_ends=control.until,
                alarm=control.state.value,
                raised_at=now,
            )
            .on_conflict_do_nothing()
            .returning(temporary_control_alarm.c.identifier)
        ).first()
        is not None
    )


def alarms(connection: Connection, regime: str) -> list[tuple[str, date, str]]:
    """What was told of the temporary controls of a regime: entry, last day of the term, and which alarm."""
    columns = temporary_control_alarm.c
    rows = connection.execute(
        select(temporary_control_alarm)
        .where(columns.regime == regime)
        .order_by(columns.raised_at, columns.identifier)
    )
    return [(row.identifier, row.term_ends, row.alarm) for row in rows]


def _task(row: Row[Any]) -> ReclassificationTask:
    return ReclassificationTask(
        task_id=row.task_id,
        row_version=row.row_version,
        change=OutcomeChange(
            row.subject,
            row.item_name_zh,
            row.item_name_en,
            Conclusion(Outcome[row.outcome_before], tuple(row.codes_before)),
            Conclusion(Outcome[row.outcome_after], tuple(row.codes_after)),
        ),
        list_versions=tuple(row.list_versions),
        raised_at=row.raised_at.astimezone(UTC),
        settled_by=row.settled_by,
        settled_at=row.settled_at.astimezone(UTC) if row.settled_at else None,
        settlement=row.settlement,
    )
