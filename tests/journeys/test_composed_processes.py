"""The commands, settings, secrets, jobs and health checks of docker-compose.yml, tried without containers.

Each runs as a process of this machine, with the names of hosts and folders replaced by what stands for them here: the
embedded PostgreSQL and Temporal, the development issuer, and an S3 server.
"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from moto.server import ThreadedMotoServer

from services.launcher import readiness
from services.launcher.ports import free_ports
from services.launcher.postgres import EmbeddedPostgres
from services.launcher.processes import program
from services.launcher.state_folder import PROJECT
from tests.support.temporal_server import TemporalServer
from tests.unit.deploy.settings_model import PORTS

DEPLOY = PROJECT / "deploy/compose"
CONTAINERS: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text(encoding="utf-8"))[
    "services"
]
OF_XUKE = {name: container for name, container in CONTAINERS.items() if "build" in container}
JOBS = {name for name, container in OF_XUKE.items() if container["restart"] == "no"}
SERVICES = sorted(set(OF_XUKE) - JOBS)
READY_SECONDS = 90.0
INHERITED = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}


@dataclass
class Host:
    """Stands for the host: a folder for secrets and volumes, and who listens where."""

    folder: Path
    replacements: dict[str, str]
    ports: dict[int, int] = field(
        default_factory=lambda: dict(zip(PORTS.values(), free_ports(len(PORTS)), strict=True))
    )
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def here(self, container: str, text: str) -> str:
        """What a command or value of a container becomes on this machine."""
        text = re.sub(r"\$\{\w+:?-([^}]*)\}", r"\1", text).replace("/tmp/", f"{self.folder}/{container}-")
        for there, replacement in self.replacements.items():
            text = text.replace(there, replacement)
        return re.sub(r"[\w.]+:(74\d\d)\b", lambda found: f"127.0.0.1:{self.ports[int(found[1])]}", text)

    def command(self, container: str, words: list[str]) -> list[str]:
        """A command of a container with the programs of this environment."""
        programs = {"python": sys.executable, "xuke": program("xuke")}
        first, *rest = (self.here(container, word) for word in words)
        return [programs[first], *rest]

    def environment(self, container: str) -> dict[str, str]:
        """The environment of a container and nothing else."""
        given = CONTAINERS[container]["environment"].items()
        return {**INHERITED, **{name: self.here(container, str(value)) for name, value in given}}

    def start(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        with (self.folder / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(
                command, env=environment, cwd=self.folder, stdout=log, stderr=log
            )

    def healthy(self, container: str) -> bool:
        """What the health check of the container says."""
        kind, *words = CONTAINERS[container]["healthcheck"]["test"]
        assert kind == "CMD"
        return not subprocess.run(self.command(container, words), env=self.environment(container)).returncode

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")


def make_databases(postgres: EmbeddedPostgres, secrets: Path) -> None:
    """What PostgreSQL's container does when it is new; passwords are asked for from then on."""
    rules = "host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
    (postgres.folder / "data" / "pg_hba.conf").write_text(rules)
    with postgres.connect() as connection:
        connection.execute("SELECT pg_reload_conf()")
    reached = {"PGHOST": "127.0.0.1", "PGPORT": str(postgres.port), "SECRETS": str(secrets)}
    path = {"PATH": f"{postgres.binaries}:{os.environ['PATH']}"}
    subprocess.run([DEPLOY / "postgres/databases.sh"], env={**path, **reached}, check=True)
    for file in secrets.glob("*_url"):
        url = file.read_text()
        file.unlink()
        file.write_text(url.replace("@postgres:5432/", f"@127.0.0.1:{postgres.port}/"))


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    folder = tmp_path_factory.mktemp("host")
    secrets = folder / "secrets"
    subprocess.run([DEPLOY / "make-secrets.sh", secrets], check=True)
    postgres = EmbeddedPostgres(tmp_path_factory.mktemp("cluster"), free_ports(1)[0])
    postgres.start()
    make_databases(postgres, secrets)
    temporal = TemporalServer(folder)
    temporal.start()
    storage = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    storage.start()
    storage_host, storage_port = storage.get_host_and_port()
    issuer = f"http://127.0.0.1:{free_ports(1)[0]}"
    host = Host(
        folder,
        {
            "http://identity.xuke.localhost:7401/realms/xuke": issuer,
            "http://storage:8333": f"http://{storage_host}:{storage_port}",
            "temporal:7233": temporal.address,
            "/run/secrets/": f"{secrets}/",
            "/var/lib/xuke/": f"{folder}/",
        },
    )
    identity = folder / "identity"
    (identity / "secrets").mkdir(parents=True)
    for program_name in ("approval", "portal", "notifier"):
        secret = (secrets / f"{program_name}_client_secret").read_text()
        (identity / "secrets" / program_name).write_text(secret)
    host.start(
        "issuer",
        [sys.executable, "-m", "services.launcher.issuer"],
        {**INHERITED, "XUKE_ISSUER_URL": issuer, "XUKE_ISSUER_STATE": str(identity)},
    )
    assert readiness.wait_until(lambda: readiness.answers_http(f"{issuer}/jwks"), READY_SECONDS)
    assert readiness.wait_until(lambda: readiness.serves_grpc(temporal.address), READY_SECONDS)
    yield host
    for process in host.processes.values():
        process.terminate()
    ended = {name: process.wait(timeout=30) for name, process in host.processes.items()}
    temporal.kill()
    storage.stop()
    postgres.stop()
    assert set(ended.values()) == {0}, ended


