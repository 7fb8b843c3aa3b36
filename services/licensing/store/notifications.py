"""Queries on notifications and on what has been read of them."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    DateTime,
    Row,
    Select,
    Text,
    exists,
    func,
    insert,
    literal,
    select,
    text,
    true,
    union_all,
)
from sqlalchemy.dialects import postgresql

from services.foundation.principal import Principal
from services.licensing.domain.notifications import NotificationKind, Told, addressees_of
from services.licensing.store.notification_tables import notification, notification_read


@dataclass(frozen=True)
class Notification:
    """A notification as one of those reads it to whom it is addressed."""

    notification_id: uuid.UUID
    serial: int
    kind: NotificationKind
    created_at: datetime
    application_id: uuid.UUID
    application_number: str
    licence_number: str
    cause: str = ""
    cause_version: str = ""
    read: bool = False


_WRITE_EMAILS = text("SELECT write_emails(:notification_id, :today)")


def add(
    connection: Connection,
    told: Told,
    caused_by: str,
    application_id: uuid.UUID,
    application_number: str,
    licence_number: str,
    now: datetime,
    today: date,
) -> None:
    """Writes a notification, and an e-mail for everybody whom it concerns and who receives them.

    `today` is the day of law on which the mandates of agents must be in force.
    """
    notification_id = uuid.uuid4()
    connection.execute(
        insert(notification).values(
            notification_id=notification_id,
            kind=told.kind.value,
            addressee=told.addressee,
            caused_by=caused_by,
            application_id=application_id,
            application_number=application_number,
            licence_number=licence_number,
            cause=told.cause,
            cause_version=told.cause_version,
            created_at=now,
        )
    )
    connection.execute(_WRITE_EMAILS, {"notification_id": notification_id, "today": today})


def of_person(
    connection: Connection, principal: Principal, unread: bool, before: int | None, limit: int
) -> list[Notification]:
    """What a person is told, newest first; older than the serial `before` where it is given."""
    read = _read_by(principal)
    # One ordered walk along the index for each name a person is addressed by.
    parts = [
        _addressed(select(notification, read.label("read")), principal, [addressee], unread=unread)
        .where(true() if before is None else notification.c.serial < before)
        .order_by(notification.c.serial.desc())
        .limit(limit)
        for addressee in addressees_of(principal)
    ]
    if not parts:
        return []
    found = union_all(*(select(part.subquery()) for part in parts)).subquery()
    rows = connection.execute(select(found).order_by(found.c.serial.desc()).limit(limit))
    return [notification_of(row, row.read) for row in rows]


def unread_count(connection: Connection, principal: Principal) -> int:
    """How many notifications a person has not read."""
    query = _addressed(select(func.count()), principal, addressees_of(principal), unread=True)
    count: int = connection.execute(query).scalar_one()
    return count


def serial_of(connection: Connection, principal: Principal, notification_id: uuid.UUID) -> int | None:
    """Place of a notification in the order of lists; None where the person is not told of it."""
    query = select(notification.c.serial).where(
        notification.c.notification_id == notification_id,
        notification.c.addressee.in_(addressees_of(principal)),
    )
    serial: int | None = connection.execute(query).scalar_one_or_none()
    return serial


def mark_read(
    connection: Connection,
    principal: Principal,
    notification_ids: Collection[uuid.UUID],
    newest: int | None,
    now: datetime,
) -> None:
    """Marks as read for one person those named, or where none is named all up to the serial `newest`."""
    chosen = _addressed(
        select(notification.c.notification_id), principal, addressees_of(principal), unread=True
    )
    if notification_ids:
        chosen = chosen.where(notification.c.notification_id.in_(notification_ids))
    elif newest is not None:
        chosen = chosen.where(notification.c.serial <= newest)
    marks = chosen.add_columns(literal(principal.subject, Text), literal(now, DateTime(timezone=True)))
    connection.execute(
        postgresql.insert(notification_read)
        .from_select(["notification_id", "subject", "read_at"], marks)
        .on_conflict_do_nothing()
    )


def _addressed(
    query: Select[Any], principal: Principal, addressees: Sequence[str], *, unread: bool
) -> Select[Any]:
    """Narrows a query to what is addressed by these names, beside what the person has brought about."""
    query = query.where(
        notification.c.addressee.in_(addressees), notification.c.caused_by != principal.subject
    )
    return query.where(~_read_by(principal)) if unread else query


def _read_by(principal: Principal) -> ColumnElement[bool]:
    return exists().where(
        notification_read.c.subject == principal.subject,
        notification_read.c.notification_id == notification.c.notification_id,
    )


def notification_of(row: Row[Any], read: bool = False) -> Notification:
    """The notification in a row that has its columns."""
    return Notification(
        row.notification_id,
        row.serial,
        NotificationKind(row.kind),
        row.created_at.astimezone(UTC),
        row.application_id,
        row.application_number,
        row.licence_number,
        row.cause,
        row.cause_version,
        read,
    )
