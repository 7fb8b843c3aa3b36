"""The one way an application changes: the transition table, its deadlines, its notices and its event."""

import dataclasses
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from services.foundation.database import UnitOfWork
from services.foundation.errors import not_found, stale_etag
from services.foundation.ledger import Kick, Subject
from services.foundation.legal_clock import Exclusion
from services.foundation.messages import render
from services.licensing.application_context import ApplicationContext
from services.licensing.domain.application import Application, may_see
from services.licensing.domain.application_state import Action, Facts, transition
from services.licensing.domain.case_parts import Notice
from services.licensing.domain.deadlines import DeadlineState, Times, movement, times
from services.licensing.domain.findings import Deficiency, LegalSource, NoticeKind, ScreeningVerdict
from services.licensing.domain.procedure import DeadlineRule, Procedure, still_owed
from services.licensing.domain.review_clock import exclusions_of
from services.licensing.notification_writing import tell_of_application
from services.licensing.reference_files import notice_sources
from services.licensing.store import applications, case_queue, deadlines, review_records

_NOTHING: Mapping[str, object] = {}
_NO_FACTS = Facts()


def subject_of(application: Application) -> Subject:
    """The subject of the application's events."""
    return Subject("application", application.id)


def load(work: UnitOfWork, application_id: str, *, lock: bool = False) -> Application:
    """The application. Errors: NOT_FOUND where there is none, or the caller may not know of it."""
    found = applications.find(work.connection, uuid.UUID(application_id), lock=lock)
    if found is None or not may_see(work.call.principal, found):
        raise not_found("application", application_id)
    return found


def load_for_change(work: UnitOfWork, application_id: str, etag: str) -> Application:
    """The application, locked until the commit. Errors: NOT_FOUND; ABORTED where the etag is stale."""
    application = load(work, application_id, lock=True)
    if application.etag != etag:
        raise stale_etag("application", application_id)
    return application


def record(
    work: UnitOfWork, application: Application, action: str, payload: Mapping[str, object] = _NOTHING
) -> None:
    """Appends an event and tells whom it concerns; wakes the procedure unless it is still a draft."""
    kick = Kick("ApplicationWorkflow", f"application/{application.id}", "licensing")
    work.record(
        subject_of(application),
        action,
        {**payload, "state": application.state.value},
        kick if application.submitted_at is not None else None,
    )
    tell_of_application(work, application, action, payload)


def require_allowed(
    work: UnitOfWork, application: Application, action: Action, facts: Facts = _NO_FACTS
) -> None:
    """Raises what the transition table has to say against an action, before work is done for it."""
    transition(application.id, application.state, action, work.call.principal.role, facts)


def change(
    work: UnitOfWork,
    context: ApplicationContext,
    changed: Application,
    action: Action,
    facts: Facts = _NO_FACTS,
    *,
    payload: Mapping[str, object] = _NOTHING,
    periods_start: datetime | None = None,
) -> Application:
    """Takes an action on an application whose other fields the caller has set.

    Stores it with the state that the table gives and the next version, closes and opens deadlines (which
    begin at `periods_start`, or now), and appends the event. Errors: FAILED_PRECONDITION, see `transition`.
    """
    before = changed.state
    state = transition(changed.id, before, action, work.call.principal.role, facts)
    after = dataclasses.replace(changed, state=state, version=changed.version + 1)
    applications.save(work.connection, after)
    record(work, after, action.value, payload)
    if after.submitted_at is not None:
        procedure = context.procedure_of(after)
        moved = movement(procedure, before, state, verdict_of(work, after))
        deadlines.meet(work.connection, after.application_id, moved.met, work.call.now)
        started_at = periods_start or work.call.now
        for kind in moved.opened:
            computed = deadline_times(work, context, after, procedure.deadline(kind), started_at)
            deadlines.open_deadline(work.connection, after.application_id, kind, started_at, computed)
        if action in (Action.START_EXCLUSION, Action.END_EXCLUSION):
            refresh_deadlines(work, context, after)
        elif moved.met or moved.opened:
            tell_queue(work, procedure, after)
    return after


def tell_queue(work: UnitOfWork, procedure: Procedure, application: Application) -> None:
    """Sorts the case into the work queue by its deadlines as they are now."""
    owed = still_owed(procedure, application.state)
    case_queue.set_nearest_deadline(work.connection, application.application_id, owed)


def verdict_of(work: UnitOfWork, application: Application) -> ScreeningVerdict | None:
    """The screening verdict on the submission that is being handled; None while its checks wait."""
    check = review_records.find_check(
        work.connection, application.application_id, application.submission_number
    )
    return None if check is None else check.screening.verdict


def deadline_times(
    work: UnitOfWork,
    context: ApplicationContext,
    application: Application,
    rule: DeadlineRule,
    started_at: datetime,
) -> Times:
    """The instants of a deadline from the events so far."""
    exclusions: tuple[Exclusion, ...] = ()
    if rule.exclusions_pause:
        exclusions = tuple(exclusions_of(work.events(subject_of(application))).values())
    return times(rule, started_at, exclusions, work.call.now, context.calendar)


def refresh_deadlines(work: UnitOfWork, context: ApplicationContext, application: Application) -> None:
    """Computes the open deadlines again: exclusions may have begun or ended, a calendar been published."""
    procedure = context.procedure_of(application)
    moved = False
    for deadline in deadlines.of_application(work.connection, application.application_id):
        if deadline.state is DeadlineState.OPEN:
            computed = deadline_times(
                work, context, application, procedure.deadline(deadline.kind), deadline.started_at
            )
            if (computed.due_at, computed.reminders_at) != (deadline.due_at, deadline.reminders_at):
                deadlines.set_times(work.connection, deadline.deadline_id, computed)
                moved = True
    if moved:
        tell_queue(work, procedure, application)


def notify(
    work: UnitOfWork,
    application: Application,
    kind: NoticeKind,
    values: Mapping[str, str] | None = None,
    deficiencies: Sequence[Deficiency] = (),
    sources: Sequence[LegalSource] = (),
) -> str:
    """Issues a notice to the applicant in both languages; returns its id.

    It cites the sources of its kind (see `notice_sources`) and then those given.
    """
    notice_id = uuid.uuid4()
    review_records.add_notice(
        work.connection,
        application.application_id,
        Notice(
            notice_id,
            kind,
            work.call.now,
            render(f"NOTICE_{kind}", {"number": application.number or "", **(values or {})}),
            tuple(deficiencies),
            (*notice_sources().get(kind, ()), *sources),
        ),
    )
    return str(notice_id)
