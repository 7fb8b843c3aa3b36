"""Due diligence of the holder before the goods are declared: what demands it, and the use case that records it."""

from typing import Any

from sqlalchemy import Row

from services.foundation.clock import legal_day
from services.foundation.database import UnitOfWork
from services.foundation.errors import invalid_argument, not_found, stale_etag
from services.licensing.domain.dossier import DueDiligence, MilitaryRisk
from services.licensing.domain.due_diligence import before_declaration_faults
from services.licensing.domain.licence_number import LicenceNumber
from services.licensing.domain.licence_state import LicenceAction, SuspensionReason
from services.licensing.domain.printable import unprintable
from services.licensing.domain.records import to_json
from services.licensing.licence_service import (
    LicenceView,
    announce_change,
    change_state,
    demanding_countries,
    get_licence,
)
from services.licensing.store import licence_store as store
from services.licensing.store.licence_due_diligence_store import RecordedDueDiligence, insert_due_diligence

_PATH = "due_diligence"


def record_due_diligence(work: UnitOfWork, number: str, etag: str, record: DueDiligence) -> LicenceView:
    """The holder records due diligence: the goods may be declared, or the licence is suspended at once.

    A military risk that was found or cannot be excluded means that end user or end use may have changed: the
    holder stops exporting, and the record is the report (条例 Art. 25(1), 35). Errors: NOT_FOUND, STALE_ETAG;
    INVALID_ARGUMENT naming the fields; FAILED_PRECONDITION for a licence that has ended.
    """
    compact = str(LicenceNumber.parse(number))
    row = store.lock_licence(work.connection, work.call.principal, compact)
    if row is None:
        raise not_found("licence", compact)
    if etag != str(row.version):
        raise stale_etag("licence", compact)
    _require_whole(work, row, record)
    match record.military_risk:
        case MilitaryRisk.NONE_FOUND:
            sequence = _record(work, row)
        case MilitaryRisk.CANNOT_BE_EXCLUDED | MilitaryRisk.FOUND | MilitaryRisk.UNSPECIFIED:
            sequence = _stop(work, row, record)
    recorded = RecordedDueDiligence(record, work.call.now, work.call.principal.subject)
    insert_due_diligence(work.connection, compact, sequence, recorded)
    return get_licence(work, compact)


def _require_whole(work: UnitOfWork, row: Row[Any], record: DueDiligence) -> None:
    faults = [
        *before_declaration_faults(record, _PATH, legal_day(row.issued_at), legal_day(work.call.now)),
        *unprintable(_PATH, to_json(record)),
    ]
    if faults:
        raise invalid_argument(*faults)


def _record(work: UnitOfWork, row: Row[Any]) -> int:
    account = store.account_of(row, _lines(work, row), demanding_countries(work))
    action = LicenceAction.RECORD_DUE_DILIGENCE
    state = change_state(work, account, action, due_diligence_recorded_at=work.call.now)
    account.due_diligence_missing = False
    return announce_change(
        work, row.number, action, state, account.state_reason, military_risk=MilitaryRisk.NONE_FOUND
    )


def _stop(work: UnitOfWork, row: Row[Any], record: DueDiligence) -> int:
    account = store.account_of(row, _lines(work, row), demanding_countries(work))
    reason = account.state_reason or SuspensionReason.END_USE_CHANGED.value
    state = change_state(
        work,
        account,
        LicenceAction.STOP_AND_REPORT,
        state_reason=reason,
        due_diligence_recorded_at=None,
    )
    sequence = announce_change(
        work,
        row.number,
        LicenceAction.STOP_AND_REPORT,
        state,
        reason,
        reported_reason=SuspensionReason.END_USE_CHANGED.value,
        military_risk=record.military_risk.value,
    )
    statement = f"{record.end_user_findings}\n{record.end_use_findings}"
    store.insert_statement(work.connection, row.number, sequence, statement)
    return sequence


def _lines(work: UnitOfWork, row: Row[Any]) -> list[Row[Any]]:
    return store.read_lines(work.connection, [row.number])[row.number]
