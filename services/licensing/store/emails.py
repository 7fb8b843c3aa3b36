"""Queries on the e-mails that carry notifications; `notifications.add` writes them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from services.foundation.messages import LocalizedText
from services.licensing.domain.email_delivery import Delivery, EmailState
from services.licensing.store.notification_tables import email, notification
from services.licensing.store.notifications import Notification, notification_of


@dataclass(frozen=True)
class PendingEmail:
    """An e-mail that waits to be sent."""

    email_id: uuid.UUID
    address: str
    recipient_name: LocalizedText
    notification: Notification
    attempts: int


def due(connection: Connection, now: datetime, limit: int) -> Sequence[PendingEmail]:
    """Pending e-mails whose time has come, the one that waits longest first."""
    rows = connection.execute(
        select(
            email.c.email_id,
            email.c.address,
            email.c.name_zh,
            email.c.name_en,
            email.c.attempts,
            notification,
        )
        .join_from(email, notification, notification.c.notification_id == email.c.notification_id)
        .where(email.c.state == EmailState.PENDING, email.c.next_attempt_at <= now)
        .order_by(email.c.next_attempt_at, notification.c.serial)
        .limit(limit)
    )
    return [_pending(row) for row in rows]


def _pending(row: Row[Any]) -> PendingEmail:
    name = LocalizedText(zh=row.name_zh, en=row.name_en)
    return PendingEmail(row.email_id, row.address, name, notification_of(row), row.attempts)


def lock_delivery(connection: Connection, email_id: uuid.UUID) -> Delivery | None:
    """Where an e-mail stands, locked until the commit; None where there is none."""
    row = connection.execute(
        select(email).where(email.c.email_id == email_id).with_for_update()
    ).one_or_none()
    if row is None:
        return None
    return Delivery(
        EmailState(row.state), row.attempts, row.next_attempt_at.astimezone(UTC), row.last_failure
    )


def save_delivery(connection: Connection, email_id: uuid.UUID, delivery: Delivery) -> None:
    """Stores where an e-mail stands."""
    connection.execute(
        update(email)
        .where(email.c.email_id == email_id)
        .values(
            state=delivery.state.value,
            attempts=delivery.attempts,
            next_attempt_at=delivery.next_attempt_at,
            last_failure=delivery.last_failure,
        )
    )
