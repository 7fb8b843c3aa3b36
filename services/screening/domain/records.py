"""A screening as it is kept: what was found, with everything needed to read it later without the lists.

Texts of lists and rules are copied, because the lists move on; sentences are not, they are made when read. What
people had decided of a hit by then is part of the record, so that a replay needs nothing else.
"""

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from services.screening.domain.evidence import Evidence
from services.screening.domain.export import PartyRole
from services.screening.domain.hits import OPEN_STATES, Applied, DecidedHit, HitKey, HitState, Relation
from services.screening.domain.likeness import Ground
from services.screening.domain.lists import LegalSource, Standing, Verdict
from services.screening.domain.rules import Demand, RuleFinding

_HITS: Final = UUID("6f0c1a52-5d0e-4d0b-9b1e-3c8a5f2b7d11")


@dataclass(frozen=True, slots=True)
class HitRecord:
    """A hit. `measures_*` are what the listing entails where the name counts as the listed one, else empty.

    `hit_id` is empty where the export is not watched. `verdict` is what the hit entails by itself; once released
    it no longer counts. `state` and `decision_id` are what had been decided when the export was screened.
    """

    hit_id: str
    party_index: int
    party_role: PartyRole
    party_name: str
    listed_name: str
    relation: Relation
    fingerprint: str
    list_code: str
    list_version: str
    list_name_zh: str
    list_name_en: str
    entry_id: str
    entry_digest: str
    entry_name_zh: str
    entry_name_en: str
    score: Decimal
    ground: Ground
    percent: Decimal | None
    standing: Standing
    standing_basis: str
    also_unreliable_entity: bool
    verdict: Verdict
    state: HitState
    decision_id: str
    is_seconded: bool
    source: LegalSource
    effective_from: date
    measures_zh: tuple[str, ...]
    measures_en: tuple[str, ...]
    evidence: tuple[Evidence, ...]

    @property
    def key(self) -> HitKey:
        """By what a decision on the hit is remembered."""
        return HitKey(self.fingerprint, self.list_code, self.entry_id, self.relation, self.entry_digest)

    @property
    def applied(self) -> Applied:
        """What had been decided of the hit."""
        return Applied(self.state, self.decision_id, self.is_seconded)


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
    result_sha256: str

    @property
    def open_hits(self) -> int:
        """Hits that people still have to decide."""
        return open_hits_of(self.hits)


def open_hits_of(hits: tuple[HitRecord, ...]) -> int:
    """Hits that people still have to decide; a party that stands in two roles gives one."""
    return len({hit_id_of("", hit.key) for hit in hits if hit.state in OPEN_STATES})


def hit_id_of(watched_as: str, key: HitKey) -> UUID:
    """The id of a hit: the same party, list, entry and relation in one watched export is one hit."""
    name = "\n".join((watched_as, key.fingerprint, key.list_code, key.entry_id, key.relation.value))
    return uuid.uuid5(_HITS, name)


def with_ids(hits: tuple[HitRecord, ...], watched_as: str) -> tuple[HitRecord, ...]:
    """The hits of an export with their ids; without, where it is not watched."""
    if not watched_as:
        return hits
    return tuple(replace(hit, hit_id=str(hit_id_of(watched_as, hit.key))) for hit in hits)


def hit_record(decided: DecidedHit, as_of: date) -> HitRecord:
    """What is kept of a hit; it gets its id when it is kept."""
    hit, party_list = decided.hit, decided.hit.party_list
    treated_as_listed = decided.is_listed and hit.relation in (Relation.PARTY, Relation.ADDRESS)
    measures = party_list.measures_of(hit.entry, as_of) if treated_as_listed else ()
    return HitRecord(
        hit_id="",
        party_index=hit.party_index,
        party_role=hit.party_role,
        party_name=hit.party_name,
        listed_name=hit.listed_name,
        relation=hit.relation,
        fingerprint=hit.key.fingerprint,
        list_code=party_list.list_code,
        list_version=party_list.version,
        list_name_zh=party_list.name_zh,
        list_name_en=party_list.name_en,
        entry_id=hit.entry.entry_id,
        entry_digest=hit.key.entry_digest,
        entry_name_zh=hit.entry.name_zh,
        entry_name_en=hit.entry.name_en,
        score=hit.score,
        ground=hit.ground,
        percent=hit.percent,
        standing=hit.standing,
        standing_basis=hit.entry.standing_basis,
        also_unreliable_entity=hit.entry.also_unreliable_entity,
        verdict=decided.verdict,
        state=decided.applied.state,
        decision_id=decided.applied.decision_id,
        is_seconded=decided.applied.is_seconded,
        source=hit.entry.source,
        effective_from=hit.entry.effective_from,
        measures_zh=tuple(measure.text_zh for measure in measures),
        measures_en=tuple(measure.text_en for measure in measures),
        evidence=hit.evidence,
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
