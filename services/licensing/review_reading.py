"""What officers, auditors, consulted agencies and experts read: cases, queues, documents, clocks."""

import dataclasses
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.foundation.database import UnitOfWork
from services.foundation.errors import invalid_field, not_found
from services.foundation.pagination import decode_page_token, encode_page_token, page_size
from services.foundation.principal import Role
from services.licensing.application_context import ApplicationContext
from services.licensing.case_change import load
from services.licensing.case_views import REVIEW_LIMIT, CaseView, case_of, clock_of, end_of
from services.licensing.domain.application import Attachment
from services.licensing.domain.application_state import ApplicationState
from services.licensing.domain.case_parts import Escalation, ExclusionRemark
from services.licensing.domain.case_queue import CaseFilters, QueueLine, QueuePosition, StateTally
from services.licensing.domain.expert_opinion import ExpertRequest
from services.licensing.domain.procedure import DeadlineRule
from services.licensing.domain.review_clock import ReviewClock
from services.licensing.page_positions import decode_position, encode_position
from services.licensing.store import (
    application_documents,
    case_queue,
    deadlines,
    expert_requests,
    review_records,
)


def get_case(work: UnitOfWork, context: ApplicationContext, application_id: str) -> CaseView:
    """The reviewers' view of a case."""
    return case_of(work, context, load(work, application_id))


@dataclass(frozen=True)
class Queue:
    """One page of the work queue; the counts are over all pages. `requests` are those to an expert, by case."""

    lines: tuple[QueueLine, ...]
    next_page_token: str
    by_state: Mapping[ApplicationState, StateTally]
    total: StateTally
    requests: Mapping[uuid.UUID, Sequence[ExpertRequest]] | None = None


def list_cases(work: UnitOfWork, filters: CaseFilters, size: int, page_token: str) -> Queue:
    """The work queue of the caller, the most urgent first. `by_state` is under every filter but that of states."""
    limit = page_size(size)
    position = _decode_queue_position(page_token)
    connection, principal, now = work.connection, work.call.principal, work.call.now
    of_expert = principal.role is Role.EXPERT
    if of_expert:
        # An expert learns nothing of how a case stands, not by filtering either.
        filters = dataclasses.replace(filters, states=frozenset(), overdue=False)
    found = case_queue.page(connection, principal, filters, now, position, limit + 1)
    by_state = case_queue.tallies(connection, principal, filters, now)
    wanted = [tally for state, tally in by_state.items() if not filters.states or state in filters.states]
    total = StateTally(sum(each.cases for each in wanted), sum(each.overdue for each in wanted))
    token = "" if len(found) <= limit else _encode_queue_position(found[limit - 1])
    lines = tuple(found[:limit])
    requests = None
    if of_expert:
        requests = expert_requests.of_applications(connection, [line.application_id for line in lines])
    return Queue(lines, token, by_state, total, requests)


def _encode_queue_position(line: QueueLine) -> str:
    due_at = line.due_at.isoformat() if line.due_at else ""
    return encode_page_token(due_at, line.submitted_at.isoformat(), str(line.application_id))


def _decode_queue_position(token: str) -> QueuePosition | None:
    position = decode_page_token(token, 3)
    if position is None:
        return None
    due_at, submitted_at, application_id = position
    try:
        return QueuePosition(
            datetime.fromisoformat(due_at) if due_at else None,
            datetime.fromisoformat(submitted_at),
            uuid.UUID(application_id),
        )
    except ValueError as error:
        raise invalid_field("page_token", "PAGE_TOKEN_INVALID") from error


def list_escalations(
    work: UnitOfWork, context: ApplicationContext, size: int, page_token: str
) -> tuple[list[Escalation], str]:
    """Passed deadlines in the queues that the caller supervises, oldest first, until they are done with."""
    limit = page_size(size)
    position = decode_position(page_token)
    matters = context.procedures.matters_owed()
    found = deadlines.escalations(work.connection, work.call.principal, matters, position, limit + 1)
    if len(found) <= limit:
        return found, ""
    return found[:limit], encode_position(found[limit - 1].raised_at, found[limit - 1].escalation_id)


def attachment_to_read(work: UnitOfWork, application_id: str, attachment_id: str) -> Attachment:
    """A document of the last submission; the applicant also reads those of the dossier being worked on."""
    application = load(work, application_id)
    readable: list[Attachment] = []
    if application.submission_number:
        submission = application_documents.find_submission(
            work.connection, application.application_id, application.submission_number
        )
        readable += submission.attachments
    if work.call.principal.role in (Role.EXPORTER, Role.AGENT):
        readable += application_documents.current_attachments(work.connection, application.application_id)
    for attachment in readable:
        if str(attachment.attachment_id) == attachment_id:
            return attachment
    raise not_found("attachment", attachment_id)


def get_clock(
    work: UnitOfWork, context: ApplicationContext, application_id: str, as_of: str
) -> tuple[ReviewClock, DeadlineRule, Mapping[str, ExclusionRemark]]:
    """The review clock at the end of a day of law (empty: now), its rule, and what is written of exclusions.

    The last is not for experts.
    """
    application = load(work, application_id)
    instant = work.call.now
    if as_of:
        try:
            instant = end_of(date.fromisoformat(as_of), work.call.now)
        except ValueError as error:
            raise invalid_field("as_of", "NOT_A_DATE", value=as_of) from error
    rule = context.procedure_of(application).deadline(REVIEW_LIMIT)
    if work.call.principal.role is Role.EXPERT:
        return clock_of(work, context, application, instant), rule, {}
    remarks = review_records.exclusion_remarks(work.connection, application.application_id)
    return clock_of(work, context, application, instant), rule, remarks
