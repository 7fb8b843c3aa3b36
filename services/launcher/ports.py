"""Ports of this machine: which are free, and which a platform has chosen to keep."""

import json
import pathlib
import socket
from collections.abc import Mapping, Sequence

LOOPBACK = "127.0.0.1"
# Where a platform prefers to be found; below the range from which systems give out ports.
PREFERRED_FIRST = 7400


def free_ports(count: int) -> list[int]:
    """That many different ports of 127.0.0.1 that nothing listens on at this moment."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind((LOOPBACK, 0))
        return [int(one.getsockname()[1]) for one in sockets]
    finally:
        for one in sockets:
            one.close()


def is_free(port: int) -> bool:
    """Whether nothing listens on a port of 127.0.0.1 at this moment."""
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def keep_ports(file: pathlib.Path, names: Sequence[str], first: int | None) -> Mapping[str, int]:
    """The port of each name: the one chosen earlier, so that addresses survive a restart.

    A name without one gets its place in the row that begins at `first`, or any free port where that is taken
    or `first` is None. A port that another program has taken meanwhile is replaced.
    """
    kept: dict[str, int] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    ports: dict[str, int] = {}
    spare = free_ports(len(names))
    for position, name in enumerate(names):
        wanted = kept.get(name, first + position if first is not None else None)
        usable = wanted is not None and wanted not in ports.values() and is_free(wanted)
        ports[name] = wanted if wanted is not None and usable else spare[position]
    if ports != kept:
        file.write_text(json.dumps(ports, indent=2) + "\n", encoding="utf-8")
    return ports
