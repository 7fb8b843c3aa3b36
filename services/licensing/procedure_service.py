"""What the procedure (the approval worker) records: one use case per RPC of ProcedureService.

Each is idempotent by its business key: repeating it changes nothing and returns the position.
"""

import dataclasses
import uuid
from collections.abc import Iterable
from typing import assert_never

from services.foundation.clock import legal_day
from services.foundation.database import UnitOfWork
from services.foundation.errors import FieldViolation, failed_precondition, invalid_argument, not_found
from services.foundation.pagination import decode_page_token, encode_page_token, page_size
from services.licensing import licence_service
from services.licensing.application_context import ApplicationContext
from services.licensing.case_change import (
    change,
    load,
    notify,
    record,
    refresh_deadlines,
    require_allowed,
    subject_of,
    tell_queue,
)
from services.licensing.case_views import unmet_conditions
from services.licensing.domain.application import Application
from services.licensing.domain.application_state import Action, ApplicationState, Facts
from services.licensing.domain.case_parts import AutomaticCheck, ConsultationRound, Deadline
from services.licensing.domain.dossier import Dossier
from services.licensing.domain.findings import ConsultationSummary, NoticeKind, ScreeningVerdict
from services.licensing.domain.grant import CONTROLLED, condition_codes, grant_of
from services.licensing.domain.position import Position
from services.licensing.domain.procedure import ExpiryEffect, Holder
from services.licensing.domain.search import search_text
from services.licensing.domain.waiting import WAIT, waiting_reason
from services.licensing.item_assessments import assessments_of, counting_in
from services.licensing.position_views import issue_facts, position_of
from services.licensing.review_service import notify_accepted
from services.licensing.store import (
    application_documents,
    applications,
    case_queue,
    deadlines,
    review_records,
)
from services.licensing.store.open_subjects import open_applications, open_licences


def get_position(
    work: UnitOfWork, context: ApplicationContext, application_id: str, after_sequence: int
) -> Position:
    """The position with the events after a sequence.

    Instants are computed again, so that a calendar published meanwhile takes effect.
    """
    application = load(work, application_id, lock=True)
    refresh_deadlines(work, context, application)
    return position_of(work, context, application, after_sequence)


def record_automatic_checks(
    work: UnitOfWork, context: ApplicationContext, application_id: str, check: AutomaticCheck
) -> Position:
    """Records what the checks of one submission found: on to a stage of review, or refused at the gate.

    Refused is what the screening prohibits, and what is claimed or found to fall under a code whose condition is
    not met; an item that only may fall under one goes to the reviewers, who can assess it.

    Errors: INVALID_ARGUMENT where an item has no classification (fail closed); FAILED_PRECONDITION where
    a later submission is being handled.
    """
    application = load(work, application_id, lock=True)
    key = application.application_id
    if review_records.find_check(work.connection, key, check.submission_number) is not None:
        return position_of(work, context, application)
    _require_present(application, check.submission_number)
    prohibited = check.screening.verdict is ScreeningVerdict.PROHIBITED
    dossier = application_documents.find_submission(work.connection, key, check.submission_number).dossier
    unmet = unmet_conditions(
        work, context, dossier, condition_codes(dossier, check.classifications, {CONTROLLED})
    )
    refused = prohibited or bool(unmet)
    action = Action.REFUSE_AT_GATE if refused else Action.PASS_CHECKS
    require_allowed(work, application, action, _checks_facts(application))
    _require_every_item_classified(dossier, check)
    review_records.add_check(work.connection, key, check, work.call.now)
    found_by = search_text(application.number, dossier, check.classifications)
    case_queue.set_submitted_contents(work.connection, key, found_by, dossier)
    if refused:
        reasons = [
            finding
            for finding in check.screening.findings
            if finding.verdict is ScreeningVerdict.PROHIBITED and finding.counts
        ]
        notify(
            work,
            application,
            NoticeKind.GATE_REFUSAL,
            {
                "reasons_zh": "；".join(
                    _each_once(
                        [*(each.explanation.zh for each in reasons), *(each.text.zh for each in unmet)]
                    )
                ),
                "reasons_en": "; ".join(
                    _each_once(
                        [*(each.explanation.en for each in reasons), *(each.text.en for each in unmet)]
                    )
                ),
            },
            sources=list(
                dict.fromkeys([*(each.source for each in reasons), *(each.source for each in unmet)])
            ),
        )
    payload = {
        "submission_number": check.submission_number,
        "screening_id": check.screening.screening_id,
        "verdict": check.screening.verdict.value,
        **(
            {
                "unmet_conditions": " ".join(each.condition_id for each in unmet),
                "unmet_kinds": " ".join(_each_once(each.kind.value for each in unmet)),
            }
            if unmet
            else {}
        ),
    }
    changed = change(
        work,
        context,
        application,
        action,
        _checks_facts(application),
        payload=payload,
        periods_start=application.received_at,
    )
    return position_of(work, context, changed)


