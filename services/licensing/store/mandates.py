"""Queries on the mandates of agents."""

import uuid
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from services.licensing.domain.mandate import Mandate, MandateScope
from services.licensing.store.person_tables import mandate


def of_agent(connection: Connection, organisation: str, subject: str, *, hold: bool) -> list[Mandate]:
    """Mandates of an organisation for an agent; with `hold`, none is revoked before the commit."""
    query = select(mandate).where(mandate.c.organisation == organisation, mandate.c.agent_subject == subject)
    if hold:
        query = query.with_for_update(read=True)
    return [_read(row) for row in connection.execute(query)]


def of_organisation(connection: Connection, organisation: str) -> list[Mandate]:
    """Mandates of an organisation, the latest first."""
    query = (
        select(mandate)
        .where(mandate.c.organisation == organisation)
        .order_by(mandate.c.granted_at.desc(), mandate.c.mandate_id)
    )
    return [_read(row) for row in connection.execute(query)]


def find(connection: Connection, organisation: str, mandate_id: uuid.UUID) -> Mandate | None:
    """A mandate of an organisation."""
    row = connection.execute(
        select(mandate).where(mandate.c.organisation == organisation, mandate.c.mandate_id == mandate_id)
    ).first()
    return None if row is None else _read(row)


def add(connection: Connection, organisation: str, added: Mandate) -> None:
    """Stores a mandate."""
    connection.execute(
        insert(mandate).values(
            mandate_id=added.mandate_id,
            organisation=organisation,
            agent_subject=added.agent_subject,
            agent_name=added.agent_name,
            agent_organisation=added.agent_organisation,
            scope=added.scope.value,
            document_number=added.document_number,
            valid_from=added.valid_from,
            valid_to=added.valid_to,
            granted_by=added.granted_by,
            granted_at=added.granted_at,
            revoked_by="",
        )
    )


def revoke(connection: Connection, mandate_id: uuid.UUID, subject: str, now: datetime) -> None:
    """Ends a mandate, once no transaction of its agent holds it."""
    connection.execute(
        update(mandate).where(mandate.c.mandate_id == mandate_id).values(revoked_by=subject, revoked_at=now)
    )


def _read(row: Row[Any]) -> Mandate:
    return Mandate(
        row.mandate_id,
        row.agent_subject,
        row.agent_name,
        row.agent_organisation,
        MandateScope(row.scope),
        row.document_number,
        row.valid_from,
        row.valid_to,
        row.granted_by,
        row.granted_at.astimezone(UTC),
        row.revoked_by,
        None if row.revoked_at is None else row.revoked_at.astimezone(UTC),
    )
