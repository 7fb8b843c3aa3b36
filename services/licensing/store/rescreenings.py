"""Queries on later screenings of a submission: the one screened last counts."""

import json
import uuid
from collections.abc import Collection
from datetime import UTC
from typing import Any

from sqlalchemy import Connection, Row, insert, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on

from services.foundation.ledger import canonical_json
from services.licensing.domain.case_parts import Rescreening
from services.licensing.domain.findings import ScreeningSummary
from services.licensing.domain.records import from_json, to_json
from services.licensing.store.application_tables import rescreening


def add(connection: Connection, application_id: uuid.UUID, added: Rescreening) -> None:
    """Stores a later screening; its id is the business key."""
    connection.execute(
        insert(rescreening).values(
            screening_id=uuid.UUID(added.screening.screening_id),
            application_id=application_id,
            submission_number=added.submission_number,
            screening=canonical_json(to_json(added.screening)),
            cause=added.cause,
            cause_version=added.cause_version,
            screened_at=added.screened_at,
            recorded_at=added.recorded_at,
        )
    )


def is_recorded(connection: Connection, screening_id: uuid.UUID) -> bool:
    """Whether a later screening is stored already."""
    found = select(rescreening.c.serial).where(rescreening.c.screening_id == screening_id)
    return connection.execute(found).first() is not None


def of_application(connection: Connection, application_id: uuid.UUID) -> list[Rescreening]:
    """The later screenings of an application in the order in which they were recorded."""
    rows = connection.execute(
        select(rescreening)
        .where(rescreening.c.application_id == application_id)
        .order_by(rescreening.c.serial)
    )
    return [_read(row) for row in rows]


def newest(
    connection: Connection, submissions: Collection[tuple[uuid.UUID, int]]
) -> dict[uuid.UUID, Rescreening]:
    """The later screening that counts, of submissions (application and number), by application."""
    columns = rescreening.c
    rows = connection.execute(
        select(rescreening)
        .ext(distinct_on(columns.application_id))
        .where(tuple_(columns.application_id, columns.submission_number).in_(submissions))
        .order_by(columns.application_id, columns.screened_at.desc(), columns.serial.desc())
    )
    return {row.application_id: _read(row) for row in rows}


def _read(row: Row[Any]) -> Rescreening:
    return Rescreening(
        submission_number=row.submission_number,
        screening=from_json(ScreeningSummary, json.loads(row.screening)),
        cause=row.cause,
        cause_version=row.cause_version,
        screened_at=row.screened_at.astimezone(UTC),
        recorded_at=row.recorded_at.astimezone(UTC),
    )
