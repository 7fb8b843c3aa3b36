"""What people read of proposals: themselves, what they change, and what they would do to stored items."""

import re
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from services.classification import proposal_drafts, proposal_service, reclassification
from services.classification.domain.effects import days_of_effect, restood
from services.classification.domain.entries import ControlList
from services.classification.domain.list_changes import applied
from services.classification.domain.list_records import ProposalRecord
from services.classification.domain.list_rows import list_of
from services.classification.domain.stored import OutcomeChange
from services.classification.examination import Examination
from services.classification.indexes import Indexes
from services.classification.knowledge import knowledge_at
from services.classification.prospects import Prospect, reread_by
from services.classification.store import proposals
from services.foundation.clock import legal_day
from services.foundation.database import UnitOfWork
from services.foundation.errors import invalid_field, not_found
from services.foundation.pagination import decode_page_token
from services.foundation.proposals import ProposalState
from services.foundation.proposed_changes import Change

# Whoever reads a proposal waits for it; what was not counted by then is said to be so.
LONGEST_COUNT: Final = 2.5
UNCOUNTED: Final = -1
# No file has more rows than that.
_PLACE: Final = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class OutcomeChangePage:
    """Stored items that would come to something else, the subject after which the next page begins, and how many.

    The subject is empty after the last page. The number is that of all pages, told with the first one.
    """

    changes: Sequence[OutcomeChange]
    next_after: str
    count: int


def get(work: UnitOfWork, proposal_id: UUID) -> ProposalRecord:
    """A proposal. Errors: NOT_FOUND."""
    found = proposals.find_proposal(work.connection, proposal_id)
    if found is None:
        raise not_found("control_list_proposal", str(proposal_id))
    return found


def find_all(
    work: UnitOfWork, states: Collection[ProposalState], page_token: str, size: int
) -> list[ProposalRecord]:
    """Proposals, newest first, after the place of a page token. Errors: INVALID_ARGUMENT on `page_token`."""
    return proposals.list_proposals(work.connection, states, uuid_after(page_token), size)


def uuid_after(page_token: str) -> UUID | None:
    """The place of a page token that is an id. Errors: INVALID_ARGUMENT on `page_token`."""
    position = decode_page_token(page_token, 1)
    try:
        return UUID(position[0]) if position is not None else None
    except ValueError as error:
        raise invalid_field("page_token", "PAGE_TOKEN_INVALID") from error


def changes_of(
    work: UnitOfWork, proposal_id: UUID, page_token: str, size: int
) -> Sequence[tuple[int, Change]]:
    """What a proposal changes, with places, after that of a page token. Errors: NOT_FOUND."""
    get(work, proposal_id)
    position = decode_page_token(page_token, 1)
    if position is not None and not _PLACE.fullmatch(position[0]):
        raise invalid_field("page_token", "PAGE_TOKEN_INVALID")
    after = int(position[0]) if position is not None else -1
    return proposals.list_changes(work.connection, proposal_id, after, size)


def count_outcome_changes(
    work: UnitOfWork, indexes: Indexes, examination: Examination, proposal: ProposalRecord
) -> int:
    """How many stored items would come to something else were it activated; minus one: not counted in time.

    Now, or on a later day on which it takes effect. None where it has been decided, or starts from what counts no
    longer: it changes nothing then.
    """
    prospect = _prospect_of(work, indexes, examination, proposal)
    if prospect is None:
        return 0
    ends_at = time.monotonic() + LONGEST_COUNT
    count = 0
    for _, change in reclassification.outcome_changes(work, prospect):
        count += change is not None
        if time.monotonic() > ends_at:
            return UNCOUNTED
    return count


def outcome_changes_of(
    work: UnitOfWork,
    indexes: Indexes,
    examination: Examination,
    proposal_id: UUID,
    page_token: str,
    size: int,
) -> OutcomeChangePage:
    """Stored items that would come to something else were it activated, a page of them.

    A page may be short, or empty, where few of many items change. The first one is read to the end of all items, so
    that nobody has to look at them twice to have them counted.
    """
    position = decode_page_token(page_token, 1)
    prospect = _prospect_of(work, indexes, examination, get(work, proposal_id))
    if prospect is None:
        return OutcomeChangePage((), "", 0)
    ends_at = time.monotonic() + LONGEST_COUNT
    page: list[OutcomeChange] = []
    count, next_after = 0, ""
    for subject, change in reclassification.outcome_changes(work, prospect, position[0] if position else ""):
        if change is not None:
            count += 1
            if len(page) < size:
                page.append(change)
                next_after = subject
        is_full = len(page) == size
        if time.monotonic() > ends_at or (is_full and position is not None):
            return OutcomeChangePage(page, next_after if is_full else subject, UNCOUNTED)
    if position is not None:
        return OutcomeChangePage(page, "", UNCOUNTED)
    return OutcomeChangePage(page, next_after if count > len(page) else "", count)


def _prospect_of(
    work: UnitOfWork, indexes: Indexes, examination: Examination, proposal: ProposalRecord
) -> Prospect | None:
    """What would be known were it activated now, beside what is; None where it cannot be activated."""
    draft = proposal.draft
    if proposal.state is not ProposalState.PROPOSED:
        return None
    if proposal_drafts.current_base(work, draft) != draft.base_version:
        return None
    today = legal_day(work.call.now)
    current = knowledge_at(work, indexes, examination)
    if draft.interpretation is not None:
        so_far = current.examination.interpretations
        sequence = so_far[-1].sequence + 1 if so_far else 1
        record = proposal_service.recorded(draft.interpretation, "", sequence)
        examined = current.examination.interpreted((*so_far, record))
        days = (max(today, draft.interpretation.valid_from),)
        return Prospect(
            current,
            replace(current, examination=examined),
            days,
            reread=reread_by(current, draft.interpretation.identifier, days),
        )
    changes = [change for _, change in proposals.list_changes(work.connection, proposal.proposal_id)]

    def proposed() -> ControlList:
        rows = applied(proposal_drafts.base_of(work, draft.regime).rows, changes)
        return list_of(draft.regime, draft.edition, draft.covers_from, rows)

    index = indexes.of_proposal(draft.list_version, proposed)
    others = [each for each in current.indexes if each.control_list.regime != draft.regime]
    ordered = sorted([*others, index], key=lambda each: each.control_list.regime)
    return Prospect(
        current, replace(current, indexes=tuple(ordered)), days_of_effect(changes, today), restood(changes)
    )
