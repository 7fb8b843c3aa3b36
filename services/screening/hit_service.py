"""The use cases of the review of hits, each within one transaction.

A decision counts for every export in which the same party is like the same entry, and is followed there by looking
again: see `note_decision`.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from services.foundation.database import UnitOfWork
from services.foundation.errors import failed_precondition, not_found, stale_etag
from services.foundation.ledger import Subject
from services.foundation.pagination import decode_page_token, encode_page_token, page_size
from services.foundation.principal import Role
from services.screening.domain.hits import HitAction, HitState, after, release_of
from services.screening.domain.lists import ListedParty
from services.screening.rescreening_kick import RESCREENING
from services.screening.store import hit_decisions, hits, lists, watched
from services.screening.store.hit_decisions import StoredDecision
from services.screening.store.hits import Queue, StoredHit

DECIDERS = (Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR)


class Outcome(StrEnum):
    """What somebody found of a hit."""

    TRUE = hit_decisions.CONFIRMING
    FALSE = "FALSE"
    NEED_MORE = "NEED_MORE"


class Void(StrEnum):
    """Why an earlier decision counts no longer."""

    ENTRY_CHANGED = "ENTRY_CHANGED"
    PARTY_CHANGED = "PARTY_CHANGED"


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision with why it is void, if it is."""

    stored: StoredDecision
    void: Void | None


@dataclass(frozen=True, slots=True)
class HitCase:
    """A hit with what is needed to decide it, and what the caller may do now."""

    hit: StoredHit
    entry: ListedParty
    decisions: tuple[Decision, ...]
    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HitPage:
    """A page of the queue, with how many hits there are in each state."""

    cases: tuple[HitCase, ...]
    next_page_token: str
    counts: dict[HitState, int]


def subject_of(hit_id: UUID) -> Subject:
    """The subject of the events of a hit."""
    return Subject("hit", str(hit_id))


def list_hits(work: UnitOfWork, wanted: Queue, requested_size: int, page_token: str) -> HitPage:
    """A page of the queue; its cases name no decisions. Errors: INVALID_ARGUMENT PAGE_TOKEN_INVALID."""
    place = decode_page_token(page_token, 4)
    found, more = hits.queue(work.connection, wanted, place, page_size(requested_size))
    entries = lists.find_entries(
        work.connection, [(one.found.list_version, one.found.entry_id) for one in found]
    )
    cases = tuple(
        HitCase(one, entries[one.found.list_version, one.found.entry_id], (), _allowed(work, one, ""))
        for one in found
    )
    token = encode_page_token(*hits.place_of(found[-1])) if more else ""
    return HitPage(cases, token, hits.counts(work.connection, wanted))


def get_hit(work: UnitOfWork, hit_id: UUID) -> HitCase:
    """A hit with every decision on it. Errors: NOT_FOUND."""
    return _case(work, _found(work, hit_id, lock=False))


def decide(work: UnitOfWork, hit_id: UUID, etag: str, outcome: Outcome, reason: str) -> HitCase:
    """Decides a hit. Errors: NOT_FOUND; ABORTED STALE_ETAG; FAILED_PRECONDITION HIT_STATE."""
    stored = _found(work, hit_id, lock=True)
    _require_etag(stored, etag)
    action = _action(work, stored, outcome)
    state = after(str(hit_id), stored.state, action)
    decision_id = hit_decisions.add_decision(
        work.connection, stored, outcome.value, reason, work.call.principal.subject, work.call.now
    )
    return _put(work, stored, action, state, decision_id)


def countersign(work: UnitOfWork, hit_id: UUID, etag: str, agrees: bool, reason: str) -> HitCase:
    """Agrees to a release, or sends it back.

    Errors: NOT_FOUND; ABORTED STALE_ETAG; FAILED_PRECONDITION HIT_STATE, FOUR_EYES for whoever proposed it.
    """
    stored = _found(work, hit_id, lock=True)
    _require_etag(stored, etag)
    action = HitAction.AGREE if agrees else HitAction.SEND_BACK
    state = after(str(hit_id), stored.state, action)
    if stored.decision_id is None or hit_decisions.decided_by(work.connection, stored.decision_id) == _caller(
        work
    ):
        raise failed_precondition("FOUR_EYES", id=str(hit_id), state=stored.state.value)
    hit_decisions.add_countersignature(
        work.connection, stored.decision_id, agrees, reason, _caller(work), work.call.now
    )
    return _put(work, stored, action, state, stored.decision_id)


def _put(
    work: UnitOfWork, stored: StoredHit, action: HitAction, state: HitState, decision_id: UUID
) -> HitCase:
    hit_decisions.set_state(
        work.connection, stored, state, decision_id, is_seconded=action is HitAction.AGREE
    )
    watched.note_decision(work.connection, stored.found.fingerprint, str(decision_id), work.call.now)
    work.record(
        subject_of(stored.hit_id),
        f"HIT_{action.value}",
        {
            "state": state.value,
            "decision_id": str(decision_id),
            "list_code": stored.found.list_code,
            "entry_id": stored.found.entry_id,
            "watched_as": stored.watched_as,
        },
        RESCREENING,
    )
    return _case(work, _found(work, stored.hit_id, lock=False))


def _action(work: UnitOfWork, stored: StoredHit, outcome: Outcome) -> HitAction:
    match outcome:
        case Outcome.TRUE:
            return HitAction.CONFIRM
        case Outcome.NEED_MORE:
            return HitAction.ASK_FOR_MORE
        case Outcome.FALSE:
            # What was confirmed has had its effect, whatever the likeness alone entails and whatever was asked since:
            # two undo it. Nor does anybody release alone what a second person did not agree to.
            if hit_decisions.is_contested(work.connection, stored.resemblance_id):
                return HitAction.PROPOSE_RELEASE
            return release_of(stored.found.verdict)


def _found(work: UnitOfWork, hit_id: UUID, *, lock: bool) -> StoredHit:
    found = hits.find_hit(work.connection, hit_id, lock=lock)
    if found is None:
        raise not_found("hit", str(hit_id))
    return found


def _require_etag(stored: StoredHit, etag: str) -> None:
    if etag != str(stored.change):
        raise stale_etag("hit", str(stored.hit_id))


def _case(work: UnitOfWork, stored: StoredHit) -> HitCase:
    place = stored.found.list_version, stored.found.entry_id
    entry = lists.find_entries(work.connection, [place])[place]
    decisions = hit_decisions.decisions_of(work.connection, stored)
    proposer = next((one.decided_by for one in decisions if one.decision_id == stored.decision_id), "")
    return HitCase(
        stored,
        entry,
        tuple(Decision(one, _void(stored, one)) for one in decisions),
        _allowed(work, stored, proposer),
    )


def _void(stored: StoredHit, decision: StoredDecision) -> Void | None:
    if decision.fingerprint != stored.found.fingerprint:
        return Void.PARTY_CHANGED
    return Void.ENTRY_CHANGED if decision.entry_digest != stored.found.entry_digest else None


def _allowed(work: UnitOfWork, stored: StoredHit, proposer: str) -> tuple[str, ...]:
    """What the caller may do now; of a hit without its decisions (`proposer` empty) the second person is asked for."""
    if work.call.principal.role not in DECIDERS:
        return ()
    if stored.state is not HitState.AWAITING_SECOND:
        return ("decide",)
    if not proposer and stored.decision_id is not None:
        proposer = hit_decisions.decided_by(work.connection, stored.decision_id)
    return () if proposer == _caller(work) else ("countersign",)


def _caller(work: UnitOfWork) -> str:
    return work.call.principal.subject
