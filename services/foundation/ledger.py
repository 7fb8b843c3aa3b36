"""The record that every service keeps in its own database: audit events, outbox, answered requests.

In one transaction a service writes the fact, appends the audit event and adds an outbox row. The audit events
of a subject, numbered without gaps, are also its event ledger: clocks and statistics are computed from them.
"""

import json
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    DateTime,
    Identity,
    Index,
    LargeBinary,
    MetaData,
    Row,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
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


# Written out, and one trip to the server: every act of the platform passes here.
_APPEND = """
INSERT INTO audit_event
    (event_id, occurred_at, actor_subject, actor_role, actor_organisation, action, subject_type, subject_id,
     subject_sequence, payload, trace_id)
SELECT %(event_id)s, %(occurred_at)s, %(actor_subject)s, %(actor_role)s, %(actor_organisation)s, %(action)s,
       %(kind)s, %(id)s, coalesce(max(subject_sequence), 0) + 1, %(payload)s, %(trace_id)s
FROM audit_event WHERE subject_type = %(kind)s AND subject_id = %(id)s
RETURNING subject_sequence
"""
# The notification wakes the relay at commit; a relay that is not listening polls.
_APPEND_AND_KICK = (
    "WITH appended AS ("  # noqa: S608 - both parts are written here
    + _APPEND
    + """), kicked AS (
    INSERT INTO outbox (workflow, workflow_id, source, sequence, created_at)
    SELECT %(workflow)s, %(workflow_id)s, %(source)s, subject_sequence, %(occurred_at)s FROM appended
)
SELECT subject_sequence, pg_notify('outbox', '') FROM appended
"""
)


class Ledger:
    """The tables of the record within the metadata of one service, and the one in which its sealer signs."""

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
        # The sealer alone reads and writes it; the service has no right to it.
        Table(
            "audit_log_identity",
            metadata,
            Column("only_row", Boolean, primary_key=True, server_default=text("true")),
            Column("verifier_key", Text, nullable=False),
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
        principal = call.principal
        values = {
            "event_id": uuid.uuid4(),
            "occurred_at": call.now,
            "actor_subject": principal.subject,
            "actor_role": principal.role.value,
            "actor_organisation": principal.organisation or principal.agency or principal.province,
            "action": action,
            "kind": subject.kind,
            "id": subject.id,
            "payload": canonical_json(payload),
            "trace_id": call.trace_id,
        }
        if kick is None:
            row = connection.exec_driver_sql(_APPEND, values).one()
        else:
            values |= {"workflow": kick.workflow, "workflow_id": kick.workflow_id, "source": kick.source}
            row = connection.exec_driver_sql(_APPEND_AND_KICK, values).one()
        sequence: int = row[0]
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
        return [_event(row) for row in rows]

    def events_of_many(
        self, connection: Connection, kind: str, identifiers: Collection[str]
    ) -> dict[str, list[LedgerEvent]]:
        """Events of several subjects of one kind, each in order; a subject without events is left out."""
        events = self.audit_event
        rows = connection.execute(
            select(events)
            .where(events.c.subject_type == kind, events.c.subject_id.in_(identifiers))
            .order_by(events.c.subject_id, events.c.subject_sequence)
        )
        found: dict[str, list[LedgerEvent]] = {}
        for row in rows:
            found.setdefault(row.subject_id, []).append(_event(row))
        return found


def _event(row: Row[Any]) -> LedgerEvent:
    return LedgerEvent(
        sequence=row.subject_sequence,
        event_id=row.event_id,
        occurred_at=row.occurred_at.astimezone(UTC),
        actor_subject=row.actor_subject,
        actor_role=row.actor_role,
        action=row.action,
        payload=json.loads(row.payload),
    )
