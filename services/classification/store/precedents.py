"""The table of precedents and its queries; rows are only ever added."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Column, Connection, Row, Table, Text, Uuid, func, select
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB, insert

from services.classification.domain.precedents import Precedent
from services.classification.domain.stored import item_content, item_of_content
from services.classification.store.tables import metadata
from services.foundation.ledger import type_instant

precedent = Table(
    "precedent",
    metadata,
    Column("precedent_id", Uuid, primary_key=True, server_default=sql("uuidv7()")),
    Column("subject", Text, nullable=False, unique=True),
    Column("item", JSONB, nullable=False),
    Column("control_codes", ARRAY(Text), nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", type_instant, nullable=False),
    Column("recorded_at", type_instant, nullable=False),
    Column("list_versions", ARRAY(Text), nullable=False),
    Column("organisation", Text, nullable=False),
)


def add(connection: Connection, added: Precedent) -> UUID | None:
    """Stores a precedent; returns its id, or None where its subject has one already."""
    inserted: UUID | None = connection.execute(
        insert(precedent)
        .values(
            precedent_id=added.precedent_id,
            subject=added.subject,
            item=item_content(added.item),
            control_codes=list(added.control_codes),
            reason=added.reason,
            decided_by=added.decided_by,
            decided_at=added.decided_at,
            recorded_at=added.recorded_at,
            list_versions=list(added.list_versions),
            organisation=added.organisation,
        )
        .on_conflict_do_nothing(index_elements=[precedent.c.subject])
        .returning(precedent.c.precedent_id)
    ).scalar_one_or_none()
    return inserted


def of_subject(connection: Connection, subject: str) -> Precedent:
    """The precedent of a subject that is known to have one."""
    return _read(connection.execute(select(precedent).where(precedent.c.subject == subject)).one())


def extent(connection: Connection) -> tuple[int, datetime | None]:
    """How many there are and when the newest was recorded: another one than before where any was added."""
    row = connection.execute(select(func.count(), func.max(precedent.c.recorded_at))).one()
    return row[0], row[1]


def every(connection: Connection) -> list[Precedent]:
    """All precedents that the caller may see."""
    return [_read(row) for row in connection.execute(select(precedent))]


def newest_of(connection: Connection, organisation: str, most: int) -> list[Precedent]:
    """The newest precedents of an organisation, as far as the caller may see them."""
    columns = precedent.c
    query = (
        select(precedent)
        .where(columns.organisation == organisation)
        .order_by(columns.recorded_at.desc())
        .limit(most)
    )
    return [_read(row) for row in connection.execute(query)]


def _read(row: Row[Any]) -> Precedent:
    return Precedent(
        precedent_id=row.precedent_id,
        subject=row.subject,
        item=item_of_content(row.item),
        control_codes=tuple(row.control_codes),
        reason=row.reason,
        decided_by=row.decided_by,
        decided_at=row.decided_at.astimezone(UTC),
        recorded_at=row.recorded_at.astimezone(UTC),
        list_versions=tuple(row.list_versions),
        organisation=row.organisation,
    )
