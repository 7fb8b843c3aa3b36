"""The gateway as its own process: `python -m services.customs`."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.launcher.ports import free_ports
from tests.contract.customs.conftest import Client
from tests.contract.licensing.licence_world import LicenceWorld

DEADLINE_SECONDS = 30


@pytest.fixture
def process(world: LicenceWorld, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], Client]]:
    port = free_ports(1)[0]
    environment = {
        "PATH": os.environ["PATH"],
        "XUKE_CUSTOMS_ADDRESS": f"127.0.0.1:{port}",
        "XUKE_LICENSING_ADDRESS": world.service._address,
        # Nothing listens there: these tests show no token.
        "XUKE_ISSUER_URL": "http://127.0.0.1:1",
    }
    with (tmp_path / "customs.log").open("wb") as log:
        started = subprocess.Popen(
            [sys.executable, "-m", "services.customs"],
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            yield started, Client(port, principal=None)
        finally:
            if started.poll() is None:
                os.killpg(started.pid, signal.SIGKILL)
                started.wait()


def _wait_until_it_answers(process: subprocess.Popen[bytes], client: Client) -> None:
    while process.poll() is None:
        try:
            client.get("/docs")
        except OSError:
            continue
        return
    pytest.fail(f"the process ended with {process.returncode} before it answered")


def test_it_serves_refuses_and_ends_in_order(process: tuple[subprocess.Popen[bytes], Client]) -> None:
    running, client = process
    _wait_until_it_answers(running, client)
    assert client.get("/health").json == {"status": "SERVING", "licensing": "SERVING"}
    assert client.get("/openapi.json").json["openapi"] == "3.1.0"
    assert client.get("/v1/licence-changes").status == 401
    issuer_away = client.get("/v1/licence-changes", Authorization="Bearer x.y.z")
    assert (issuer_away.status, issuer_away.json["reason"]) == (503, "ISSUER_UNAVAILABLE")
    assert issuer_away.headers["Retry-After"]
    running.send_signal(signal.SIGTERM)
    assert running.wait(DEADLINE_SECONDS) == 0
