"""Everybody who signs in is recorded, and exporters become members of their organisation."""

from services.foundation.database import UnitOfWork
from services.foundation.ledger import Subject
from services.foundation.messages import LocalizedText
from services.foundation.principal import Role
from services.licensing.domain.organisation import role_of_newcomer
from services.licensing.domain.standing import MemberRole
from services.licensing.store import people

# Organisations have no life of their own here: each of their events leaves them as they are.
ORGANISATION_STATE = "RECORDED"


def organisation_subject(identifier: str) -> Subject:
    """The subject of an organisation's events."""
    return Subject("organisation", identifier)


def record_sign_in(work: UnitOfWork, name: LocalizedText, email: str) -> MemberRole | None:
    """Records the caller as the issuer told of him; returns the role in his organisation.

    The first exporter of an organisation becomes its administrator, those after file. An agent is carried by
    a mandate and is no member.
    """
    principal, connection = work.call.principal, work.connection
    known = name if name.zh or name.en else LocalizedText(principal.name, principal.name)
    people.record_sign_in(connection, principal, known, email, work.call.now)
    if principal.role is not Role.EXPORTER or not principal.organisation:
        return None
    role = people.member_role(connection, principal.organisation, principal.subject)
    return _join(work) if role is None else role


def _join(work: UnitOfWork) -> MemberRole:
    principal, connection = work.call.principal, work.connection
    people.found_organisation(connection, principal.organisation)
    people.lock_organisation(connection, principal.organisation)
    joined = people.member_role(connection, principal.organisation, principal.subject)
    if joined is not None:
        return joined
    role = role_of_newcomer(member.role for member in people.members(connection, principal.organisation))
    people.add_member(connection, principal.organisation, principal.subject, role)
    work.record(
        organisation_subject(principal.organisation),
        "member_joined",
        {"subject": principal.subject, "role": role.value, "state": ORGANISATION_STATE},
    )
    return role
