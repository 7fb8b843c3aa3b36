"""What a later screening of an application or a licence brings about, as the procedure records it."""

import dataclasses
import uuid
from datetime import datetime
from typing import Final

from services.foundation.database import UnitOfWork
from services.foundation.errors import failed_precondition
from services.licensing import licence_service
from services.licensing.application_context import ApplicationContext
from services.licensing.case_change import deadline_times, load, record, subject_of, tell_queue
from services.licensing.domain.application import Application
from services.licensing.domain.application_state import CONCLUDED, ApplicationState
from services.licensing.domain.case_parts import Rescreening
from services.licensing.domain.deadlines import change_of_limits
from services.licensing.domain.findings import ScreeningSummary, ScreeningVerdict
from services.licensing.domain.rescreening_effects import RESCREEN, LicenceEffect, effect_of
from services.licensing.domain.review_clock import accepted_as_of
from services.licensing.notification_writing import tell_of_rescreening
from services.licensing.reference_files import rescreening_effects
from services.licensing.store import applications, deadlines, rescreenings, review_records

# What people decide on here rests on the screening: they have to read it anew before they act.
_DECIDED_BY_PEOPLE: Final = (
    ApplicationState.PROVINCIAL_REVIEW,
    ApplicationState.MINISTRY_INTAKE,
    ApplicationState.ACCEPTED,
    ApplicationState.IN_CONSULTATION,
    ApplicationState.READY_FOR_PROPOSAL,
    ApplicationState.PROPOSED,
    ApplicationState.APPROVED,
)


def record_rescreening(
    work: UnitOfWork, context: ApplicationContext, application_id: str, rescreening: Rescreening
) -> bool:
    """Records a later screening once; returns whether the application or its licence is still concerned.

    The one screened last counts. A result on an earlier submission changes nothing. Errors: FAILED_PRECONDITION
    CHECKS_OUTSTANDING while the checks of the submission are not recorded: it is to be told again afterwards.
    """
    application = load(work, application_id, lock=True)
    connection, key = work.connection, application.application_id
    if rescreenings.is_recorded(connection, uuid.UUID(rescreening.screening.screening_id)) or (
        rescreening.submission_number != application.submission_number
    ):
        return _is_concerned(work, application)
    check = review_records.find_check(connection, key, application.submission_number)
    if check is None:
        raise failed_precondition("CHECKS_OUTSTANDING", id=application.id, state=application.state.value)
    before = check.screening
    rescreenings.add(connection, key, rescreening)
    newest = rescreenings.newest(connection, [(key, application.submission_number)])[key].screening
    if application.state in _DECIDED_BY_PEOPLE:
        application = dataclasses.replace(application, version=application.version + 1)
        applications.save(connection, application)
    payload = {
        "submission_number": rescreening.submission_number,
        "screening_id": rescreening.screening.screening_id,
        "verdict": newest.verdict.value,
        "open_hits": str(newest.open_hits),
        "cause": rescreening.cause,
        "cause_version": rescreening.cause_version,
    }
    record(work, application, RESCREEN, payload)
    _change_limits(work, context, application, before.verdict, newest.verdict)
    suspended = _follow_in_licence(work, application, newest, rescreening)
    if _is_concerned(work, application):
        tell_of_rescreening(work, application, suspended, rescreening.cause, rescreening.cause_version)
        return True
    return False


def _is_concerned(work: UnitOfWork, application: Application) -> bool:
    if application.licence_number:
        return licence_service.is_live(work, application.licence_number)
    return application.state not in CONCLUDED


def _change_limits(
    work: UnitOfWork,
    context: ApplicationContext,
    application: Application,
    before: ScreeningVerdict,
    now: ScreeningVerdict,
) -> None:
    """Ends the limits that do not bind under the new verdict, and lets those run that do, from the acceptance."""
    procedure = context.procedure_of(application)
    moved = change_of_limits(procedure, application.state, before, now)
    if not (moved.met or moved.opened):
        return
    deadlines.meet(work.connection, application.application_id, moved.met, work.call.now)
    started_at: datetime = accepted_as_of(work.events(subject_of(application))) or work.call.now
    for kind in moved.opened:
        computed = deadline_times(work, context, application, procedure.deadline(kind), started_at)
        deadlines.open_deadline(work.connection, application.application_id, kind, started_at, computed)
    tell_queue(work, procedure, application)


def _follow_in_licence(
    work: UnitOfWork, application: Application, screening: ScreeningSummary, rescreening: Rescreening
) -> bool:
    """What the screening entails for the licence in use, if there is one; returns whether it was suspended."""
    if not application.licence_number:
        return False
    if effect_of(rescreening_effects(), screening) is not LicenceEffect.SUSPEND:
        return False
    return licence_service.suspend_by_screening(
        work,
        application.licence_number,
        screening_id=screening.screening_id,
        cause=rescreening.cause,
        cause_version=rescreening.cause_version,
    )
