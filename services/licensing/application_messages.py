"""Messages of the application contract from what the use cases return."""

from collections.abc import Iterable, Mapping

from xuke.foundation.v1 import foundation_pb2 as foundation
from xuke.licensing.v1 import application_pb2 as messages
from xuke.licensing.v1 import dossier_pb2 as dossiers

from services.foundation.clock import legal_day
from services.foundation.errors import FieldViolation
from services.foundation.ledger import LedgerEvent
from services.foundation.legal_clock import DueOn, NoStatutoryLimit
from services.foundation.messages import render
from services.foundation.principal import Role
from services.licensing.application_shapes import fill, timestamp
from services.licensing.application_views import ApplicationView
from services.licensing.case_views import CaseView
from services.licensing.domain.application import Application
from services.licensing.domain.application_state import Action
from services.licensing.domain.assessment import ItemAssessment
from services.licensing.domain.case_parts import (
    ConsultationRound,
    Deadline,
    Decision,
    Escalation,
    ExclusionRemark,
)
from services.licensing.domain.deadlines import DeadlineState, explanation
from services.licensing.domain.findings import LegalSource
from services.licensing.domain.position import Position
from services.licensing.domain.procedure import DeadlineRule, still_owed
from services.licensing.domain.review_clock import HolderTime, ReviewClock
from services.licensing.queue_messages import text_of, to_assignment, to_expert_request, to_note
from services.licensing.review_progress import ReviewProgress


def localized(reason: str, values: Mapping[str, str]) -> foundation.LocalizedText:
    """The sentence of a reason in both languages."""
    text = render(reason, values)
    return foundation.LocalizedText(zh=text.zh, en=text.en)


def _source(source: LegalSource) -> foundation.LegalSource:
    return fill(foundation.LegalSource(), source)


def to_application(view: ApplicationView) -> messages.Application:
    """The applicant's view."""
    application = view.application
    message = messages.Application(
        application_id=application.id,
        number=application.number or "",
        etag=application.etag,
        dossier=fill(dossiers.Dossier(), application.dossier),
        attachments=[fill(dossiers.Attachment(), attachment) for attachment in view.attachments],
        status=messages.PublicStatus(
            due_date=view.due.date,
            due_date_explanation=localized(view.due.reason, view.due.values),
            asked_of_you=[fill(messages.Deficiency(), deficiency) for deficiency in view.asked_of_you],
        ),
        notices=[fill(messages.Notice(), notice) for notice in view.notices],
        licence_number=application.licence_number,
        created_at=timestamp(application.created_at),
        submission_number=application.submission_number,
        open_fields=view.open_fields,
        copied_from=str(application.copied_from or ""),
    )
    message.status.phase = messages.PublicPhase.Value(f"PUBLIC_PHASE_{view.phase}")
    message.status.state = messages.PublicState.Value(f"PUBLIC_STATE_{view.state}")
    if application.submitted_at is not None:
        message.submitted_at.CopyFrom(timestamp(application.submitted_at))
    if view.progress is not None:
        _fill_progress(message.status, view.progress)
    return message


def _fill_progress(status: messages.PublicStatus, progress: ReviewProgress) -> None:
    status.limit_working_days = progress.limit or 0
    status.counted_working_days = progress.counted
    status.excluded_working_days = progress.excluded
    for excluded in progress.exclusions:
        status.exclusions.add(
            reason=messages.ExclusionReason.Value(f"EXCLUSION_REASON_{excluded.reason}"),
            started_on=excluded.started_on.isoformat(),
            ended_on=excluded.ended_on.isoformat() if excluded.ended_on else "",
            working_days=excluded.working_days,
            source=_source(excluded.source),
        )
    expected = progress.estimate
    if expected is not None:
        status.estimate.half_by = expected.half_by.isoformat() if expected.half_by else ""
        status.estimate.nine_of_ten_by = (
            expected.nine_of_ten_by.isoformat() if expected.nine_of_ten_by else ""
        )
        status.estimate.median_working_days = expected.median_working_days
        status.estimate.ninetieth_percentile_working_days = expected.ninetieth_percentile_working_days
        status.estimate.decided = expected.decided


def to_check(application: Application, found: Iterable[FieldViolation]) -> messages.CheckApplicationResponse:
    """What keeps an application from being handed in."""
    return messages.CheckApplicationResponse(
        etag=application.etag,
        faults=[
            messages.DossierFault(
                field=fault.field,
                reason=fault.reason,
                values=fault.metadata,
                text=localized(fault.reason, fault.metadata),
            )
            for fault in found
        ],
    )


def to_case(view: CaseView) -> messages.Case:
    """The reviewers' view; of an expert, only what the question is about."""
    message = _whole_case(view)
    return _for_expert(message) if view.reader is Role.EXPERT else message


