"""What customs reads of licences, and the receipt by which a licence becomes active."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.foundation.clock import legal_day
from services.foundation.database import UnitOfWork
from services.foundation.errors import XukeError, failed_precondition, invalid_field, not_found
from services.foundation.pagination import decode_page_token, encode_page_token
from services.licensing.domain.licence_number import LicenceNumber
from services.licensing.domain.licence_state import LicenceAction
from services.licensing.licence_service import announce_change, change_state, demanding_countries
from services.licensing.store import licence_store
from services.licensing.store.licence_change_store import (
    BEGINNING,
    Change,
    FeedEpoch,
    Place,
    read_changes,
    read_epoch,
)
from services.licensing.store.licence_status_store import Status, read_statuses

DEFAULT_CHANGES = 200
# A serial number of eighteen digits is within what the database can hold.
_SEQ_DIGITS = 18
_EPOCHS = uuid.UUID("5f3b3f3c-0d0a-4a35-9c61-8a3d6b7f2f10")


@dataclass(frozen=True)
class StatusBatch:
    """The status of each number asked for that exists, in the order asked, and the numbers that do not."""

    statuses: list[Status]
    unknown_numbers: list[str]


@dataclass(frozen=True)
class ChangePage:
    """Changes in order, the cursor after them, and whether more are there already."""

    changes: Sequence[Change]
    next_cursor: str
    more: bool


def normal_number(text: str) -> str | None:
    """A licence number as stored, or None for a text that is no licence number."""
    try:
        return str(LicenceNumber.parse(text))
    except XukeError:
        return None


def get_status(work: UnitOfWork, number: str) -> Status:
    """The status of one licence. Errors: NOT_FOUND; INVALID_ARGUMENT for what is no licence number."""
    compact = str(LicenceNumber.parse(number))
    status = _statuses(work, [compact]).get(compact)
    if status is None:
        raise not_found("licence", compact)
    return status


def get_statuses(work: UnitOfWork, numbers: Sequence[str]) -> StatusBatch:
    """The status of many licences in one query; a number that is not one of a licence is named as unknown."""
    asked = {number: normal_number(number) for number in numbers}
    wanted = {compact for compact in asked.values() if compact is not None}
    found = _statuses(work, wanted)
    known = {compact: found[compact] for compact in asked.values() if compact in found}
    return StatusBatch(
        list(known.values()), [number for number, compact in asked.items() if compact not in found]
    )


def _statuses(work: UnitOfWork, numbers: Iterable[str]) -> dict[str, Status]:
    return read_statuses(work.connection, numbers, legal_day(work.call.now), demanding_countries(work))


def list_changes(work: UnitOfWork, cursor: str, size: int) -> ChangePage:
    """Changes after a cursor; an empty one starts at the beginning.

    Errors: INVALID_ARGUMENT, PAGE_TOKEN_INVALID; FAILED_PRECONDITION, CURSOR_OF_ANOTHER_EPOCH for a cursor
    from a history that this database no longer holds: after a restore, read every status anew and start at
    the beginning.
    """
    limit = size or DEFAULT_CHANGES
    epoch = read_epoch(work.connection)
    after = _place(cursor, epoch)
    found = read_changes(work.connection, after, limit + 1)
    changes = found[:limit]
    if not changes:
        return ChangePage(changes, cursor, more=False)
    last = changes[-1].place
    next_cursor = encode_page_token(_name(epoch), str(last.transaction), str(last.seq))
    return ChangePage(changes, next_cursor, len(found) > limit)


def acknowledge_licence(work: UnitOfWork, number: str, customs_reference: str) -> Status:
    """Customs holds the licence: it becomes active. A further receipt changes nothing; the first reference stays.

    Errors: NOT_FOUND; FAILED_PRECONDITION for a licence that was stopped or ended before any receipt.
    """
    compact = str(LicenceNumber.parse(number))
    row = licence_store.lock_licence(work.connection, work.call.principal, compact)
    if row is None:
        raise not_found("licence", compact)
    if row.acknowledged_at is None:
        lines = licence_store.read_lines(work.connection, [compact])[compact]
        account = licence_store.account_of(row, lines, demanding_countries(work))
        state = change_state(
            work,
            account,
            LicenceAction.ACKNOWLEDGE,
            acknowledged_at=work.call.now,
            customs_reference=customs_reference,
        )
        announce_change(
            work, compact, LicenceAction.ACKNOWLEDGE, state, "", customs_reference=customs_reference
        )
    return get_status(work, compact)


def _name(epoch: FeedEpoch) -> str:
    """The epoch as it stands in a cursor: short, and telling nothing of the database."""
    return uuid.uuid5(_EPOCHS, epoch.name).hex


def _place(cursor: str, epoch: FeedEpoch) -> Place:
    position = decode_page_token(cursor, 3, "cursor")
    if position is None:
        return BEGINNING
    name, transaction, seq = position
    if not (transaction.isdecimal() and seq.isdecimal() and len(seq) <= _SEQ_DIGITS):
        raise invalid_field("cursor", "PAGE_TOKEN_INVALID")
    # A transaction that this database has not seen yet belongs to a copy that went further.
    if name != _name(epoch) or int(transaction) >= epoch.horizon:
        raise failed_precondition("CURSOR_OF_ANOTHER_EPOCH")
    return Place(int(transaction), int(seq))
