"""The use cases of screening, each within one transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from services.foundation.clock import legal_day
from services.foundation.database import UnitOfWork
from services.foundation.errors import ErrorCode, XukeError, not_found
from services.foundation.ledger import Subject
from services.foundation.principal import Role
from services.screening.bases import Bases
from services.screening.domain.export import Export
from services.screening.domain.lists import Verdict
from services.screening.domain.record_content import result_sha256
from services.screening.domain.records import (
    HitRecord,
    RuleFindingRecord,
    ScreeningRecord,
    hit_record,
    rule_finding_record,
    with_ids,
)
from services.screening.domain.screen import Screening, conclude, find
from services.screening.store import hits, lists, rules, screenings

# What brings up a hit that no re-screening has found.
SUBMISSION: Final = "SUBMISSION"


@dataclass(frozen=True, slots=True)
class Examined:
    """What a screening would find, before it is kept: as of a legal day, on the versions named."""

    verdict: Verdict
    as_of: date
    versions: tuple[str, ...]
    hits: tuple[HitRecord, ...]
    rule_findings: tuple[RuleFindingRecord, ...]


def examine(
    work: UnitOfWork, bases: Bases, export: Export, as_of: date | None, *, on_stale_lists: bool = False
) -> Examined:
    """Screens an export as of a legal day (None: today) and keeps nothing.

    With `on_stale_lists` a list that is past its review day is no error. Errors: see `screen`.
    """
    today = legal_day(work.call.now)
    day = as_of or today
    basis = bases.current(work.connection)
    found = find(export, basis, day, basis.reliable_day(today) if on_stale_lists else today)
    decided = hits.applied_to(work.connection, (hit.key for hit in found.hits))
    return _examined(conclude(found, decided), day)


def _examined(screening: Screening, day: date) -> Examined:
    return Examined(
        verdict=screening.verdict,
        as_of=day,
        versions=screening.versions,
        hits=tuple(hit_record(hit, day) for hit in screening.hits),
        rule_findings=tuple(rule_finding_record(finding) for finding in screening.rule_findings),
    )


def keep(
    work: UnitOfWork,
    subject: str,
    stated: Mapping[str, Any],
    examined: Examined,
    cause: str = SUBMISSION,
    cause_version: str = "",
) -> ScreeningRecord:
    """Keeps what was found with the export as stated, and records the event.

    The hits of a watched export stand in the queue from then on; `cause` and `cause_version` say what brought up
    those that are new.
    """
    watched_as: str = stated.get("watched_as", "")
    province: str = stated.get("province", "")
    record = screenings.add_screening(
        work.connection,
        subject=subject,
        province=province,
        verdict=examined.verdict,
        as_of=examined.as_of,
        screened_at=work.call.now,
        versions=examined.versions,
        export=stated,
        hits=with_ids(examined.hits, watched_as),
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
    if watched_as:
        _keep_hits(work, watched_as, province, record, stated["parties"], cause, cause_version)
    return record


def _keep_hits(
    work: UnitOfWork,
    watched_as: str,
    province: str,
    record: ScreeningRecord,
    parties: Sequence[Mapping[str, Any]],
    cause: str,
    cause_version: str,
) -> None:
    opened = hits.keep_hits(
        work.connection,
        watched_as,
        province,
        record.screening_id,
        record.hits,
        parties,
        work.call.now,
        cause,
        cause_version,
    )
    for hit in opened:
        work.record(
            Subject("hit", hit.hit_id),
            "HIT_OPENED",
            {
                "state": hit.state.value,
                "list_code": hit.list_code,
                "entry_id": hit.entry_id,
                "watched_as": watched_as,
                "cause": cause,
                "cause_version": cause_version,
            },
        )


def screen_export(
    work: UnitOfWork,
    bases: Bases,
    subject: str,
    export: Export,
    stated: Mapping[str, Any],
    as_of: date | None,
) -> ScreeningRecord:
    """Screens an export as of a legal day (None: today), keeps what was found, and records the event.

    `stated` is the export as the caller stated it, kept with the result; what a provincial officer screens is of the
    officer's province. Errors: PERMISSION_DENIED for one of no province; see `screen`.
    """
    principal = work.call.principal
    if principal.role is Role.PROVINCIAL_OFFICER:
        if not principal.province:
            raise XukeError(ErrorCode.PERMISSION_DENIED, "SCREENING_OF_NO_PROVINCE")
        stated = {**stated, "province": principal.province}
    return keep(work, subject, stated, examine(work, bases, export, as_of))


def get_screening(work: UnitOfWork, screening_id: UUID) -> ScreeningRecord:
    """A screening as it was made. Errors: NOT_FOUND."""
    found = screenings.find_screening(work.connection, screening_id)
    if found is None:
        raise not_found("screening", str(screening_id))
    return found


@dataclass(frozen=True, slots=True)
class Replayed:
    """A screening beside what comes out of the same export, versions and decisions now.

    `replayed_sha256` is empty where `missing_version` says what is no longer part of the program.
    """

    record: ScreeningRecord
    replayed_sha256: str
    missing_version: str

    @property
    def is_identical(self) -> bool:
        """Whether the same bytes come out."""
        return self.replayed_sha256 == self.record.result_sha256


def replay(
    work: UnitOfWork, bases: Bases, screening_id: UUID, export_of: Callable[[Mapping[str, Any]], Export]
) -> Replayed:
    """Screens again what was screened, on the versions and decisions that it rested on. Errors: NOT_FOUND."""
    record = get_screening(work, screening_id)
    stated = screenings.screened_export(work.connection, screening_id)
    lists_of, rules_of, register_of, missing = _versions_of(work, bases, record.versions)
    if missing:
        return Replayed(record, "", missing)
    basis = bases.of_versions(work.connection, lists_of, rules_of, register_of)
    # Whether the lists were fresh enough was asked when it was made, where it had to be.
    reliable = basis.reliable_day(legal_day(record.screened_at))
    found = find(export_of(stated), basis, record.as_of, reliable)
    decided = {hit.key: hit.applied for hit in record.hits}
    again = _examined(conclude(found, decided), record.as_of)
    replayed = result_sha256(
        again.verdict,
        again.as_of,
        again.versions,
        with_ids(again.hits, stated.get("watched_as", "")),
        again.rule_findings,
    )
    return Replayed(record, replayed, "")


def _versions_of(work: UnitOfWork, bases: Bases, versions: Sequence[str]) -> tuple[list[str], str, str, str]:
    """Of recorded versions those of lists, of the rules, of the register, and the one that is missing, if any."""
    of_lists: list[str] = []
    of_rules = of_register = missing = ""
    known = lists.versions_among(work.connection, versions)
    for version in versions:
        if version == bases.comparison.version:
            continue
        if version in known:
            of_lists.append(version)
        elif rules.has_rules(work.connection, version):
            of_rules = version
        elif rules.has_destinations(work.connection, version):
            of_register = version
        else:
            missing = version
    if not missing and not (of_rules and of_register and bases.comparison.version in versions):
        missing = bases.comparison.version
    return of_lists, of_rules, of_register, missing
