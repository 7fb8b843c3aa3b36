"""The usage ledger in SQL: lock, read, and write one declaration's write-off in a few statements.

This is the hottest path of the service: a licence is locked from the first statement to the commit, so the
statements are few and written out. Licences are locked in the order of their numbers, after the declaration,
so that two calls never wait for each other in a circle.
"""

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
from services.licensing.domain.licence_usage import Balances, DeclaredLine, Entry

_LOCK_DECLARATION = "SELECT pg_advisory_xact_lock(hashtextextended(%(declaration)s, 0))"
_LOCK_LICENCES = """
SELECT number, state, state_reason, acknowledged_at IS NOT NULL, valid_from, valid_to, uses_allowed,
       uses_taken, uses_made
FROM licence WHERE number = ANY(%(numbers)s) ORDER BY number FOR UPDATE
"""
# Separate from the locking statement: only a statement that begins under the lock sees the latest balances.
_LINES = """
SELECT licence_number, line_number, hs_code, unit, licensed, reserved, committed
FROM licence_line WHERE licence_number = ANY(%(numbers)s)
"""
_DECLARED = """
SELECT line.declaration_line, line.licence_number, line.licence_line, line.quantity, line.committed, line.state,
       entry.kind, entry.reserved_after, entry.committed_after, entry.available_after, entry.licence_state_after
FROM declaration_line AS line JOIN usage_entry AS entry USING (declaration_number, declaration_line)
WHERE line.declaration_number = %(declaration)s
"""
_WRITE_LINES = """
UPDATE licence_line SET reserved = %(reserved)s, committed = %(committed)s
WHERE licence_number = %(licence_number)s AND line_number = %(line_number)s
"""
_WRITE_DECLARED = """
INSERT INTO declaration_line
    (declaration_number, declaration_line, licence_number, licence_line, quantity, committed, state)
VALUES (%(declaration)s, %(declaration_line)s, %(licence_number)s, %(licence_line)s, %(quantity)s,
        %(committed)s, %(state)s)
ON CONFLICT (declaration_number, declaration_line)
DO UPDATE SET committed = excluded.committed, state = excluded.state
"""
_WRITE_ENTRIES = """
INSERT INTO usage_entry
    (licence_number, licence_line, kind, declaration_number, declaration_line, quantity, unit, reserved_after,
     committed_after, available_after, licence_state_after, recorded_at, recorded_by)
VALUES (%(licence_number)s, %(licence_line)s, %(kind)s, %(declaration)s, %(declaration_line)s, %(quantity)s,
        %(unit)s, %(reserved_after)s, %(committed_after)s, %(available_after)s, %(licence_state_after)s,
        %(recorded_at)s, %(recorded_by)s)
"""
_WRITE_LICENCE = """
UPDATE licence
SET uses_taken = %(uses_taken)s, uses_made = %(uses_made)s, state_reason = %(state_reason)s,
    version = version + (state <> %(state)s)::integer, state = %(state)s
WHERE number = %(number)s
"""


@dataclass(frozen=True)
class LockedPosition:
    """What a write-off starts from, locked until the end of the transaction."""

    accounts: dict[str, LicenceAccount]
    declared: list[DeclaredLine]
    answered: dict[tuple[int, UsageKind], Balances]


def lock_position(connection: Connection, declaration: str, numbers: Iterable[str]) -> LockedPosition:
    """Locks a declaration and the licences it names, and reads them."""
    values = {"declaration": declaration, "numbers": sorted(set(numbers))}
    connection.exec_driver_sql(_LOCK_DECLARATION, values)
    accounts = {row[0]: _account(row) for row in connection.exec_driver_sql(_LOCK_LICENCES, values)}
    for row in connection.exec_driver_sql(_LINES, values):
        if row[0] in accounts:
            accounts[row[0]].lines[row[1]] = LineAccount(row[1], row[2], row[3], row[4], row[5], row[6])
    declared: dict[int, DeclaredLine] = {}
    answered: dict[tuple[int, UsageKind], Balances] = {}
    for row in connection.exec_driver_sql(_DECLARED, values):
        state = DeclarationLineState(row[5])
        declared[row[0]] = DeclaredLine(row[0], row[1], row[2], row[3], row[4], state)
        answered[row[0], UsageKind(row[6])] = Balances(row[7], row[8], row[9], LicenceState(row[10]))
    return LockedPosition(accounts, list(declared.values()), answered)


def write_position(
    connection: Connection,
    declaration: str,
    accounts: Iterable[LicenceAccount],
    lines: Iterable[DeclaredLine],
    entries: Iterable[Entry],
    recorded_at: datetime,
    recorded_by: str,
) -> None:
    """Stores what a write-off changed."""
    changed = {account.number: account for account in accounts}
    written = list(entries)
    touched = {(entry.licence_number, entry.licence_line) for entry in written}
    _many(connection, _WRITE_LICENCE, [_licence_values(account) for account in changed.values()])
    _many(
        connection,
        _WRITE_LINES,
        [_line_values(changed[number], line) for number, line in sorted(touched)],
    )
    _many(connection, _WRITE_DECLARED, [_declared_values(declaration, line) for line in lines])
    recorded = {"declaration": declaration, "recorded_at": recorded_at, "recorded_by": recorded_by}
    _many(
        connection,
        _WRITE_ENTRIES,
        [recorded | _entry_values(entry, changed[entry.licence_number]) for entry in written],
    )


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
        lines={},
    )


def _many(connection: Connection, statement: str, values: list[dict[str, Any]]) -> None:
    if len(values) == 1:
        connection.exec_driver_sql(statement, values[0])
    else:
        connection.exec_driver_sql(statement, values)


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


def _declared_values(declaration: str, line: DeclaredLine) -> dict[str, Any]:
    return {
        "declaration": declaration,
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
