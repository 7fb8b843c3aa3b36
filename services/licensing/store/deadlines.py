"""Queries on deadlines and escalations."""

import uuid
from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, insert, or_, select, tuple_, update
from sqlalchemy.dialects import postgresql

from services.foundation.principal import Principal, Role
from services.licensing.domain.application_state import ApplicationState
from services.licensing.domain.case_parts import Deadline, Escalation
from services.licensing.domain.deadlines import DeadlineState, Times
from services.licensing.domain.procedure import Matter
from services.licensing.store.application_tables import application, consultation_round, deadline, escalation


def open_deadline(
    connection: Connection, application_id: uuid.UUID, kind: str, started_at: datetime, times: Times
) -> None:
    """Opens a deadline; at most one of a kind is open per case."""
    connection.execute(
        insert(deadline).values(
            deadline_id=uuid.uuid4(),
            application_id=application_id,
            kind=kind,
            state=DeadlineState.OPEN,
            started_at=started_at,
            due_at=times.due_at,
            reminders_at=list(times.reminders_at),
            reminders_sent=0,
        )
    )


def meet(connection: Connection, application_id: uuid.UUID, kinds: Collection[str], now: datetime) -> None:
    """Closes the open deadlines of these kinds as met."""
    connection.execute(
        update(deadline)
        .where(
            deadline.c.application_id == application_id,
            deadline.c.kind.in_(kinds),
            deadline.c.state == DeadlineState.OPEN,
        )
        .values(state=DeadlineState.MET, closed_at=now)
    )


def set_times(connection: Connection, deadline_id: uuid.UUID, times: Times) -> None:
    """Stores newly computed instants of an open deadline."""
    connection.execute(
        update(deadline)
        .where(deadline.c.deadline_id == deadline_id, deadline.c.state == DeadlineState.OPEN)
        .values(due_at=times.due_at, reminders_at=list(times.reminders_at))
    )


def remind(
    connection: Connection, application_id: uuid.UUID, deadline_id: uuid.UUID, reminder_number: int
) -> bool:
    """Counts a reminder; false if it was counted before, or the deadline is not open."""
    return (
        connection.execute(
            update(deadline)
            .where(
                deadline.c.application_id == application_id,
                deadline.c.deadline_id == deadline_id,
                deadline.c.state == DeadlineState.OPEN,
                deadline.c.reminders_sent < reminder_number,
            )
            .values(reminders_sent=reminder_number)
        ).rowcount
        == 1
    )


def expire(connection: Connection, application_id: uuid.UUID, deadline_id: uuid.UUID, now: datetime) -> bool:
    """Lets a deadline pass if it is open and its time is over; false if somebody was faster, or it is not."""
    return (
        connection.execute(
            update(deadline)
            .where(
                deadline.c.application_id == application_id,
                deadline.c.deadline_id == deadline_id,
                deadline.c.state == DeadlineState.OPEN,
                deadline.c.due_at <= now,
            )
            .values(state=DeadlineState.EXPIRED, closed_at=now)
        ).rowcount
        == 1
    )


def of_application(connection: Connection, application_id: uuid.UUID) -> list[Deadline]:
    """Deadlines of a case in the order they began."""
    return of_applications(connection, [application_id]).get(application_id, [])


def of_applications(
    connection: Connection, application_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, list[Deadline]]:
    """The same of several cases, by their ids; one that has none is left out."""
    rows = connection.execute(
        select(deadline)
        .where(deadline.c.application_id.in_(application_ids))
        .order_by(deadline.c.started_at, deadline.c.kind)
    )
    found: dict[uuid.UUID, list[Deadline]] = {}
    for row in rows:
        found.setdefault(row.application_id, []).append(
            Deadline(
                row.deadline_id,
                row.kind,
                DeadlineState(row.state),
                row.started_at.astimezone(UTC),
                row.due_at.astimezone(UTC) if row.due_at else None,
                tuple(instant.astimezone(UTC) for instant in row.reminders_at),
                row.reminders_sent,
            )
        )
    return found


def escalate(
    connection: Connection,
    application_id: uuid.UUID,
    deadline_id: uuid.UUID,
    deadline_kind: str,
    queue: str,
    now: datetime,
) -> None:
    """Puts a passed deadline into a supervisor's queue."""
    connection.execute(
        insert(escalation).values(
            escalation_id=uuid.uuid4(),
            application_id=application_id,
            deadline_id=deadline_id,
            deadline_kind=deadline_kind,
            queue=queue,
            raised_at=now,
        )
    )


def escalate_opinion(
    connection: Connection, application_id: uuid.UUID, task_id: uuid.UUID, agency: str, now: datetime
) -> bool:
    """Puts an overdue opinion into the ministry's queue; false if that task was put there before."""
    added = connection.execute(
        postgresql.insert(escalation)
        .values(
            escalation_id=uuid.uuid4(),
            application_id=application_id,
            task_id=task_id,
            deadline_kind=f"agency_opinion/{agency}",
            queue="ministry",
            raised_at=now,
        )
        .on_conflict_do_nothing(index_elements=["task_id"])
        .returning(escalation.c.escalation_id)
    )
    return added.first() is not None


def _owed(matters: Collection[Matter]) -> ColumnElement[bool]:
    """Whether what an escalation is about is still to be done.

    Of a deadline: it is the last of its kind of the case, passed, and the case stands where it ran. Of an
    opinion: the round in which it was asked for is open.
    """
    head, later = application.c, deadline.alias("later")
    of_last_deadline = exists().where(
        deadline.c.deadline_id == escalation.c.deadline_id,
        deadline.c.state == DeadlineState.EXPIRED,
        ~exists().where(
            later.c.application_id == deadline.c.application_id,
            later.c.kind == deadline.c.kind,
            later.c.started_at > deadline.c.started_at,
        ),
    )
    asked = exists().where(
        consultation_round.c.application_id == escalation.c.application_id,
        consultation_round.c.closed_at.is_(None),
        consultation_round.c.started_at <= escalation.c.raised_at,
    )
    return or_(
        and_(
            tuple_(head.procedure_version, head.state, escalation.c.deadline_kind).in_(matters),
            of_last_deadline,
        ),
        and_(escalation.c.task_id.is_not(None), head.state == ApplicationState.IN_CONSULTATION.value, asked),
    )


def escalations(
    connection: Connection,
    principal: Principal,
    matters: Collection[Matter],
    after: tuple[datetime, uuid.UUID] | None,
    limit: int,
) -> list[Escalation]:
    """Escalations that an officer may see and whose matter is still owed, oldest first."""
    query: Select[tuple[object, ...]] = (
        select(escalation, application.c.number)
        .join_from(escalation, application, application.c.application_id == escalation.c.application_id)
        .where(_owed(matters))
    )
    if principal.role is Role.PROVINCIAL_OFFICER:
        query = query.where(escalation.c.queue == f"province:{principal.province}")
    if after is not None:
        query = query.where(tuple_(escalation.c.raised_at, escalation.c.escalation_id) > after)
    query = query.order_by(escalation.c.raised_at, escalation.c.escalation_id).limit(limit)
    return [
        Escalation(
            row.escalation_id,
            row.application_id,
            row.number,
            row.deadline_kind,
            row.queue,
            row.raised_at.astimezone(UTC),
        )
        for row in connection.execute(query)
    ]
