"""Rebuilds the workflow server's store from the record (see `commands.rebuild_procedure`)."""

import contextlib
import json
import pathlib
import subprocess

from services.launcher.child import Exit
from services.launcher.platform import Platform
from services.launcher.processes import PROCESSES, TABLE, Place

# The worker would wake the cases itself, and uncounted; the others are not needed.
LEFT_OUT = ("approval", "relay", "sealer", "customs")
_LIMIT_SECONDS = 600.0


def rebuild(folder: pathlib.Path) -> tuple[int, list[Exit]]:
    """Starts what is needed on an empty workflow store, wakes every open case and licence, and stops again.

    Returns how many were woken and how the processes ended. Errors: FAILED_PRECONDITION, PLATFORM_RUNNING;
    StartFailed; RuntimeError with what the program wrote if it failed.
    """
    platform = Platform(folder, table=[row for row in TABLE if row.name not in LEFT_OUT])
    platform.folder.delete_workflow_store()
    platform.start()
    try:
        woken = wake_everything(platform.place)
    finally:
        exits = platform.stop()
    return woken, exits


def wake_everything(place: Place) -> int:
    """Wakes every open case and licence that the workflow server knows nothing of; returns how many.

    Raises RuntimeError with what the program wrote if it failed.
    """
    approval = next(process for process in PROCESSES if process.name == "approval")
    done = subprocess.run(
        [*approval.command(place), "rebuild"],
        env=dict(approval.environment(place)),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd="/",
        timeout=_LIMIT_SECONDS,
    )
    for line in reversed(done.stderr.splitlines()):
        with contextlib.suppress(ValueError):
            entry = json.loads(line)
            if done.returncode == 0 and entry.get("event") == "rebuilt":
                return int(entry["kicked"])
    raise RuntimeError(f"approval rebuild: exit {done.returncode}\n{done.stderr[-2000:]}")
