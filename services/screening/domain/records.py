"""A screening as it is kept: what was found, with everything needed to read it later without the lists.

Texts of lists and rules are copied, because the lists move on; sentences are not, they are made when read.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from services.screening.domain.lists import LegalSource, PartyList, Standing, Verdict
from services.screening.domain.rules import Demand, RuleFinding
from services.screening.domain.screen import Hit, PartyRole
from services.screening.domain.similarity import Ground


@dataclass(frozen=True, slots=True)
class HitRecord:
    """A hit. `measures_*` are what the listing entails where the name counts as the listed one, else empty."""

    party_index: int
    party_role: PartyRole
    party_name: str
    listed_name: str
    list_code: str
    list_name_zh: str
    list_name_en: str
    entry_id: str
    entry_name_zh: str
    entry_name_en: str
    score: Decimal
    ground: Ground
    standing: Standing
    standing_basis: str
    also_unreliable_entity: bool
    verdict: Verdict
    source: LegalSource
    effective_from: date
    measures_zh: tuple[str, ...]
    measures_en: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleFindingRecord:
    """A rule that bites, or may bite because what it asks for is not known."""

    rule_id: str
    verdict: Verdict
    unknown: bool
    source: LegalSource
    text_zh: str
    text_en: str
    demands: tuple[Demand, ...] = ()


@dataclass(frozen=True, slots=True)
class ScreeningRecord:
    """A screening: of what, when (UTC), as of which legal day, with which result, on which versions."""

    screening_id: UUID
    subject: str
    verdict: Verdict
    as_of: date
    screened_at: datetime
    versions: tuple[str, ...]
    hits: tuple[HitRecord, ...]
    rule_findings: tuple[RuleFindingRecord, ...]


def hit_record(hit: Hit, party_list: PartyList, as_of: date) -> HitRecord:
    """What is kept of a hit."""
    applied = hit.standing in (Standing.IN_FORCE, Standing.UNCONFIRMED)
    is_match = applied and hit.is_match
    measures = party_list.measures_of(hit.entry, as_of) if is_match else ()
    return HitRecord(
        party_index=hit.party_index,
        party_role=hit.party_role,
        party_name=hit.party_name,
        listed_name=hit.listed_name,
        list_code=party_list.list_code,
        list_name_zh=party_list.name_zh,
        list_name_en=party_list.name_en,
        entry_id=hit.entry.entry_id,
        entry_name_zh=hit.entry.name_zh,
        entry_name_en=hit.entry.name_en,
        score=hit.score,
        ground=hit.ground,
        standing=hit.standing,
        standing_basis=hit.entry.standing_basis,
        also_unreliable_entity=hit.entry.also_unreliable_entity,
        verdict=hit.verdict,
        source=hit.entry.source,
        effective_from=hit.entry.effective_from,
        measures_zh=tuple(measure.text_zh for measure in measures),
        measures_en=tuple(measure.text_en for measure in measures),
    )


def rule_finding_record(finding: RuleFinding) -> RuleFindingRecord:
    """What is kept of a rule that bites."""
    return RuleFindingRecord(
        finding.rule_id,
        finding.verdict,
        finding.unknown,
        finding.source,
        finding.text_zh,
        finding.text_en,
        finding.demands,
    )
