"""Queries on the head of applications."""

import json
import uuid
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, tuple_, update

from services.foundation.ledger import canonical_json
from services.licensing.domain.application import Application
from services.licensing.domain.application_state import ApplicationState
from services.licensing.domain.dossier import Dossier
from services.licensing.domain.records import from_json, to_json
from services.licensing.domain.search import search_text
from services.licensing.store.application_tables import application, application_number


def add(connection: Connection, added: Application) -> None:
    """Stores a new application."""
    connection.execute(insert(application).values(application_id=added.application_id, **_values(added)))


def save(connection: Connection, changed: Application) -> None:
    """Stores a changed application, whose row the caller has locked."""
    connection.execute(
        update(application)
        .where(application.c.application_id == changed.application_id)
        .values(**_values(changed))
    )


def find(connection: Connection, application_id: uuid.UUID, *, lock: bool = False) -> Application | None:
    """The application, if the caller's role may see its row; with `lock`, held until the commit."""
    query = select(application).where(application.c.application_id == application_id)
    row = connection.execute(query.with_for_update() if lock else query).first()
    return None if row is None else _read(row)


def next_number(connection: Connection, province: str, year: int) -> str:
    """The number of an application at its first submission, for example SQ32-2026-0000017."""
    serial: int = connection.execute(select(application_number.next_value())).scalar_one()
    return f"SQ{province}-{year}-{serial:07}"


def of_organisation(
    connection: Connection,
    organisation: str,
    states: Collection[ApplicationState],
    searched: str,
    before: tuple[datetime, uuid.UUID] | None,
    limit: int,
) -> list[Application]:
    """Applications of an organisation, newest first; `states` empty means all, `searched` is folded text."""
    position = tuple_(application.c.created_at, application.c.application_id)
    query = select(application).where(application.c.organisation == organisation)
    if states:
        query = query.where(application.c.state.in_(states))
    if searched:
        query = query.where(func.strpos(application.c.search_text, searched) > 0)
    if before is not None:
        query = query.where(position < before)
    query = query.order_by(application.c.created_at.desc(), application.c.application_id.desc())
    return [_read(row) for row in connection.execute(query.limit(limit))]


def _values(stored: Application) -> dict[str, object]:
    return {
        "number": stored.number,
        "version": stored.version,
        "state": stored.state,
        "organisation": stored.organisation,
        "province": stored.province,
        "applicant_name": stored.applicant_name,
        "destination": stored.destination,
        "created_by": stored.created_by,
        "created_at": stored.created_at,
        "submitted_at": stored.submitted_at,
        "received_at": stored.received_at,
        "submission_number": stored.submission_number,
        "procedure_version": stored.procedure_version,
        "checks_return_to": stored.checks_return_to,
        "supplements_asked_by": list(stored.supplements_asked_by),
        "supplement_window_closed": stored.supplement_window_closed,
        "provincial_opinion": stored.provincial_opinion,
        "consulted_agencies": list(stored.consulted_agencies),
        "asked_experts": list(stored.asked_experts),
        "licence_number": stored.licence_number,
        "withdrawal_reason": stored.withdrawal_reason,
        "copied_from": stored.copied_from,
        "dossier": canonical_json(to_json(stored.dossier)),
        "search_text": search_text(stored.number, stored.dossier),
    }


def _read(row: Row[Any]) -> Application:
    return Application(
        application_id=row.application_id,
        organisation=row.organisation,
        created_by=row.created_by,
        created_at=row.created_at.astimezone(UTC),
        dossier=from_json(Dossier, json.loads(row.dossier)),
        version=row.version,
        state=ApplicationState(row.state),
        number=row.number,
        province=row.province,
        applicant_name=row.applicant_name,
        destination=row.destination,
        submitted_at=utc(row.submitted_at),
        received_at=utc(row.received_at),
        submission_number=row.submission_number,
        procedure_version=row.procedure_version,
        checks_return_to=ApplicationState(row.checks_return_to),
        supplements_asked_by=tuple(ApplicationState(state) for state in row.supplements_asked_by),
        supplement_window_closed=row.supplement_window_closed,
        provincial_opinion=row.provincial_opinion,
        consulted_agencies=tuple(row.consulted_agencies),
        asked_experts=tuple(row.asked_experts),
        licence_number=row.licence_number,
        withdrawal_reason=row.withdrawal_reason,
        copied_from=row.copied_from,
    )


def utc(instant: datetime | None) -> datetime | None:
    """The instant in UTC, whatever time zone the session speaks."""
    return None if instant is None else instant.astimezone(UTC)
