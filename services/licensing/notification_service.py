"""What people read of their notifications, and what the notifier reads and records of e-mails."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from services.foundation.database import UnitOfWork
from services.foundation.errors import invalid_field, not_found
from services.foundation.pagination import decode_page_token, encode_page_token, page_size
from services.licensing.domain.email_delivery import attempted
from services.licensing.store import emails, notifications
from services.licensing.store.emails import PendingEmail
from services.licensing.store.notifications import Notification

# A serial number of eighteen digits is within what the database can hold.
_SERIAL_DIGITS = 18


@dataclass(frozen=True)
class NotificationPage:
    """One page of what the caller is told, and how many of all the caller has not read."""

    notifications: Sequence[Notification]
    next_page_token: str
    unread_count: int


def list_notifications(work: UnitOfWork, unread: bool, size: int, page_token: str) -> NotificationPage:
    """What the caller is told, newest first."""
    principal, limit = work.call.principal, page_size(size)
    found = notifications.of_person(work.connection, principal, unread, _position(page_token), limit + 1)
    shown = found[:limit]
    token = encode_page_token(str(shown[-1].serial)) if len(found) > limit else ""
    return NotificationPage(shown, token, notifications.unread_count(work.connection, principal))


def _position(page_token: str) -> int | None:
    position = decode_page_token(page_token, 1)
    if position is None:
        return None
    (serial,) = position
    if not (serial.isascii() and serial.isdecimal() and len(serial) <= _SERIAL_DIGITS):
        raise invalid_field("page_token", "PAGE_TOKEN_INVALID")
    return int(serial)


def mark_read(work: UnitOfWork, notification_ids: Sequence[str], newest_seen_id: str) -> int:
    """Marks notifications as read by the caller, see the contract; returns how many are left unread.

    What the caller is not told of is passed over. Errors: NOT_FOUND for a newest one that the caller is not
    told of.
    """
    principal = work.call.principal
    newest = None
    if newest_seen_id and not notification_ids:
        newest = notifications.serial_of(work.connection, principal, uuid.UUID(newest_seen_id))
        if newest is None:
            raise not_found("notification", newest_seen_id)
    named = [uuid.UUID(each) for each in notification_ids]
    notifications.mark_read(work.connection, principal, named, newest, work.call.now)
    return notifications.unread_count(work.connection, principal)


def list_pending_emails(work: UnitOfWork, size: int) -> Sequence[PendingEmail]:
    """E-mails whose time to be sent has come."""
    return emails.due(work.connection, work.call.now, page_size(size))


def record_email_attempt(work: UnitOfWork, email_id: str, delivered: bool, failure: str) -> None:
    """Records an attempt to send an e-mail. Errors: NOT_FOUND."""
    key = uuid.UUID(email_id)
    before = emails.lock_delivery(work.connection, key)
    if before is None:
        raise not_found("email", email_id)
    emails.save_delivery(work.connection, key, attempted(before, delivered, failure, work.call.now))
