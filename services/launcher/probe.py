"""Is a process well? Exit code 0 if so: `python -m services.launcher.probe grpc HOST:PORT`.

For containers, whose runtime asks by a command: `grpc HOST:PORT` (grpc.health.v1), `http URL`, and
`heartbeat FILE` for a process that listens nowhere and touches its XUKE_HEARTBEAT instead.
"""

import pathlib
import sys
import time
from collections.abc import Mapping

from services.launcher.readiness import Probe, answers_http, serves_grpc

# A beat is due every five seconds; a machine under load may be late, a loop that hangs never comes back.
HEARTBEAT_MAXIMUM_AGE_SECONDS = 30.0


def beats(file: pathlib.Path, now: float) -> bool:
    """Whether the file was touched lately; `now` in seconds since 1970."""
    try:
        return now - file.stat().st_mtime <= HEARTBEAT_MAXIMUM_AGE_SECONDS
    except FileNotFoundError:
        return False


def probes(target: str) -> Mapping[str, Probe]:
    """Each way to ask, by its name, for one target."""
    return {
        "grpc": lambda: serves_grpc(target),
        "http": lambda: answers_http(target),
        "heartbeat": lambda: beats(pathlib.Path(target), time.time()),
    }


def main(arguments: list[str]) -> int:
    """Asks once. 0: well; 1: not well; 2: wrong arguments."""
    if len(arguments) != 2 or arguments[0] not in probes(""):
        print(__doc__, file=sys.stderr)
        return 2
    kind, target = arguments
    return 0 if probes(target)[kind]() else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
