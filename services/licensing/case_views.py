"""What reviewers read of a case: the frozen dossier, the findings, the plan, the clock and the history."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from services.foundation.clock import SHANGHAI
from services.foundation.database import UnitOfWork
from services.foundation.ledger import LedgerEvent
from services.licensing.application_context import ApplicationContext
from services.licensing.case_change import subject_of
from services.licensing.domain.application import Application
from services.licensing.domain.application_state import Action, allowed_actions
from services.licensing.domain.authority import Assignment, Note
from services.licensing.domain.case_parts import (
    AutomaticCheck,
    ConsultationRound,
    Deadline,
    Decision,
    Notice,
)
from services.licensing.domain.completeness import deficiencies
from services.licensing.domain.findings import Deficiency
from services.licensing.domain.grant import control_codes
from services.licensing.domain.procedure import DeadlineRule, Procedure, RoutedAgency
from services.licensing.domain.review_clock import ReviewClock, read_clock
from services.licensing.domain.waiting import waiting_reason
from services.licensing.store import application_documents, deadlines, desks, review_records
from services.licensing.store.application_documents import Submission

# The deadline whose clock is the review clock (两用物项出口管制条例 Art. 17).
REVIEW_LIMIT = "ministry_review"


@dataclass(frozen=True)
class Assessment:
    """The submission being handled and what is computed from it."""

    procedure: Procedure
    submission: Submission
    check: AutomaticCheck | None
    deficiencies: tuple[Deficiency, ...]
    route: tuple[RoutedAgency, ...]


@dataclass(frozen=True)
class CaseView:
    """The reviewers' view."""

    application: Application
    assessment: Assessment
    notices: tuple[Notice, ...]
    rounds: tuple[ConsultationRound, ...]
    decision: Decision | None
    clock: ReviewClock
    review_rule: DeadlineRule
    deadlines: tuple[tuple[Deadline, DeadlineRule], ...]
    history: tuple[LedgerEvent, ...]
    allowed: tuple[Action, ...]
    waiting_reason: str
    assignments: tuple[Assignment, ...]
    notes: tuple[Note, ...]


def assess(work: UnitOfWork, context: ApplicationContext, application: Application) -> Assessment:
    """What is computed from the last submission: deficiencies and the route of consultation."""
    procedure = context.procedure_of(application)
    submission = application_documents.find_submission(
        work.connection, application.application_id, application.submission_number
    )
    check = review_records.find_check(
        work.connection, application.application_id, application.submission_number
    )
    attached = (attachment.kind for attachment in submission.attachments)
    codes = control_codes(submission.dossier, check.classifications if check else ())
    return Assessment(
        procedure,
        submission,
        check,
        deficiencies(procedure, attached, check.screening.verdict if check else None),
        procedure.route(codes),
    )


def case_of(work: UnitOfWork, context: ApplicationContext, application: Application) -> CaseView:
    """The reviewers' view of a case as it stands."""
    key, connection = application.application_id, work.connection
    assessment = assess(work, context, application)
    events = work.events(subject_of(application))
    rule = assessment.procedure.deadline(REVIEW_LIMIT)
    return CaseView(
        application=application,
        assessment=assessment,
        notices=tuple(review_records.notices(connection, key)),
        rounds=tuple(review_records.rounds(connection, key)),
        decision=review_records.last_decision(connection, key),
        clock=read_clock(events, rule, work.call.now, context.calendar),
        review_rule=rule,
        deadlines=tuple(
            (deadline, assessment.procedure.deadline(deadline.kind))
            for deadline in deadlines.of_application(connection, key)
        ),
        history=tuple(events),
        allowed=allowed_actions(application.state, work.call.principal.role),
        waiting_reason=waiting_reason(application, events),
        assignments=tuple(desks.assignments(connection, key)),
        notes=tuple(desks.notes(connection, key)),
    )


def clock_of(
    work: UnitOfWork, context: ApplicationContext, application: Application, as_of: datetime
) -> ReviewClock:
    """The review clock at an instant, from the event ledger."""
    rule = context.procedure_of(application).deadline(REVIEW_LIMIT)
    return read_clock(work.events(subject_of(application)), rule, as_of, context.calendar)


def end_of(day: date, now: datetime) -> datetime:
    """The instant at which to read a day of law: its end, or now where the day is not over."""
    midnight = datetime.combine(day + timedelta(days=1), time(), SHANGHAI).astimezone(UTC)
    return min(midnight - timedelta(microseconds=1), now)
