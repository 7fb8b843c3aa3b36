"""Queries over the screenings that were made."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select

from services.screening.domain.lists import Verdict
from services.screening.domain.record_content import (
    hit_content,
    hit_of,
    result_sha256,
    rule_finding_content,
    rule_finding_of,
)
from services.screening.domain.records import HitRecord, RuleFindingRecord, ScreeningRecord
from services.screening.store.tables import screening


def add_screening(
    connection: Connection,
    subject: str,
    province: str,
    verdict: Verdict,
    as_of: date,
    screened_at: datetime,
    versions: tuple[str, ...],
    export: Mapping[str, object],
    hits: tuple[HitRecord, ...],
    rule_findings: tuple[RuleFindingRecord, ...],
) -> ScreeningRecord:
    """Keeps a screening with the digest of its result and returns it with its id."""
    sha256 = result_sha256(verdict, as_of, versions, hits, rule_findings)
    screening_id: UUID = connection.execute(
        insert(screening)
        .values(
            subject=subject,
            province=province,
            verdict=verdict.name,
            as_of=as_of,
            screened_at=screened_at,
            versions=list(versions),
            export=export,
            hits=[hit_content(hit) for hit in hits],
            rule_findings=[rule_finding_content(finding) for finding in rule_findings],
            result_sha256=sha256,
        )
        .returning(screening.c.screening_id)
    ).scalar_one()
    return ScreeningRecord(
        screening_id, subject, verdict, as_of, screened_at, versions, hits, rule_findings, sha256
    )


def find_screening(connection: Connection, screening_id: UUID) -> ScreeningRecord | None:
    """A screening as it was made, if the caller may see it."""
    row = connection.execute(select(screening).where(screening.c.screening_id == screening_id)).first()
    if row is None:
        return None
    return ScreeningRecord(
        screening_id=row.screening_id,
        subject=row.subject,
        verdict=Verdict[row.verdict],
        as_of=row.as_of,
        screened_at=row.screened_at.astimezone(UTC),
        versions=tuple(row.versions),
        hits=tuple(hit_of(content) for content in row.hits),
        rule_findings=tuple(rule_finding_of(content) for content in row.rule_findings),
        result_sha256=row.result_sha256,
    )


def screened_export(connection: Connection, screening_id: UUID) -> Mapping[str, Any]:
    """The export of a screening as it was stated."""
    exports: Mapping[str, Any] = connection.execute(
        select(screening.c.export).where(screening.c.screening_id == screening_id)
    ).scalar_one()
    return exports
