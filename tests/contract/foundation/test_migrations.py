"""Migrations from nothing give exactly the tables that the code declares, whoever runs them at the same time."""

import importlib
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from services.foundation.ledger import TransactionId
from services.foundation.migrations import SERVICES, migrate
from services.foundation.settings import SERVICES_WITH_DATABASE
from services.launcher.postgres import EmbeddedPostgres


def metadata_of(service: str) -> sqlalchemy.MetaData:
    """The metadata that the service's own migrations are compared with."""
    environment = (SERVICES / service / "migrations" / "env.py").read_text(encoding="utf-8")
    line = next(line for line in environment.splitlines() if line.endswith("import metadata"))
    return importlib.import_module(line.split()[1]).metadata


def everything_declared(service: str) -> sqlalchemy.MetaData:
    for path in (SERVICES / service).rglob("*.py"):
        if "store" in path.parts or path.name.startswith("store"):
            parts = path.relative_to(SERVICES.parent).with_suffix("").parts
            importlib.import_module(".".join(part for part in parts if part != "__init__"))
    return metadata_of(service)


@pytest.mark.parametrize("service", SERVICES_WITH_DATABASE)
def test_migrations_and_code_agree(service_database, service: str) -> None:
    engine = sqlalchemy.create_engine(service_database(service).owner_url)
    with engine.connect() as connection:
        engine.dialect.ischema_names["xid8"] = TransactionId
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        differences = compare_metadata(context, everything_declared(service))
        # Constraints belong to the migrations alone; the code has to know tables and columns.
        assert [one for one in differences if not str(one[0]).endswith(("constraint", "_index", "_fk"))] == []
    engine.dispose()


@pytest.mark.parametrize("service", SERVICES_WITH_DATABASE)
def test_two_migrations_at_once_do_not_meet(postgres: EmbeddedPostgres, service: str) -> None:
    name = f"at_once_{service}"
    with postgres.connect() as connection:
        connection.execute(f"CREATE DATABASE {name}")
        connection.execute(f"CREATE ROLE {name}_app")
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(migrate, service, postgres.url(name)) for _ in range(2)]:
            done.result()


@pytest.mark.parametrize("service", SERVICES_WITH_DATABASE)
def test_a_service_owns_no_table_and_cannot_touch_the_record(service_database, service: str) -> None:
    engine = sqlalchemy.create_engine(service_database(service).url)
    with engine.connect() as connection:
        owned = connection.execute(
            sqlalchemy.text("SELECT tablename FROM pg_tables WHERE tableowner = current_user")
        ).all()
        may = connection.execute(
            sqlalchemy.text(
                "SELECT has_table_privilege('audit_event', 'UPDATE'),"
                " has_table_privilege('audit_event', 'DELETE'),"
                " has_table_privilege('audit_event', 'TRUNCATE')"
            )
        ).one()
    engine.dispose()
    assert owned == []
    assert tuple(may) == (False, False, False)
