"""The record that every service keeps in its own database: audit events, outbox, answered requests.

In one transaction a service writes the fact, appends the audit event and adds an outbox row. The audit events
of a subject, numbered without gaps, are also its event ledger: clocks and statistics are computed from them.
"""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    DateTime,
    Identity,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.types import UserDefinedType

from services.foundation.principal import Call

type_instant = DateTime(timezone=True)


class TransactionId(UserDefinedType[str]):
    """PostgreSQL's 64-bit transaction id, which never wraps. Order by the column, never by its text."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        """Name of the type in SQL."""
        return "xid8"


def _transaction_id() -> Column[str]:
    return Column("xid", TransactionId(), nullable=False, server_default=text("pg_current_xact_id()"))


@dataclass(frozen=True)
class Subject:
    """What an event is about: a kind, for example "application", and its id."""

    kind: str
    id: str


@dataclass(frozen=True)
class LedgerEvent:
    """One event of a subject as stored; `payload` is the canonical JSON that was recorded."""

    sequence: int
    event_id: uuid.UUID
    occurred_at: datetime
    actor_subject: str
    actor_role: str
    action: str
    payload: Mapping[str, object]

    @property
    def state(self) -> str:
        """State of the subject after the event."""
        return str(self.payload.get("state", ""))


@dataclass(frozen=True)
class Kick:
    """Wakes a workflow, which then pulls the events of `source`: a lost or repeated kick is harmless."""

    workflow: str
    workflow_id: str
    source: str


def canonical_json(value: object) -> str:
    """The one spelling of a JSON value: sorted keys, no spaces, characters as they are."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


class Ledger:
    """The three tables of the record within the metadata of one service."""

    def __init__(self, metadata: MetaData) -> None:
        self.audit_event = Table(
            "audit_event",
            metadata,
            Column("seq", BigInteger, Identity(always=True), primary_key=True),
            _transaction_id(),
            Column("event_id", Uuid, nullable=False, unique=True),
            Column("occurred_at", type_instant, nullable=False),
            Column("actor_subject", Text, nullable=False),
            Column("actor_role", Text, nullable=False),
            Column("actor_organisation", Text, nullable=False),
            Column("action", Text, nullable=False),
            Column("subject_type", Text, nullable=False),
            Column("subject_id", Text, nullable=False),
            Column("subject_sequence", BigInteger, nullable=False),
            Column("payload", Text, nullable=False),
            Column("trace_id", Text, nullable=False),
            UniqueConstraint("subject_type", "subject_id", "subject_sequence"),
            Index("audit_event_feed", "xid", "seq"),
        )
        self.outbox = Table(
            "outbox",
            metadata,
            Column("seq", BigInteger, Identity(always=True), primary_key=True),
            _transaction_id(),
            Column("workflow", Text, nullable=False),
            Column("workflow_id", Text, nullable=False),
            Column("source", Text, nullable=False),
            Column("sequence", BigInteger, nullable=False),
            Column("created_at", type_instant, nullable=False),
            Column("sent_at", type_instant),
            Index("outbox_unsent", "seq", postgresql_where=text("sent_at IS NULL")),
        )
        self.answered_request = Table(
            "answered_request",
            metadata,
            Column("actor_subject", Text, primary_key=True),
            Column("request_id", Uuid, primary_key=True),
            Column("method", Text, nullable=False),
            Column("fingerprint", LargeBinary, nullable=False),
            Column("answer", LargeBinary),
            Column("answered_at", type_instant, nullable=False),
        )

    def append(
        self,
        connection: Connection,
        call: Call,
        subject: Subject,
        action: str,
        payload: Mapping[str, object],
        kick: Kick | None = None,
    ) -> int:
        """Appends an event of a subject and, with it, the outbox row; returns its sequence.

        The caller holds the lock of the subject's row; two writers without it collide on the unique
        sequence and one of them fails. `payload` holds ids, codes and words, and the `state` after the event.
        """
        events = self.audit_event
        last = (
            select(func.coalesce(func.max(events.c.subject_sequence), 0) + 1)
            .where(events.c.subject_type == subject.kind, events.c.subject_id == subject.id)
            .scalar_subquery()
        )
        sequence: int = connection.execute(
            insert(events)
            .values(
                event_id=uuid.uuid4(),
                occurred_at=call.now,
                actor_subject=call.principal.subject,
                actor_role=call.principal.role.value,
                actor_organisation=call.principal.organisation
                or call.principal.agency
                or call.principal.province,
                action=action,
                subject_type=subject.kind,
                subject_id=subject.id,
                subject_sequence=last,
                payload=canonical_json(payload),
                trace_id=call.trace_id,
            )
            .returning(events.c.subject_sequence)
        ).scalar_one()
        if kick is not None:
            connection.execute(
                insert(self.outbox).values(
                    workflow=kick.workflow,
                    workflow_id=kick.workflow_id,
                    source=kick.source,
                    sequence=sequence,
                    created_at=call.now,
                )
            )
            # Wakes the relay at commit; a relay that is not listening polls.
            connection.execute(text("SELECT pg_notify('outbox', '')"))
        return sequence

    def events(self, connection: Connection, subject: Subject, after: int = 0) -> list[LedgerEvent]:
        """Events of a subject after a sequence, in order."""
        events = self.audit_event
        rows = connection.execute(
            select(events)
            .where(
                events.c.subject_type == subject.kind,
                events.c.subject_id == subject.id,
                events.c.subject_sequence > after,
            )
            .order_by(events.c.subject_sequence)
        )
        return [
            LedgerEvent(
                sequence=row.subject_sequence,
                event_id=row.event_id,
                occurred_at=row.occurred_at.astimezone(UTC),
                actor_subject=row.actor_subject,
                actor_role=row.actor_role,
                action=row.action,
                payload=json.loads(row.payload),
            )
            for row in rows
        ]
