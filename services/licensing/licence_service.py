"""Use cases of a licence: issued by the decision, read, stopped, resumed, revoked, handed back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row

from services.foundation.clock import legal_day
from services.foundation.database import UnitOfWork
from services.foundation.errors import invalid_field, not_found, stale_etag
from services.foundation.ledger import Kick, Subject
from services.foundation.pagination import decode_page_token, encode_page_token, page_size
from services.foundation.principal import Role
from services.licensing.document.canonical import canonical_bytes, digest
from services.licensing.domain.due_diligence import DutyStage
from services.licensing.domain.licence_account import LicenceAccount, reason_for_customs
from services.licensing.domain.licence_grant import GrantedLine, LicenceGrant
from services.licensing.domain.licence_instrument import rule_in_force
from services.licensing.domain.licence_number import MINISTRY, Instrument, LicenceNumber
from services.licensing.domain.licence_particulars import particulars_of
from services.licensing.domain.licence_state import (
    LIVE,
    LicenceAction,
    LicenceState,
    SuspensionReason,
    allowed_actions,
    reason_for_holder,
    transition,
)
from services.licensing.licence_facts import licence_facts
from services.licensing.licence_instruments import instrument_rules
from services.licensing.notification_writing import tell_of_licence
from services.licensing.reference_files import destination_duties
from services.licensing.store import licence_store as store
from services.licensing.store import review_records
from services.licensing.store.licence_due_diligence_store import RecordedDueDiligence, read_due_diligence


@dataclass(frozen=True)
class LicenceView:
    """A licence as stored, with its lines and the due diligence of its holder, newest first.

    `due_diligence_demanded`: the goods may not be declared without one, as of today.
    """

    row: Row[Any]
    lines: Sequence[Row[Any]]
    due_diligence: Sequence[RecordedDueDiligence]
    due_diligence_demanded: bool
    state_reason: str


@dataclass(frozen=True)
class LicencePage:
    """One page of a list of licences."""

    licences: list[LicenceView]
    next_page_token: str


def licence_subject(number: str) -> Subject:
    """The subject of a licence's events."""
    return Subject("licence", number)


def licence_kick(number: str) -> Kick:
    """Wakes the workflow of a licence."""
    return Kick("LicenceWorkflow", f"licence/{number}", "licensing")


def issue_licence(work: UnitOfWork, grant: LicenceGrant) -> str:
    """Issues the licence of an approved application in the transaction that marks it licensed; returns its number.

    Repeating it for an application returns the number it has. The caller holds the lock of the application.
    The facts are fixed here: their canonical bytes and digests are stored with the licence, and everything
    printed or signed later rests on them. Errors: FAILED_PRECONDITION, INSTRUMENT_NOT_IN_FORCE;
    INVALID_ARGUMENT, UNPRINTABLE_CHARACTER.
    """
    issued_before = store.number_of_application(work.connection, grant.application_id)
    if issued_before is not None:
        return issued_before
    instrument = Instrument(grant.instrument)
    rule = rule_in_force(instrument_rules(), instrument, grant.decided_on)
    year = grant.decided_on.year
    serial = store.next_serial(work.connection, instrument, year, MINISTRY)
    number = LicenceNumber(instrument, year, MINISTRY, serial)
    facts = licence_facts(grant, number, rule)
    canonical = canonical_bytes(facts)
    digests = digest(canonical)
    store.insert_licence(
        work.connection,
        {
            "number": str(number),
            "application_id": grant.application_id,
            "application_number": grant.application_number,
            "instrument": instrument.value,
            "state": LicenceState.ISSUED.value,
            "holder_name_zh": grant.holder_name_zh,
            "holder_name_en": grant.holder_name_en,
            "unified_social_credit_code": grant.unified_social_credit_code,
            "province": grant.province,
            "destination": grant.destination,
            "consignee_name": grant.consignee.name_zh or grant.consignee.name_en,
            "end_user_name": grant.end_user.name_zh or grant.end_user.name_en,
            "customs_office": grant.customs_office,
            "particulars": particulars_of(grant),
            "valid_from": facts.valid_from,
            "valid_to": facts.valid_to,
            "uses_allowed": rule.max_uses,
            "canonical": canonical,
            "canonical_sha256": digests.sha256,
            "canonical_sm3": digests.sm3,
            "issued_at": work.call.now,
        },
        [_line_values(str(number), line) for line in grant.lines],
    )
    work.record(
        licence_subject(str(number)),
        "ISSUED",
        {
            "state": LicenceState.ISSUED,
            "application_id": grant.application_id,
            "instrument": instrument,
            "valid_to": facts.valid_to.isoformat(),
            "canonical_sha256": digests.sha256,
            "canonical_sm3": digests.sm3,
        },
        licence_kick(str(number)),
    )
    _tell_customs(work, str(number), "ISSUED", LicenceState.ISSUED, "")
    return str(number)


