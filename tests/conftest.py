"""Fixtures that every test may use: a real PostgreSQL cluster and freshly migrated databases in it."""

import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from services.foundation.migrations import migrate
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
