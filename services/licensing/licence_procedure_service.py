"""What the procedure asks of a licence: where it stands, its document, its expiry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from services.foundation.clock import SHANGHAI, legal_day
from services.foundation.database import UnitOfWork
from services.foundation.documents.store import DocumentStore
from services.foundation.errors import ErrorCode, XukeError, failed_precondition, not_found
from services.foundation.ledger import LedgerEvent
from services.licensing.document.canonical import LicenceDigests, digest
from services.licensing.document.pdf import LicenceRenderer, issue_document
from services.licensing.document.signing import Signer
from services.licensing.domain.licence_number import LicenceNumber
from services.licensing.domain.licence_state import LicenceAction, LicenceState, allowed_actions
from services.licensing.licence_facts import read_licence_facts
from services.licensing.licence_service import (
    announce_change,
    change_state,
    demanding_countries,
    get_licence,
    licence_kick,
    licence_subject,
)
from services.licensing.store import licence_store as store


@dataclass(frozen=True)
class Position:
    """Where a licence stands, with its events after a sequence. `expires_at` is exclusive, in UTC."""

    number: str
    state: LicenceState
    sequence: int
    events: Sequence[LedgerEvent]
    expires_at: datetime
    document_prepared: bool
    application_id: str


@dataclass(frozen=True)
class LicencePress:
    """Prints and signs licences and keeps the documents, content-addressed."""

    documents: DocumentStore
    signer: Signer
    renderer: LicenceRenderer
    public_url: str

    def print(self, canonical: bytes, signed_at: datetime) -> str:
        """Renders, signs and stores the document of canonical facts; returns its SHA-256 once it is stored.

        Errors: INVALID_ARGUMENT, MISSING_GLYPH; those of the document store.
        """
        facts = read_licence_facts(canonical)
        document = issue_document(facts, self.signer, self.renderer, self.public_url, signed_at)
        return self.documents.put(document.pdf).sha256

    def fetch(self, sha256: str) -> bytes:
        """The stored document; the store hands out only what still has this digest. Errors: the store's."""
        return b"".join(self.documents.open(sha256))


def get_position(work: UnitOfWork, number: str, after_sequence: int) -> Position:
    """Where a licence stands. Errors: NOT_FOUND."""
    row = get_licence(work, number).row
    events = work.events(licence_subject(row.number), after_sequence)
    end_of_validity = datetime.combine(row.valid_to + timedelta(days=1), time(), SHANGHAI)
    return Position(
        row.number,
        LicenceState(row.state),
        events[-1].sequence if events else after_sequence,
        events,
        end_of_validity.astimezone(UTC),
        row.document_sha256 is not None,
        row.application_id,
    )


def facts_to_print(work: UnitOfWork, number: str) -> bytes | None:
    """The canonical facts of a licence whose document is not prepared yet; None if it is.

    Errors: NOT_FOUND; INTERNAL, LICENCE_FACTS_DAMAGED if the bytes are not those digested at the issue.
    """
    row = get_licence(work, number).row
    if row.document_sha256 is not None:
        return None
    canonical = bytes(row.canonical)
    if digest(canonical) != LicenceDigests(row.canonical_sha256, row.canonical_sm3):
        raise XukeError(ErrorCode.INTERNAL, "LICENCE_FACTS_DAMAGED", {"id": row.number})
    return canonical


def note_document(work: UnitOfWork, number: str, sha256: str | None) -> Position:
    """Notes that the document with this digest is stored; the first one noted stays.

    Rendering and signing happen before, outside any transaction: what loses the race, or precedes a crash,
    is a stored file that nothing refers to.
    """
    compact = str(LicenceNumber.parse(number))
    row = store.lock_licence(work.connection, work.call.principal, compact)
    if row is None:
        raise not_found("licence", compact)
    if sha256 is not None and store.update_document(work.connection, compact, sha256):
        work.record(
            licence_subject(compact),
            "DOCUMENT_PREPARED",
            {"state": row.state, "document_sha256": sha256},
            licence_kick(compact),
        )
    return get_position(work, compact, 0)


def document_digest(work: UnitOfWork, number: str) -> tuple[str, str]:
    """Number and SHA-256 of the document of a licence that the caller may see.

    Errors: NOT_FOUND; FAILED_PRECONDITION, DOCUMENT_NOT_PREPARED.
    """
    row = get_licence(work, number).row
    if row.document_sha256 is None:
        raise failed_precondition("DOCUMENT_NOT_PREPARED", id=row.number, state=row.state)
    return row.number, row.document_sha256


def expire_licence(work: UnitOfWork, number: str) -> Position:
    """Expires a licence whose validity has passed; changes nothing before that, or once the licence ended.

    The date decides here, not the timer that asked: whichever act commits first stands.
    """
    compact = str(LicenceNumber.parse(number))
    row = store.lock_licence(work.connection, work.call.principal, compact)
    if row is None:
        raise not_found("licence", compact)
    lines = store.read_lines(work.connection, [compact])[compact]
    account = store.account_of(row, lines, demanding_countries(work))
    due = legal_day(work.call.now) > row.valid_to
    if due and LicenceAction.EXPIRE in allowed_actions(account.state, work.call.principal.role):
        state = change_state(work, account, LicenceAction.EXPIRE, state_reason="VALIDITY_PASSED")
        announce_change(work, compact, LicenceAction.EXPIRE, state, "VALIDITY_PASSED")
    return get_position(work, compact, 0)
