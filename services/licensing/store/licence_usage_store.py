"""The usage ledger in SQL: lock, read, and write one declaration's write-off in a few statements.

This is the hottest path of the service: a licence is locked from the first statement to the commit, so the
statements are few and written out. Licences are locked in the order of their numbers, after the declaration,
so that two calls never wait for each other in a circle.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from services.licensing.domain.licence_account import (
    DeclarationLineState,
    LicenceAccount,
    LineAccount,
    UsageKind,
)
from services.licensing.domain.licence_state import LicenceState
from services.licensing.domain.licence_usage import Balances, DeclaredLine, Demand, Entry
from services.licensing.store.licence_driver import driver_connection

# The declaration is locked before any licence: the rows are locked last, after the join and the sort.
_LOCK = """
WITH declaration AS MATERIALIZED (SELECT pg_advisory_xact_lock(hashtextextended(%(declaration)s, 0)))
SELECT number, state, state_reason, acknowledged_at IS NOT NULL, valid_from, valid_to, uses_allowed,
       uses_taken, uses_made,
       due_diligence_recorded_at IS NULL AND reached_countries && %(demanding)s::text[]
FROM declaration, licence WHERE number = ANY(%(numbers)s) ORDER BY number FOR UPDATE OF licence
"""
# Separate from the locking statement: only a statement that begins under the locks sees the latest balances.
_LINES = """
SELECT licence_number, line_number, hs_code, unit, licensed, reserved, committed
FROM licence_line WHERE licence_number = ANY(%(numbers)s)
"""
# Of the lines that the call does not name, one per licence and standing tells whether the declaration uses it.
_DECLARED = """
SELECT declaration_line, licence_number, licence_line, quantity, committed, state
FROM declaration_line
WHERE declaration_number = %(declaration)s AND declaration_line = ANY(%(lines)s)
UNION ALL
(SELECT DISTINCT ON (licence_number, state)
        declaration_line, licence_number, licence_line, quantity, committed, state
 FROM declaration_line
 WHERE declaration_number = %(declaration)s AND declaration_line <> ALL(%(lines)s)
   AND licence_number = ANY(%(numbers)s) AND state <> 'RELEASED')
"""
_ANSWERED = """
SELECT declaration_line, kind, reserved_after, committed_after, available_after, licence_state_after
FROM usage_entry
WHERE declaration_number = %(declaration)s AND declaration_line = ANY(%(lines)s)
"""
_WRITE = """
WITH changed_licence AS (
    UPDATE licence
    SET uses_taken = new.uses_taken, uses_made = new.uses_made, state_reason = new.state_reason,
        version = version + (licence.state <> new.state)::integer, state = new.state
    FROM jsonb_to_recordset(%(licences)s::jsonb)
        AS new (number text, state text, state_reason text, uses_taken integer, uses_made integer)
    WHERE licence.number = new.number
), changed_line AS (
    UPDATE licence_line SET reserved = new.reserved, committed = new.committed
    FROM jsonb_to_recordset(%(lines)s::jsonb)
        AS new (licence_number text, line_number integer, reserved numeric, committed numeric)
    WHERE (licence_line.licence_number, licence_line.line_number) = (new.licence_number, new.line_number)
), changed_declaration AS (
    INSERT INTO declaration_line
        (declaration_number, declaration_line, licence_number, licence_line, quantity, committed, state)
    SELECT %(declaration)s, declaration_line, licence_number, licence_line, quantity, committed, state
    FROM jsonb_to_recordset(%(declared)s::jsonb)
        AS new (declaration_line integer, licence_number text, licence_line integer, quantity numeric,
                committed numeric, state text)
    ON CONFLICT (declaration_number, declaration_line)
    DO UPDATE SET committed = excluded.committed, state = excluded.state
)
INSERT INTO usage_entry
    (licence_number, licence_line, kind, declaration_number, declaration_line, quantity, unit, reserved_after,
     committed_after, available_after, licence_state_after, recorded_at, recorded_by)
SELECT licence_number, licence_line, kind, %(declaration)s, declaration_line, quantity, unit, reserved_after,
       committed_after, available_after, licence_state_after, %(recorded_at)s, %(recorded_by)s
FROM jsonb_to_recordset(%(entries)s::jsonb)
    AS new (licence_number text, licence_line integer, kind text, declaration_line integer, quantity numeric,
            unit text, reserved_after numeric, committed_after numeric, available_after numeric,
            licence_state_after text, position integer)
