"""What the procedure reads of an application: where it stands, from the record alone."""

from services.foundation.database import UnitOfWork
from services.foundation.errors import XukeError
from services.licensing.application_context import ApplicationContext
from services.licensing.case_change import subject_of
from services.licensing.domain.application import Application
from services.licensing.domain.application_state import Action, ApplicationState, Facts, transition
from services.licensing.domain.case_parts import Deadline
from services.licensing.domain.deadlines import DeadlineState, opinion_due_at
from services.licensing.domain.findings import ScreeningVerdict
from services.licensing.domain.position import AgencyTask, ConsultationPlan, Position, next_recheck
from services.licensing.domain.procedure import DeadlineRule, Procedure
from services.licensing.store import deadlines, review_records


def position_of(
    work: UnitOfWork, context: ApplicationContext, application: Application, after_sequence: int = 0
) -> Position:
    """The position with the events after a sequence: open deadlines, the round in hand, when to ask again."""
    procedure = context.procedure_of(application)
    events = work.events(subject_of(application))
    open_ones: list[tuple[Deadline, DeadlineRule]] = [
        (deadline, procedure.deadline(deadline.kind))
        for deadline in deadlines.of_application(work.connection, application.application_id)
        if deadline.state is DeadlineState.OPEN
    ]
    plan = _consultation(work, context, application, procedure)
    unnamed = any(deadline.due_at is None for deadline, _ in open_ones) or (
        plan is not None and any(task.due_at is None for task in plan.agencies)
    )
    return Position(
        application=application,
        sequence=events[-1].sequence,
        events=tuple(event for event in events if event.sequence > after_sequence),
        deadlines=tuple(open_ones),
        consultation=plan,
        recheck_at=next_recheck(work.call.now) if unnamed else None,
        issue_held_because=_issue_held_because(work, application),
    )


def issue_facts(work: UnitOfWork, application: Application) -> Facts:
    """What the transition table asks about the licence of an approved application: the newest screening."""
    key, number = application.application_id, application.submission_number
    check = review_records.find_check(work.connection, key, number)
    if check is None:
        return Facts()
    prohibits = check.screening.verdict is ScreeningVerdict.PROHIBITED
    return Facts(open_hits=check.screening.open_hits, screening_prohibits=prohibits)


def _issue_held_because(work: UnitOfWork, application: Application) -> str:
    if application.state is not ApplicationState.APPROVED:
        return ""
    facts = issue_facts(work, application)
    try:
        transition(application.id, application.state, Action.ISSUE_LICENCE, work.call.principal.role, facts)
    except XukeError as error:
        return error.reason
    return ""


def _consultation(
    work: UnitOfWork, context: ApplicationContext, application: Application, procedure: Procedure
) -> ConsultationPlan | None:
    """The plan of the round in hand. An application that was withdrawn in its course keeps it, so that the
    procedure can let the agencies go.
    """
    if application.state not in (ApplicationState.IN_CONSULTATION, ApplicationState.WITHDRAWN):
        return None
    found = review_records.rounds(work.connection, application.application_id)
    if not found or found[-1].closed_at is not None:
        return None
    current = found[-1]
    due_at = opinion_due_at(
        procedure.agency_opinion_working_days, current.started_at, work.call.now, context.calendar
    )
    return ConsultationPlan(
        current.round_number,
        tuple(AgencyTask(each.agency, each.mandatory, each.reason, due_at) for each in current.agencies),
        current.round_id,
    )
