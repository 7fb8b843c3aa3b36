"""Writes the notifications that follow from an event, in the transaction of the event."""

import uuid
from collections.abc import Mapping

from services.foundation.clock import legal_day
from services.foundation.database import UnitOfWork
from services.licensing.domain.application import Application
from services.licensing.domain.licence_state import LicenceAction
from services.licensing.domain.notifications import (
    Audience,
    Told,
    audience_of,
    told_of_application,
    told_of_licence,
    told_of_rescreening,
)
from services.licensing.store import licence_store, notifications


def tell_of_application(
    work: UnitOfWork, application: Application, event: str, payload: Mapping[str, object]
) -> None:
    """Tells those whom an event of an application concerns. The application is as the event leaves it."""
    told = told_of_application(application, event, payload, work.call.principal.subject)
    if told is not None:
        _tell(work, told, application.application_id, application.number or "", application.licence_number)


def tell_of_licence(work: UnitOfWork, number: str, action: LicenceAction) -> None:
    """Tells those whom a change of a licence concerns."""
    row = licence_store.read_licence(work.connection, work.call.principal, number)
    if row is None:
        raise LookupError(f"{number} is changed by somebody who may not see it")
    for told in told_of_licence(row.unified_social_credit_code, action):
        _tell(work, told, uuid.UUID(row.application_id), row.application_number, number)


def tell_of_rescreening(
    work: UnitOfWork, application: Application, suspended: bool, cause: str, cause_version: str
) -> None:
    """Tells the authority of a later screening of an application or of its licence, and what brought it about."""
    for told in told_of_rescreening(application, suspended, cause, cause_version):
        _tell(work, told, application.application_id, application.number or "", application.licence_number)


def _tell(
    work: UnitOfWork, told: Told, application_id: uuid.UUID, application_number: str, licence_number: str
) -> None:
    of_authority = audience_of(told.kind) is Audience.AUTHORITY
    notifications.add(
        work.connection,
        told,
        work.call.principal.subject if of_authority else "",
        application_id,
        application_number,
        licence_number,
        work.call.now,
        legal_day(work.call.now),
    )