ORDER BY position
"""


@dataclass(frozen=True)
class LockedPosition:
    """What a write-off starts from, locked until the end of the transaction."""

    accounts: dict[str, LicenceAccount]
    declared: list[DeclaredLine]
    answered: dict[tuple[int, UsageKind], Balances]


def lock_position(
    connection: Connection, declaration: str, demands: Sequence[Demand], demanding: Iterable[str]
) -> LockedPosition:
    """Locks a declaration and the licences that the demands name, and reads what bears on the demands.

    `demanding` are the countries for which due diligence is demanded today.
    """
    values = {
        "declaration": declaration,
        "numbers": sorted({demand.licence_number for demand in demands}),
        "lines": sorted({demand.declaration_line for demand in demands}),
        "demanding": list(demanding),
    }
    # One trip to the server; the statements still run one after the other.
    with driver_connection(connection) as driver, driver.pipeline():
        locked = driver.execute(_LOCK, values)
        line_rows = driver.execute(_LINES, values)
        declared_rows = driver.execute(_DECLARED, values)
        answered_rows = driver.execute(_ANSWERED, values)
        accounts = {row[0]: _account(row) for row in locked}
        for row in line_rows:
            if row[0] in accounts:
                accounts[row[0]].lines[row[1]] = LineAccount(*row[1:])
        declared = [
            DeclaredLine(row[0], row[1], row[2], row[3], row[4], DeclarationLineState(row[5]))
            for row in declared_rows
        ]
        answered = {
            (row[0], UsageKind(row[1])): Balances(row[2], row[3], row[4], LicenceState(row[5]))
            for row in answered_rows
        }
    return LockedPosition(accounts, declared, answered)


def write_position(
    connection: Connection,
    declaration: str,
    accounts: Iterable[LicenceAccount],
    lines: Iterable[DeclaredLine],
    entries: Iterable[Entry],
    recorded_at: datetime,
    recorded_by: str,
) -> None:
    """Stores what a write-off changed, in one statement."""
    changed = {account.number: account for account in accounts}
    written = list(entries)
    touched = sorted({(entry.licence_number, entry.licence_line) for entry in written})
    values = {
        "licences": _json([_licence_values(account) for account in changed.values()]),
        "lines": _json([_line_values(changed[number], line) for number, line in touched]),
        "declared": _json([_declared_values(line) for line in lines]),
        "entries": _json(
            [
                {"position": position, **_entry_values(entry, changed[entry.licence_number])}
                for position, entry in enumerate(written)
            ]
        ),
        "declaration": declaration,
        "recorded_at": recorded_at,
        "recorded_by": recorded_by,
    }
    with driver_connection(connection) as driver:
        driver.execute(_WRITE, values)


def _account(row: Sequence[Any]) -> LicenceAccount:
    return LicenceAccount(
        number=row[0],
        state=LicenceState(row[1]),
        state_reason=row[2],
        acknowledged=row[3],
        valid_from=row[4],
        valid_to=row[5],
        max_uses=row[6],
        uses_taken=row[7],
        uses_made=row[8],
        due_diligence_missing=row[9],
        lines={},
    )


def _json(rows: list[dict[str, Any]]) -> str:
    """Rows as JSON; quantities go as text, never as floating-point numbers."""
    return json.dumps(rows, default=str)


def _licence_values(account: LicenceAccount) -> dict[str, Any]:
    return {
        "number": account.number,
        "state": account.state.value,
        "state_reason": account.state_reason,
        "uses_taken": account.uses_taken,
        "uses_made": account.uses_made,
    }


def _line_values(account: LicenceAccount, line_number: int) -> dict[str, Any]:
    line = account.lines[line_number]
    return {
        "licence_number": account.number,
        "line_number": line_number,
        "reserved": line.reserved,
        "committed": line.committed,
    }


def _declared_values(line: DeclaredLine) -> dict[str, Any]:
    return {
        "declaration_line": line.declaration_line,
        "licence_number": line.licence_number,
        "licence_line": line.licence_line,
        "quantity": line.quantity,
        "committed": line.committed,
        "state": line.state.value,
    }


def _entry_values(entry: Entry, account: LicenceAccount) -> dict[str, Any]:
    return {
        "licence_number": entry.licence_number,
        "licence_line": entry.licence_line,
        "kind": entry.kind.value,
        "declaration_line": entry.declaration_line,
        "quantity": entry.quantity,
        "unit": entry.unit,
        "reserved_after": entry.reserved_after,
        "committed_after": entry.committed_after,
        "available_after": entry.available_after,
        "licence_state_after": account.state.value,
    }
