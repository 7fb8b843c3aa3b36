"""The work queue: what it is searched and sorted by, and the queries on it. No query reads a dossier."""

import json
import uuid
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Row,
    and_,
    bindparam,
    false,
    func,
    literal,
    literal_column,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import DateTime, Text, Uuid

from services.foundation.ledger import canonical_json
from services.foundation.messages import LocalizedText
from services.foundation.principal import Principal, Role
from services.licensing.domain.application_state import ApplicationState
from services.licensing.domain.authority import authority_of
from services.licensing.domain.case_queue import (
    AssignmentFilter,
    CaseFilters,
    QueueLine,
    QueuePosition,
    StateTally,
)
from services.licensing.domain.dossier import Dossier
from services.licensing.domain.search import ITEMS_SHOWN
from services.licensing.store.application_tables import application, assignment

# A deadline without a day comes after all others.
_NO_DAY: ColumnElement[datetime] = literal_column("'infinity'::timestamptz", DateTime(timezone=True))
_DUE = func.coalesce(application.c.due_at, _NO_DAY)

# Of each kind the last deadline counts, if it is open, or has passed and the case still is where it ran.
_NEAREST = text(
    """
    UPDATE application SET (due_at, due_kind) = (
        SELECT min(due_at), coalesce((array_agg(kind ORDER BY due_at, kind))[1], '') FROM (
            SELECT DISTINCT ON (kind) kind, state, due_at FROM deadline
            WHERE application_id = :application_id ORDER BY kind, started_at DESC
        ) AS last_of_kind
        WHERE state = 'OPEN' OR (state = 'EXPIRED' AND kind = ANY (:still_owed))
    )
    WHERE application_id = :application_id
    """
).bindparams(bindparam("application_id", type_=Uuid), bindparam("still_owed", type_=ARRAY(Text)))


def set_nearest_deadline(
    connection: Connection, application_id: uuid.UUID, still_owed: Collection[str]
) -> None:
    """Stores the nearest deadline of a case, whose row the caller has locked, after its deadlines changed.

    `still_owed` are kinds whose passing did not settle what they were for, in the state that the case is in.
    """
    connection.execute(_NEAREST, {"application_id": application_id, "still_owed": list(still_owed)})


def set_submitted_contents(
    connection: Connection, application_id: uuid.UUID, searched: str, dossier: Dossier
) -> None:
    """Stores what officers find a case by, and the items that its line names."""
    items = [[item.name_zh, item.name_en] for item in dossier.items[:ITEMS_SHOWN]]
    connection.execute(
        update(application)
        .where(application.c.application_id == application_id)
        .values(submitted_search_text=searched, submitted_items=canonical_json(items))
    )


def page(
    connection: Connection,
    principal: Principal,
    filters: CaseFilters,
    now: datetime,
    after: QueuePosition | None,
    limit: int,
) -> list[QueueLine]:
    """Lines of the queue in order: passed and nearest deadlines first, then the oldest submission."""
    head, desk = application.c, assignment.c
    place = tuple_(_DUE, head.submitted_at, head.application_id)
    query = (
        select(
            head.application_id,
            head.number,
            head.state,
            head.applicant_name,
            head.province,
            head.destination,
            head.submitted_at,
            head.due_at,
            head.due_kind,
            head.submitted_items,
            desk.subject,
            desk.name_zh,
            desk.name_en,
        )
        .select_from(_with_desks(principal))
        .where(*_conditions(principal, filters, now))
        .order_by(_DUE, head.submitted_at, head.application_id)
        .limit(limit)
    )
    if filters.states:
        query = query.where(head.state.in_(filters.states))
    if after is not None:
        due = _NO_DAY if after.due_at is None else literal(after.due_at)
        query = query.where(place > tuple_(due, literal(after.submitted_at), literal(after.application_id)))
    return [_line(row, now) for row in connection.execute(query)]


def tallies(
    connection: Connection, principal: Principal, filters: CaseFilters, now: datetime
) -> dict[ApplicationState, StateTally]:
    """How many cases are in each state, under every filter but that of states."""
    passed = func.count().filter(application.c.due_at <= now)
    query = (
        select(application.c.state, func.count(), passed)
        .select_from(_with_desks(principal) if filters.assignment is AssignmentFilter.MINE else application)
        .where(*_conditions(principal, filters, now))
        .group_by(application.c.state)
    )
    return {
        ApplicationState(state): StateTally(cases, overdue)
        for state, cases, overdue in connection.execute(query)
    }


def _with_desks(principal: Principal) -> FromClause:
    """Cases with whom the caller's authority has given them to; people outside see no desks."""
    authority = authority_of(principal.role)
    on_desk = (
        false()
        if authority is None
        else and_(
            assignment.c.application_id == application.c.application_id,
            assignment.c.authority == authority.value,
        )
    )
    return application.outerjoin(assignment, on_desk)


def _conditions(principal: Principal, filters: CaseFilters, now: datetime) -> list[ColumnElement[bool]]:
    head, authority = application.c, authority_of(principal.role)
    conditions: list[ColumnElement[bool]] = [head.submitted_at.is_not(None)]
    if principal.role is Role.PROVINCIAL_OFFICER:
        conditions.append(head.province == principal.province)
    if principal.role is Role.AGENCY_REVIEWER:
        conditions.append(head.consulted_agencies.contains([principal.agency]))
    if principal.role is Role.EXPERT:
        conditions.append(head.asked_experts.contains([principal.subject]))
    if filters.application_ids:
        conditions.append(head.application_id.in_(filters.application_ids))
    for column, wanted in (
        (head.number, filters.number),
        (head.province, filters.province),
        (head.destination, filters.destination),
    ):
        if wanted:
            conditions.append(column == wanted)
    if filters.searched:
        # A plain search for the text: no character of it means anything else.
        conditions.append(func.strpos(head.submitted_search_text, filters.searched) > 0)
    if filters.overdue:
        conditions.append(head.due_at <= now)
    match filters.assignment:
        case AssignmentFilter.MINE:
            conditions.append(assignment.c.subject == principal.subject)
        case AssignmentFilter.NOBODYS:
            if authority is not None:
                given = select(assignment.c.application_id).where(assignment.c.authority == authority.value)
                conditions.append(head.application_id.not_in(given))
        case AssignmentFilter.UNSPECIFIED:
            pass
    return conditions


def _line(row: Row[*tuple[Any, ...]], now: datetime) -> QueueLine:
    due_at = row.due_at.astimezone(UTC) if row.due_at else None
    return QueueLine(
        application_id=row.application_id,
        number=row.number,
        state=ApplicationState(row.state),
        applicant_name=row.applicant_name,
        province=row.province,
        destination=row.destination,
        submitted_at=row.submitted_at.astimezone(UTC),
        due_at=due_at,
        due_kind=row.due_kind,
        overdue=due_at is not None and due_at <= now,
        assigned_to=row.subject or "",
        assigned_name=LocalizedText(row.name_zh or "", row.name_en or ""),
        items=tuple(LocalizedText(zh, en) for zh, en in json.loads(row.submitted_items)),
    )
