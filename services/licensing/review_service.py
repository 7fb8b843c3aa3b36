"""What officers of the province and the ministry do: one use case per RPC of ReviewService."""

import dataclasses
import uuid
from collections.abc import Collection, Sequence
from datetime import date

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
from services.foundation.pagination import page_size
from services.foundation.principal import Role
from services.licensing.application_context import ApplicationContext
from services.licensing.case_change import change, load, load_for_change, notify, require_allowed
from services.licensing.case_views import REVIEW_LIMIT, CaseView, assess, case_of, clock_of, end_of
from services.licensing.domain.application import Application, Attachment
from services.licensing.domain.application_state import Action, ApplicationState, Facts, Outcome
from services.licensing.domain.case_parts import ConsultationRound, Decision, Escalation
from services.licensing.domain.consultation_plan import AgencyChoice, plan
from services.licensing.domain.findings import Deficiency, FactorAssessment, LegalSource, NoticeKind
from services.licensing.domain.printable import unprintable
from services.licensing.domain.procedure import DeadlineRule
from services.licensing.domain.records import to_json
from services.licensing.domain.review_clock import EXCLUSION_REASONS, ReviewClock
from services.licensing.domain.review_sheet import is_complete
from services.licensing.page_positions import decode_position, encode_position
from services.licensing.store import application_documents, applications, deadlines, review_records

_LICENSING_LAW = "行政许可法"
_EXPORT_CONTROL_LAW = "出口管制法"
ADVERSE = "ADVERSE"


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


def request_supplement(
    work: UnitOfWork,
    context: ApplicationContext,
    application_id: str,
    etag: str,
    added: Sequence[Deficiency],
) -> CaseView:
    """Tells the applicant once of everything that is missing (一次性告知, 行政许可法 Art. 32(4))."""
    application = load_for_change(work, application_id, etag)
    stage = application.state
    facts = Facts(
        supplement_already_requested=stage in application.supplements_asked_by,
        supplement_window_closed=application.supplement_window_closed,
    )
    require_allowed(work, application, Action.REQUEST_SUPPLEMENT, facts)
    told = (*assess(work, context, application).deficiencies, *added)
    if not told:
        raise invalid_field("deficiencies", "DEFICIENCY_NEEDED")
    asked = dataclasses.replace(
        application,
        checks_return_to=stage,
        supplements_asked_by=(*application.supplements_asked_by, stage),
    )
    notice_id = notify(
        work,
        application,
        NoticeKind.SUPPLEMENT,
        {"count": str(len(told))},
        told,
        [LegalSource(_LICENSING_LAW, "Art. 32(4)")],
    )
    payload = {"notice_id": notice_id, "asked_by": stage.value, "deficiencies": str(len(told))}
    return case_of(
        work, context, change(work, context, asked, Action.REQUEST_SUPPLEMENT, facts, payload=payload)
    )


def forward(
    work: UnitOfWork, context: ApplicationContext, application_id: str, etag: str, opinion: str
) -> CaseView:
    """Forwards to the ministry with the opinion of the province (转报)."""
    application = load_for_change(work, application_id, etag)
    require_allowed(work, application, Action.FORWARD)
    facts = Facts(open_deficiencies=len(assess(work, context, application).deficiencies))
    forwarded = dataclasses.replace(
        application,
        provincial_opinion=opinion,
        received_at=work.call.now,
        supplement_window_closed=False,
    )
    return case_of(work, context, change(work, context, forwarded, Action.FORWARD, facts))


def accept(work: UnitOfWork, context: ApplicationContext, application_id: str, etag: str) -> CaseView:
    """Accepts (受理): the review limit starts."""
    application = load_for_change(work, application_id, etag)
    payload = {"accepted_as_of": work.call.now.isoformat()}
    accepted = change(work, context, application, Action.ACCEPT, payload=payload)
    notify_accepted(work, accepted)
    return case_of(work, context, accepted)


def notify_accepted(work: UnitOfWork, application: Application) -> None:
    """Issues the notice of acceptance (行政许可法 Art. 32)."""
    notify(
        work,
        application,
        NoticeKind.ACCEPTANCE,
        sources=[LegalSource(_LICENSING_LAW, "Art. 32"), LegalSource("两用物项出口管制条例", "Art. 17")],
    )


