"""`xuke verify-audit`: does the record still say what it said when it was sealed?"""

import pathlib
import uuid

import click
import psycopg

from services.foundation.audit_log.report import AuditReport
from services.foundation.audit_log.sealed_log import LogDamaged
from services.foundation.audit_log.signed_note import InvalidNote
from services.foundation.errors import ErrorCode, XukeError, not_found, unavailable
from services.foundation.messages import render
from services.foundation.settings import SERVICES_WITH_DATABASE
from services.launcher.audit import EventProof, Keepsake, prove_event, verify_service
from services.launcher.commands.output import (
    FAILED,
    Refusing,
    console,
    ill,
    json_option,
    literal,
    print_json,
    well,
)
from services.launcher.commands.running_platform import running_place
from services.launcher.processes import Place


def _report_json(report: AuditReport) -> dict[str, object]:
    return {
        "intact": report.intact,
        "origin": report.origin,
        "size": report.size,
        "root": report.root,
        "checkpoints": report.checkpoints,
        "matched": report.matched,
        "unsealed": report.unsealed,
        "omitted_findings": report.omitted,
        "findings": [
            {
                "kind": finding.kind.value,
                "index": finding.index,
                "seq": finding.seq,
                "event_id": str(finding.event_id) if finding.event_id else None,
                "details": dict(finding.details),
            }
            for finding in report.findings
        ],
    }


def _show(service: str, report: AuditReport) -> None:
    line = (
        f"{service}: {report.matched} of {report.size} sealed events as sealed, {report.unsealed} newer,"
        f" {report.checkpoints} checkpoints, root {report.root[:16]}…"
    )
    console.print(well(line) if report.intact else ill(line))
    for finding in report.findings:
        sentence = render(f"AUDIT_{finding.kind.value}")
        where = " ".join(
            f"{name}={value}"
            for name, value in (
                ("event", finding.event_id),
                ("seq", finding.seq),
                ("index", finding.index),
                *finding.details.items(),
            )
            if value is not None
        )
        console.print(literal(f"  • {sentence.zh} {sentence.en}"), literal(where, "dim"))
    if report.omitted:
        console.print(f"  … {report.omitted} more")


def _verify_all(place: Place, services: tuple[str, ...], keepsake: Keepsake | None) -> dict[str, AuditReport]:
    reports = {}
    for service in services:
        try:
            reports[service] = verify_service(place, service, keepsake)
        except psycopg.OperationalError as error:
            raise unavailable("DATABASE_UNAVAILABLE") from error
        except (OSError, LogDamaged, InvalidNote) as error:
            raise XukeError(
                ErrorCode.FAILED_PRECONDITION, "SEAL_UNREADABLE", {"subject": service, "error": str(error)}
            ) from error
    return reports


def _prove(place: Place, services: tuple[str, ...], event_id: uuid.UUID) -> EventProof:
    try:
        proved = prove_event(place, services, event_id)
    except psycopg.OperationalError as error:
        raise unavailable("DATABASE_UNAVAILABLE") from error
    if proved is None:
        raise not_found("sealed event", str(event_id))
    return proved


@click.command("verify-audit", cls=Refusing)
@click.option("--service", type=click.Choice(SERVICES_WITH_DATABASE), help="Only the record of this service.")
@click.option("--event", "event_id", type=click.UUID, help="Prove that this event is in the sealed log.")
@click.option(
    "--keep",
    "folder",
    type=click.Path(file_okay=False, path_type=pathlib.Path),
    help="Your own folder, away from the platform: keeps each public key and the last checkpoint you verified,"
    " and holds the logs against them the next time.",
)
@json_option
def command(
    service: str | None, event_id: uuid.UUID | None, folder: pathlib.Path | None, as_json: bool
) -> None:
    """Hold the databases against the sealed log. Exit code 1 if anything was altered."""
    services = (service,) if service else SERVICES_WITH_DATABASE
    place = running_place()
    if event_id is not None:
        proved = _prove(place, services, event_id)
        if as_json:
            print_json(
                {
                    "service": proved.service,
                    "holds": proved.holds,
                    "leaf_index": proved.proof.index,
                    "leaf_hash": proved.proof.leaf_hash.hex(),
                    "path": [node.hex() for node in proved.proof.path],
                    "checkpoint": proved.proof.signed.note,
                }
            )
        else:
            line = (
                f"{proved.service}: event {event_id} is leaf {proved.proof.index},"
                f" proved by {len(proved.proof.path)} hashes to the root of the checkpoint\n"
                f"{proved.proof.signed.note}"
            )
            console.print(well(line) if proved.holds else ill(line))
        if not proved.holds:
            raise click.exceptions.Exit(FAILED)
        return
    reports = _verify_all(place, services, Keepsake(folder) if folder else None)
    if as_json:
        print_json({name: _report_json(report) for name, report in reports.items()})
    else:
        for name, report in reports.items():
            _show(name, report)
    if not all(report.intact for report in reports.values()):
        raise click.exceptions.Exit(FAILED)
