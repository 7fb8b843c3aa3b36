"""Queries over the screenings that were made."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select

from services.screening.domain.lists import LegalSource, Standing, Verdict
from services.screening.domain.records import HitRecord, RuleFindingRecord, ScreeningRecord
from services.screening.domain.rules import Demand
from services.screening.domain.screen import PartyRole
from services.screening.domain.similarity import Ground
from services.screening.store.tables import screening


def add_screening(
    connection: Connection,
    subject: str,
    verdict: Verdict,
    as_of: date,
    screened_at: datetime,
    versions: tuple[str, ...],
    export: Mapping[str, object],
    hits: tuple[HitRecord, ...],
    rule_findings: tuple[RuleFindingRecord, ...],
) -> ScreeningRecord:
    """Keeps a screening and returns it with its id."""
    screening_id: UUID = connection.execute(
        insert(screening)
        .values(
            subject=subject,
            verdict=verdict.name,
            as_of=as_of,
            screened_at=screened_at,
            versions=list(versions),
            export=export,
            hits=[_hit_values(hit) for hit in hits],
            rule_findings=[_rule_finding_values(finding) for finding in rule_findings],
        )
        .returning(screening.c.screening_id)
    ).scalar_one()
    return ScreeningRecord(screening_id, subject, verdict, as_of, screened_at, versions, hits, rule_findings)


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
        hits=tuple(_hit(values) for values in row.hits),
        rule_findings=tuple(_rule_finding(values) for values in row.rule_findings),
    )


def _hit_values(hit: HitRecord) -> dict[str, Any]:
    return {
        "party_index": hit.party_index,
        "party_role": hit.party_role.value,
        "party_name": hit.party_name,
        "listed_name": hit.listed_name,
        "list_code": hit.list_code,
        "list_name_zh": hit.list_name_zh,
        "list_name_en": hit.list_name_en,
        "entry_id": hit.entry_id,
        "entry_name_zh": hit.entry_name_zh,
        "entry_name_en": hit.entry_name_en,
        "score": str(hit.score),
        "ground": hit.ground.value,
        "standing": hit.standing.value,
        "standing_basis": hit.standing_basis,
        "also_unreliable_entity": hit.also_unreliable_entity,
        "verdict": hit.verdict.name,
        "source": _source_values(hit.source),
        "effective_from": hit.effective_from.isoformat(),
        "measures_zh": list(hit.measures_zh),
        "measures_en": list(hit.measures_en),
    }


def _hit(values: Mapping[str, Any]) -> HitRecord:
    return HitRecord(
        party_index=values["party_index"],
        party_role=PartyRole(values["party_role"]),
        party_name=values["party_name"],
        listed_name=values["listed_name"],
        list_code=values["list_code"],
        list_name_zh=values["list_name_zh"],
        list_name_en=values["list_name_en"],
        entry_id=values["entry_id"],
        entry_name_zh=values["entry_name_zh"],
        entry_name_en=values["entry_name_en"],
        score=Decimal(values["score"]),
        ground=Ground(values["ground"]),
        standing=Standing(values["standing"]),
        standing_basis=values["standing_basis"],
        also_unreliable_entity=values["also_unreliable_entity"],
        verdict=Verdict[values["verdict"]],
        source=LegalSource(**values["source"]),
        effective_from=date.fromisoformat(values["effective_from"]),
        measures_zh=tuple(values["measures_zh"]),
        measures_en=tuple(values["measures_en"]),
    )


def _rule_finding_values(finding: RuleFindingRecord) -> dict[str, Any]:
    return {
        "rule_id": finding.rule_id,
        "verdict": finding.verdict.name,
        "unknown": finding.unknown,
        "source": _source_values(finding.source),
        "text_zh": finding.text_zh,
        "text_en": finding.text_en,
        "demands": list(finding.demands),
    }


def _rule_finding(values: Mapping[str, Any]) -> RuleFindingRecord:
    return RuleFindingRecord(
        rule_id=values["rule_id"],
        verdict=Verdict[values["verdict"]],
        unknown=values["unknown"],
        source=LegalSource(**values["source"]),
        text_zh=values["text_zh"],
        text_en=values["text_en"],
        # Absent from what was kept before rules could demand anything.
        demands=tuple(Demand(demand) for demand in values.get("demands", ())),
    )


def _source_values(source: LegalSource) -> dict[str, str]:
    return {"instrument": source.instrument, "article": source.article, "url": source.url}
