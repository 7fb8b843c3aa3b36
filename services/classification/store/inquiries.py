"""Queries of the consultation desk."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, case, extract, func, insert, select, tuple_, update

from services.classification.domain.inquiry import (
    AnswerKind,
    Inquiry,
    InquiryAnswer,
    InquiryState,
    InquiryText,
)
from services.classification.domain.stored import item_content, item_of_content
from services.classification.store.inquiry_tables import inquiry, inquiry_number, inquiry_text

# Those that the ministry is to answer, longest waiting first; those that wait for the asker; the rest, newest first.
_GROUP: Final = case(
    (inquiry.c.state == InquiryState.ASKED.value, 0),
    (inquiry.c.state == InquiryState.INFORMATION_REQUESTED.value, 1),
    else_=2,
)
_INSTANT: Final = extract("epoch", inquiry.c.waiting_since)
_PLACE: Final = case((_GROUP < 2, _INSTANT), else_=-_INSTANT)


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the list of inquiries."""

    group: int
    place: Decimal
    inquiry_id: UUID


def next_number(connection: Connection) -> int:
    """The next serial number."""
    serial: int = connection.execute(select(inquiry_number.next_value())).scalar_one()
    return serial


def add(connection: Connection, asked: Inquiry) -> None:
    """Adds an inquiry as asked."""
    connection.execute(
        insert(inquiry).values(
            inquiry_id=asked.inquiry_id,
            number=asked.number,
            organisation=asked.organisation,
            organisation_name_zh=asked.organisation_name_zh,
            organisation_name_en=asked.organisation_name_en,
            performance=asked.performance,
            main_uses=asked.main_uses,
            reason_for_doubt=asked.reason_for_doubt,
            asked_at=asked.asked_at,
            **_changing(asked),
        )
    )


def save(connection: Connection, changed: Inquiry) -> None:
    """Writes what may change of an inquiry, and the texts that are new."""
    connection.execute(
        update(inquiry).where(inquiry.c.inquiry_id == changed.inquiry_id).values(**_changing(changed))
    )
    written: int = connection.execute(
        select(func.count()).select_from(inquiry_text).where(inquiry_text.c.inquiry_id == changed.inquiry_id)
    ).scalar_one()
    for position, text in enumerate(changed.texts[written:], start=written):
        connection.execute(
            insert(inquiry_text).values(
                inquiry_id=changed.inquiry_id,
                position=position,
                author_role=text.author_role,
                written_at=text.written_at,
                content=text.text,
            )
        )


def find(connection: Connection, inquiry_id: UUID, *, lock: bool = False) -> Inquiry | None:
    """An inquiry that the caller may see; with `lock` nobody else changes it before the transaction ends."""
    query = select(inquiry).where(inquiry.c.inquiry_id == inquiry_id)
    row = connection.execute(query.with_for_update() if lock else query).first()
    return None if row is None else _read(row, _texts(connection, [inquiry_id]).get(inquiry_id, ()))


def find_by_number(connection: Connection, number: str) -> Inquiry | None:
    """An inquiry that the caller may see, by the number for people, without its correspondence."""
    row = connection.execute(select(inquiry).where(inquiry.c.number == number)).first()
    return None if row is None else _read(row, ())


def find_page(
    connection: Connection,
    states: Collection[InquiryState],
    searched: str,
    after: Position | None,
    limit: int,
) -> list[tuple[Position, Inquiry]]:
    """Inquiries that the caller may see, in the order in which they are due."""
    query = select(inquiry, _GROUP.label("at_group"), _PLACE.label("at_place"))
    if states:
        query = query.where(inquiry.c.state.in_([state.value for state in states]))
    if searched:
        query = query.where(func.strpos(inquiry.c.search_text, searched.lower()) > 0)
    if after is not None:
        place = tuple_(_GROUP, _PLACE, inquiry.c.inquiry_id)
        query = query.where(place > tuple_(after.group, after.place, after.inquiry_id))
    rows = connection.execute(query.order_by(_GROUP, _PLACE, inquiry.c.inquiry_id).limit(limit)).all()
    texts = _texts(connection, [row.inquiry_id for row in rows])
    return [
        (
            Position(row.at_group, Decimal(row.at_place), row.inquiry_id),
            _read(row, texts.get(row.inquiry_id, ())),
        )
        for row in rows
    ]


def all_identifiers(connection: Connection) -> list[str]:
    """The ids of every inquiry that the caller may see."""
    return [str(found) for found in connection.execute(select(inquiry.c.inquiry_id)).scalars()]


def _changing(stored: Inquiry) -> dict[str, Any]:
    answer = stored.answer
    return {
        "row_version": stored.version,
        "state": stored.state.value,
        "item": item_content(stored.item),
        "waiting_since": stored.waiting_since,
        "search_text": _search_text(stored),
        "answer": answer.kind.value if answer else None,
        "control_codes": list(answer.control_codes) if answer else [],
        "answer_reasons": answer.reasons if answer else None,
        "answered_by": answer.answered_by if answer else None,
        "answered_at": answer.answered_at if answer else None,
        "list_versions": list(answer.list_versions) if answer else [],
    }


def _search_text(stored: Inquiry) -> str:
    item = stored.item
    return "\n".join(
        (
            stored.number,
            item.name_zh,
            item.name_en,
            stored.organisation_name_zh,
            stored.organisation_name_en,
            item.claimed_control_code,
            *(stored.answer.control_codes if stored.answer else ()),
        )
    ).lower()


def _texts(connection: Connection, identifiers: Sequence[UUID]) -> dict[UUID, tuple[InquiryText, ...]]:
    found: dict[UUID, tuple[InquiryText, ...]] = {}
    for row in connection.execute(
        select(inquiry_text)
        .where(inquiry_text.c.inquiry_id.in_(identifiers))
        .order_by(inquiry_text.c.inquiry_id, inquiry_text.c.position)
    ):
        text = InquiryText(row.author_role, row.written_at.astimezone(UTC), row.content)
        found[row.inquiry_id] = (*found.get(row.inquiry_id, ()), text)
    return found


def _read(row: Row[Any], texts: tuple[InquiryText, ...]) -> Inquiry:
    answer = (
        InquiryAnswer(
            AnswerKind(row.answer),
            tuple(row.control_codes),
            row.answer_reasons,
            row.answered_by,
            row.answered_at.astimezone(UTC),
            tuple(row.list_versions),
        )
        if row.answer is not None
        else None
    )
    return Inquiry(
        inquiry_id=row.inquiry_id,
        number=row.number,
        version=row.row_version,
        state=InquiryState(row.state),
        organisation=row.organisation,
        organisation_name_zh=row.organisation_name_zh,
        organisation_name_en=row.organisation_name_en,
        item=item_of_content(row.item),
        performance=row.performance,
        main_uses=row.main_uses,
        reason_for_doubt=row.reason_for_doubt,
        asked_at=row.asked_at.astimezone(UTC),
        waiting_since=row.waiting_since.astimezone(UTC),
        texts=texts,
        answer=answer,
    )
