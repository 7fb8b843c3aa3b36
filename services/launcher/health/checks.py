"""The examinations of an embedded platform."""

import dataclasses
import datetime
import json
import os
import pathlib
import shutil
import subprocess
from collections.abc import Iterator

import grpc
import psycopg
from xuke.audit.v1 import audit_pb2, audit_pb2_grpc

from services.foundation.audit_log.entry import entry_position
from services.foundation.audit_log.sealed_log import LogDamaged, SealedLog
from services.foundation.documents.malware_scanner import MalwareScanner
from services.foundation.errors import ErrorCode, XukeError
from services.foundation.grpc_errors import from_rpc_error
from services.foundation.settings import SERVICES_WITH_DATABASE
from services.foundation.working_days import WorkingDayCalendar
from services.launcher.clients import People
from services.launcher.health.finding import Finding, Status
from services.launcher.processes import PROCESSES, TEMPORAL_NAMESPACE, Place, Process, program

TASK_QUEUE = "xuke-approval"
# Older than this and not yet carried on means that whoever should carry it on does not keep up.
PATIENCE_SECONDS = 10.0
# The notifier asks every few seconds, and after failures within a minute.
EMAIL_PATIENCE_SECONDS = 120.0
# The longest statutory period, 45 working days (Regulation 792 Art. 17), spans about 70 days; one festival more.
CALENDAR_NOTICE = datetime.timedelta(days=90)
DISK_NOTICE_BYTES = 5_000_000_000
DISK_LEAST_BYTES = 1_000_000_000
# A check that gets no answer must not keep the others from being told.
_TIMEOUT_SECONDS = 5
_SEALER_TIMEOUT_SECONDS = 2
# Reads the sealed record on behalf of the examination.
_AUDITOR_ACCOUNT = "auditor"


def processes(place: Place) -> Iterator[Finding]:
    """Whether each process runs and answers."""
    file = place.folder.processes
    known: dict[str, int] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    for process in PROCESSES:
        figures = {"log": str(place.folder.log(process.name)), "pid": str(known.get(process.name, ""))}
        if _up(process, place, known.get(process.name)):
            yield Finding("process", process.name, Status.OK, "PROCESS_UP", figures)
        else:
            yield Finding("process", process.name, Status.DOWN, "PROCESS_DOWN", figures)


def _up(process: Process, place: Place, process_id: int | None) -> bool:
    if process.answers is not None:
        return process.answers(place)
    if process_id is None:
        return False
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def outboxes(place: Place) -> Iterator[Finding]:
    """Events that have not reached the workflow server."""
    for service in SERVICES_WITH_DATABASE:
        with place.postgres.connect(f"xuke_{service}") as connection:
            unsent, age = _one(
                connection,
                "SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)"
                " FROM outbox WHERE sent_at IS NULL",
            )
        behind = age > PATIENCE_SECONDS
        yield Finding(
            "outbox",
            service,
            Status.BEHIND if behind else Status.OK,
            "OUTBOX_BEHIND" if behind else "OUTBOX_CURRENT",
            {"unsent": str(int(unsent)), "oldest_seconds": f"{age:.1f}"},
        )


def emails(place: Place) -> Iterator[Finding]:
    """E-mails that nobody has tried to send, and those that were given up within the last week."""
    with place.postgres.connect("xuke_licensing") as connection:
        waiting, age = _one(
            connection,
            "SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)"
            " FROM email WHERE state = 'PENDING' AND attempts = 0",
        )
        failed, _ = _one(
            connection,
            "SELECT count(*), 0 FROM email WHERE state = 'FAILED'"
            " AND created_at > clock_timestamp() - interval '7 days'",
        )
    figures = {"waiting": str(int(waiting)), "oldest_seconds": f"{age:.1f}", "failed": str(int(failed))}
    if age > EMAIL_PATIENCE_SECONDS:
        yield Finding("email", "notifier", Status.BEHIND, "EMAIL_BEHIND", figures)
    elif failed:
        yield Finding("email", "notifier", Status.NOTICE, "EMAIL_GIVEN_UP", figures)
    else:
        yield Finding("email", "notifier", Status.OK, "EMAIL_CURRENT", figures)


def seals(place: Place) -> Iterator[Finding]:
    """Databases that contradict their sealed log, and audit events that it does not cover yet."""
    stopped = _stopped_seals(place)
    for service in SERVICES_WITH_DATABASE:
        if service in stopped:
            yield Finding("seal", service, Status.DOWN, "SEAL_STOPPED", {"cause": stopped[service]})
            continue
        try:
            xid, seq = _sealed_until(place.folder.audit_log / service)
        except (OSError, LogDamaged) as error:
            yield Finding("seal", service, Status.DOWN, "SEAL_UNREADABLE", {"error": str(error)})
            continue
        with place.postgres.connect(f"xuke_{service}") as connection:
            unsealed, age = _one(
                connection,
                "SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(occurred_at)), 0)"
                " FROM audit_event WHERE (xid, seq) > (%s::text::xid8, %s)",
                (str(xid), seq),
            )
        behind = age > PATIENCE_SECONDS
        yield Finding(
            "seal",
            service,
            Status.BEHIND if behind else Status.OK,
            "SEAL_BEHIND" if behind else "SEAL_CURRENT",
            {"unsealed": str(int(unsealed)), "oldest_seconds": f"{age:.1f}"},
        )