@pytest.fixture(scope="module")
def running(host: Host) -> Host:
    """Every job has succeeded, twice, and every service has been started."""
    (host.folder / "audit").mkdir(mode=0o700)
    for _ in range(2):
        for job in JOBS:
            command = host.command(job, OF_XUKE[job]["command"])
            done = subprocess.run(command, env=host.environment(job), capture_output=True, text=True)
            assert done.returncode == 0, (job, done.stdout, done.stderr)
    for name in SERVICES:
        host.start(name, host.command(name, OF_XUKE[name]["command"]), host.environment(name))
    return host


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_becomes_healthy_by_its_own_check(running: Host, name: str) -> None:
    assert readiness.wait_until(lambda: running.healthy(name), READY_SECONDS), running.log(name)


def test_a_process_without_a_port_that_hangs_is_found_out(running: Host) -> None:
    assert readiness.wait_until(lambda: running.healthy("relay"), READY_SECONDS)
    relay = running.processes["relay"]
    relay.send_signal(signal.SIGSTOP)
    try:
        os.utime(running.here("relay", "/tmp/heartbeat"), (1, 1))
        assert not running.healthy("relay")
    finally:
        relay.send_signal(signal.SIGCONT)
    assert readiness.wait_until(lambda: running.healthy("relay"), READY_SECONDS)


def make_namespace(host: Host, name: str) -> str:
    """Runs the job of the namespace; returns what it says."""
    environment = {
        "PATH": f"{Path(program('temporal')).parent}:{os.environ['PATH']}",
        "HOME": str(host.folder),
        "TEMPORAL_ADDRESS": host.replacements["temporal:7233"],
        "XUKE_TEMPORAL_NAMESPACE": name,
    }
    command = ["/bin/sh", str(DEPLOY / "temporal/namespace.sh")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_job_of_the_namespace_makes_what_the_worker_would_make(running: Host) -> None:
    made = make_namespace(running, "another")
    assert "successfully registered" in made
    assert made.count("have been added") == 3
    log = running.folder / "approval.log"
    assert readiness.wait_until(lambda: readiness.logged(log, 0, "working"), READY_SECONDS), running.log(
        "approval"
    )
    left_alone = make_namespace(running, "xuke")
    assert "registered" not in left_alone
    assert "added" not in left_alone
