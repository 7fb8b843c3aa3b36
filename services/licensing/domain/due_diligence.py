"""Due diligence on end user and end use (尽职调查): for which destinations, since when, and what it must say.

No article demands a record of due diligence in these words: that it is demanded is a policy on the basis of
两用物项出口管制条例 Art. 10 (measures that fit the grade of a destination) and Art. 16(1)(5) (further documents
that the authority asks for). It serves the duties to stop and report of Art. 25 and 35. Which destinations it
binds, and from which day on, is data.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.foundation.errors import FieldViolation
from services.licensing.domain.dossier import DueDiligence, MilitaryRisk
from services.licensing.domain.findings import LegalSource
from services.licensing.domain.procedure import Confidence

# What a record of due diligence has to say.
_TEXTS = ("conducted_by", "methods", "end_user_findings", "end_use_findings")


class DutyStage(StrEnum):
    """When due diligence is demanded: with the application, and again before the goods are declared."""

    SUBMISSION = "SUBMISSION"
    DECLARATION = "DECLARATION"


@dataclass(frozen=True)
class DestinationDuty:
    """Due diligence is demanded for a country (ISO 3166-1 alpha-2); days of law, inclusive."""

    country: str
    stages: frozenset[DutyStage]
    source: LegalSource
    confidence: Confidence
    effective_from: date
    effective_to: date | None

    def applies_on(self, day: date) -> bool:
        """Whether the duty binds on a day of law."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


@dataclass(frozen=True)
class DestinationDuties:
    """Every duty, past and future."""

    rows: tuple[DestinationDuty, ...]

    def of(self, stage: DutyStage, countries: Collection[str], day: date) -> tuple[DestinationDuty, ...]:
        """The duties that bind an export to any of the countries at a stage on a day of law."""
        return tuple(row for row in self._bind(stage, day) if row.country in countries)

    def countries(self, stage: DutyStage, day: date) -> frozenset[str]:
        """The countries for which due diligence is demanded at a stage on a day of law."""
        return frozenset(row.country for row in self._bind(stage, day))

    def _bind(self, stage: DutyStage, day: date) -> Iterator[DestinationDuty]:
        return (row for row in self.rows if stage in row.stages and row.applies_on(day))


def due_diligence_faults(
    record: DueDiligence, path: str, duties: Collection[DestinationDuty], today: date
) -> Iterator[FieldViolation]:
    """What is wrong with a record; without a duty, one that says nothing at all is none.

    A military risk that was found is no matter for an application: what is prohibited is not exported, and
    the exporter stops and reports (条例 Art. 25, 35; 商务部公告2026年第1号). One that cannot be excluded is for
    the authority to judge, as 出口管制法 Art. 12(3) has it.
    """
    if not duties and record == DueDiligence():
        return
    duty = next(iter(duties), None)
    why = (
        FieldViolation(path, "VALUE_MISSING")
        if duty is None
        else FieldViolation(
            path,
            "DUE_DILIGENCE_DEMANDED",
            {
                "country": duty.country,
                "instrument": duty.source.instrument,
                "article": duty.source.article,
            },
        )
    )
    for name in _TEXTS:
        if not getattr(record, name).strip():
            yield FieldViolation(f"{path}.{name}", why.reason, why.metadata)
    yield from _concluded(record, path, why, today)
    match record.military_risk:
        case MilitaryRisk.UNSPECIFIED:
            yield FieldViolation(f"{path}.military_risk", why.reason, why.metadata)
        case MilitaryRisk.FOUND:
            yield FieldViolation(f"{path}.military_risk", "MILITARY_RISK_FOUND")
        case MilitaryRisk.NONE_FOUND | MilitaryRisk.CANNOT_BE_EXCLUDED:
            pass


def _concluded(record: DueDiligence, path: str, why: FieldViolation, today: date) -> Iterator[FieldViolation]:
    field = f"{path}.concluded_on"
    if not record.concluded_on:
        yield FieldViolation(field, why.reason, why.metadata)
        return
    try:
        concluded = date.fromisoformat(record.concluded_on)
    except ValueError:
        yield FieldViolation(field, "NOT_A_DATE", {"value": record.concluded_on})
        return
    if concluded > today:
        yield FieldViolation(field, "DAY_IN_THE_FUTURE", {"value": record.concluded_on})


def before_declaration_faults(
    record: DueDiligence, path: str, issued_on: date, today: date
) -> Iterator[FieldViolation]:
    """What is wrong with a record that the holder of a licence gives before the goods are declared.

    It is concluded after the licence was issued, because what the application rested on may have changed
    (条例 Art. 25). Whether a military risk was found is no fault here: it has its own consequence.
    """
    for name in _TEXTS:
        if not getattr(record, name).strip():
            yield FieldViolation(f"{path}.{name}", "VALUE_MISSING")
    if record.military_risk is MilitaryRisk.UNSPECIFIED:
        yield FieldViolation(f"{path}.military_risk", "VALUE_MISSING")
    found = list(_concluded(record, path, FieldViolation(path, "VALUE_MISSING"), today))
    yield from found
    if not found and date.fromisoformat(record.concluded_on) < issued_on:
        yield FieldViolation(
            f"{path}.concluded_on", "DUE_DILIGENCE_BEFORE_ISSUE", {"issued_on": issued_on.isoformat()}
        )
