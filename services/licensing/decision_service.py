"""What officers do after acceptance: consult, stop the clock, propose and countersign the decision."""

import dataclasses
import uuid
from collections.abc import Sequence

from services.foundation.database import UnitOfWork
from services.foundation.errors import (
    FieldViolation,
    failed_precondition,
    invalid_argument,
    invalid_field,
    not_found,
)
from services.foundation.legal_clock import ExclusionReason
from services.foundation.messages import LocalizedText
from services.licensing.application_context import ApplicationContext
from services.licensing.case_change import change, load_for_change, notify, require_allowed, subject_of
from services.licensing.case_views import (
    CaseView,
    assess,
    case_of,
    facts_of,
)
from services.licensing.domain.application import Application
from services.licensing.domain.application_state import Action, ApplicationState, Facts, Outcome
from services.licensing.domain.case_parts import ConsultationRound, Decision
from services.licensing.domain.consultation_plan import AgencyChoice, plan
from services.licensing.domain.differences import basis_of
from services.licensing.domain.findings import FactorAssessment, NoticeKind
from services.licensing.domain.printable import unprintable
from services.licensing.domain.records import to_json
from services.licensing.domain.review_clock import EXCLUSION_REASONS, accepted_as_of
from services.licensing.domain.review_sheet import is_complete
from services.licensing.grant_requirements import require_grantable
from services.licensing.review_progress import note_decision
from services.licensing.store import review_records


def start_consultation(
    work: UnitOfWork,
    context: ApplicationContext,
    application_id: str,
    etag: str,
    choices: Sequence[AgencyChoice],
) -> CaseView:
    """Plans a round of consultation; where no agency is needed the case is ready for a proposal."""
    application = load_for_change(work, application_id, etag)
    require_allowed(work, application, Action.START_CONSULTATION)
    planned = plan(assess(work, context, application).route, choices)
    consulted = tuple(each.agency for each in planned if each.consult)
    earlier = review_records.rounds(work.connection, application.application_id)
    added = ConsultationRound(
        round_number=len(earlier) + 1,
        plan=planned,
        round_id="",
        summary=None,
        started_at=work.call.now,
        closed_at=None if consulted else work.call.now,
    )
    review_records.add_round(work.connection, application.application_id, added)
    changed = dataclasses.replace(
        application,
        consulted_agencies=tuple(dict.fromkeys((*application.consulted_agencies, *consulted))),
    )
    payload = {"round_number": str(added.round_number), "agencies": " ".join(consulted)}
    facts = Facts(agencies_chosen=bool(consulted))
    return case_of(
        work, context, change(work, context, changed, Action.START_CONSULTATION, facts, payload=payload)
    )


def start_exclusion(
    work: UnitOfWork,
    context: ApplicationContext,
    application_id: str,
    etag: str,
    reason: ExclusionReason,
    note: str,
) -> CaseView:
    """Stops the review limit (两用物项出口管制条例 Art. 17(3))."""
    application = load_for_change(work, application_id, etag)
    facts = facts_of(work, context, application)
    require_allowed(work, application, Action.START_EXCLUSION, facts)
    if reason not in EXCLUSION_REASONS:
        raise invalid_field("reason", "enum.defined_only")
    exclusion_id = uuid.uuid4()
    review_records.start_exclusion(
        work.connection, application.application_id, exclusion_id, reason, note, work.call.now
    )
    payload = {"exclusion_id": str(exclusion_id), "reason": reason.value}
    return case_of(
        work, context, change(work, context, application, Action.START_EXCLUSION, facts, payload=payload)
    )


def end_exclusion(
    work: UnitOfWork,
    context: ApplicationContext,
    application_id: str,
    etag: str,
    exclusion_id: str,
    result: str,
) -> CaseView:
    """Lets the review limit run on."""
    application = load_for_change(work, application_id, etag)
    facts = facts_of(work, context, application)
    require_allowed(work, application, Action.END_EXCLUSION, facts)
    ended = review_records.end_exclusion(
        work.connection, application.application_id, uuid.UUID(exclusion_id), result, work.call.now
    )
    if not ended:
        raise not_found("exclusion", exclusion_id)
    payload = {"exclusion_id": exclusion_id}
    return case_of(
        work, context, change(work, context, application, Action.END_EXCLUSION, facts, payload=payload)
    )


