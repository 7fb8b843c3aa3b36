"""Subjects whose procedure runs, with the last sequence of their events: what reconciliation walks over."""

import uuid
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Text, cast, func, or_, select

from services.licensing.domain.application_state import CONCLUDED
from services.licensing.domain.authority import ADD_NOTE, ASSIGN
from services.licensing.domain.expert_opinion import ASK_EXPERT, SUBMIT_EXPERT_OPINION
from services.licensing.domain.licence_state import LicenceState
from services.licensing.domain.waiting import WAIT
from services.licensing.store.application_tables import application
from services.licensing.store.licence_tables import licence
from services.licensing.store.metadata import ledger

_LIVE = (LicenceState.ISSUED, LicenceState.ACTIVE, LicenceState.SUSPENDED)
_NOT_FOR_PROCEDURE = (WAIT, ASSIGN, ADD_NOTE, ASK_EXPERT, SUBMIT_EXPERT_OPINION)


def open_applications(connection: Connection, after: str, limit: int) -> list[tuple[str, int]]:
    """Ids of the submitted applications that are not concluded, in order."""
    query: Select[Any] = (
        select(application.c.application_id, _last("application", cast(application.c.application_id, Text)))
        .where(application.c.submitted_at.is_not(None), application.c.state.not_in(CONCLUDED))
        .order_by(application.c.application_id)
        .limit(limit)
    )
    if after:
        query = query.where(application.c.application_id > uuid.UUID(after))
    return [(str(key), sequence) for key, sequence in connection.execute(query)]


def open_licences(connection: Connection, after: str, limit: int) -> list[tuple[str, int]]:
    """Numbers of the licences that may still change or wait for their document, in order."""
    query: Select[Any] = (
        select(licence.c.number, _last("licence", licence.c.number))
        .where(or_(licence.c.state.in_(_LIVE), licence.c.document_sha256.is_(None)), licence.c.number > after)
        .order_by(licence.c.number)
        .limit(limit)
    )
    return [(number, sequence) for number, sequence in connection.execute(query)]


def _last(kind: str, identifier: ColumnElement[str]) -> ColumnElement[int]:
    """The last event that the procedure has to know of. That it waits, it has said itself: to be woken for that
    every minute would fill the history of a case for as long as a service is away. What officers do among
    themselves is not its business.
    """
    events = ledger.audit_event
    return (
        select(func.coalesce(func.max(events.c.subject_sequence), 0))
        .where(
            events.c.subject_type == kind,
            events.c.subject_id == identifier,
            events.c.action.not_in(_NOT_FOR_PROCEDURE),
        )
        .scalar_subquery()
    )
