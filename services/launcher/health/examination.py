"""All examinations together."""

import datetime
import pathlib
from collections.abc import Callable, Iterator

import psycopg

from services.launcher.health import checks
from services.launcher.health.finding import Finding, Status
from services.launcher.processes import Place

_OF_A_RUNNING_PLATFORM: tuple[tuple[str, Callable[[Place], Iterator[Finding]]], ...] = (
    ("process", checks.processes),
    ("outbox", checks.outboxes),
    ("seal", checks.seals),
    ("procedure", checks.procedure),
)


def examine(place: Place, calendar_file: pathlib.Path | None, today: datetime.date) -> list[Finding]:
    """Everything that can be found out now; what cannot be asked is a finding as well."""
    findings: list[Finding] = []
    if place.folder.running():
        for name, check in _OF_A_RUNNING_PLATFORM:
            try:
                findings.extend(check(place))
            except psycopg.OperationalError as error:
                reason = str(error).strip().splitlines()[0]
                findings.append(
                    Finding(name, "postgres", Status.DOWN, "DATABASE_NOT_ASKED", {"error": reason})
                )
    else:
        folder = {"folder": str(place.folder.path)}
        findings.append(Finding("platform", "platform", Status.DOWN, "PLATFORM_NOT_RUNNING", folder))
    findings.append(checks.calendar(calendar_file, today))
    findings.append(checks.disk(place.folder.path))
    return findings


def healthy(findings: list[Finding]) -> bool:
    """Whether nothing is down or behind."""
    return all(finding.status in (Status.OK, Status.NOTICE) for finding in findings)
