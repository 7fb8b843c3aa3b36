"""The worker and the relay as processes: they wait for what is not there, and never crash on leaving."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import pytest

from services.launcher.ports import free_ports
from tests.conftest import ServiceDatabase
from tests.support.temporal_server import NAMESPACE, TemporalServer

PATIENCE_SECONDS = 30


class RunningProcess:
    """A module of the platform as a process, and what it says."""

    def __init__(self, module: str, environment: Mapping[str, str]) -> None:
        self.lines: list[str] = []
        self._process = subprocess.Popen(
            [sys.executable, "-m", module],
            env={**os.environ, **environment},
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stderr is not None
        self.lines.extend(self._process.stderr)

    def wait_until_it_says(self, event: str) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not any(f'"event": "{event}"' in line for line in list(self.lines)):
            assert self._process.poll() is None, "".join(self.lines)
            assert time.monotonic() < deadline, "".join(self.lines)
            time.sleep(0.02)

    def stop(self) -> int:
        """Asks it to end; returns its exit code, negative where a signal ended it."""
        self._process.send_signal(signal.SIGTERM)
        code = self._process.wait(PATIENCE_SECONDS)
        self._reader.join(PATIENCE_SECONDS)
        return code

    def kill(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()


@contextmanager
def process(module: str, environment: Mapping[str, str]) -> Iterator[RunningProcess]:
    running = RunningProcess(module, environment)
    try:
        yield running
    finally:
        running.kill()


@pytest.fixture
def environment(
    temporal_server: TemporalServer, service_database: Callable[[str], ServiceDatabase]
) -> dict[str, str]:
    """What both need; the services and the issuer are nowhere."""
    ports = free_ports(5)
    addresses = dict(
        zip(("CLASSIFICATION", "SCREENING", "LICENSING", "CONSULTATION"), ports[1:], strict=True)
    )
    return {
        "XUKE_TEMPORAL_ADDRESS": temporal_server.address,
        "XUKE_TEMPORAL_NAMESPACE": NAMESPACE,
        "XUKE_ISSUER_URL": f"http://127.0.0.1:{ports[0]}",
        "XUKE_CLIENT_ID": "approval",
        "XUKE_CLIENT_SECRET": "none",
        "XUKE_LICENSING_DATABASE_URL": service_database("licensing").url,
        "XUKE_CONSULTATION_DATABASE_URL": service_database("consultation").url,
        "XUKE_SCREENING_DATABASE_URL": service_database("screening").url,
        **{f"XUKE_{name}_ADDRESS": f"127.0.0.1:{port}" for name, port in addresses.items()},
    }


@pytest.mark.parametrize(
    ("module", "ready"), [("services.approval", "working"), ("services.relay", "relaying")]
)
def test_it_ends_well_every_time(environment: dict[str, str], module: str, ready: str) -> None:
    """The client of Temporal aborts one exit of eight that does not let its threads settle."""
    codes = []
    for _ in range(4):
        with process(module, environment) as running:
            running.wait_until_it_says(ready)
            codes.append(running.stop())
            said = "".join(running.lines)
            assert "Traceback" not in said, said
            assert "Fatal" not in said, said
    assert codes == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("module", "ready"), [("services.approval", "working"), ("services.relay", "relaying")]
)
def test_it_waits_for_temporal_and_can_be_stopped_while_it_waits(
    environment: dict[str, str], temporal_server: TemporalServer, module: str, ready: str
) -> None:
    temporal_server.kill()
    with process(module, environment) as running:
        running.wait_until_it_says("temporal_unreachable")
        assert running.stop() == 0
    with process(module, environment) as running:
        running.wait_until_it_says("temporal_unreachable")
        temporal_server.start()
        running.wait_until_it_says(ready)
        assert running.stop() == 0


def test_the_worker_takes_up_work_again_on_an_empty_temporal(
    environment: dict[str, str], temporal_server: TemporalServer
) -> None:
    with process("services.approval", environment) as running:
        running.wait_until_it_says("working")
        temporal_server.kill()
        temporal_server.empty()
        temporal_server.start()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while sum('"event": "working"' in line for line in list(running.lines)) < 2:
            assert time.monotonic() < deadline, "".join(running.lines[-20:])
            time.sleep(0.05)
        assert running.stop() == 0
