"""The use cases of screening, each within one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.foundation.clock import legal_day
from services.foundation.database import UnitOfWork
from services.foundation.errors import not_found
from services.foundation.ledger import Subject
from services.screening.bases import Bases
from services.screening.domain.destinations import Register
from services.screening.domain.lists import PartyList, Verdict
from services.screening.domain.records import (
    HitRecord,
    RuleFindingRecord,
    ScreeningRecord,
    hit_record,
    rule_finding_record,
)
from services.screening.domain.rules import RuleSet
from services.screening.domain.screen import Export, screen
from services.screening.store import rules, screenings


def load_rules(work: UnitOfWork, rule_set: RuleSet) -> bool:
    """Loads a version of the destination rules; False where it is loaded already."""
    if not rules.add_rules(work.connection, rule_set, work.call.now):
        return False
    rules.activate(work.connection, rules.Kind.RULES, rule_set.version, work.call.now)
    work.record(
        Subject("rule_set", rule_set.version),
        "RULE_SET_LOADED",
        {"state": "loaded", "rules": str(len(rule_set.rules))},
    )
    return True


def load_destinations(work: UnitOfWork, register: Register) -> bool:
    """Loads a version of the register of destinations; False where it is loaded already."""
    if not rules.add_destinations(work.connection, register, work.call.now):
        return False
    rules.activate(work.connection, rules.Kind.DESTINATIONS, register.version, work.call.now)
    work.record(
        Subject("destination_register", register.version),
        "DESTINATION_REGISTER_LOADED",
        {"state": "loaded", "destinations": str(len(register.destinations))},
    )
    return True


@dataclass(frozen=True, slots=True)
class Examined:
    """What a screening would find, before it is kept: as of a legal day, on the versions named."""

    verdict: Verdict
    as_of: date
    versions: tuple[str, ...]
    hits: tuple[HitRecord, ...]
    rule_findings: tuple[RuleFindingRecord, ...]


def examine(work: UnitOfWork, bases: Bases, export: Export, as_of: date | None) -> Examined:
    """Screens an export as of a legal day (None: today) and keeps nothing. Errors: see `screen`."""
    today = legal_day(work.call.now)
    day = as_of or today
    basis = bases.current(work.connection)
    found = screen(export, basis, day, today)
    by_code = {party_list.list_code: party_list for party_list in basis.lists}
    return Examined(
        verdict=found.verdict,
        as_of=day,
        versions=found.versions,
        hits=tuple(hit_record(hit, by_code[hit.entry.list_code], day) for hit in found.hits),
        rule_findings=tuple(rule_finding_record(finding) for finding in found.rule_findings),
    )


def keep(work: UnitOfWork, subject: str, stated: Mapping[str, object], examined: Examined) -> ScreeningRecord:
    """Keeps what was found with the export as stated, and records the event."""
    record = screenings.add_screening(
        work.connection,
        subject=subject,
        verdict=examined.verdict,
        as_of=examined.as_of,
        screened_at=work.call.now,
        versions=examined.versions,
        export=stated,
        hits=examined.hits,
        rule_findings=examined.rule_findings,
    )
    work.record(
        Subject("screening", str(record.screening_id)),
        "SCREENED",
        {
            "state": record.verdict.name,
            "subject": subject,
            "as_of": record.as_of.isoformat(),
            "entries": " ".join(dict.fromkeys(hit.entry_id for hit in record.hits)),
            "rules": " ".join(finding.rule_id for finding in record.rule_findings),
            "versions": "; ".join(record.versions),
        },
    )
    return record


def screen_export(
    work: UnitOfWork,
    bases: Bases,
    subject: str,
    export: Export,
    stated: Mapping[str, object],
    as_of: date | None,
) -> ScreeningRecord:
    """Screens an export as of a legal day (None: today), keeps what was found, and records the event.

    `stated` is the export as the caller stated it, kept with the result. Errors: see `screen`.
    """
    return keep(work, subject, stated, examine(work, bases, export, as_of))


def get_screening(work: UnitOfWork, screening_id: UUID) -> ScreeningRecord:
    """A screening as it was made. Errors: NOT_FOUND."""
    found = screenings.find_screening(work.connection, screening_id)
    if found is None:
        raise not_found("screening", str(screening_id))
    return found


def current_lists(work: UnitOfWork, bases: Bases) -> Sequence[PartyList]:
    """The current version of each list."""
    return bases.current(work.connection).lists