def get_licence(work: UnitOfWork, number: str) -> LicenceView:
    """A licence that the caller may see. Errors: NOT_FOUND; INVALID_ARGUMENT for what is no number."""
    compact = str(LicenceNumber.parse(number))
    row = store.read_licence(work.connection, work.call.principal, compact)
    if row is None:
        raise not_found("licence", compact)
    return _views(work, [row])[0]


def list_licences(
    work: UnitOfWork, states: Sequence[LicenceState], requested_size: int, page_token: str
) -> LicencePage:
    """Licences that the caller may see, the latest first."""
    size = page_size(requested_size)
    position = decode_page_token(page_token, 2)
    rows = store.list_licences(
        work.connection,
        work.call.principal,
        [state.value for state in states],
        None if position is None else (_instant(position[0]), position[1]),
        size + 1,
    )
    shown = rows[:size]
    more = len(rows) > size
    token = encode_page_token(shown[-1].issued_at.isoformat(), shown[-1].number) if more else ""
    return LicencePage(_views(work, shown), token)


def _views(work: UnitOfWork, rows: Sequence[Row[Any]]) -> list[LicenceView]:
    numbers = [row.number for row in rows]
    lines = store.read_lines(work.connection, numbers)
    recorded = read_due_diligence(work.connection, numbers)
    demanding = demanding_countries(work)
    of_holder = work.call.principal.role in (Role.EXPORTER, Role.AGENT)
    return [
        LicenceView(
            row,
            lines[row.number],
            recorded.get(row.number, ()),
            not demanding.isdisjoint(row.reached_countries),
            reason_for_holder(row.state_reason) if of_holder else row.state_reason,
        )
        for row in rows
    ]


def demanding_countries(work: UnitOfWork) -> frozenset[str]:
    """The countries for which due diligence is demanded today before goods are declared."""
    return destination_duties().countries(DutyStage.DECLARATION, legal_day(work.call.now))


def stop_and_report(work: UnitOfWork, number: str, reason: SuspensionReason, statement: str) -> LicenceView:
    """The holder stops exporting and reports (Regulation 792 Art. 25): the licence is suspended at once.

    The change that customs reads is in the same transaction, so the next reservation is refused. A report on
    a licence that is suspended already is recorded too; the reason of the suspension stays.
    """
    return _act(work, number, LicenceAction.STOP_AND_REPORT, reason=reason, statement=statement)


def suspend_licence(
    work: UnitOfWork, number: str, etag: str, reason: SuspensionReason, statement: str
) -> LicenceView:
    """The authority stops the use of a licence (Regulation 792 Art. 18(3), 18(4))."""
    return _act(work, number, LicenceAction.SUSPEND, etag=etag, reason=reason, statement=statement)


def resume_licence(work: UnitOfWork, number: str, etag: str, reasons: str) -> LicenceView:
    """The use of a suspended licence is resumed (Regulation 792 Art. 18(4))."""
    return _act(work, number, LicenceAction.RESUME, etag=etag, statement=reasons)


def revoke_licence(work: UnitOfWork, number: str, etag: str, reasons: str) -> LicenceView:
    """The licence is withdrawn or revoked (Regulation 792 Art. 18(4), 20(2))."""
    return _act(work, number, LicenceAction.REVOKE, etag=etag, statement=reasons)


def surrender_licence(work: UnitOfWork, number: str, etag: str, reasons: str) -> LicenceView:
    """The holder hands the licence back (Regulation 792 Art. 18(2)); no reservation may be outstanding."""
    return _act(work, number, LicenceAction.SURRENDER, etag=etag, statement=reasons)


def is_live(work: UnitOfWork, number: str) -> bool:
    """Whether a licence may still be used, now or once it is resumed."""
    return LicenceState(get_licence(work, number).row.state) in LIVE


