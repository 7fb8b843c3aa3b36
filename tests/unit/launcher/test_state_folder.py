"""What may be deleted, and who holds the lock."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from services.foundation.errors import XukeError
from services.launcher.addresses import NAMES
from services.launcher.command_line import main
from services.launcher.ports import keep_ports
from services.launcher.readiness import wait_until
from services.launcher.state_folder import StateFolder


def started(folder: Path) -> StateFolder:
    """A folder as a platform leaves it."""
    state = StateFolder(folder)
    state.prepare()
    keep_ports(state.ports, NAMES, None)
    state.processes.write_text("{}")
    return state


@pytest.mark.parametrize("ports", [None, "", "[1]", json.dumps({"web": 80})])
def test_a_folder_that_is_not_a_platforms_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ports: str | None
) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "thesis.txt").write_text("years of work")
    if ports is not None:
        (tmp_path / "ports.json").write_text(ports)
    before = sorted(tmp_path.rglob("*"))
    monkeypatch.setenv("XUKE_HOME", str(tmp_path))
    result = CliRunner().invoke(main, ["reset", "--yes"])
    assert result.exit_code == 1
    assert "NOT_A_STATE_FOLDER" in result.stderr
    assert sorted(tmp_path.rglob("*")) == before


def test_only_what_the_platform_made_is_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, elsewhere = tmp_path / "state", tmp_path / "elsewhere"
    started(folder)
    (folder / "notes.txt").write_text("mine")
    elsewhere.mkdir()
    (elsewhere / "kept").touch()
    (folder / "documents").rmdir()
    (folder / "documents").symlink_to(elsewhere)
    monkeypatch.setenv("XUKE_HOME", str(folder))
    result = CliRunner().invoke(main, ["reset", "--yes"])
    assert result.exit_code == 0
    assert "notes.txt" in result.stdout
    assert [entry.name for entry in folder.iterdir()] == ["notes.txt"]
    assert (elsewhere / "kept").exists()


def test_a_folder_with_nothing_else_in_it_goes_too(tmp_path: Path) -> None:
    state = started(tmp_path / "state")
    assert state.empty() == []
    assert not state.path.exists()
    assert state.empty() == []


def test_a_launcher_that_was_killed_is_told_from_one_that_runs(tmp_path: Path) -> None:
    # The lock outlives the launcher in another process, as in its guardian.
    code = (
        "import os, pathlib, signal, subprocess, sys\n"
        "from services.launcher.state_folder import StateFolder\n"
        f"lock = StateFolder(pathlib.Path({str(tmp_path)!r})).acquire()\n"
        "guardian = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'], pass_fds=(lock,))\n"
        "print(guardian.pid, flush=True)\n"
        "signal.pause()\n"
    )
    launcher = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert launcher.stdout is not None
    guardian = int(launcher.stdout.readline())
    try:
        with pytest.raises(XukeError, match="PLATFORM_RUNNING"):
            StateFolder(tmp_path).acquire()
        launcher.kill()
        launcher.wait()
        with pytest.raises(XukeError, match="PLATFORM_ENDING"):
            StateFolder(tmp_path).acquire()
    finally:
        launcher.kill()
        os.kill(guardian, signal.SIGKILL)
        launcher.wait()
        launcher.stdout.close()
    assert wait_until(lambda: not StateFolder(tmp_path).running(), 10)
