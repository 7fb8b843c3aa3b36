"""A database with nothing but the ledger of a service, and its sealed log beside it."""

import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
import sqlalchemy
from alembic.migration import MigrationContext
from alembic.operations import Operations

from services.foundation.audit_log.report import AuditReport
from services.foundation.audit_log.rows import Connection, connect
from services.foundation.audit_log.sealed_log import SealedLog
from services.foundation.audit_log.sealer import Sealer
from services.foundation.audit_log.statements import Checkpoint
from services.foundation.audit_log.verification import verify
from services.foundation.ledger import Ledger, Subject
from services.foundation.migrations import create_audit_log_identity, create_ledger
from services.launcher.ports import free_ports
from services.launcher.postgres import EmbeddedPostgres
from tests.support.identity import MINISTRY_OFFICER
from tests.support.services import call_of

ORIGIN = "xuke/ledger"
LEDGER = Ledger(sqlalchemy.MetaData())
NOW = datetime(2026, 11, 21, 10, 44, 59, tzinfo=UTC)
_numbers = itertools.count(1)


@dataclass
class AuditedDatabase:
    """A database whose events are written as a service writes them, and the log that seals it."""

    cluster: EmbeddedPostgres
    name: str
    folder: Path
    engine: sqlalchemy.Engine = field(init=False)

    def __post_init__(self) -> None:
        # A test that waits for itself fails instead of standing still.
        options = {"options": "-c statement_timeout=15000"}
        self.engine = sqlalchemy.create_engine(self.url, poolclass=sqlalchemy.NullPool, connect_args=options)

    @property
    def url(self) -> str:
        """Address as the service connects."""
        return self.cluster.url(self.name, "xuke_ledger_app")

    @property
    def owner_url(self) -> str:
        """Address as the sealer connects."""
        return self.cluster.url(self.name, "xuke_ledger_owner")

    def append(self, connection: sqlalchemy.Connection, subject: str = "1") -> None:
        """Writes one event in an open transaction."""
        payload = {"state": "DRAFT", "原因": "测试"}
        LEDGER.append(
            connection, call_of(MINISTRY_OFFICER, NOW), Subject("application", subject), "note", payload
        )

    def write(self, count: int) -> None:
        """Commits that many transactions of one event each."""
        for _ in range(count):
            with self.engine.begin() as connection:
                self.append(connection)

    def superuser(self) -> psycopg.Connection:
        """A connection that may tamper with everything."""
        return self.cluster.connect(self.name)

    def tamper(self, *statements: str) -> None:
        """Does what only an owner or superuser can do."""
        with self.superuser() as connection:
            for statement in statements:
                connection.execute(statement)

    def events(self) -> dict[int, UUID]:
        """Events by sequence."""
        with self.superuser() as connection:
            return dict(connection.execute("SELECT seq, event_id FROM audit_event ORDER BY seq").fetchall())

    def connection(self) -> Connection:
        """A connection as the sealer has it."""
        return connect(self.owner_url)

    def sealer(self) -> Sealer:
        """A sealer that holds the lock until it is closed."""
        connection = self.connection()
        try:
            return Sealer(self.folder, ORIGIN, connection, NOW)
        except BaseException:
            connection.close()
            raise

    def seal(self) -> Checkpoint | None:
        """Seals once what is ready."""
        sealer = self.sealer()
        try:
            return sealer.seal(NOW)
        finally:
            sealer.close()

    def verify(self, witness: Checkpoint | None = None) -> AuditReport:
        """Verifies with the key that lies with the log."""
        with self.connection() as connection:
            return verify(self.folder, SealedLog(self.folder).verifier_key(), connection, witness)

    def copy(self) -> "AuditedDatabase":
        """Another database with the same contents and the same log: what putting back a copy makes of it."""
        name = f"xuke_ledger_{next(_numbers)}"
        with self.cluster.connect() as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{self.name}" OWNER xuke_ledger_owner')
        return AuditedDatabase(self.cluster, name, self.folder)


def provision(cluster: EmbeddedPostgres) -> str:
    """Makes, once per cluster, the template of the databases of these tests; returns its name."""
    _, owner_url = cluster.provision("ledger")
    engine = sqlalchemy.create_engine(owner_url, poolclass=sqlalchemy.NullPool)
    with engine.begin() as connection:
        if not sqlalchemy.inspect(connection).has_table("audit_event"):
            operations = Operations(MigrationContext.configure(connection))
            create_ledger(operations)
            create_audit_log_identity(operations)
    return "xuke_ledger"


@pytest.fixture
def audited(postgres: EmbeddedPostgres, tmp_path: Path) -> AuditedDatabase:
    template = AuditedDatabase(postgres, provision(postgres), tmp_path / "log")
    return template.copy()


@pytest.fixture
def second_cluster() -> Iterator[Callable[[], EmbeddedPostgres]]:
    """Starts another PostgreSQL cluster, as one does to restore a dump."""
    started: list[EmbeddedPostgres] = []

    def start() -> EmbeddedPostgres:
        folder = Path(tempfile.mkdtemp(prefix="xuke-second-"))
        folder.chmod(0o755)
        cluster = EmbeddedPostgres(folder, free_ports(1)[0])
        cluster.start()
        started.append(cluster)
        return cluster

    yield start
    for cluster in started:
        cluster.stop()
        shutil.rmtree(cluster.folder, ignore_errors=True)
