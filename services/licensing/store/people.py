"""Queries on people who sign in, organisations and their members."""

import json
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from services.foundation.ledger import canonical_json
from services.foundation.messages import LocalizedText
from services.foundation.principal import Principal, Role
from services.licensing.domain.dossier import Applicant
from services.licensing.domain.organisation import Member
from services.licensing.domain.records import from_json, to_json
from services.licensing.domain.standing import MemberRole
from services.licensing.store.person_tables import member, organisation, person


def record_sign_in(
    connection: Connection, principal: Principal, name: LocalizedText, email: str, now: datetime
) -> None:
    """Stores who signed in, as told now."""
    told = {
        "role": principal.role.value,
        "organisation": principal.organisation,
        "province": principal.province,
        "agency": principal.agency,
        "name_zh": name.zh,
        "name_en": name.en,
        "email": email,
        "last_signed_in_at": now,
    }
    connection.execute(
        upsert(person)
        .values(subject=principal.subject, first_signed_in_at=now, **told)
        .on_conflict_do_update(index_elements=[person.c.subject], set_=told)
    )


def names(
    connection: Connection, subjects: Collection[str], agencies: Collection[str]
) -> dict[str, LocalizedText]:
    """Names of people, and of everybody who answers for agencies, as far as the caller may know them."""
    rows = connection.execute(
        select(person.c.subject, person.c.name_zh, person.c.name_en).where(
            person.c.subject.in_(subjects)
            | ((person.c.role == Role.AGENCY_REVIEWER.value) & person.c.agency.in_(agencies))
        )
    )
    return {row.subject: LocalizedText(row.name_zh, row.name_en) for row in rows}


def lock_organisation(connection: Connection, identifier: str) -> int | None:
    """Holds an organisation until the commit; returns its version, None if nobody of it ever signed in."""
    version: int | None = connection.execute(
        select(organisation.c.version).where(organisation.c.organisation == identifier).with_for_update()
    ).scalar_one_or_none()
    return version


def found_organisation(connection: Connection, identifier: str) -> None:
    """Makes sure that an organisation has a row."""
    connection.execute(
        upsert(organisation)
        .values(organisation=identifier, version=1, particulars=canonical_json(to_json(Applicant())))
        .on_conflict_do_nothing()
    )


def read_organisation(connection: Connection, identifier: str) -> tuple[int, Applicant] | None:
    """Version and particulars of an organisation."""
    row = connection.execute(select(organisation).where(organisation.c.organisation == identifier)).first()
    return None if row is None else (row.version, from_json(Applicant, json.loads(row.particulars)))


def save_particulars(connection: Connection, identifier: str, version: int, particulars: Applicant) -> None:
    """Replaces the particulars of an organisation that the caller holds."""
    connection.execute(
        update(organisation)
        .where(organisation.c.organisation == identifier)
        .values(version=version, particulars=canonical_json(to_json(particulars)))
    )


def member_role(
    connection: Connection, identifier: str, subject: str, *, hold: bool = False
) -> MemberRole | None:
    """The role of a person in an organisation, None if it has none; with `hold`, it stays until the commit."""
    query = select(member.c.role).where(member.c.organisation == identifier, member.c.subject == subject)
    role = connection.execute(query.with_for_update(read=True) if hold else query).scalar_one_or_none()
    return None if role is None else MemberRole(role)


def members(connection: Connection, identifier: str) -> list[Member]:
    """Members of an organisation in the order in which they first signed in."""
    query = (
        select(member, person.c.name_zh, person.c.name_en, person.c.email, person.c.last_signed_in_at)
        .join(person, person.c.subject == member.c.subject)
        .where(member.c.organisation == identifier)
        .order_by(person.c.first_signed_in_at, person.c.subject)
    )
    return [_read(row) for row in connection.execute(query)]


def add_member(connection: Connection, identifier: str, subject: str, role: MemberRole) -> None:
    """Stores a new member of an organisation that the caller holds."""
    connection.execute(
        insert(member).values(
            organisation=identifier, subject=subject, role=role.value, receives_email=True, version=1
        )
    )


def save_member(
    connection: Connection, identifier: str, subject: str, role: MemberRole, receives_email: bool
) -> None:
    """Changes a member of an organisation that the caller holds."""
    connection.execute(
        update(member)
        .where(member.c.organisation == identifier, member.c.subject == subject)
        .values(role=role.value, receives_email=receives_email, version=member.c.version + 1)
    )


def _read(row: Row[Any]) -> Member:
    return Member(
        row.subject,
        LocalizedText(row.name_zh, row.name_en),
        row.email,
        MemberRole(row.role),
        row.receives_email,
        row.last_signed_in_at.astimezone(UTC),
        row.version,
    )