def _stopped_seals(place: Place) -> dict[str, str]:
    """Services whose sealing has stopped because database and log contradict each other, and the cause.

    Positions alone do not show it: a row that is gone leaves nothing unsealed behind. A sealer that cannot be
    asked is a finding of its own (see `processes`). Errors: XukeError for any other refusal.
    """
    stopped: dict[str, str] = {}
    people = People(place.addresses, place.folder)
    try:
        audit = audit_pb2_grpc.AuditServiceStub(people.channel(_AUDITOR_ACCOUNT, "sealer"))
        for service in SERVICES_WITH_DATABASE:
            try:
                audit.GetCheckpoint(
                    audit_pb2.GetCheckpointRequest(service=service), timeout=_SEALER_TIMEOUT_SECONDS
                )
            except (grpc.RpcError, XukeError) as failure:
                error = failure if isinstance(failure, XukeError) else from_rpc_error(failure)
                if error.reason == "SEALING_STOPPED":
                    stopped[service] = error.metadata.get("cause", "")
                elif error.reason == "LOG_NOT_READY":
                    continue
                elif error.code in (ErrorCode.UNAVAILABLE, ErrorCode.DEADLINE_EXCEEDED):
                    break
                else:
                    raise error from failure
    finally:
        people.close()
    return stopped


def _sealed_until(folder: pathlib.Path) -> tuple[int, int]:
    log = SealedLog(folder)
    size = log.latest_checkpoint().size
    return entry_position(log.entry(size - 1)) if size else (0, 0)


def _one(connection: psycopg.Connection, query: str, values: tuple[object, ...] = ()) -> tuple[float, float]:
    row = connection.execute(query.encode(), values).fetchone()
    if row is None:
        raise RuntimeError("an aggregate has one row")
    return float(row[0]), float(row[1])


def _describe_task_queue(place: Place) -> subprocess.CompletedProcess[str]:
    """What the workflow server says of the queue of the procedure. Raises subprocess.TimeoutExpired."""
    return subprocess.run(
        [
            program("temporal"), "task-queue", "describe",
            "--task-queue", TASK_QUEUE,
            "--namespace", TEMPORAL_NAMESPACE,
            "--address", place.addresses.of("temporal"),
            "--output", "json",
        ],
        env={"HOME": str(place.folder.temporal)},
        capture_output=True,
        text=True,
        timeout=_TIMEOUT_SECONDS,
    )  # fmt: skip


def procedure(place: Place) -> Iterator[Finding]:
    """Whether the worker of the procedure asks for work, and what waits for it."""
    try:
        done = _describe_task_queue(place)
    except subprocess.TimeoutExpired:
        error = f"no answer within {_TIMEOUT_SECONDS} s"
        yield Finding("procedure", TASK_QUEUE, Status.DOWN, "PROCEDURE_UNKNOWN", {"error": error})
        return
    if done.returncode:
        yield Finding(
            "procedure", TASK_QUEUE, Status.DOWN, "PROCEDURE_UNKNOWN", {"error": done.stderr.strip()}
        )
        return
    described = json.loads(done.stdout)
    backlog = sum(int(queue["approximateBacklogCount"]) for queue in described["stats"] or ())
    if not described["pollers"]:
        yield Finding(
            "procedure", TASK_QUEUE, Status.DOWN, "PROCEDURE_WITHOUT_WORKER", {"backlog": str(backlog)}
        )
        return
    behind = backlog > len(described["stats"]) * 10
    yield Finding(
        "procedure",
        TASK_QUEUE,
        Status.BEHIND if behind else Status.OK,
        "PROCEDURE_BEHIND" if behind else "PROCEDURE_CURRENT",
        {"backlog": str(backlog)},
    )


def calendar(additional_file: pathlib.Path | None, today: datetime.date) -> Finding:
    """Whether the published holiday notices cover the periods that begin today."""
    horizon = WorkingDayCalendar.load(additional_file).horizon
    figures = {"horizon": horizon.isoformat(), "year": str(horizon.year + 1)}
    if today > horizon:
        return Finding("calendar", "working days", Status.BEHIND, "CALENDAR_ENDED", figures)
    if today + CALENDAR_NOTICE > horizon:
        return Finding("calendar", "working days", Status.NOTICE, "CALENDAR_ENDS_SOON", figures)
    return Finding("calendar", "working days", Status.OK, "CALENDAR_COVERS", figures)


def malware(scanner: MalwareScanner | None) -> Finding:
    """Whether uploads are looked at for malware; a scanner that is away keeps every upload out."""
    if scanner is None:
        return Finding("malware", "uploads", Status.NOTICE, "MALWARE_NOT_LOOKED_FOR")
    address = {"address": f"{scanner.host}:{scanner.port}"}
    if not dataclasses.replace(scanner, timeout=_TIMEOUT_SECONDS).answers():
        return Finding("malware", "uploads", Status.DOWN, "MALWARE_SCANNER_AWAY", address)
    return Finding("malware", "uploads", Status.OK, "MALWARE_LOOKED_FOR", address)


def disk(folder: pathlib.Path) -> Finding:
    """Whether there is room for what the platform will write."""
    free = shutil.disk_usage(folder).free
    figures = {"free_gigabytes": f"{free / 1e9:.1f}", "folder": str(folder)}
    if free < DISK_LEAST_BYTES:
        return Finding("disk", str(folder), Status.BEHIND, "DISK_FULL", figures)
    if free < DISK_NOTICE_BYTES:
        return Finding("disk", str(folder), Status.NOTICE, "DISK_LOW", figures)
    return Finding("disk", str(folder), Status.OK, "DISK_ENOUGH", figures)