def _for_expert(case: messages.Case) -> messages.Case:
    """Dossier, documents, classification and question: what others think of the case is not for experts.

    Of the history only the day of the checks is left, by which the classification is read.
    """
    return messages.Case(
        application_id=case.application_id,
        number=case.number,
        dossier=case.dossier,
        attachments=case.attachments,
        classifications=case.classifications,
        procedure_version=case.procedure_version,
        submitted_at=case.submitted_at,
        expert_requests=case.expert_requests,
        history=[
            messages.HistoryEntry(sequence=entry.sequence, occurred_at=entry.occurred_at, action=entry.action)
            for entry in case.history
            if entry.action == Action.PASS_CHECKS
        ],
    )


def _whole_case(view: CaseView) -> messages.Case:
    application, assessment, check = view.application, view.assessment, view.assessment.check
    message = messages.Case(
        application_id=application.id,
        number=application.number or "",
        etag=application.etag,
        state=messages.ApplicationState.Value(f"APPLICATION_STATE_{application.state}"),
        dossier=fill(dossiers.Dossier(), assessment.submission.dossier),
        attachments=[
            fill(dossiers.Attachment(), attachment) for attachment in assessment.submission.attachments
        ],
        classifications=[
            fill(messages.ItemClassification(), found) for found in (check.classifications if check else ())
        ],
        computed_deficiencies=[fill(messages.Deficiency(), found) for found in assessment.deficiencies],
        notices=[fill(messages.Notice(), notice) for notice in view.notices],
        provincial_opinion=application.provincial_opinion,
        routed_agencies=[fill(messages.RoutedAgency(), agency) for agency in assessment.route],
        consultations=[_consultation(each) for each in view.rounds],
        clock=to_clock(view.clock, view.review_rule, view.exclusion_remarks),
        deadlines=_deadlines_of_case(view),
        history=[_history(event) for event in view.history],
        licence_number=application.licence_number,
        procedure_version=application.procedure_version,
        allowed_actions=[action.value for action in view.allowed],
        waiting_reason=view.waiting_reason,
        assignments=[to_assignment(each) for each in view.assignments],
        notes=[to_note(each) for each in view.notes],
        differences=[fill(messages.Difference(), each) for each in view.differences],
        earlier_decisions=[_decision(each) for each in view.decisions[:-1]],
        expert_requests=[to_expert_request(each) for each in view.expert_requests],
        people={subject: text_of(name) for subject, name in view.people.items()},
        rescreenings=[fill(messages.Rescreening(), each) for each in view.rescreenings],
        item_codes=[fill(messages.ItemCodes(), each) for each in assessment.item_codes],
        assessments=[_item_assessment(each, assessment.assessed) for each in assessment.assessments],
    )
    if check is not None:
        fill(message.screening, check.screening)
    if view.decisions:
        message.decision.CopyFrom(_decision(view.decisions[-1]))
    if application.submitted_at is not None:
        message.submitted_at.CopyFrom(timestamp(application.submitted_at))
    return message


def _item_assessment(made: ItemAssessment, counting: Mapping[int, ItemAssessment]) -> messages.ItemAssessment:
    message = fill(messages.ItemAssessment(), made)
    message.counts = counting.get(made.line_number) == made
    return message


def to_escalation(escalation: Escalation) -> messages.Escalation:
    """One line of a supervisor's queue."""
    return fill(messages.Escalation(), escalation)


def to_clock(
    clock: ReviewClock, rule: DeadlineRule, remarks: Mapping[str, ExclusionRemark]
) -> messages.Clock:
    """The review clock with the reason for its due date, and what officers wrote of the exclusions."""
    message = messages.Clock(
        state=messages.CLOCK_STATE_NOT_STARTED,
        as_of=legal_day(clock.as_of).isoformat(),
        limit_working_days=rule.working_days,
        due_date_explanation=localized("DUE_NOT_STARTED", {}),
        holder_times=[_holder_time(each) for each in clock.holder_times],
        source=_source(rule.source),
    )
    reading = clock.reading
    if reading is None or clock.started_at is None:
        return message
    reason, values = explanation(reading.due)
    message.state = messages.ClockState.Value(f"CLOCK_STATE_{reading.state}")
    message.started_on = legal_day(clock.started_at).isoformat()
    message.limit_working_days = reading.limit or 0
    message.no_statutory_limit = isinstance(reading.due, NoStatutoryLimit)
    message.counted_working_days = reading.counted
    message.excluded_working_days = reading.excluded
    message.due_date = reading.due.date.isoformat() if isinstance(reading.due, DueOn) else ""
    message.due_date_explanation.CopyFrom(localized(reason, values))
    for recorded in clock.exclusions:
        # The clock is read from the ledger alone; a row that is missing takes nothing but its words.
        remark = remarks.get(recorded.exclusion_id, ExclusionRemark("", ""))
        exclusion = message.exclusions.add(
            exclusion_id=recorded.exclusion_id,
            reason=messages.ExclusionReason.Value(f"EXCLUSION_REASON_{recorded.exclusion.reason}"),
            started_at=timestamp(recorded.exclusion.opened_at),
            working_days=recorded.working_days,
            source=foundation.LegalSource(instrument=rule.source.instrument, article="Art. 17(3)"),
            note=remark.note,
        )
        if recorded.exclusion.closed_at is not None:
            exclusion.result = remark.result
            exclusion.ended_at.CopyFrom(timestamp(recorded.exclusion.closed_at))
    return message


