"""What people read of proposals: themselves, what they change, and what they would do to watched exports."""

from collections.abc import Collection, Sequence
from typing import assert_never
from uuid import UUID

from services.foundation.database import UnitOfWork
from services.foundation.errors import invalid_field, not_found
from services.foundation.pagination import decode_page_token
from services.foundation.proposals import ProposalState
from services.screening.domain.lists import entry_of_content, list_of_definition
from services.screening.domain.proposal_changes import Change, applied
from services.screening.domain.proposal_records import ProposalRecord, ProposedData
from services.screening.effects import Effects, EffectsCounter
from services.screening.proposal_service import Importers, importer_of
from services.screening.rule_rows import register, rule_set
from services.screening.store import proposals


def get(work: UnitOfWork, proposal_id: UUID) -> ProposalRecord:
    """A proposal. Errors: NOT_FOUND."""
    found = proposals.find_proposal(work.connection, proposal_id)
    if found is None:
        raise not_found("list_proposal", str(proposal_id))
    return found


def find_all(
    work: UnitOfWork, states: Collection[ProposalState], list_code: str, page_token: str, size: int
) -> list[ProposalRecord]:
    """Proposals, newest first, after the place of a page token. Errors: INVALID_ARGUMENT on `page_token`."""
    position = decode_page_token(page_token, 1)
    try:
        before = UUID(position[0]) if position is not None else None
    except ValueError as error:
        raise invalid_field("page_token", "PAGE_TOKEN_INVALID") from error
    return proposals.list_proposals(work.connection, states, list_code, before, size)


def changes_of(
    work: UnitOfWork, proposal_id: UUID, page_token: str, size: int
) -> Sequence[tuple[int, Change]]:
    """What a proposal changes, with places, after that of a page token. Errors: NOT_FOUND."""
    get(work, proposal_id)
    position = decode_page_token(page_token, 1)
    if position is not None and not position[0].isdecimal():
        raise invalid_field("page_token", "PAGE_TOKEN_INVALID")
    after = int(position[0]) if position is not None else -1
    return proposals.list_changes(work.connection, proposal_id, after, size)


def current_version(work: UnitOfWork, importers: Importers, proposal: ProposalRecord) -> str:
    """The version of what the proposal changes that counts now; empty where there is none."""
    return importer_of(importers, proposal.draft).current_version(work.connection, proposal.draft.list_code)


def effects(
    work: UnitOfWork, importers: Importers, counter: EffectsCounter, proposal: ProposalRecord
) -> Effects:
    """How many watched exports would get a graver verdict were it activated now, and how many a milder one.

    None of either where it has been decided, or starts from what counts no longer: it changes nothing then.
    """
    draft = proposal.draft
    current = current_version(work, importers, proposal)
    if proposal.state is not ProposalState.PROPOSED or current != draft.base_version:
        return 0, 0
    importer = importer_of(importers, draft)
    before = importer.rows(work.connection, current) if current else []
    changes = [change for _, change in proposals.list_changes(work.connection, proposal.proposal_id)]
    rows = applied(before, changes, importer.key)
    match draft.data:
        case ProposedData.PARTIES:
            entries = map(entry_of_content, rows)
            return counter.of_list(work, list_of_definition(draft.definition, entries))
        case ProposedData.RULES:
            return counter.of_rules(work, rule_set(rows))
        case ProposedData.DESTINATIONS:
            return counter.of_destinations(work, register(rows))
        case _:
            assert_never(draft.data)
