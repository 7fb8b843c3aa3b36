"""Queries on the due diligence of holders before the goods are declared."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select

from services.licensing.domain.dossier import DueDiligence
from services.licensing.domain.records import from_json, to_json
from services.licensing.store.licence_tables import licence_due_diligence


@dataclass(frozen=True)
class RecordedDueDiligence:
    """What a holder recorded, when (UTC), and which person did."""

    due_diligence: DueDiligence
    recorded_at: datetime
    recorded_by: str


def insert_due_diligence(
    connection: Connection, number: str, sequence: int, recorded: RecordedDueDiligence
) -> None:
    """Stores a record by the sequence of its event."""
    connection.execute(
        insert(licence_due_diligence).values(
            licence_number=number,
            sequence=sequence,
            record=to_json(recorded.due_diligence),
            recorded_at=recorded.recorded_at,
            recorded_by=recorded.recorded_by,
        )
    )


def read_due_diligence(
    connection: Connection, numbers: Iterable[str]
) -> dict[str, list[RecordedDueDiligence]]:
    """The records of each licence that has any, newest first."""
    table = licence_due_diligence.c
    rows = connection.execute(
        select(licence_due_diligence)
        .where(table.licence_number.in_(list(numbers)))
        .order_by(table.licence_number, table.sequence.desc())
    )
    found: dict[str, list[RecordedDueDiligence]] = {}
    for row in rows:
        found.setdefault(row.licence_number, []).append(
            RecordedDueDiligence(
                from_json(DueDiligence, row.record), row.recorded_at.astimezone(UTC), row.recorded_by
            )
        )
    return found