def record_waiting(
    work: UnitOfWork, context: ApplicationContext, application_id: str, submission_number: int, reason: str
) -> Position:
    """Records why the checks of a submission cannot be done now, or the licence of an approved one not be issued.

    The same reason again changes nothing. Wakes nobody, because the procedure that says it goes on trying, and
    leaves the etag, because a person who withdraws meanwhile loses nothing by it. Errors: FAILED_PRECONDITION where
    the checks are over, the licence is issued, or its issue is held for another reason.
    """
    application = load(work, application_id, lock=True)
    _require_present(application, submission_number)
    if application.state is ApplicationState.APPROVED:
        require_allowed(work, application, Action.ISSUE_LICENCE, issue_facts(work, application))
    else:
        require_allowed(work, application, Action.PASS_CHECKS, _checks_facts(application))
    subject = subject_of(application)
    if waiting_reason(application, work.events(subject)) != reason:
        payload = {"submission_number": submission_number, "reason": reason}
        work.record(subject, WAIT, {**payload, "state": application.state.value})
    return position_of(work, context, application)


def _require_present(application: Application, submission_number: int) -> None:
    if submission_number != application.submission_number:
        raise failed_precondition(
            "SUBMISSION_SUPERSEDED",
            id=application.id,
            state=application.state.value,
            submission_number=str(application.submission_number),
        )


def _each_once(sentences: Iterable[str]) -> list[str]:
    """A firm that imports, receives and uses the items is found three times and named once."""
    return list(dict.fromkeys(sentences))


def _checks_facts(application: Application) -> Facts:
    return Facts(checks_return_to=application.checks_return_to)


def _require_every_item_classified(dossier: Dossier, check: AutomaticCheck) -> None:
    classified = {found.line_number for found in check.classifications}
    missing = [item.line_number for item in dossier.items if item.line_number not in classified]
    if missing:
        raise invalid_argument(
            *(
                FieldViolation("classifications", "CLASSIFICATION_MISSING", {"line_number": str(number)})
                for number in missing
            )
        )


def record_consultation_opened(
    work: UnitOfWork, context: ApplicationContext, application_id: str, round_number: int, round_id: str
) -> Position:
    """Records the id under which the consultation service opened a round; the first id stays."""
    application = load(work, application_id, lock=True)
    found = _round(work, application, round_number)
    if found.round_id:
        return position_of(work, context, application)
    require_allowed(work, application, Action.OPEN_CONSULTATION)
    review_records.set_round_id(work.connection, application.application_id, round_number, round_id)
    # The etag stays: nothing that a person decides on changes, and nobody's act should fail for it.
    payload = {"round_number": str(round_number), "round_id": round_id}
    record(work, application, Action.OPEN_CONSULTATION.value, payload)
    return position_of(work, context, application)


def record_consultation_closed(
    work: UnitOfWork, context: ApplicationContext, application_id: str, summary: ConsultationSummary
) -> Position:
    """Records how a round ended: the case is ready for a proposal."""
    application = load(work, application_id, lock=True)
    found = _round(work, application, summary.round_number)
    if found.closed_at is not None:
        return position_of(work, context, application)
    review_records.close_round(work.connection, application.application_id, summary, work.call.now)
    payload = {
        "round_number": str(summary.round_number),
        "round_id": summary.round_id,
        "consolidation": summary.consolidation,
    }
    changed = change(work, context, application, Action.CLOSE_CONSULTATION, payload=payload)
    return position_of(work, context, changed)


def _round(work: UnitOfWork, application: Application, round_number: int) -> ConsultationRound:
    for each in review_records.rounds(work.connection, application.application_id):
        if each.round_number == round_number:
            return each
    raise not_found("round", f"{application.id}/{round_number}")


def record_reminder(
    work: UnitOfWork,
    context: ApplicationContext,
    application_id: str,
    deadline_id: str,
    reminder_number: int,
) -> Position:
    """Records that a deadline was reminded of; only while it is open, and once per number."""
    application = load(work, application_id, lock=True)
    deadline = _deadline(work, application, deadline_id)
    key = application.application_id
    if deadlines.remind(work.connection, key, deadline.deadline_id, reminder_number):
        payload = {
            "deadline_id": deadline_id,
            "kind": deadline.kind,
            "holder": context.procedure_of(application).deadline(deadline.kind).holder.value,
            "reminder_number": str(reminder_number),
        }
        record(work, application, "remind", payload)
    return position_of(work, context, application)


