"""Queries on what reviewers held items to be; rows are only ever added."""

import uuid
from datetime import UTC

from sqlalchemy import Connection, insert, select

from services.licensing.domain.assessment import ItemAssessment
from services.licensing.domain.authority import Authority
from services.licensing.store.application_tables import item_assessment


def add(connection: Connection, application_id: uuid.UUID, made: ItemAssessment) -> None:
    """Stores an assessment."""
    connection.execute(
        insert(item_assessment).values(
            assessment_id=made.assessment_id,
            application_id=application_id,
            line_number=made.line_number,
            submission_number=made.submission_number,
            control_codes=list(made.control_codes),
            reason=made.reason,
            precedent_id=made.precedent_id,
            inquiry_number=made.inquiry_number,
            authority=made.authority,
            assessed_by=made.assessed_by,
            assessed_at=made.assessed_at,
        )
    )


def of_application(connection: Connection, application_id: uuid.UUID) -> list[ItemAssessment]:
    """The assessments of a case as far as the caller may read them, the oldest first."""
    rows = connection.execute(
        select(item_assessment)
        .where(item_assessment.c.application_id == application_id)
        .order_by(item_assessment.c.serial)
    )
    return [
        ItemAssessment(
            assessment_id=row.assessment_id,
            line_number=row.line_number,
            submission_number=row.submission_number,
            control_codes=tuple(row.control_codes),
            reason=row.reason,
            precedent_id=row.precedent_id,
            inquiry_number=row.inquiry_number,
            authority=Authority(row.authority),
            assessed_by=row.assessed_by,
            assessed_at=row.assessed_at.astimezone(UTC),
        )
        for row in rows
    ]
