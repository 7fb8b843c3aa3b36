"""One process of the platform while it runs, with its log file and its process group."""

import contextlib
import os
import pathlib
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# A log that has grown beyond this is put aside at the next start of its process; one older log is kept.
LARGEST_LOG_BYTES = 50_000_000


@dataclass(frozen=True)
class Exit:
    """How a process ended: its exit code, or minus the number of the signal that killed it."""

    name: str
    code: int

    @property
    def crashed(self) -> bool:
        """Whether it ended otherwise than by itself with success."""
        return self.code != 0

    @property
    def how(self) -> str:
        """For people: "exit 1" or "SIGSEGV"."""
        return f"exit {self.code}" if self.code >= 0 else signal.Signals(-self.code).name


class Child:
    """A started process. It leads a session of its own, so that a Ctrl-C in the terminal does not reach it."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        log: pathlib.Path,
        stop_signal: signal.Signals = signal.SIGTERM,
        user: str | None = None,
    ) -> None:
        self.name = name
        self.log = log
        if log.exists() and log.stat().st_size > LARGEST_LOG_BYTES:
            log.replace(log.with_suffix(".log.1"))
        self.log_offset = log.stat().st_size if log.exists() else 0
        self.stop_signal = stop_signal
        with log.open("ab") as stream:
            self._process = subprocess.Popen(
                list(command),
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=stream,
                cwd="/",
                start_new_session=True,
                user=user,
            )

    @property
    def pid(self) -> int:
        """Its process id, which is also the id of its group."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    def wait(self, seconds: float | None = None) -> Exit | None:
        """Waits for the end; None if it still runs after that time."""
        try:
            return Exit(self.name, self._process.wait(seconds))
        except subprocess.TimeoutExpired:
            return None

    def stop(self, seconds: float) -> Exit:
        """Asks it to end and waits; kills it only after that time."""
        if self.running:
            self._process.send_signal(self.stop_signal)
        ended = self.wait(seconds)
        return ended if ended is not None else self.kill()

    def kill(self) -> Exit:
        """SIGKILL to it and to every process of its group."""
        # It may have ended meanwhile, with nothing of its group left.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        return Exit(self.name, self._process.wait())

    def last_lines(self, count: int = 12) -> str:
        """What it wrote last, for a person who asks why it ended."""
        written = self.log.read_bytes()[self.log_offset :].decode("utf-8", "replace")
        return "\n".join(written.splitlines()[-count:])
