"""`xuke up` on one machine: what it prints, that state survives, and that it can be emptied."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xuke.licensing.v1 import application_pb2

from services.launcher.addresses import Addresses
from services.launcher.clients import People
from services.launcher.demo.dossiers import KOREAN_END_USER, dossier
from services.launcher.demo.filing import PAPERS
from services.launcher.demo.licensing_a_case import Cast, file_application
from services.launcher.demo.narrator import SilentNarrator
from services.launcher.demo.stories import ORGANISATION
from services.launcher.state_folder import StateFolder

XUKE = [sys.executable, "-m", "services.launcher.command_line"]


def environment(folder: Path) -> dict[str, str]:
    return {"XUKE_HOME": str(folder), "PATH": os.environ["PATH"], "COLUMNS": "200", "LANG": "C.UTF-8"}


@contextmanager
def up(folder: Path, number: signal.Signals) -> Iterator[str]:
    """`xuke up` until it is ended by a signal; yields what it printed when everything was ready."""
    process = subprocess.Popen([*XUKE, "up"], env=environment(folder), stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    printed = ""
    for line in process.stdout:
        printed += line
        if "Ctrl-C" in line:
            break
    try:
        yield printed
    finally:
        process.send_signal(number)
        rest = process.stdout.read()
        process.stdout.close()
        assert process.wait(timeout=60) == 0, printed + rest


def people_of(folder: Path) -> People:
    state = StateFolder(folder)
    return People(Addresses(state.chosen_ports()), state)


def command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*XUKE, *arguments], env=environment(folder), capture_output=True, text=True)


def test_state_survives_a_restart_and_the_loss_of_the_workflow_store(state_path: Path) -> None:
    folder = state_path / "state"
    with up(folder, signal.SIGINT) as printed:
        people = people_of(folder)
        addresses = people.addresses
        for part in ("portal", "customs", "temporal_ui"):
            assert addresses.url(part) in printed
        for service in ("classification", "screening", "licensing", "consultation"):
            assert addresses.of(service) in printed
        for account in ("jiangsu.exporter", "jiangsu.province", "ministry.second", "customs.officer"):
            assert re.search(rf"\b{re.escape(account)}\b", printed)
        cast = Cast(people, SilentNarrator())
        application_id = file_application(cast, dossier(ORGANISATION, KOREAN_END_USER, "ZJ-1"), list(PAPERS))
        state = application_pb2.APPLICATION_STATE_PROVINCIAL_REVIEW
        before = cast.province.wait_for_state(application_id, state)
        people.close()
    assert not StateFolder(folder).running()

    rebuilt = command(folder, "rebuild-procedure", "--yes")
    assert rebuilt.returncode == 0, rebuilt.stdout + rebuilt.stderr
    assert "1 open" in rebuilt.stdout

    with up(folder, signal.SIGTERM):
        people = people_of(folder)
        assert people.addresses == addresses
        cast = Cast(people, SilentNarrator())
        case = cast.province.case(application_id)
        assert (case.state, case.number) == (before.state, before.number)
        # The procedure goes on where it was: the ministry's part follows the province's.
        cast.province.forward(case, "同意转报。")
        cast.ministry.wait_for_state(application_id, application_pb2.APPLICATION_STATE_MINISTRY_INTAKE)
        people.close()

    emptied = command(folder, "reset", "--yes")
    assert emptied.returncode == 0, emptied.stderr
    assert not folder.exists()
    assert command(folder, "token", "auditor").returncode == 1


def test_the_demonstration_ends_well_only_if_every_story_does(state_path: Path) -> None:
    demonstration = command(state_path, "demo")
    assert demonstration.returncode == 0, demonstration.stdout + demonstration.stderr
    assert "All four stories ended as told" in demonstration.stdout
    for who in ("jiangsu.exporter", "jiangsu.province", "ministry.second", "customs-system"):
        assert who in demonstration.stdout


def test_a_demonstration_that_cannot_start_says_why(state_path: Path) -> None:
    environment_without_calendar = environment(state_path) | {"XUKE_CALENDAR": "/nonexistent/calendar.csv"}
    failed = subprocess.run(
        [*XUKE, "demo"], env=environment_without_calendar, capture_output=True, text=True, timeout=120
    )
    assert failed.returncode == 1
    # Several processes read the calendar; which of them is the first to fail is a matter of time.
    assert re.search(r"^✗ .*\b(classification|licensing)\b", failed.stdout, re.MULTILINE)
    assert "/nonexistent/calendar.csv" in failed.stdout
    assert "Traceback" not in failed.stderr
