import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from services.foundation.documents.malware_scanner import MalwareScanner
from services.foundation.working_days import WorkingDayCalendar
from services.launcher.addresses import NAMES, Addresses
from services.launcher.health import checks
from services.launcher.health.checks import calendar, disk, malware
from services.launcher.health.examination import examine, healthy
from services.launcher.health.finding import Finding, Status
from services.launcher.ports import free_ports
from services.launcher.processes import Place
from services.launcher.state_folder import StateFolder
from tests.support.clamd import clamd

HORIZON = WorkingDayCalendar.load().horizon


@pytest.mark.parametrize(
    ("days_before_the_end", "status", "reason"),
    [
        (91, Status.OK, "CALENDAR_COVERS"),
        (90, Status.OK, "CALENDAR_COVERS"),
        (89, Status.NOTICE, "CALENDAR_ENDS_SOON"),
        (0, Status.NOTICE, "CALENDAR_ENDS_SOON"),
        (-1, Status.BEHIND, "CALENDAR_ENDED"),
    ],
)
def test_a_missing_calendar_is_said_before_it_hurts(
    days_before_the_end: int, status: Status, reason: str
) -> None:
    finding = calendar(None, HORIZON - datetime.timedelta(days=days_before_the_end))
    assert (finding.status, finding.reason) == (status, reason)
    assert finding.figures["year"] == str(HORIZON.year + 1)


def test_the_disk_is_looked_at(tmp_path: Path) -> None:
    finding = disk(tmp_path)
    assert float(finding.figures["free_gigabytes"]) >= 0
    assert finding.reason in {"DISK_ENOUGH", "DISK_LOW", "DISK_FULL"}


def test_a_scanner_that_does_not_answer_keeps_uploads_out() -> None:
    assert malware(None).status is Status.NOTICE
    with clamd() as server:
        scanner = MalwareScanner("127.0.0.1", server.port)
        assert (malware(scanner).status, malware(scanner).reason) == (Status.OK, "MALWARE_LOOKED_FOR")
    away = malware(scanner)
    assert (away.status, away.reason) == (Status.DOWN, "MALWARE_SCANNER_AWAY")
    assert str(scanner.port) in away.sentence.zh


def test_a_platform_that_does_not_run_is_a_finding_and_not_an_error(tmp_path: Path) -> None:
    place = Place(StateFolder(tmp_path), Addresses(dict.fromkeys(NAMES, 1)))
    findings = examine(place, None, HORIZON - datetime.timedelta(days=200))
    assert [finding.reason for finding in findings][:2] == ["PLATFORM_NOT_RUNNING", "CALENDAR_COVERS"]
    assert not healthy(findings)


@pytest.mark.parametrize(
    ("status", "well"),
    [(Status.OK, True), (Status.NOTICE, True), (Status.BEHIND, False), (Status.DOWN, False)],
)
def test_only_what_is_down_or_behind_is_ill(status: Status, well: bool) -> None:
    assert healthy([Finding("disk", "/", status, "DISK_ENOUGH", {})]) == well


def test_every_finding_says_what_to_do_in_both_languages() -> None:
    finding = Finding(
        "outbox", "licensing", Status.BEHIND, "OUTBOX_BEHIND", {"unsent": "7", "oldest_seconds": "12"}
    )
    told = finding.as_json()
    assert "7" in str(told["zh"])
    assert "relay" in str(told["en"])
    assert "<" not in f"{told['zh']}{told['en']}"


@contextmanager
def locked(folder: Path) -> Iterator[Place]:
    """A state folder that looks as if a platform ran on it, with nothing behind its addresses."""
    state = StateFolder(folder)
    state.acquire()
    yield Place(StateFolder(folder), Addresses(dict.fromkeys(NAMES, free_ports(1)[0])))
    state.release()


def test_a_check_that_fails_is_a_finding_and_the_others_are_told(tmp_path: Path) -> None:
    with locked(tmp_path) as place:
        place.folder.processes.write_text("no JSON")
        findings = examine(place, tmp_path / "nonexistent.csv", HORIZON)
    reasons = {finding.check: finding.reason for finding in findings}
    assert reasons["process"] == reasons["calendar"] == "CHECK_NOT_DONE"
    assert reasons["outbox"] == "DATABASE_NOT_ASKED"
    assert reasons["procedure"] == "PROCEDURE_UNKNOWN"
    assert reasons["disk"].startswith("DISK_")


def test_a_workflow_server_that_hangs_is_a_finding_soon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = tmp_path / "temporal"
    silent.write_text("#!/bin/sh\nexec sleep 60\n")
    silent.chmod(0o755)
    monkeypatch.setattr(checks, "program", lambda _: str(silent))
    place = Place(StateFolder(tmp_path), Addresses(dict.fromkeys(NAMES, 1)))
    (finding,) = checks.procedure(place)
    assert (finding.status, finding.reason) == (Status.DOWN, "PROCEDURE_UNKNOWN")
    assert "no answer" in finding.figures["error"]
