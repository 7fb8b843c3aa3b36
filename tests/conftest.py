"""Fixtures that every test may use: a PostgreSQL cluster with freshly migrated databases, and a whole platform."""

import itertools
import os
import shutil
import tempfile
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from services.foundation.migrations import migrate
from services.launcher.clients import People
from services.launcher.platform import Platform
from services.launcher.ports import free_ports
from services.launcher.postgres import EmbeddedPostgres


@dataclass(frozen=True)
class ServiceDatabase:
    """Addresses of a migrated database: as the service connects, as its owner, and as superuser."""

    url: str
    owner_url: str
    superuser_url: str


# A cluster in memory makes and drops a database several times as fast as one on a disk.
_MEMORY = Path("/dev/shm")
_ENOUGH_MEMORY_BYTES = 4 * 2**30


def temporary_folder(prefix: str) -> Path:
    """A new folder that a database server of another system user may enter; in memory where there is plenty."""
    in_memory = os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ENOUGH_MEMORY_BYTES
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=_MEMORY if in_memory else None))
    folder.chmod(0o755)
    return folder


class Databases:
    """Databases of services in one cluster, copied from one migrated template for each service."""

    def __init__(self, cluster: EmbeddedPostgres) -> None:
        self._cluster = cluster
        self._templates: dict[str, str] = {}
        self._numbers = itertools.count(1)
        self._in_use: list[str] = []

    def __call__(self, service: str) -> ServiceDatabase:
        """A new database of a service, migrated to head. It is there until the tests of the file have run."""
        if service not in self._templates:
            _, owner_url = self._cluster.provision(service)
            migrate(service, owner_url)
            self._templates[service] = f"xuke_{service}"
        name, owner = f"{self._templates[service]}_{next(self._numbers)}", f"xuke_{service}_owner"
        with self._cluster.connect() as connection:
            connection.execute(
                f'CREATE DATABASE "{name}" TEMPLATE "{self._templates[service]}" OWNER "{owner}"'
            )
        self._in_use.append(name)
        return ServiceDatabase(
            self._cluster.url(name, f"xuke_{service}_app"),
            self._cluster.url(name, owner),
            self._cluster.url(name),
        )

    def drop(self) -> None:
        """Drops what was made so far, whoever is still connected."""
        with self._cluster.connect() as connection:
            for name in self._in_use:
                connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._in_use.clear()


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    folder = temporary_folder("xuke-postgres-")
    # What is in it need not outlive the machine.
    cluster = EmbeddedPostgres(folder, free_ports(1)[0], {"fsync": "off"})
    cluster.start()
    yield cluster
    cluster.stop()
    shutil.rmtree(folder, ignore_errors=True)


_databases = pytest.StashKey[Databases]()


@pytest.fixture(scope="session")
def service_database(pytestconfig: pytest.Config, postgres: EmbeddedPostgres) -> Databases:
    """Makes a new database of a service, migrated to head: `service_database("licensing")`."""
    return pytestconfig.stash.setdefault(_databases, Databases(postgres))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None]:
    """Drops the databases of a file after its last test: thousands of them at once would fill a disk."""
    yield
    made = item.config.stash.get(_databases, None)
    if made is not None and nextitem is not None and nextitem.path != item.path:
        made.drop()


def superuser_connection(database: ServiceDatabase) -> psycopg.Connection:
    """A connection that may tamper with everything, for tests of what must be detected."""
    return psycopg.connect(database.superuser_url.replace("+psycopg", ""), autocommit=True)


@pytest.fixture(scope="session")
def platform(request: pytest.FixtureRequest) -> Iterator[Platform]:
    """Every process of the platform, on ports of its own. At the end each must end by itself with success.

    After a failure the folder with the logs of every process is kept, and its name printed.
    """
    folder = temporary_folder("xuke-journeys-")
    running = Platform(folder, first_port=None)
    running.start()
    yield running
    exits = running.stop()
    crashes = [f"{ended.name}: {ended.how}" for ended in [*exits, *running.crashes] if ended.crashed]
    if crashes or request.session.testsfailed:
        print(f"logs of the platform: {folder}/logs")
    else:
        shutil.rmtree(folder, ignore_errors=True)
    assert crashes == []


@pytest.fixture(scope="session")
def people(platform: Platform) -> Iterator[People]:
    """The development accounts as clients: `people.channel("jiangsu.exporter", "licensing")`."""
    clients = platform.people
    yield clients
    clients.close()
