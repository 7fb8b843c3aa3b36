"""Migrations: Alembic per service, run as the owner under an advisory lock."""

import pathlib
from typing import Any

import sqlalchemy
from alembic import command, context
from alembic.config import Config
from sqlalchemy import MetaData, text

SERVICES = pathlib.Path(__file__).resolve().parent.parent
# Key of the advisory lock; any number that nothing else uses in the service's database.
_LOCK = 0x78756B65


def migrate(service: str, owner_url: str, revision: str = "head") -> None:
    """Brings the database of a service to a revision. Safe to run from several processes at once."""
    engine = sqlalchemy.create_engine(owner_url, poolclass=sqlalchemy.NullPool)
    try:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            connection.execute(text("SET LOCAL lock_timeout = '4s'"))
            config = Config()
            config.set_main_option("script_location", str(SERVICES / service / "migrations"))
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
    finally:
        engine.dispose()


def run_environment(metadata: MetaData) -> None:
    """The body of every service's `migrations/env.py`: migrate on the connection handed in."""
    context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


def application_role(operations: Any) -> str:
    """Name of the role that the service connects as: the database's name with `_app`."""
    name: str = operations.get_bind().execute(text("SELECT current_database()")).scalar_one()
    return f"{name}_app"


def create_audit_log_identity(operations: Any) -> None:
    """Creates the table in which the sealer leaves the public key of the log that it keeps of a database.

    One row at the most. The service has no right to it: a log that is missing must not pass for one that
    never was.
    """
    operations.execute(
        "CREATE TABLE audit_log_identity ("
        " only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), verifier_key text NOT NULL)"
    )


def create_ledger(operations: Any) -> None:
    """Creates the tables of `ledger` in a service's first migration, and what the service may do with them.

    The service may append audit events and read them; it can neither change nor delete one.
    """
    role = application_role(operations)
    for statement in (
        """
        CREATE TABLE audit_event (
            seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
            event_id uuid NOT NULL UNIQUE,
            occurred_at timestamptz NOT NULL,
            actor_subject text NOT NULL,
            actor_role text NOT NULL,
            actor_organisation text NOT NULL,
            action text NOT NULL,
            subject_type text NOT NULL,
            subject_id text NOT NULL,
            subject_sequence bigint NOT NULL,
            payload text NOT NULL,
            trace_id text NOT NULL,
            UNIQUE (subject_type, subject_id, subject_sequence)
        )
        """,
        "CREATE INDEX audit_event_feed ON audit_event (xid, seq)",
        """
        CREATE TABLE outbox (
            seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
            workflow text NOT NULL,
            workflow_id text NOT NULL,
            source text NOT NULL,
            sequence bigint NOT NULL,
            created_at timestamptz NOT NULL,
            sent_at timestamptz
        )
        """,
        "CREATE INDEX outbox_unsent ON outbox (seq) WHERE sent_at IS NULL",
        """
        CREATE TABLE answered_request (
            actor_subject text NOT NULL,
            request_id uuid NOT NULL,
            method text NOT NULL,
            fingerprint bytea NOT NULL,
            answer bytea,
            answered_at timestamptz NOT NULL,
            PRIMARY KEY (actor_subject, request_id)
        )
        """,
        f'GRANT SELECT, INSERT ON audit_event TO "{role}"',
        f'GRANT SELECT, INSERT, UPDATE (sent_at) ON outbox TO "{role}"',
        f'GRANT SELECT, INSERT, UPDATE ON answered_request TO "{role}"',
    ):
        operations.execute(statement)