def suspend_by_screening(
    work: UnitOfWork, number: str, *, screening_id: str, cause: str, cause_version: str
) -> bool:
    """Stops the use of a licence that a later screening prohibits (Regulation 792 Art. 18(4)); False if it is not
    in use.

    The change that customs reads is in the same transaction, so the next reservation is refused.
    """
    row = store.lock_licence(work.connection, work.call.principal, number)
    if row is None:
        raise not_found("licence", number)
    lines = store.read_lines(work.connection, [number])[number]
    account = store.account_of(row, lines, demanding_countries(work))
    if LicenceAction.SUSPEND not in allowed_actions(account.state, work.call.principal.role):
        return False
    reason = SuspensionReason.PARTY_LISTED.value
    state = change_state(work, account, LicenceAction.SUSPEND, state_reason=reason)
    announce_change(
        work,
        number,
        LicenceAction.SUSPEND,
        state,
        reason,
        screening_id=screening_id,
        cause=cause,
        cause_version=cause_version,
    )
    return True


def list_usage(work: UnitOfWork, number: str) -> Sequence[Row[Any]]:
    """The usage ledger of a licence that the caller may see."""
    return store.list_usage(work.connection, get_licence(work, number).row.number)


def change_state(
    work: UnitOfWork, account: LicenceAccount, action: LicenceAction, **columns: object
) -> LicenceState:
    """Takes a locked licence through the transition table and stores the outcome; returns the new state."""
    principal = work.call.principal
    facts = account.facts(legal_day(work.call.now))
    if action is LicenceAction.RESUME:
        prohibits, open_hits = review_records.screening_of_licence(work.connection, account.number)
        facts = replace(facts, screening_prohibits=prohibits, hits_open=open_hits > 0)
    state = transition(account.number, account.state, action, principal.role, facts)
    store.update_state(work.connection, account.number, state.value, **columns)
    return state


def announce_change(
    work: UnitOfWork,
    number: str,
    action: LicenceAction,
    state: LicenceState,
    state_reason: str,
    **references: str,
) -> int:
    """Records the event of a change of state, wakes the workflow, and tells customs and whom it concerns.

    Customs reads besides that due diligence is missing where it is. Returns the sequence.
    """
    sequence = work.record(
        licence_subject(number),
        action.value,
        {"state": state.value, "state_reason": state_reason, **references},
        licence_kick(number),
    )
    _tell_customs(work, number, action.value, state, state_reason)
    tell_of_licence(work, number, action)
    return sequence


def _tell_customs(work: UnitOfWork, number: str, action: str, state: LicenceState, state_reason: str) -> None:
    missing = store.due_diligence_missing(work.connection, number, demanding_countries(work))
    reason = reason_for_customs(state, state_reason, missing)
    store.insert_change(work.connection, number, action, state.value, reason, work.call.now)


def _act(
    work: UnitOfWork,
    number: str,
    action: LicenceAction,
    *,
    statement: str,
    etag: str | None = None,
    reason: SuspensionReason | None = None,
) -> LicenceView:
    """An act of a person on a licence, with what the person states. Errors: NOT_FOUND, STALE_ETAG, the table's."""
    compact = str(LicenceNumber.parse(number))
    row = store.lock_licence(work.connection, work.call.principal, compact)
    if row is None:
        raise not_found("licence", compact)
    if etag is not None and etag != str(row.version):
        raise stale_etag("licence", compact)
    lines = store.read_lines(work.connection, [compact])[compact]
    account = store.account_of(row, lines, demanding_countries(work))
    suspended_already = account.state is LicenceState.SUSPENDED and reason is not None
    state_reason = account.state_reason if suspended_already else (reason.value if reason else "")
    state = change_state(work, account, action, state_reason=state_reason)
    references = {"reported_reason": reason.value} if reason else {}
    sequence = announce_change(work, compact, action, state, state_reason, **references)
    store.insert_statement(work.connection, compact, sequence, statement)
    return get_licence(work, compact)


def _line_values(number: str, line: GrantedLine) -> dict[str, object]:
    return {
        "licence_number": number,
        "line_number": line.line_number,
        "name_zh": line.name_zh,
        "name_en": line.name_en,
        "control_code": line.control_code,
        "hs_code": line.hs_code,
        "unit": line.unit,
        "value": line.value,
        "currency": line.currency,
        "licensed": line.quantity,
    }


def _instant(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError as error:
        raise invalid_field("page_token", "PAGE_TOKEN_INVALID") from error
