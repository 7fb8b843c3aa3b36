"""All examinations together."""

import datetime
import pathlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial

import psycopg

from services.foundation.documents.malware_scanner import MalwareScanner
from services.launcher.health import checks
from services.launcher.health.finding import Finding, Status
from services.launcher.processes import Place

_OF_A_RUNNING_PLATFORM: tuple[tuple[str, Callable[[Place], Iterator[Finding]]], ...] = (
    ("process", checks.processes),
    ("outbox", checks.outboxes),
    ("email", checks.emails),
    ("seal", checks.seals),
    ("procedure", checks.procedure),
)


def examine(
    place: Place,
    calendar_file: pathlib.Path | None,
    today: datetime.date,
    scanner: MalwareScanner | None = None,
) -> list[Finding]:
    """Everything that can be found out now; what cannot be asked is a finding as well."""
    findings: list[Finding] = []
    if place.folder.running():
        for name, check in _OF_A_RUNNING_PLATFORM:
            findings += _found(name, partial(check, place))
    else:
        folder = {"folder": str(place.folder.path)}
        findings.append(Finding("platform", "platform", Status.DOWN, "PLATFORM_NOT_RUNNING", folder))
    findings += _found("calendar", lambda: (checks.calendar(calendar_file, today),))
    findings += _found("malware", lambda: (checks.malware(scanner),))
    findings += _found("disk", lambda: (checks.disk(place.folder.path),))
    return findings


def _found(name: str, check: Callable[[], Iterable[Finding]]) -> list[Finding]:
    """What a check finds; one that fails is a finding itself and keeps what it found before."""
    found: list[Finding] = []
    try:
        found.extend(check())
    except psycopg.OperationalError as error:
        found.append(_not_done(name, "postgres", "DATABASE_NOT_ASKED", error))
    except Exception as error:  # noqa: BLE001 - whatever one check runs into, the others must be told
        found.append(_not_done(name, name, "CHECK_NOT_DONE", error))
    return found


def _not_done(name: str, subject: str, reason: str, error: Exception) -> Finding:
    said = (str(error).strip() or type(error).__name__).splitlines()[0]
    return Finding(name, subject, Status.DOWN, reason, {"error": said, "kind": type(error).__name__})


def healthy(findings: list[Finding]) -> bool:
    """Whether nothing is down or behind."""
    return all(finding.status in (Status.OK, Status.NOTICE) for finding in findings)
