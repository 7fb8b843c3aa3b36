"""What was found as values of JSON, there and back, and its canonical bytes: a replay gives the same."""

import hashlib
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from services.foundation.ledger import canonical_json
from services.screening.domain.evidence import Evidence
from services.screening.domain.export import PartyRole
from services.screening.domain.hits import HitState, Relation
from services.screening.domain.likeness import Ground
from services.screening.domain.lists import LegalSource, Standing, Verdict
from services.screening.domain.records import HitRecord, RuleFindingRecord
from services.screening.domain.rules import Demand


def hit_content(hit: HitRecord) -> dict[str, Any]:
    """A hit in values of JSON."""
    values = {field.name: getattr(hit, field.name) for field in fields(hit)}
    return values | {
        "score": str(hit.score),
        "percent": "" if hit.percent is None else str(hit.percent),
        "verdict": hit.verdict.name,
        "source": _source_content(hit.source),
        "effective_from": hit.effective_from.isoformat(),
        "measures_zh": list(hit.measures_zh),
        "measures_en": list(hit.measures_en),
        "evidence": [[one.given, one.listed, one.feature, one.points] for one in hit.evidence],
        **{
            name: getattr(hit, name).value
            for name in ("party_role", "relation", "ground", "standing", "state")
        },
    }


def hit_of(content: Mapping[str, Any]) -> HitRecord:
    """The hit of its content."""
    return HitRecord(
        **dict(content)
        | {
            "party_role": PartyRole(content["party_role"]),
            "relation": Relation(content["relation"]),
            "ground": Ground(content["ground"]),
            "standing": Standing(content["standing"]),
            "state": HitState(content["state"]),
            "verdict": Verdict[content["verdict"]],
            "score": Decimal(content["score"]),
            "percent": Decimal(content["percent"]) if content["percent"] else None,
            "source": LegalSource(**content["source"]),
            "effective_from": date.fromisoformat(content["effective_from"]),
            "measures_zh": tuple(content["measures_zh"]),
            "measures_en": tuple(content["measures_en"]),
            "evidence": tuple(Evidence(*one) for one in content["evidence"]),
        }
    )


def rule_finding_content(finding: RuleFindingRecord) -> dict[str, Any]:
    """A rule that bites in values of JSON."""
    return {
        "rule_id": finding.rule_id,
        "verdict": finding.verdict.name,
        "unknown": finding.unknown,
        "source": _source_content(finding.source),
        "text_zh": finding.text_zh,
        "text_en": finding.text_en,
        "demands": [demand.value for demand in finding.demands],
    }


def rule_finding_of(content: Mapping[str, Any]) -> RuleFindingRecord:
    """The rule that bites of its content."""
    return RuleFindingRecord(
        rule_id=content["rule_id"],
        verdict=Verdict[content["verdict"]],
        unknown=content["unknown"],
        source=LegalSource(**content["source"]),
        text_zh=content["text_zh"],
        text_en=content["text_en"],
        demands=tuple(Demand(demand) for demand in content["demands"]),
    )


def result_sha256(
    verdict: Verdict,
    as_of: date,
    versions: tuple[str, ...],
    hits: tuple[HitRecord, ...],
    rule_findings: tuple[RuleFindingRecord, ...],
) -> str:
    """SHA-256 of the canonical JSON of a result: sorted keys, no spaces, UTF-8."""
    canonical = canonical_json(
        {
            "verdict": verdict.name,
            "as_of": as_of.isoformat(),
            "versions": list(versions),
            "hits": [hit_content(hit) for hit in hits],
            "rule_findings": [rule_finding_content(finding) for finding in rule_findings],
        }
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def _source_content(source: LegalSource) -> dict[str, str]:
    return {"instrument": source.instrument, "article": source.article, "url": source.url}