def propose(
    work: UnitOfWork,
    context: ApplicationContext,
    application_id: str,
    etag: str,
    outcome: Outcome,
    reasons: str,
    factors: Sequence[FactorAssessment],
    conditions: Sequence[LocalizedText],
) -> CaseView:
    """Proposes a decision that rests on all eight factors of 出口管制法 Art. 13."""
    application = load_for_change(work, application_id, etag)
    facts = dataclasses.replace(
        facts_of(work, context, application), outcome=outcome, factors_complete=is_complete(factors)
    )
    require_allowed(work, application, Action.PROPOSE, facts)
    _require_printable_conditions(conditions)
    key, connection = application.application_id, work.connection
    earlier = review_records.last_decision(connection, key)
    assessment = assess(work, context, application)
    if outcome is Outcome.GRANT:
        require_grantable(work, context, application)
    proposal = Decision(
        proposal_number=earlier.proposal_number + 1 if earlier else 1,
        outcome=outcome,
        reasons=reasons,
        factors=tuple(factors),
        conditions=tuple(conditions),
        proposed_by=work.call.principal.subject,
        proposed_at=work.call.now,
        basis=basis_of(
            application.submission_number,
            assessment.check,
            review_records.rounds(connection, key),
            assessment.assessed,
        ),
    )
    review_records.add_decision(connection, key, proposal)
    payload = {"proposal_number": str(proposal.proposal_number), "outcome": outcome.value}
    return case_of(work, context, change(work, context, application, Action.PROPOSE, facts, payload=payload))


def _require_printable_conditions(conditions: Sequence[LocalizedText]) -> None:
    """Conditions stand on the licence: each has words, and only such as can be printed."""
    violations: list[FieldViolation] = []
    for position, condition in enumerate(conditions):
        path = f"conditions[{position}]"
        if not (condition.zh or condition.en):
            violations.append(FieldViolation(f"{path}.zh", "VALUE_MISSING"))
        violations += unprintable(path, to_json(condition))
    if violations:
        raise invalid_argument(*violations)


def countersign(
    work: UnitOfWork,
    context: ApplicationContext,
    application_id: str,
    etag: str,
    agree: bool,
    comment: str,
) -> CaseView:
    """Four eyes: a second officer agrees, which decides the case, or sends the proposal back.

    Whether a grant may be made is asked again, by the items as they are assessed now. A grant whose licence the
    screening holds back is sent back as a decision, see `_take_back`.
    """
    application = load_for_change(work, application_id, etag)
    action = Action.COUNTERSIGN if agree else Action.SEND_BACK
    proposal = review_records.last_decision(work.connection, application.application_id)
    decided_before = application.state is ApplicationState.APPROVED and not agree
    if proposal is None or not (decided_before or application.state is ApplicationState.PROPOSED):
        require_allowed(work, application, action)
        raise failed_precondition("NO_PROPOSAL", id=application.id, state=application.state.value)
    facts = facts_of(work, context, application)
    require_allowed(work, application, action, facts)
    if not agree and not comment:
        raise invalid_field("comment", "VALUE_MISSING")
    if agree and proposal.outcome is Outcome.GRANT:
        require_grantable(work, context, application)
    if decided_before:
        return case_of(work, context, _take_back(work, context, application, proposal, facts, comment))
    signed = dataclasses.replace(
        proposal,
        countersigned_by=work.call.principal.subject,
        countersigned_at=work.call.now,
        agreed=agree,
        comment=comment,
    )
    review_records.countersign(work.connection, application.application_id, signed)
    payload = {"proposal_number": str(proposal.proposal_number), "outcome": proposal.outcome.value}
    decided = change(work, context, application, action, facts, payload=payload)
    if agree:
        _notify_decided(work, decided, proposal)
        note_decision(work, context, decided)
    return case_of(work, context, decided)


def _take_back(
    work: UnitOfWork,
    context: ApplicationContext,
    application: Application,
    decision: Decision,
    facts: Facts,
    because: str,
) -> Application:
    """The grant is withdrawn before its licence is issued, since what it rested on has changed (行政许可法 Art. 8).

    The review goes on, and its limit has run since the acceptance. The applicant is told, but not of a hit.
    """
    taken = dataclasses.replace(
        decision,
        taken_back_by=work.call.principal.subject,
        taken_back_at=work.call.now,
        taken_back_because=because,
    )
    review_records.take_back(work.connection, application.application_id, taken)
    payload = {
        "proposal_number": str(decision.proposal_number),
        "outcome": decision.outcome.value,
        "taken_back": ApplicationState.APPROVED.value,
    }
    reopened = change(
        work,
        context,
        application,
        Action.SEND_BACK,
        facts,
        payload=payload,
        periods_start=accepted_as_of(work.events(subject_of(application))),
    )
    notify(work, reopened, NoticeKind.GRANT_TAKEN_BACK)
    return reopened


def _notify_decided(work: UnitOfWork, application: Application, decision: Decision) -> None:
    """A refusal names its reasons and the remedy (行政许可法 Art. 38; 出口管制法 Art. 41)."""
    if decision.outcome is Outcome.GRANT:
        notify(work, application, NoticeKind.APPROVAL)
    else:
        notify(work, application, NoticeKind.REFUSAL, {"reasons": decision.reasons})
