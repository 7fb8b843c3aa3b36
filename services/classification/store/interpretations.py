"""Queries over the interpretations that count, or counted at an earlier instant."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, insert, select

from services.classification.domain.interpretations import RecordedInterpretation
from services.classification.rules.truth import Truth
from services.classification.store.proposal_tables import interpretation


@dataclass(frozen=True, slots=True)
class KnownInterpretation:
    """An interpretation with when (UTC) and by which proposal it came to count."""

    record: RecordedInterpretation
    proposal_id: UUID
    activated_at: datetime


def list_interpretations(
    connection: Connection, identifier: str, known_at: datetime | None = None
) -> list[KnownInterpretation]:
    """The interpretations of an entry (empty: of all), in the order in which they came to count."""
    query = select(interpretation).order_by(interpretation.c.sequence)
    if identifier:
        query = query.where(interpretation.c.identifier == identifier)
    if known_at is not None:
        query = query.where(interpretation.c.activated_at <= known_at)
    return [
        KnownInterpretation(_record(row), row.proposal_id, row.activated_at.astimezone(UTC))
        for row in connection.execute(query)
    ]


def known_interpretations(
    connection: Connection, known_at: datetime | None = None
) -> tuple[RecordedInterpretation, ...]:
    """Every interpretation in the order in which they came to count, up to an instant where one is given."""
    query = select(interpretation).order_by(interpretation.c.sequence)
    if known_at is not None:
        query = query.where(interpretation.c.activated_at <= known_at)
    return tuple(_record(row) for row in connection.execute(query))


def newest_of(connection: Connection, identifier: str, question: str) -> str:
    """The name of the interpretation of a question that came to count last; empty where there is none."""
    columns = interpretation.c
    row = connection.execute(
        select(columns.proposal_id)
        .where(columns.identifier == identifier, columns.question == question)
        .order_by(columns.sequence.desc())
        .limit(1)
    ).first()
    return "" if row is None else version_of(row.proposal_id)


def version_of(proposal_id: UUID) -> str:
    """The name of an interpretation: that of the proposal it came from."""
    return f"interpretation {proposal_id}"


def add_interpretation(
    connection: Connection,
    record: RecordedInterpretation,
    proposal_id: UUID,
    proposed_by: str,
    now: datetime,
) -> None:
    """Makes an interpretation count; `decided_by` of the record is who activated it. Its sequence is given here."""
    connection.execute(
        insert(interpretation).values(
            identifier=record.identifier,
            path=record.path,
            question=record.question,
            answer=record.answer.value,
            valid_from=record.valid_from,
            basis=record.basis,
            proposal_id=proposal_id,
            proposed_by=proposed_by,
            activated_by=record.decided_by,
            activated_at=now,
        )
    )


def _record(row: Row[Any]) -> RecordedInterpretation:
    return RecordedInterpretation(
        row.sequence,
        row.identifier,
        row.path,
        row.question,
        Truth(row.answer),
        row.valid_from,
        row.basis,
        row.activated_by,
    )
