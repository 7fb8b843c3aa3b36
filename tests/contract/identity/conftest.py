"""The development issuer as its own process, on a socket of this machine."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from services.launcher.accounts import accounts
from services.launcher.issuer.application import Issuer
from services.launcher.issuer.grants import Directory
from services.launcher.issuer.keys import SigningKeys
from services.launcher.ports import free_ports
from services.launcher.readiness import answers_http, wait_until

SECRET = "a-secret-of-the-approval-program"


@dataclass
class RunningIssuer:
    url: str
    state: Path

    @property
    def keys(self) -> SigningKeys:
        return SigningKeys(self.state / "signing_keys.json")

    def issuer_at(self, instant: float) -> Issuer:
        """What the issuer would have signed at another instant, with its own keys."""
        directory = Directory(accounts(), self.state / "secrets")
        return Issuer(self.url, "xuke", directory, self.keys, lambda: instant)


@contextmanager
def running_issuer(state: Path, port: int) -> Iterator[RunningIssuer]:
    url = f"http://127.0.0.1:{port}"
    (state / "secrets").mkdir(exist_ok=True)
    (state / "secrets" / "approval").write_text(SECRET)
    process = subprocess.Popen(
        [sys.executable, "-m", "services.launcher.issuer"],
        env={"XUKE_ISSUER_URL": url, "XUKE_ISSUER_STATE": str(state), "PATH": os.environ["PATH"]},
    )
    try:
        assert wait_until(lambda: answers_http(f"{url}/jwks"), 15)
        yield RunningIssuer(url, state)
    finally:
        process.terminate()
        assert process.wait(timeout=10) == 0


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningIssuer]:
    with running_issuer(tmp_path_factory.mktemp("issuer"), free_ports(1)[0]) as running:
        yield running
