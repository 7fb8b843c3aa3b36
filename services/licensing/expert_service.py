"""Asking experts, and their opinions, while the review limit is stopped for it (两用物项出口管制条例 Art. 17(3)).

Neither changes the case: its etag stays, the procedure is not woken, and nobody is notified. The review limit runs
on when the officer ends the exclusion, whether every opinion is in or not. The record holds ids alone.
"""

import dataclasses
import uuid

from services.foundation.database import UnitOfWork
from services.foundation.errors import failed_precondition, invalid_field, not_found
from services.licensing.application_context import ApplicationContext
from services.licensing.case_change import load, subject_of
from services.licensing.case_views import CaseView, case_of
from services.licensing.domain.application import Application
from services.licensing.domain.expert_opinion import (
    ASK_EXPERT,
    SUBMIT_EXPERT_OPINION,
    Expert,
    ExpertRequest,
)
from services.licensing.store import applications, expert_requests


def list_experts(work: UnitOfWork) -> list[Expert]:
    """The experts who have signed in."""
    return expert_requests.experts(work.connection)


def ask(
    work: UnitOfWork, context: ApplicationContext, application_id: str, expert_subject: str, question: str
) -> CaseView:
    """Asks an expert, who can read the case from then on.

    Errors: FAILED_PRECONDITION where the review limit is not stopped for expert opinion, or this expert was asked
    since it is; INVALID_ARGUMENT where no such expert has signed in.
    """
    application = load(work, application_id, lock=True)
    key = application.application_id
    exclusion_id = expert_requests.open_exclusion(work.connection, key)
    if exclusion_id is None:
        raise failed_precondition("NO_EXPERT_OPINION_UNDER_WAY", id=application.id)
    if all(known.subject != expert_subject for known in expert_requests.experts(work.connection)):
        raise invalid_field("expert_subject", "EXPERT_UNKNOWN", subject=expert_subject)
    for earlier in expert_requests.of_application(work.connection, key):
        if (earlier.exclusion_id, earlier.expert_subject) == (exclusion_id, expert_subject):
            raise failed_precondition("EXPERT_ASKED_BEFORE", id=application.id)
    asked = ExpertRequest(
        uuid.uuid4(), exclusion_id, expert_subject, work.call.principal.subject, work.call.now, question
    )
    if expert_subject not in application.asked_experts:
        # Who may read the case; its version, which acts rest on, stays.
        application = dataclasses.replace(
            application, asked_experts=(*application.asked_experts, expert_subject)
        )
        applications.save(work.connection, application)
    expert_requests.add(work.connection, key, asked)
    _record(work, application, ASK_EXPERT, asked)
    return case_of(work, context, application)


def submit_opinion(
    work: UnitOfWork,
    context: ApplicationContext,
    application_id: str,
    expert_request_id: str,
    opinion: str,
    *,
    declares_no_conflict: bool,
) -> CaseView:
    """Records the opinion of the expert who was asked, once.

    Errors: NOT_FOUND for everybody else; INVALID_ARGUMENT without the declaration; FAILED_PRECONDITION where the
    opinion was given before, or the review limit is no longer stopped for it.
    """
    application = load(work, application_id, lock=True)
    requests = expert_requests.of_application(work.connection, application.application_id)
    asked = next((each for each in requests if str(each.expert_request_id) == expert_request_id), None)
    if asked is None or asked.expert_subject != work.call.principal.subject:
        raise not_found("expert_request", expert_request_id)
    if not declares_no_conflict:
        raise invalid_field("declares_no_conflict_of_interest", "NO_CONFLICT_NOT_DECLARED")
    if asked.answered_at is not None:
        raise failed_precondition("EXPERT_ANSWERED_BEFORE", id=application.id)
    if not asked.answerable:
        raise failed_precondition("NO_EXPERT_OPINION_UNDER_WAY", id=application.id)
    expert_requests.answer(work.connection, asked.expert_request_id, opinion, work.call.now)
    _record(work, application, SUBMIT_EXPERT_OPINION, asked)
    return case_of(work, context, application)


def _record(work: UnitOfWork, application: Application, action: str, asked: ExpertRequest) -> None:
    references = {"expert_request_id": str(asked.expert_request_id), "exclusion_id": str(asked.exclusion_id)}
    work.record(subject_of(application), action, {**references, "state": application.state.value})
