"""What officers of one authority do among themselves: give cases to one another, and leave notes.

Neither changes the case: its etag stays, the procedure is not woken, and the applicant is told nothing. Who has
a case is part of the record, the words of a note are not.
"""

import uuid
from collections.abc import Mapping

from services.foundation.database import UnitOfWork
from services.foundation.errors import ErrorCode, XukeError, invalid_field, permission_denied
from services.foundation.messages import LocalizedText
from services.licensing.application_context import ApplicationContext
from services.licensing.case_change import load, subject_of
from services.licensing.case_views import CaseView, case_of
from services.licensing.domain.application import Application
from services.licensing.domain.authority import (
    ADD_NOTE,
    ASSIGN,
    Assignment,
    Authority,
    Note,
    Officer,
    authority_of,
)
from services.licensing.notification_writing import tell_of_application
from services.licensing.store import desks


def list_assignees(work: UnitOfWork) -> list[Officer]:
    """Officers of the caller's own authority who have signed in, with their open cases."""
    return desks.officers(work.connection, _authority(work), work.call.principal)


def assign(
    work: UnitOfWork,
    context: ApplicationContext,
    application_id: str,
    seen_assigned_to: str,
    assign_to: str,
) -> CaseView:
    """Gives a case to an officer of the caller's own authority, or to nobody.

    Errors: ABORTED where somebody else gave it away since the caller looked; INVALID_ARGUMENT where the
    authority has no such officer who has signed in.
    """
    application = load(work, application_id, lock=True)
    authority, key = _authority(work), application.application_id
    holder = next(
        (each.subject for each in desks.assignments(work.connection, key) if each.authority is authority), ""
    )
    if holder != seen_assigned_to:
        raise XukeError(ErrorCode.ABORTED, "ASSIGNMENT_CHANGED", {"id": application.id})
    if assign_to == holder:
        return case_of(work, context, application)
    if assign_to:
        given = Assignment(
            authority,
            assign_to,
            _name(work, authority, assign_to),
            work.call.now,
            work.call.principal.subject,
        )
        desks.assign(work.connection, key, given)
    else:
        desks.take_away(work.connection, key, authority)
    _record(work, application, ASSIGN, {"authority": authority.value, "from": holder, "to": assign_to})
    return case_of(work, context, application)


def add_note(work: UnitOfWork, context: ApplicationContext, application_id: str, text: str) -> CaseView:
    """Adds a note that the caller's authority reads, and the ministry where a province wrote it."""
    application = load(work, application_id, lock=True)
    authority, author = _authority(work), work.call.principal.subject
    added = Note(uuid.uuid4(), authority, author, _name(work, authority, author), work.call.now, text)
    desks.add_note(work.connection, application.application_id, added)
    _record(work, application, ADD_NOTE, {"authority": authority.value, "note_id": str(added.note_id)})
    return case_of(work, context, application)


def _authority(work: UnitOfWork) -> Authority:
    """The authority whom the caller works for; nobody else is admitted to these methods."""
    principal = work.call.principal
    authority = authority_of(principal.role)
    if authority is None:
        raise permission_denied("ROLE_NOT_ALLOWED", role=principal.role.value)
    return authority


def _name(work: UnitOfWork, authority: Authority, subject: str) -> LocalizedText:
    """The name of an officer as known from the sign-in, or of the caller as the token says."""
    principal = work.call.principal
    known = desks.name_of(work.connection, authority, principal, subject)
    if known is not None:
        return known
    if subject != principal.subject:
        raise invalid_field("assign_to", "OFFICER_UNKNOWN", subject=subject)
    return LocalizedText(principal.name, principal.name)


def _record(work: UnitOfWork, application: Application, action: str, references: Mapping[str, str]) -> None:
    work.record(subject_of(application), action, {**references, "state": application.state.value})
    tell_of_application(work, application, action, references)
