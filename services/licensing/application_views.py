"""What an applicant reads of an application: never internal notes, opinions or the names of officers."""

from dataclasses import dataclass
from typing import assert_never

from services.foundation.database import UnitOfWork
from services.foundation.legal_clock import DueOn
from services.licensing.application_context import ApplicationContext
from services.licensing.case_change import deadline_times, verdict_of
from services.licensing.domain.application import Application, Attachment
from services.licensing.domain.application_state import ApplicationState
from services.licensing.domain.case_parts import Notice
from services.licensing.domain.deadlines import DeadlineState, explanation
from services.licensing.domain.findings import Deficiency, NoticeKind
from services.licensing.domain.public_status import PublicPhase, PublicState, public_phase, public_state
from services.licensing.store import application_documents, deadlines, review_records


@dataclass(frozen=True)
class DueDate:
    """The authority's due date, YYYY-MM-DD or empty, and why: a reason of the catalogue with its values."""

    date: str
    reason: str
    values: dict[str, str]


@dataclass(frozen=True)
class ApplicationView:
    """The applicant's view."""

    application: Application
    attachments: tuple[Attachment, ...]
    notices: tuple[Notice, ...]
    phase: PublicPhase
    state: PublicState
    due: DueDate
    asked_of_you: tuple[Deficiency, ...]


def view_of(work: UnitOfWork, context: ApplicationContext, application: Application) -> ApplicationView:
    """The applicant's view of an application as it stands."""
    notices = review_records.notices(work.connection, application.application_id)
    asked: tuple[Deficiency, ...] = ()
    if application.state is ApplicationState.SUPPLEMENT_REQUESTED:
        asked = next(n.deficiencies for n in reversed(notices) if n.kind is NoticeKind.SUPPLEMENT)
    return ApplicationView(
        application,
        tuple(application_documents.current_attachments(work.connection, application.application_id)),
        tuple(notices),
        public_phase(application.state, application.checks_return_to),
        public_state(application.state),
        _due(work, context, application),
        asked,
    )


def _due(work: UnitOfWork, context: ApplicationContext, application: Application) -> DueDate:
    match public_state(application.state):
        case PublicState.DRAFT:
            return DueDate("", "DUE_NOT_SUBMITTED", {})
        case PublicState.BEING_CHECKED:
            return DueDate("", "DUE_BEING_CHECKED", {})
        case PublicState.SUPPLEMENT_ASKED_OF_YOU:
            return DueDate("", "DUE_WITH_APPLICANT", {})
        case (
            PublicState.LICENCE_ISSUED
            | PublicState.REFUSED
            | PublicState.NOT_ACCEPTED
            | PublicState.WITHDRAWN
            | PublicState.LAPSED
            | PublicState.CANNOT_PROCEED
        ):
            return DueDate("", "DUE_CONCLUDED", {})
        case (
            PublicState.UNDER_PROVINCIAL_REVIEW
            | PublicState.AWAITING_ACCEPTANCE
            | PublicState.UNDER_MINISTRY_REVIEW
            | PublicState.APPROVED
        ):
            return _due_of_stage(work, context, application)
        case unknown:
            assert_never(unknown)


def _due_of_stage(work: UnitOfWork, context: ApplicationContext, application: Application) -> DueDate:
    """The due date of the authority that has the case: the first rule of the procedure for its state."""
    rule = next(
        rule for rule in context.procedure_of(application).deadlines if application.state in rule.states
    )
    if rule.no_limit_for is not None and rule.no_limit_for is verdict_of(work, application):
        return DueDate("", "DUE_NO_STATUTORY_LIMIT", {})
    running = [
        deadline
        for deadline in deadlines.of_application(work.connection, application.application_id)
        if deadline.kind == rule.kind
    ][-1]
    if running.state is DeadlineState.EXPIRED:
        return DueDate("", "DUE_PASSED", {})
    due = deadline_times(work, context, application, rule, running.started_at).due
    reason, values = explanation(due)
    return DueDate(due.date.isoformat() if isinstance(due, DueOn) else "", reason, values)
