"""The launcher's side of its guardian: who has been started, who has ended."""

import contextlib
import json
import signal
import subprocess
import sys
import threading

from services.launcher import guardian

_SECONDS = 15.0


class Guard:
    """A running guardian. It ends what is left when this process dies, and holds `lock` until then."""

    def __init__(self, lock: int) -> None:
        self._writing = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", guardian.__file__],
            stdin=subprocess.PIPE,
            text=True,
            start_new_session=True,
            pass_fds=(lock,),
            env={},
            cwd="/",
        )

    def started(self, process: int, stop_signal: signal.Signals) -> None:
        """A process to end when this one is gone, with the signal that ends it in order."""
        self._tell({"start": process, "signal": int(stop_signal)})

    def ended(self, process: int) -> None:
        """A process that has ended."""
        self._tell({"end": process})

    def dismiss(self) -> None:
        """Lets the guardian go; it ends what has not been reported as ended."""
        with self._writing, contextlib.suppress(BrokenPipeError):
            if self._process.stdin is not None:
                self._process.stdin.close()
        self._process.wait(_SECONDS)

    def _tell(self, message: dict[str, int]) -> None:
        # Without its guardian a platform works; only a launcher that is killed would leave orphans.
        with self._writing, contextlib.suppress(BrokenPipeError):
            if self._process.stdin is not None:
                self._process.stdin.write(json.dumps(message) + "\n")
                self._process.stdin.flush()
