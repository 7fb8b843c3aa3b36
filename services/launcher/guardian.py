"""Ends the processes of a platform whose launcher has died without ending them.

Runs as a script of its own. The launcher writes one JSON object a line to its standard input: {"start": process
id, "signal": number} and {"end": process id}. When the launcher is gone the input ends, and the guardian stops
what is left in reverse order, each with its whole process group. It also holds the lock of the state folder
until then. Unlike the parent-death signal of Linux this survives a change of user and works on every Unix.
"""

import json
import os
import signal
import sys
import time

LIMIT_SECONDS = 10.0


def _exists(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _signal(process: int, number: int) -> None:
    try:
        os.killpg(process, number)
    except (ProcessLookupError, PermissionError):
        return


def main() -> None:
    """Reads until the launcher is gone, then ends what is left."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    left: dict[int, int] = {}
    for line in sys.stdin:
        message = json.loads(line)
        if "start" in message:
            left[message["start"]] = message["signal"]
        else:
            left.pop(message["end"], None)
    for process, number in reversed(left.items()):
        _signal(process, number)
        deadline = time.monotonic() + LIMIT_SECONDS
        while _exists(process) and time.monotonic() < deadline:
            time.sleep(0.05)
        _signal(process, signal.SIGKILL)


if __name__ == "__main__":
    main()
