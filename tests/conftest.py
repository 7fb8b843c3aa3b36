"""Fixtures that every test may use: a PostgreSQL cluster with freshly migrated databases, and a whole platform."""

import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator
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


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    folder = Path(tempfile.mkdtemp(prefix="xuke-postgres-"))
    folder.chmod(0o755)
    cluster = EmbeddedPostgres(folder, free_ports(1)[0])
    cluster.start()
    yield cluster
    cluster.stop()
    shutil.rmtree(folder, ignore_errors=True)


_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def service_database(postgres: EmbeddedPostgres) -> Callable[[str], ServiceDatabase]:
    """Makes a new database of a service, migrated to head: `service_database("licensing")`."""
    templates: dict[str, str] = {}

    def make(service: str) -> ServiceDatabase:
        if service not in templates:
            _, owner_url = postgres.provision(service)
            migrate(service, owner_url)
            templates[service] = f"xuke_{service}"
        name, owner = f"{templates[service]}_{next(_numbers)}", f"xuke_{service}_owner"
        with postgres.connect() as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{templates[service]}" OWNER "{owner}"')
        return ServiceDatabase(
            postgres.url(name, f"xuke_{service}_app"), postgres.url(name, owner), postgres.url(name)
        )

    return make


def superuser_connection(database: ServiceDatabase) -> psycopg.Connection:
    """A connection that may tamper with everything, for tests of what must be detected."""
    return psycopg.connect(database.superuser_url.replace("+psycopg", ""), autocommit=True)


@pytest.fixture(scope="session")
def platform(request: pytest.FixtureRequest) -> Iterator[Platform]:
    """Every process of the platform, on ports of its own. At the end each must end by itself with success.

    After a failure the folder with the logs of every process is kept, and its name printed.
    """
    folder = Path(tempfile.mkdtemp(prefix="xuke-journeys-"))
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
