"""The audit events of a database, as the sealer and the verifier read them."""

from collections.abc import Iterator
from typing import LiteralString, TypeAlias, cast
from uuid import UUID

import psycopg
import sqlalchemy
from psycopg import sql

from services.foundation.audit_log.entry import ROW_COLUMNS, AuditRow, Position

Connection: TypeAlias = "psycopg.Connection[tuple[object, ...]]"

_ROWS_AT_ONCE = 5000
_ROWS_STREAMED = 500
# Key of the advisory lock; any number that nothing else uses in a service's database.
_SEALER_LOCK = 0x7365616C
_SELECT = sql.SQL("SELECT {} FROM audit_event ").format(sql.SQL(ROW_COLUMNS))
# Ordering names the table, so that it can only mean the column.
_IN_ORDER = sql.SQL(" ORDER BY audit_event.xid, audit_event.seq ")


def connect(url: str) -> Connection:
    """A connection that commits each statement, from an SQLAlchemy or plain PostgreSQL address."""
    address = sqlalchemy.make_url(url).set(drivername="postgresql")
    return psycopg.connect(
        address.render_as_string(hide_password=False),
        autocommit=True,
        connect_timeout=5,
        options="-c statement_timeout=60000 -c lock_timeout=8000",
    )


def cluster_of(connection: Connection) -> str:
    """The identity of the database cluster, which a dump does not carry along."""
    row = connection.execute("SELECT system_identifier::text FROM pg_control_system()").fetchone()
    assert row is not None
    return str(row[0])


def try_lock(connection: Connection) -> bool:
    """Takes the lock that only one sealer of a database holds, until the connection ends."""
    row = connection.execute("SELECT pg_try_advisory_lock(%s)", (_SEALER_LOCK,)).fetchone()
    return row is not None and row[0] is True


def known_log(connection: Connection) -> str | None:
    """The text of the public key of the log that seals this database; None before the first sealer."""
    row = connection.execute("SELECT verifier_key FROM audit_log_identity").fetchone()
    return None if row is None else str(row[0])


def remember_log(connection: Connection, verifier_key: str) -> None:
    """Leaves in the database which log seals it, in place of what stood there."""
    connection.execute(
        "INSERT INTO audit_log_identity (verifier_key) VALUES (%s)"
        " ON CONFLICT (only_row) DO UPDATE SET verifier_key = excluded.verifier_key",
        (verifier_key,),
    )


def sealable_rows(connection: Connection, position: Position, after_seq: int, limit: int) -> list[AuditRow]:
    """The next rows in the order of sealing that no open transaction can still precede.

    A row whose transaction id is below the snapshot's xmin was committed before every transaction that is
    still open began to write, so that nothing can come before it any more.
    """
    xid, seq = position
    query = (
        _SELECT
        + sql.SQL(
            "WHERE audit_event.xid < pg_snapshot_xmin(pg_current_snapshot())"
            " AND (audit_event.xid, audit_event.seq) > (%s::text::xid8, %s) AND audit_event.seq > %s"
        )
        + _IN_ORDER
        + sql.SQL("LIMIT %s")
    )
    return _rows(connection.execute(query, (str(xid), seq, after_seq, limit)))


def row_at(connection: Connection, seq: int) -> AuditRow | None:
    """The row with a sequence."""
    rows = _rows(connection.execute(_SELECT + sql.SQL("WHERE audit_event.seq = %s"), (seq,)))
    return rows[0] if rows else None


def row_of_event(connection: Connection, event_id: UUID) -> AuditRow | None:
    """The row of an event."""
    rows = _rows(connection.execute(_SELECT + sql.SQL("WHERE audit_event.event_id = %s"), (event_id,)))
    return rows[0] if rows else None


def rows_of_events(connection: Connection, event_ids: list[UUID]) -> dict[UUID, AuditRow]:
    """The rows of those of the events that the database holds."""
    found: dict[UUID, AuditRow] = {}
    for begin in range(0, len(event_ids), _ROWS_AT_ONCE):
        some = event_ids[begin : begin + _ROWS_AT_ONCE]
        query = _SELECT + sql.SQL("WHERE audit_event.event_id = ANY(%s)")
        found |= {UUID(row[2]): row for row in _rows(connection.execute(query, (some,)))}
    return found


def events_at(connection: Connection, sequences: list[int]) -> dict[int, tuple[UUID, int]]:
    """The events that now carry those of the sequences that are in use, with their transaction ids."""
    query = "SELECT seq, event_id, xid::text AS transaction_id FROM audit_event WHERE seq = ANY(%s)"
    rows = cast(list[tuple[int, UUID, str]], connection.execute(query, (sequences,)).fetchall())
    return {seq: (event_id, int(xid)) for seq, event_id, xid in rows}


def events_never_numbered(connection: Connection) -> list[tuple[int, UUID]]:
    """Events with a sequence below one, which the database never gives out: somebody wrote it by hand."""
    query = "SELECT seq, event_id FROM audit_event WHERE seq < 1 ORDER BY seq"
    return cast(list[tuple[int, UUID]], connection.execute(query).fetchall())


def rows_in_order(connection: Connection, after_seq: int, through_seq: int | None) -> Iterator[AuditRow]:
    """Every row of a range of sequences in the order of sealing, streamed.

    The connection serves nothing else until the last row is read.
    """
    condition: LiteralString = "WHERE audit_event.seq > %(after)s"
    if through_seq is not None:
        condition += " AND audit_event.seq <= %(through)s"
    query = _SELECT + sql.SQL(condition) + _IN_ORDER
    with connection.cursor() as cursor:
        # Streaming lets the database prepare the next rows while the ones before are hashed.
        rows = cursor.stream(query, {"after": after_seq, "through": through_seq}, size=_ROWS_STREAMED)
        yield from cast(Iterator[AuditRow], rows)


def greatest_seq(connection: Connection) -> int:
    """The greatest sequence in the table, 0 when it is empty."""
    row = connection.execute("SELECT coalesce(max(seq), 0) FROM audit_event").fetchone()
    assert row is not None
    return cast(int, row[0])


def counters(connection: Connection) -> tuple[int | None, int]:
    """How far the database has counted: the last sequence given out and the next transaction id.

    Neither goes back by deleting rows; an older copy that is put in place has counted less far. The
    sequence is None when the role may not read it.
    """
    row = connection.execute(
        "SELECT CASE WHEN has_sequence_privilege(name, 'SELECT')"
        " THEN coalesce(pg_sequence_last_value(name), 0) END,"
        " pg_snapshot_xmax(pg_current_snapshot())::text"
        " FROM (SELECT pg_get_serial_sequence('audit_event', 'seq')::regclass AS name) AS counter"
    ).fetchone()
    assert row is not None
    return cast("int | None", row[0]), int(cast(str, row[1]))


def _rows(cursor: "psycopg.Cursor[tuple[object, ...]]") -> list[AuditRow]:
    return cast(list[AuditRow], cursor.fetchall())
