"""The write-off of customs declarations: reserve, commit, release (核销)."""

from collections.abc import Sequence

from services.foundation.clock import legal_day
from services.foundation.database import UnitOfWork
from services.licensing.domain.licence_account import LicenceAccount, UsageKind
from services.licensing.domain.licence_state import LicenceAction, LicenceState
from services.licensing.domain.licence_usage import Demand, Entry, LineOutcome, WriteOff
from services.licensing.licence_service import announce_change, demanding_countries, licence_subject
from services.licensing.store.licence_usage_store import lock_position, write_position

_EVENTS = {
    UsageKind.RESERVE: "QUANTITIES_RESERVED",
    UsageKind.COMMIT: "QUANTITIES_COMMITTED",
    UsageKind.RELEASE: "QUANTITIES_RELEASED",
}
_ENDINGS = {
    LicenceState.COMPLETED: LicenceAction.COMPLETE,
    LicenceState.EXHAUSTED: LicenceAction.EXHAUST,
}


def write_off(
    work: UnitOfWork, kind: UsageKind, declaration: str, demands: Sequence[Demand]
) -> list[LineOutcome]:
    """Accepts or refuses each line of a declaration on its own; all that is accepted commits together.

    Idempotent by declaration number and line. Every accepted line makes entries of the usage ledger; every
    licence that accepted one gets one event, and another if the call ended it.
    """
    position = lock_position(work.connection, declaration, demands, demanding_countries(work))
    before = {number: account.state for number, account in position.accounts.items()}
    write = WriteOff(legal_day(work.call.now), position.accounts, position.declared, position.answered)
    outcomes = write.apply(kind, demands)
    if not write.entries:
        return outcomes
    write_position(
        work.connection,
        declaration,
        write.changed_accounts(),
        write.changed_lines(),
        write.entries,
        work.call.now,
        work.call.principal.subject,
    )
    for account in write.changed_accounts():
        _record(work, kind, declaration, before[account.number], account, write.entries)
    return outcomes


def _record(
    work: UnitOfWork,
    kind: UsageKind,
    declaration: str,
    before: LicenceState,
    account: LicenceAccount,
    entries: Sequence[Entry],
) -> None:
    """The event of the write-off with its quantities, so that the sealed record proves the ledger."""
    work.record(
        licence_subject(account.number),
        _EVENTS[kind],
        {
            "state": before.value,
            "declaration_number": declaration,
            "entries": [
                {
                    "kind": entry.kind.value,
                    "declaration_line": entry.declaration_line,
                    "licence_line": entry.licence_line,
                    "quantity": str(entry.quantity),
                    "unit": entry.unit,
                }
                for entry in entries
                if entry.licence_number == account.number
            ],
        },
    )
    if account.state is not before:
        announce_change(work, account.number, _ENDINGS[account.state], account.state, account.state_reason)