def _holder_time(held: HolderTime) -> messages.HolderTime:
    return messages.HolderTime(
        holder=held.holder.value,
        working_days=held.working_days,
        seconds=held.seconds,
        unpublished_year=held.unpublished_year or 0,
    )


def _deadlines_of_case(view: CaseView) -> list[messages.Deadline]:
    """The deadlines; of each kind the last one may have passed and still be owed."""
    owed = still_owed(view.assessment.procedure, view.application.state)
    last = {deadline.kind: deadline for deadline, _ in view.deadlines}
    found = []
    for deadline, rule in view.deadlines:
        message = _deadline(deadline, rule)
        message.still_owed = (
            deadline.state is DeadlineState.EXPIRED
            and deadline.kind in owed
            and last[deadline.kind] is deadline
        )
        found.append(message)
    return found


def _deadline(deadline: Deadline, rule: DeadlineRule) -> messages.Deadline:
    message = messages.Deadline(
        deadline_id=str(deadline.deadline_id),
        kind=deadline.kind,
        state=messages.DeadlineState.Value(f"DEADLINE_STATE_{deadline.state}"),
        reminders_at=[timestamp(instant) for instant in deadline.reminders_at],
        reminders_sent=deadline.reminders_sent,
        source=_source(rule.source),
    )
    if deadline.due_at is not None:
        message.due_at.CopyFrom(timestamp(deadline.due_at))
    return message


def _decision(decision: Decision) -> messages.Decision:
    message = messages.Decision(
        outcome=messages.DecisionOutcome.Value(f"DECISION_OUTCOME_{decision.outcome}"),
        reasons=decision.reasons,
        factors=[fill(messages.FactorAssessment(), factor) for factor in decision.factors],
        conditions=[fill(foundation.LocalizedText(), condition) for condition in decision.conditions],
        proposed_by=decision.proposed_by,
        proposed_at=timestamp(decision.proposed_at),
        comment=decision.comment,
        sent_back=decision.agreed is False,
    )
    if decision.agreed and decision.countersigned_at is not None:
        message.countersigned_by = decision.countersigned_by
        message.countersigned_at.CopyFrom(timestamp(decision.countersigned_at))
    if decision.taken_back_at is not None:
        message.taken_back_by = decision.taken_back_by
        message.taken_back_at.CopyFrom(timestamp(decision.taken_back_at))
        message.taken_back_because = decision.taken_back_because
    return message


def _consultation(consultation: ConsultationRound) -> messages.ConsultationSummary:
    """A closed round as it ended; an open one with the agencies that are asked."""
    if consultation.summary is not None:
        return fill(messages.ConsultationSummary(), consultation.summary)
    return messages.ConsultationSummary(
        round_id=consultation.round_id,
        round_number=consultation.round_number,
        opinions=[
            messages.OpinionSummary(agency=planned.agency, mandatory=planned.mandatory)
            for planned in consultation.agencies
        ],
    )


def _history(event: LedgerEvent) -> messages.HistoryEntry:
    return messages.HistoryEntry(
        sequence=event.sequence,
        occurred_at=timestamp(event.occurred_at),
        action=event.action,
        actor_role=event.actor_role,
        actor=event.actor_subject,
        state=event.state,
        event_id=str(event.event_id),
        details=_references(event),
    )


def _references(event: LedgerEvent) -> dict[str, str]:
    return {key: str(value) for key, value in event.payload.items() if key != "state"}


def to_position(position: Position) -> messages.Position:
    """The position of the procedure: ids, words and instants."""
    application = position.application
    message = messages.Position(
        application_id=application.id,
        sequence=position.sequence,
        events=[
            foundation.Event(
                sequence=event.sequence,
                event_id=str(event.event_id),
                occurred_at=timestamp(event.occurred_at),
                action=event.action,
                actor_role=event.actor_role,
                state=event.state,
                references=_references(event),
            )
            for event in position.events
        ],
        deadlines=[_deadline(deadline, rule) for deadline, rule in position.deadlines],
        procedure_version=application.procedure_version,
        submission_number=application.submission_number,
        licence_number=application.licence_number,
    )
    message.state = messages.ApplicationState.Value(f"APPLICATION_STATE_{application.state}")
    if position.consultation is not None:
        message.round_id = position.consultation.round_id
        message.consultation.CopyFrom(fill(messages.ConsultationPlan(), position.consultation))
    message.issue_held_because = position.issue_held_because
    if position.recheck_at is not None:
        message.recheck_at.CopyFrom(timestamp(position.recheck_at))
    return message
