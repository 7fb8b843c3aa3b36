"""What reviewers read of a case: the frozen dossier, the findings, the plan, the clock and the history."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from services.foundation.clock import SHANGHAI, legal_day
from services.foundation.database import UnitOfWork
from services.foundation.ledger import LedgerEvent
from services.foundation.messages import LocalizedText
from services.foundation.principal import Role
from services.licensing.application_context import ApplicationContext
from services.licensing.case_change import subject_of
from services.licensing.case_people import people_of_case
from services.licensing.domain.application import Application
from services.licensing.domain.application_state import Action, Facts, possible_actions
from services.licensing.domain.assessment import ItemAssessment, ItemCodes, codes_of_items
from services.licensing.domain.authority import Assignment, Note
from services.licensing.domain.case_facts import recorded_facts
from services.licensing.domain.case_parts import (
    AutomaticCheck,
    ConsultationRound,
    Deadline,
    Decision,
    ExclusionRemark,
    Notice,
    Rescreening,
)
from services.licensing.domain.completeness import certificate_deficiencies, deficiencies
from services.licensing.domain.differences import Difference, basis_of, differences
from services.licensing.domain.dossier import Dossier
from services.licensing.domain.expert_opinion import ExpertRequest
from services.licensing.domain.export_conditions import ExportCondition
from services.licensing.domain.findings import Deficiency
from services.licensing.domain.grant import codes_of, control_codes
from services.licensing.domain.procedure import DeadlineRule, Procedure, RoutedAgency
from services.licensing.domain.review_clock import ReviewClock, read_clock
from services.licensing.domain.waiting import waiting_reason
from services.licensing.item_assessments import assessments_of, counting_in
from services.licensing.store import (
    application_documents,
    deadlines,
    desks,
    expert_requests,
    rescreenings,
    review_records,
)
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
    assessments: tuple[ItemAssessment, ...]
    assessed: Mapping[int, ItemAssessment]
    """Of the assessments those that count, by line."""
    item_codes: tuple[ItemCodes, ...]


@dataclass(frozen=True)
class CaseView:
    """The reviewers' view, for somebody of the role `reader`."""

    application: Application
    assessment: Assessment
    notices: tuple[Notice, ...]
    rounds: tuple[ConsultationRound, ...]
    decisions: tuple[Decision, ...]
    differences: tuple[Difference, ...]
    clock: ReviewClock
    review_rule: DeadlineRule
    exclusion_remarks: Mapping[str, ExclusionRemark]
    deadlines: tuple[tuple[Deadline, DeadlineRule], ...]
    history: tuple[LedgerEvent, ...]
    allowed: tuple[Action, ...]
    waiting_reason: str
    assignments: tuple[Assignment, ...]
    notes: tuple[Note, ...]
    expert_requests: tuple[ExpertRequest, ...]
    rescreenings: tuple[Rescreening, ...]
    people: Mapping[str, LocalizedText]
    reader: Role


def assess(work: UnitOfWork, context: ApplicationContext, application: Application) -> Assessment:
    """What is computed from the last submission: deficiencies, the codes of its items, the route of consultation."""
    procedure = context.procedure_of(application)
    submission = application_documents.find_submission(
        work.connection, application.application_id, application.submission_number
    )
    check = review_records.find_check(
        work.connection, application.application_id, application.submission_number
    )
    attached = (attachment.kind for attachment in submission.attachments)
    classifications = check.classifications if check else ()
    made = assessments_of(work, application)
    assessed = counting_in(work, application, submission.dossier, made)
    codes = {item.line_number: codes_of(item, classifications, assessed) for item in submission.dossier.items}
    return Assessment(
        procedure,
        submission,
        check,
        (
            *deficiencies(procedure, attached, check.screening.verdict if check else None),
            *certificate_deficiencies(
                submission.dossier.end_user_certificate.tier, check.screening.findings if check else ()
            ),
        ),
        procedure.route(control_codes(submission.dossier, classifications, assessed)),
        tuple(made),
        assessed,
        codes_of_items(submission.dossier, classifications, assessed, codes),
    )


def unmet_conditions(
    work: UnitOfWork, context: ApplicationContext, dossier: Dossier, codes: Iterable[str]
) -> tuple[ExportCondition, ...]:
    """The conditions on items of these control codes that an export does not meet today."""
    return context.reference.conditions.unmet(
        codes,
        dossier.applicant.unified_social_credit_code,
        dossier.reached_countries,
        legal_day(work.call.now),
    )


def case_of(work: UnitOfWork, context: ApplicationContext, application: Application) -> CaseView:
    """The reviewers' view of a case as it stands. Of `decisions` the last is the present proposal."""
    key, connection = application.application_id, work.connection
    assessment = assess(work, context, application)
    events = work.events(subject_of(application))
    rule = assessment.procedure.deadline(REVIEW_LIMIT)
    rounds = review_records.rounds(connection, key)
    decisions = review_records.decisions(connection, key)
    basis = basis_of(application.submission_number, assessment.check, rounds, assessment.assessed)
    facts = _facts(work, application, assessment, rounds, decisions)
    assignments, notes = desks.assignments(connection, key), desks.notes(connection, key)
    requests = expert_requests.of_application(connection, key)
    return CaseView(
        application=application,
        assessment=assessment,
        notices=tuple(review_records.notices(connection, key)),
        rounds=tuple(rounds),
        decisions=tuple(decisions),
        differences=differences(basis, decisions),
        clock=read_clock(events, rule, work.call.now, context.calendar),
        review_rule=rule,
        exclusion_remarks=review_records.exclusion_remarks(connection, key),
        deadlines=tuple(
            (deadline, assessment.procedure.deadline(deadline.kind))
            for deadline in deadlines.of_application(connection, key)
        ),
        history=tuple(events),
        allowed=possible_actions(application.state, work.call.principal.role, facts),
        waiting_reason=waiting_reason(application, events),
        assignments=tuple(assignments),
        notes=tuple(notes),
        expert_requests=tuple(requests),
        rescreenings=tuple(rescreenings.of_application(connection, key)),
        people=people_of_case(work, events, rounds, decisions, assignments, notes, requests),
        reader=work.call.principal.role,
    )


def facts_of(work: UnitOfWork, context: ApplicationContext, application: Application) -> Facts:
    """What the transition table asks about a case, as recorded; the act itself may add to it."""
    key, connection = application.application_id, work.connection
    return _facts(
        work,
        application,
        assess(work, context, application),
        review_records.rounds(connection, key),
        review_records.decisions(connection, key),
    )


def _facts(
    work: UnitOfWork,
    application: Application,
    assessment: Assessment,
    rounds: Sequence[ConsultationRound],
    decisions: Sequence[Decision],
) -> Facts:
    return recorded_facts(
        application,
        assessment.procedure,
        work.call.principal,
        open_deficiencies=len(assessment.deficiencies),
        exclusion_open=review_records.exclusion_is_open(work.connection, application.application_id),
        proposal=decisions[-1] if decisions else None,
        rounds=rounds,
        screening=assessment.check.screening if assessment.check else None,
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