def expire_deadline(
    work: UnitOfWork, context: ApplicationContext, application_id: str, deadline_id: str
) -> Position:
    """Lets a deadline pass, if it is still open and its time is over, with the effect its rule names.

    A person who decided before this commits was in time: nothing changes then.
    """
    application = load(work, application_id, lock=True)
    deadline = _deadline(work, application, deadline_id)
    key = application.application_id
    if not deadlines.expire(work.connection, key, deadline.deadline_id, work.call.now):
        return position_of(work, context, application)
    procedure = context.procedure_of(application)
    rule = procedure.deadline(deadline.kind)
    payload = {
        "deadline_id": deadline_id,
        "kind": deadline.kind,
        "holder": rule.holder.value,
        "effect": rule.on_expiry.value,
    }
    record(work, application, "expire_deadline", payload)
    match rule.on_expiry:
        case ExpiryEffect.ESCALATE:
            queue = f"province:{application.province}" if rule.holder is Holder.PROVINCE else "ministry"
            deadlines.escalate(
                work.connection, key, deadline.deadline_id, deadline.kind, queue, work.call.now
            )
            tell_queue(work, procedure, application)
        case ExpiryEffect.CLOSE_SUPPLEMENT_WINDOW:
            application = dataclasses.replace(
                application, supplement_window_closed=True, version=application.version + 1
            )
            applications.save(work.connection, application)
            tell_queue(work, procedure, application)
        case ExpiryEffect.DEEM_ACCEPTED:
            received_at = application.received_at or work.call.now
            application = change(
                work,
                context,
                application,
                Action.DEEM_ACCEPTED,
                payload={"accepted_as_of": received_at.isoformat()},
                periods_start=received_at,
            )
            notify_accepted(work, application)
        case ExpiryEffect.LAPSE:
            application = change(work, context, application, Action.LAPSE)
            notify(work, application, NoticeKind.LAPSE, sources=[rule.source])
        case _:
            assert_never(rule.on_expiry)
    return position_of(work, context, application)


def record_overdue_opinion(
    work: UnitOfWork, context: ApplicationContext, application_id: str, task_id: str, agency: str
) -> Position:
    """Escalates an opinion that is overdue to the ministry, once per task and only while it is waited for.

    Silence is never consent, and a mandatory opinion holds the case: somebody has to chase it or waive it.
    """
    application = load(work, application_id, lock=True)
    key = application.application_id
    awaited = application.state is ApplicationState.IN_CONSULTATION
    if awaited and deadlines.escalate_opinion(
        work.connection, key, uuid.UUID(task_id), agency, work.call.now
    ):
        record(work, application, "escalate_opinion", {"task_id": task_id, "agency": agency})
    return position_of(work, context, application)


def _deadline(work: UnitOfWork, application: Application, deadline_id: str) -> Deadline:
    for deadline in deadlines.of_application(work.connection, application.application_id):
        if str(deadline.deadline_id) == deadline_id:
            return deadline
    raise not_found("deadline", deadline_id)


def issue_licence(work: UnitOfWork, context: ApplicationContext, application_id: str) -> str:
    """Issues the licence of an approved application in this transaction; a repetition names the same one."""
    application = load(work, application_id, lock=True)
    if application.licence_number:
        return application.licence_number
    facts = issue_facts(work, application)
    require_allowed(work, application, Action.ISSUE_LICENCE, facts)
    key, number = application.application_id, application.submission_number
    submission = application_documents.find_submission(work.connection, key, number)
    check = review_records.find_check(work.connection, key, number)
    decision = review_records.last_decision(work.connection, key)
    if check is None or decision is None or decision.countersigned_at is None:
        raise failed_precondition("NO_PROPOSAL", id=application.id, state=application.state.value)
    decided_on = legal_day(decision.countersigned_at)
    assessed = counting_in(work, application, submission.dossier, assessments_of(work, application))
    grant = grant_of(application, submission.dossier, check.classifications, decision, decided_on, assessed)
    licence_number = licence_service.issue_licence(work, grant)
    licensed = dataclasses.replace(application, licence_number=licence_number)
    change(work, context, licensed, Action.ISSUE_LICENCE, facts, payload={"licence_number": licence_number})
    return licence_number


def list_open_subjects(
    work: UnitOfWork, size: int, page_token: str
) -> tuple[list[tuple[str, str, int]], str]:
    """Open applications, then licences that are live or not yet printed: kind, id and last sequence; and the token of the next page."""
    limit = page_size(size)
    position = decode_page_token(page_token, 2) or ("application", "")
    found: list[tuple[str, str, int]] = []
    if position[0] == "application":
        found += [
            ("application", *entry) for entry in open_applications(work.connection, position[1], limit + 1)
        ]
        position = ("licence", "")
    if len(found) <= limit:
        found += [
            ("licence", *entry)
            for entry in open_licences(work.connection, position[1], limit + 1 - len(found))
        ]
    if len(found) <= limit:
        return found, ""
    return found[:limit], encode_page_token(*found[limit - 1][:2])
