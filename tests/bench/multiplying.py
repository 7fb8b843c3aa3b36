"""Fills a database with copies of whole cases, so that pages are measured among ten thousand applications.

A copy is made in SQL, row by row of every table that speaks of the case: ids are derived from the copied ones, so
that rows that named each other still do; instants lie earlier, evenly over the time given; most copies belong to
other organisations. Nothing wakes the procedure: the outbox is not copied.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
from psycopg.rows import dict_row

_NOT_COPIED = frozenset({"outbox", "answered_request", "licence_change", "person", "member", "mandate"})
_COLUMNS = """
SELECT table_name, column_name, data_type FROM information_schema.columns
JOIN information_schema.tables USING (table_schema, table_name)
WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND is_generated = 'NEVER'
  AND is_identity = 'NO' AND data_type <> 'xid8'
ORDER BY table_name, ordinal_position
"""
# The one instant that events tell besides their own.
_ACCEPTED = """
CASE WHEN {payload}::jsonb ? 'accepted_as_of' THEN jsonb_set({payload}::jsonb, '{{accepted_as_of}}',
    to_jsonb(({payload}::jsonb ->> 'accepted_as_of')::timestamptz - {earlier}))::text
ELSE {payload} END
"""
# Two thirds of the copies are of other provinces, and all but a fiftieth of other organisations.
_PROVINCE = "(ARRAY['32', '44', '33'])[1 + k % 3]"
_ORGANISATION = "CASE WHEN k % 50 = 0 THEN {column} ELSE '91320000' || lpad(k::text, 10, '0') END"


@dataclass(frozen=True)
class Original:
    """A case to copy: the id and number of its application, and the number of its licence if it has one."""

    application_id: str
    number: str
    licence_number: str = ""


def multiply(connection: psycopg.Connection, originals: Sequence[Original], copies: int, days: int) -> None:
    """Adds `copies` of each case, spread over as many days before it."""
    with connection.cursor(row_factory=dict_row) as cursor:
        columns: dict[str, list[tuple[str, str]]] = {}
        for row in cursor.execute(_COLUMNS):
            columns.setdefault(row["table_name"], []).append((row["column_name"], row["data_type"]))
    with connection.transaction():
        # Foreign keys are true of the copies once all are there.
        connection.execute("SET LOCAL session_replication_role = replica")
        for original in originals:
            for table, found in columns.items():
                condition = _condition(table, {name for name, _ in found}, original)
                if table not in _NOT_COPIED and condition:
                    _copy(connection, table, found, original, condition, copies, days)
    connection.execute("ANALYZE")


def _condition(table: str, names: set[str], original: Original) -> str:
    licence = f"= '{original.licence_number}'"
    if table == "audit_event":
        return f"subject_id IN ('{original.application_id}', '{original.licence_number or '-'}')"
    if "application_id" in names:
        return f"application_id::text = '{original.application_id}'"
    return f"licence_number {licence}" if "licence_number" in names and original.licence_number else ""


def _copy(
    connection: psycopg.Connection,
    table: str,
    columns: list[tuple[str, str]],
    original: Original,
    condition: str,
    copies: int,
    days: int,
) -> None:
    values = [_value(table, name, kind, original, copies, days) for name, kind in columns]
    connection.execute(
        f"INSERT INTO {table} ({', '.join(name for name, _ in columns)})"
        f" SELECT {', '.join(values)} FROM {table}, generate_series(1, {copies}) AS k WHERE {condition}"
    )


def _value(table: str, column: str, kind: str, original: Original, copies: int, days: int) -> str:
    named = f"{table}.{column}"
    earlier = f"k * interval '{days * 86400 // copies} seconds'"
    match kind:
        case "uuid":
            return f"md5({named}::text || k)::uuid"
        case "timestamp with time zone":
            return f"{named} - {earlier}"
        case "text" if named == "audit_event.payload":
            return _ACCEPTED.format(payload=_renamed(named, original), earlier=earlier)
        case "text" if column == "province":
            return _PROVINCE
        case "text" if column in ("organisation", "unified_social_credit_code", "actor_organisation"):
            return _ORGANISATION.format(column=named)
        case "text":
            return _renamed(named, original)
        case _:
            return named


def _renamed(column: str, original: Original) -> str:
    """The text with the id and the numbers of the copy in place of those of the original."""
    new_id = f"md5('{original.application_id}' || k)::uuid::text"
    text = f"replace({column}, '{original.application_id}', {new_id})"
    for number in filter(None, (original.number, original.licence_number)):
        copied = f"'{number[:-4]}' || 'K' || lpad(k::text, 5, '0') || '{number[-4:]}'"
        text = f"replace({text}, '{number}', {copied})"
    return text
