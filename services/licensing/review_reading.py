"""What officers, auditors and consulted agencies read: cases, queues, documents, clocks."""

from collections.abc import Collection
from datetime import date

from services.foundation.database import UnitOfWork
from services.foundation.errors import invalid_field, not_found
from services.foundation.pagination import page_size
from services.foundation.principal import Role
from services.licensing.application_context import ApplicationContext
from services.licensing.case_change import load
from services.licensing.case_views import REVIEW_LIMIT, CaseView, case_of, clock_of, end_of
from services.licensing.domain.application import Application, Attachment
from services.licensing.domain.application_state import ApplicationState
from services.licensing.domain.case_parts import Escalation
from services.licensing.domain.procedure import DeadlineRule
from services.licensing.domain.review_clock import ReviewClock
from services.licensing.page_positions import decode_position, encode_position
from services.licensing.store import application_documents, applications, deadlines


def get_case(work: UnitOfWork, context: ApplicationContext, application_id: str) -> CaseView:
    """The reviewers' view of a case."""
    return case_of(work, context, load(work, application_id))


def list_cases(
    work: UnitOfWork, states: Collection[ApplicationState], number: str, size: int, page_token: str
) -> tuple[list[Application], str]:
    """The work queue of the caller, oldest first, and the token of the next page."""
    limit = page_size(size)
    position = decode_position(page_token)
    found = applications.queue(work.connection, work.call.principal, states, number, position, limit + 1)
    if len(found) <= limit:
        return found, ""
    last = found[limit - 1]
    return found[:limit], encode_position(last.submitted_at or last.created_at, last.application_id)


def list_escalations(work: UnitOfWork, size: int, page_token: str) -> tuple[list[Escalation], str]:
    """Passed deadlines in the queues that the caller supervises, oldest first."""
    limit = page_size(size)
    position = decode_position(page_token)
    found = deadlines.escalations(work.connection, work.call.principal, position, limit + 1)
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
) -> tuple[ReviewClock, DeadlineRule]:
    """The review clock at the end of a day of law (empty: now), with the rule it follows."""
    application = load(work, application_id)
    instant = work.call.now
    if as_of:
        try:
            instant = end_of(date.fromisoformat(as_of), work.call.now)
        except ValueError as error:
            raise invalid_field("as_of", "NOT_A_DATE", value=as_of) from error
    rule = context.procedure_of(application).deadline(REVIEW_LIMIT)
    return clock_of(work, context, application, instant), rule