def decline_acceptance(
    work: UnitOfWork, context: ApplicationContext, application_id: str, etag: str, reasons: str
) -> CaseView:
    """Refuses acceptance (不予受理) with reasons."""
    application = load_for_change(work, application_id, etag)
    declined = change(work, context, application, Action.DECLINE_ACCEPTANCE)
    source = LegalSource(_LICENSING_LAW, "Art. 32")
    notify(work, declined, NoticeKind.NON_ACCEPTANCE, {"reasons": reasons}, sources=[source])
    return case_of(work, context, declined)


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
    facts = _exclusion_facts(work, application)
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
    facts = _exclusion_facts(work, application)
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


def _exclusion_facts(work: UnitOfWork, application: Application) -> Facts:
    open_now = review_records.exclusion_is_open(work.connection, application.application_id)
    return Facts(exclusion_open=open_now)


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
        _exclusion_facts(work, application), outcome=outcome, factors_complete=is_complete(factors)
    )
    require_allowed(work, application, Action.PROPOSE, facts)
    _require_printable_conditions(conditions)
    earlier = review_records.last_decision(work.connection, application.application_id)
    proposal = Decision(
        proposal_number=earlier.proposal_number + 1 if earlier else 1,
        outcome=outcome,
        reasons=reasons,
        factors=tuple(factors),
        conditions=tuple(conditions),
        proposed_by=work.call.principal.subject,
        proposed_at=work.call.now,
    )
    review_records.add_decision(work.connection, application.application_id, proposal)
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
    """Four eyes: a second officer agrees, which decides the case, or sends the proposal back."""
    application = load_for_change(work, application_id, etag)
    action = Action.COUNTERSIGN if agree else Action.SEND_BACK
    proposal = review_records.last_decision(work.connection, application.application_id)
    if application.state is not ApplicationState.PROPOSED or proposal is None:
        require_allowed(work, application, action)
        raise failed_precondition("NO_PROPOSAL", id=application.id, state=application.state.value)
    principal = work.call.principal
    facts = dataclasses.replace(
        _exclusion_facts(work, application),
        outcome=proposal.outcome,
        actor_is_proposer=proposal.proposed_by == principal.subject,
        consolidation_adverse=_last_consolidation(work, application) == ADVERSE
        and context.procedure_of(application).director_against_objection,
        actor_is_director=principal.role is Role.MINISTRY_DIRECTOR,
    )
    require_allowed(work, application, action, facts)
    if not agree and not comment:
        raise invalid_field("comment", "VALUE_MISSING")
    signed = dataclasses.replace(
        proposal,
        countersigned_by=principal.subject,
        countersigned_at=work.call.now,
        agreed=agree,
        comment=comment,
    )
    review_records.countersign(work.connection, application.application_id, signed)
    payload = {"proposal_number": str(proposal.proposal_number), "outcome": proposal.outcome.value}
    decided = change(work, context, application, action, facts, payload=payload)
    if agree:
        _notify_decided(work, decided, proposal)
    return case_of(work, context, decided)


def _last_consolidation(work: UnitOfWork, application: Application) -> str:
    closed = [
        each.summary.consolidation
        for each in review_records.rounds(work.connection, application.application_id)
        if each.summary is not None
    ]
    return closed[-1] if closed else ""


def _notify_decided(work: UnitOfWork, application: Application, decision: Decision) -> None:
    """A refusal names its reasons and the remedy (行政许可法 Art. 38; 出口管制法 Art. 41)."""
    if decision.outcome is Outcome.GRANT:
        notify(
            work,
            application,
            NoticeKind.APPROVAL,
            sources=[LegalSource("两用物项出口管制条例", "Art. 17")],
        )
    else:
        notify(
            work,
            application,
            NoticeKind.REFUSAL,
            {"reasons": decision.reasons},
            sources=[LegalSource(_LICENSING_LAW, "Art. 38"), LegalSource(_EXPORT_CONTROL_LAW, "Art. 41")],
        )


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
