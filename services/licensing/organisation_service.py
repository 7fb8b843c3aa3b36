"""What the people of an organisation keep: its particulars, its members and the mandates of its agents."""

import uuid
from dataclasses import dataclass
from datetime import date

from services.foundation.clock import legal_day
from services.foundation.database import UnitOfWork
from services.foundation.errors import (
    FieldViolation,
    failed_precondition,
    invalid_argument,
    invalid_field,
    not_found,
    stale_etag,
)
from services.foundation.principal import Role
from services.licensing.applicant_gate import require_member
from services.licensing.directory_service import ORGANISATION_STATE, organisation_subject
from services.licensing.domain.dossier import Applicant
from services.licensing.domain.mandate import Mandate, MandateScope, period_faults
from services.licensing.domain.organisation import Organisation, keeps_an_administrator
from services.licensing.domain.printable import unprintable
from services.licensing.domain.records import to_json
from services.licensing.domain.standing import Demand, MemberRole
from services.licensing.store import mandates, people


@dataclass(frozen=True)
class OrganisationView:
    """An organisation as the caller may read it, on a day of law."""

    organisation: Organisation
    own_role: MemberRole | None
    day: date
    shows_emails: bool


@dataclass(frozen=True)
class MandateTerms:
    """What an administrator states of a mandate; days are YYYY-MM-DD."""

    agent_subject: str
    agent_name: str
    agent_organisation: str
    scope: MandateScope
    document_number: str
    valid_from: str
    valid_to: str


def get(work: UnitOfWork) -> OrganisationView:
    """The caller's organisation. An agent reads his own mandates only, and no addresses of members.

    Errors: NOT_FOUND for an agent without a mandate in force, and where the token names no organisation.
    """
    principal = work.call.principal
    if not principal.organisation:
        raise not_found("organisation", "")
    found = _read(work)
    own_role: MemberRole | None = None
    if principal.role is Role.AGENT:
        own = tuple(each for each in found.mandates if each.agent_subject == principal.subject)
        found = Organisation(found.organisation, found.version, found.particulars, found.members, own)
    else:
        member = found.member(principal.subject)
        own_role = MemberRole.FILER if member is None else member.role
    return OrganisationView(
        found, own_role, legal_day(work.call.now), shows_emails=principal.role is not Role.AGENT
    )


def update_particulars(work: UnitOfWork, etag: str, particulars: Applicant) -> OrganisationView:
    """Replaces what new applications begin with."""
    found = _hold(work)
    if etag != str(found.version):
        raise stale_etag("organisation", found.organisation)
    code = particulars.unified_social_credit_code
    faults = list(unprintable("particulars", to_json(particulars)))
    if code and code != found.organisation:
        faults.append(FieldViolation("particulars.unified_social_credit_code", "NOT_YOUR_ORGANISATION"))
    if faults:
        raise invalid_argument(*faults)
    people.save_particulars(work.connection, found.organisation, found.version + 1, particulars)
    _record(work, "update_particulars")
    return get(work)


def update_member(
    work: UnitOfWork, subject: str, etag: str, role: MemberRole, receives_email: bool
) -> OrganisationView:
    """Sets what a member may do. Errors: FAILED_PRECONDITION LAST_ADMINISTRATOR; NOT_FOUND; STALE_ETAG."""
    found = _hold(work)
    member = found.member(subject)
    if member is None:
        raise not_found("member", subject)
    if etag != str(member.version):
        raise stale_etag("member", subject)
    if not keeps_an_administrator(found.members, subject, role):
        raise failed_precondition("LAST_ADMINISTRATOR", id=found.organisation, subject=subject)
    people.save_member(work.connection, found.organisation, subject, role, receives_email)
    mail = "ON" if receives_email else "OFF"
    _record(work, "update_member", subject=subject, role=role.value, email=mail)
    return get(work)


def grant_mandate(work: UnitOfWork, terms: MandateTerms) -> OrganisationView:
    """Records that an agent acts for the organisation."""
    found = _hold(work)
    valid_from, valid_to = _day(terms.valid_from, "valid_from"), _day(terms.valid_to, "valid_to")
    faults = period_faults(valid_from, valid_to, legal_day(work.call.now))
    if faults:
        raise invalid_argument(*faults)
    granted = Mandate(
        uuid.uuid4(),
        terms.agent_subject,
        terms.agent_name,
        terms.agent_organisation,
        terms.scope,
        terms.document_number,
        valid_from,
        valid_to,
        work.call.principal.subject,
        work.call.now,
    )
    mandates.add(work.connection, found.organisation, granted)
    _record(
        work,
        "grant_mandate",
        mandate_id=str(granted.mandate_id),
        agent_subject=granted.agent_subject,
        scope=granted.scope.value,
        valid_from=valid_from.isoformat(),
        valid_to=valid_to.isoformat(),
    )
    return get(work)


def revoke_mandate(work: UnitOfWork, mandate_id: str) -> OrganisationView:
    """Ends a mandate at once: what its agent does at this moment is waited for, nothing begins after."""
    found = _hold(work)
    mandate = mandates.find(work.connection, found.organisation, uuid.UUID(mandate_id))
    if mandate is None:
        raise not_found("mandate", mandate_id)
    if mandate.revoked_at is not None:
        raise failed_precondition("MANDATE_REVOKED_BEFORE", id=mandate_id)
    mandates.revoke(work.connection, mandate.mandate_id, work.call.principal.subject, work.call.now)
    _record(work, "revoke_mandate", mandate_id=mandate_id, agent_subject=mandate.agent_subject)
    return get(work)


def _hold(work: UnitOfWork) -> Organisation:
    """The organisation, held until the commit by one who is its administrator now."""
    people.lock_organisation(work.connection, work.call.principal.organisation)
    require_member(work, Demand.ADMINISTER)
    return _read(work)


def _read(work: UnitOfWork) -> Organisation:
    identifier = work.call.principal.organisation
    version, particulars = people.read_organisation(work.connection, identifier) or (0, Applicant())
    return Organisation(
        identifier,
        version,
        particulars,
        tuple(people.members(work.connection, identifier)),
        tuple(mandates.of_organisation(work.connection, identifier)),
    )


def _record(work: UnitOfWork, action: str, **references: str) -> None:
    work.record(
        organisation_subject(work.call.principal.organisation),
        action,
        {**references, "state": ORGANISATION_STATE},
    )


def _day(value: str, field: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise invalid_field(field, "NOT_A_DATE", value=value) from error
