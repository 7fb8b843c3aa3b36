"""What an applicant reads of an application: never internal notes, opinions or the names of officers."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from services.foundation.database import UnitOfWork
from services.foundation.ledger import LedgerEvent
from services.foundation.legal_clock import DueOn
from services.licensing.application_context import ApplicationContext
from services.licensing.domain.application import Application, Attachment
from services.licensing.domain.case_parts import Deadline, Notice
from services.licensing.domain.deadlines import DeadlineState, explanation, times
from services.licensing.domain.findings import Deficiency, ScreeningVerdict
from services.licensing.domain.open_fields import open_fields
from services.licensing.domain.public_status import PublicPhase, PublicState, public_phase, public_state
from services.licensing.domain.review_clock import exclusions_of
from services.licensing.review_progress import ReviewProgress, decided_by_regime, progress_of
from services.licensing.store import application_documents, deadlines, review_records
from services.licensing.supplement_scope import asked_by


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
    progress: ReviewProgress | None

    @property
    def open_fields(self) -> tuple[str, ...]:
        """What may be changed while a supplement is asked for; empty where none is."""
        return open_fields(self.asked_of_you)


@dataclass(frozen=True)
class _Parts:
    """What is kept beside the heads of several applications, by their ids: one query for each kind."""

    attachments: Mapping[uuid.UUID, Sequence[Attachment]]
    notices: Mapping[uuid.UUID, Sequence[Notice]]
    deadlines: Mapping[uuid.UUID, Sequence[Deadline]]
    verdicts: Mapping[uuid.UUID, ScreeningVerdict]
    events: Mapping[str, Sequence[LedgerEvent]]
    decided: Mapping[str, Mapping[int, int]]


def _parts_of(work: UnitOfWork, context: ApplicationContext, applications: Sequence[Application]) -> _Parts:
    connection = work.connection
    keys = [application.application_id for application in applications]
    submitted = [application for application in applications if application.submission_number]
    numbers = [(application.application_id, application.submission_number) for application in submitted]
    return _Parts(
        application_documents.current_attachments_of(connection, keys),
        review_records.notices_of(connection, keys),
        deadlines.of_applications(connection, keys),
        review_records.verdicts(connection, numbers),
        work.events_of_many("application", [application.id for application in submitted]),
        decided_by_regime(work, context, submitted),
    )


def view_of(work: UnitOfWork, context: ApplicationContext, application: Application) -> ApplicationView:
    """The applicant's view of an application as it stands."""
    return views_of(work, context, [application])[0]


def views_of(
    work: UnitOfWork, context: ApplicationContext, applications: Sequence[Application]
) -> list[ApplicationView]:
    """The applicant's views of several applications, in their order."""
    parts = _parts_of(work, context, applications)
    return [_view(work, context, application, parts) for application in applications]


def _view(
    work: UnitOfWork, context: ApplicationContext, application: Application, parts: _Parts
) -> ApplicationView:
    notices = parts.notices.get(application.application_id, ())
    return ApplicationView(
        application,
        tuple(parts.attachments.get(application.application_id, ())),
        tuple(notices),
        public_phase(application.state, application.checks_return_to),
        public_state(application.state),
        _due(work, context, application, parts),
        asked_by(application, notices),
        progress_of(work, context, application, parts.events.get(application.id, ()), parts.decided),
    )


def _due(work: UnitOfWork, context: ApplicationContext, application: Application, parts: _Parts) -> DueDate:
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
            return _due_of_stage(work, context, application, parts)
        case unknown:
            assert_never(unknown)


def _due_of_stage(
    work: UnitOfWork, context: ApplicationContext, application: Application, parts: _Parts
) -> DueDate:
    """The due date of the authority that has the case: the first rule of the procedure for its state."""
    key = application.application_id
    rule = next(
        rule for rule in context.procedure_of(application).deadlines if application.state in rule.states
    )
    if rule.no_limit_for is not None and rule.no_limit_for is parts.verdicts.get(key):
        return DueDate("", "DUE_NO_STATUTORY_LIMIT", {})
    running = [deadline for deadline in parts.deadlines[key] if deadline.kind == rule.kind][-1]
    if running.state is DeadlineState.EXPIRED:
        return DueDate("", "DUE_PASSED", {})
    exclusions = tuple(exclusions_of(parts.events[application.id]).values())
    due = times(rule, running.started_at, exclusions, work.call.now, context.calendar).due
    reason, values = explanation(due)
    return DueDate(due.date.isoformat() if isinstance(due, DueOn) else "", reason, values)
