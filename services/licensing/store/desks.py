"""Queries on whom cases are given to, on the officers who can be given some, and on notes for colleagues."""

import uuid
from datetime import UTC
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, delete, func, insert, select
from sqlalchemy.dialects import postgresql

from services.foundation.messages import LocalizedText
from services.foundation.principal import Principal
from services.licensing.domain.authority import (
    Assignment,
    Authority,
    Note,
    Officer,
    open_states,
    roles_of,
)
from services.licensing.store.application_tables import application, assignment, note
from services.licensing.store.person_tables import person


def assignments(connection: Connection, application_id: uuid.UUID) -> list[Assignment]:
    """Whom a case is given to, by authority, as far as the caller may read it; the province first."""
    rows = connection.execute(
        select(assignment)
        .where(assignment.c.application_id == application_id)
        .order_by(assignment.c.authority.desc())
    )
    return [
        Assignment(
            Authority(row.authority),
            row.subject,
            LocalizedText(row.name_zh, row.name_en),
            row.assigned_at.astimezone(UTC),
            row.assigned_by,
        )
        for row in rows
    ]


def assign(connection: Connection, application_id: uuid.UUID, given: Assignment) -> None:
    """Gives a case, whose row the caller has locked, to an officer in place of whoever has it."""
    values = {
        "subject": given.subject,
        "name_zh": given.name.zh,
        "name_en": given.name.en,
        "assigned_at": given.assigned_at,
        "assigned_by": given.assigned_by,
    }
    connection.execute(
        postgresql.insert(assignment)
        .values(application_id=application_id, authority=given.authority, **values)
        .on_conflict_do_update(index_elements=["application_id", "authority"], set_=values)
    )


def take_away(connection: Connection, application_id: uuid.UUID, authority: Authority) -> None:
    """Gives a case to nobody."""
    connection.execute(
        delete(assignment).where(
            assignment.c.application_id == application_id, assignment.c.authority == authority
        )
    )


def officers(connection: Connection, authority: Authority, principal: Principal) -> list[Officer]:
    """The officers of the caller's own authority who have signed in, by name."""
    open_cases = (
        select(func.count())
        .select_from(
            assignment.join(application, application.c.application_id == assignment.c.application_id)
        )
        .where(
            assignment.c.authority == authority,
            assignment.c.subject == person.c.subject,
            application.c.state.in_(open_states(authority)),
        )
        .scalar_subquery()
    )
    query: Select[Any] = (
        select(person.c.subject, person.c.name_zh, person.c.name_en, open_cases.label("open_cases"))
        .where(*_of_authority(authority, principal))
        .order_by(person.c.name_zh, person.c.subject)
    )
    return [
        Officer(row.subject, LocalizedText(row.name_zh, row.name_en), row.open_cases)
        for row in connection.execute(query)
    ]


def name_of(
    connection: Connection, authority: Authority, principal: Principal, subject: str
) -> LocalizedText | None:
    """The name of an officer of the caller's own authority; None where nobody such has signed in."""
    row = connection.execute(
        select(person.c.name_zh, person.c.name_en).where(
            person.c.subject == subject, *_of_authority(authority, principal)
        )
    ).first()
    return None if row is None else LocalizedText(row.name_zh, row.name_en)


def _of_authority(authority: Authority, principal: Principal) -> list[ColumnElement[bool]]:
    same: list[ColumnElement[bool]] = [person.c.role.in_([role.value for role in roles_of(authority)])]
    if authority is Authority.PROVINCE:
        same.append(person.c.province == principal.province)
    return same


def add_note(connection: Connection, application_id: uuid.UUID, added: Note) -> None:
    """Stores a note; it is never changed."""
    connection.execute(
        insert(note).values(
            note_id=added.note_id,
            application_id=application_id,
            authority=added.authority,
            author=added.author,
            author_name_zh=added.author_name.zh,
            author_name_en=added.author_name.en,
            written_at=added.written_at,
            body=added.text,
        )
    )


def notes(connection: Connection, application_id: uuid.UUID) -> list[Note]:
    """Notes on a case that the caller may read, oldest first."""
    rows = connection.execute(
        select(note).where(note.c.application_id == application_id).order_by(note.c.serial)
    )
    return [
        Note(
            row.note_id,
            Authority(row.authority),
            row.author,
            LocalizedText(row.author_name_zh, row.author_name_en),
            row.written_at.astimezone(UTC),
            row.body,
        )
        for row in rows
    ]
