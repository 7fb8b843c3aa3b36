import datetime
from pathlib import Path

import pytest

from services.foundation.working_days import WorkingDayCalendar
from services.launcher.addresses import NAMES, Addresses
from services.launcher.health.checks import calendar, disk
from services.launcher.health.examination import examine, healthy
from services.launcher.health.finding import Finding, Status
from services.launcher.processes import Place
from services.launcher.state_folder import StateFolder

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
