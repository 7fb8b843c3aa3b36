"""The use cases of proposals once they are made: another person activates or rejects them, or they are withdrawn.

`proposal_drafts` makes them. A version that is activated counts from that moment on, and stays for ever.
"""

from uuid import UUID

from services.classification.domain.interpretations import RecordedInterpretation
from services.classification.domain.list_changes import applied
from services.classification.domain.list_records import ProposalRecord, ProposedInterpretation
from services.classification.domain.list_rows import list_of
from services.classification.proposal_drafts import base_of, current_base, record_event
from services.classification.store import interpretations, lists, proposals
from services.foundation.database import UnitOfWork
from services.foundation.errors import not_found, stale_etag
from services.foundation.ledger import Subject
from services.foundation.proposals import ProposalAction, ProposalState, next_state


def activate(work: UnitOfWork, proposal_id: UUID, etag: str) -> ProposalRecord:
    """Makes what is proposed count, by another person than the one who proposed it.

    Errors: NOT_FOUND; ABORTED for a stale etag; FAILED_PRECONDITION, see `next_state`.
    """
    seen = proposals.find_proposal(work.connection, proposal_id)
    if seen is not None:
        # Whoever loads or activates takes the regime first, then the proposal: nobody waits in a circle.
        lists.lock_regime(work.connection, seen.draft.regime)
    proposal = _locked(work, proposal_id, etag)
    draft = proposal.draft
    state = _next(work, proposal, ProposalAction.ACTIVATE, current_base(work, draft))
    if draft.interpretation is not None:
        _activate_interpretation(work, proposal, draft.interpretation)
    else:
        _activate_list(work, proposal)
    return _decided(work, proposal, state, "CONTROL_LIST_PROPOSAL_ACTIVATED", "")


def reject(work: UnitOfWork, proposal_id: UUID, etag: str, reason: str) -> ProposalRecord:
    """Ends a proposal without effect, by another person than the one who made it."""
    proposal = _locked(work, proposal_id, etag)
    state = _next(work, proposal, ProposalAction.REJECT, proposal.draft.base_version)
    return _decided(work, proposal, state, "CONTROL_LIST_PROPOSAL_REJECTED", reason)


def withdraw(work: UnitOfWork, proposal_id: UUID, etag: str) -> ProposalRecord:
    """Ends a proposal without effect, by the one who made it."""
    proposal = _locked(work, proposal_id, etag)
    state = _next(work, proposal, ProposalAction.WITHDRAW, proposal.draft.base_version)
    return _decided(work, proposal, state, "CONTROL_LIST_PROPOSAL_WITHDRAWN", "")


def _activate_list(work: UnitOfWork, proposal: ProposalRecord) -> None:
    draft = proposal.draft
    changes = [change for _, change in proposals.list_changes(work.connection, proposal.proposal_id)]
    rows = applied(base_of(work, draft.regime).rows, changes)
    made = list_of(draft.regime, draft.edition, draft.covers_from, rows)
    if made.version != draft.list_version:
        raise RuntimeError(f"proposal {proposal.proposal_id} became {made.version}, not {draft.list_version}")
    lists.add_list(work.connection, made)
    lists.add_activation(
        work.connection,
        draft.regime,
        made.version,
        work.call.now,
        proposal.proposal_id,
        proposal.proposed_by,
        work.call.principal.subject,
    )
    work.record(
        Subject("control_list_regime", draft.regime),
        "LIST_VERSION_ACTIVATED",
        {
            "state": "activated",
            "version": made.version,
            "base_version": draft.base_version,
            "proposal_id": str(proposal.proposal_id),
        },
    )


def _activate_interpretation(
    work: UnitOfWork, proposal: ProposalRecord, proposed: ProposedInterpretation
) -> None:
    actor = work.call.principal.subject
    interpretations.add_interpretation(
        work.connection,
        recorded(proposed, actor),
        proposal.proposal_id,
        proposal.proposed_by,
        work.call.now,
    )


def recorded(proposed: ProposedInterpretation, decided_by: str, sequence: int = 0) -> RecordedInterpretation:
    """A proposed interpretation as it would count; the store gives the sequence."""
    return RecordedInterpretation(
        sequence,
        proposed.identifier,
        proposed.path,
        proposed.question,
        proposed.answer,
        proposed.valid_from,
        proposed.basis,
        decided_by,
    )


def _locked(work: UnitOfWork, proposal_id: UUID, etag: str) -> ProposalRecord:
    found = proposals.find_proposal(work.connection, proposal_id, lock=True)
    if found is None:
        raise not_found("control_list_proposal", str(proposal_id))
    if etag != str(found.row_version):
        raise stale_etag("control_list_proposal", str(proposal_id))
    return found


def _next(
    work: UnitOfWork, proposal: ProposalRecord, action: ProposalAction, current_version: str
) -> ProposalState:
    return next_state(proposal.standing(current_version), action, work.call.principal.subject)


def _decided(
    work: UnitOfWork, proposal: ProposalRecord, state: ProposalState, action: str, reason: str
) -> ProposalRecord:
    actor = work.call.principal.subject
    decided = proposals.decide(work.connection, proposal, state, actor, work.call.now, reason)
    record_event(work, decided, action)
    return decided
