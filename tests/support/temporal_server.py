"""A real Temporal server that a test can kill and start again on the same store or an empty one."""

import asyncio
import random
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

TEMPORAL = Path(sys.executable).parent / "temporal"
NAMESPACE = "xuke"


def _quiet_port() -> int:
    """A free port that no outgoing connection of this machine takes while the server is down."""
    while True:
        port = random.randint(20_000, 30_000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port


class TemporalServer:
    """A server over a file, at one address for all of its lives. Comes with no namespace of ours."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = _quiet_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        self._process = subprocess.Popen(
            [
                TEMPORAL, "server", "start-dev", "--headless", "--ip", "127.0.0.1", "--port", str(self.port),
                "--db-filename", self.folder / "temporal.db",
                "--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=NORMAL",
                "--log-level", "never",
            ],
            env={"HOME": str(self.folder), "PATH": ""},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def kill(self) -> None:
        """What SIGKILL leaves behind."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def empty(self) -> None:
        """Deletes the store of a server that is not running."""
        for path in self.folder.glob("temporal.db*"):
            path.unlink()


async def eventually(condition: Callable[[], Awaitable[bool]], seconds: float = 20) -> None:
    """Waits until an awaitable condition holds."""
    deadline = time.monotonic() + seconds
    while not await condition():
        assert time.monotonic() < deadline, "not in time"
        await asyncio.sleep(0.02)
