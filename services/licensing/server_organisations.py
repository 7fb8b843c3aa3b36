"""DirectoryService and OrganisationService over gRPC."""

from collections.abc import Callable

import grpc
from google.protobuf.message import Message
from xuke.foundation.v1 import foundation_pb2 as foundation
from xuke.licensing.v1 import dossier_pb2 as dossiers
from xuke.licensing.v1 import organisation_pb2 as messages
from xuke.licensing.v1 import organisation_pb2_grpc

from services.foundation.database import Database, UnitOfWork
from services.foundation.grpc_server import current_call, transact
from services.foundation.messages import LocalizedText
from services.foundation.permissions import allow
from services.foundation.principal import Role
from services.licensing import directory_service, organisation_service
from services.licensing.application_shapes import enum_word, fill, read, require_storable, timestamp
from services.licensing.domain.dossier import Applicant
from services.licensing.domain.mandate import Mandate
from services.licensing.domain.organisation import Member
from services.licensing.domain.standing import MemberRole
from services.licensing.organisation_service import MandateTerms, OrganisationView

_SERVICES = (Role.PROCEDURE, Role.PORTAL, Role.NOTIFIER)
_EVERY_PERSON = tuple(role for role in Role if role not in _SERVICES)
_EXPORTER = allow(Role.EXPORTER)
DIRECTORY_PERMISSIONS = {"RecordSignIn": allow(*_EVERY_PERSON)}
ORGANISATION_PERMISSIONS = {
    "GetOrganisation": allow(Role.EXPORTER, Role.AGENT),
    "UpdateOrganisation": _EXPORTER,
    "UpdateMember": _EXPORTER,
    "GrantMandate": _EXPORTER,
    "RevokeMandate": _EXPORTER,
}


class DirectoryServicer(organisation_pb2_grpc.DirectoryServiceServicer):
    """See the contract."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def RecordSignIn(
        self, request: messages.RecordSignInRequest, context: grpc.ServicerContext
    ) -> messages.SignedInPerson:
        require_storable(request)
        name = LocalizedText(request.name_zh, request.name_en)
        call = current_call()
        with self._database.begin(call) as work:
            role = directory_service.record_sign_in(work, name, request.email)
        return messages.SignedInPerson(
            subject=call.principal.subject,
            name=foundation.LocalizedText(zh=name.zh, en=name.en),
            email=request.email,
            member_role=_member_role(role),
        )


class OrganisationServicer(organisation_pb2_grpc.OrganisationServiceServicer):
    """See the contract."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def GetOrganisation(
        self, request: messages.GetOrganisationRequest, context: grpc.ServicerContext
    ) -> messages.Organisation:
        with self._database.begin(current_call()) as work:
            return to_organisation(organisation_service.get(work))

    def UpdateOrganisation(
        self, request: messages.UpdateOrganisationRequest, context: grpc.ServicerContext
    ) -> messages.Organisation:
        particulars = read(Applicant, request.particulars)
        return self._act(
            request, lambda work: organisation_service.update_particulars(work, request.etag, particulars)
        )

    def UpdateMember(
        self, request: messages.UpdateMemberRequest, context: grpc.ServicerContext
    ) -> messages.Organisation:
        role = enum_word(MemberRole, messages.MemberRole.DESCRIPTOR, request.role)
        return self._act(
            request,
            lambda work: organisation_service.update_member(
                work, request.subject, request.etag, role, request.receives_email
            ),
        )

    def GrantMandate(
        self, request: messages.GrantMandateRequest, context: grpc.ServicerContext
    ) -> messages.Organisation:
        terms = read(MandateTerms, request)
        return self._act(request, lambda work: organisation_service.grant_mandate(work, terms))

    def RevokeMandate(
        self, request: messages.RevokeMandateRequest, context: grpc.ServicerContext
    ) -> messages.Organisation:
        return self._act(request, lambda work: organisation_service.revoke_mandate(work, request.mandate_id))

    def _act(
        self, request: Message, use_case: Callable[[UnitOfWork], OrganisationView]
    ) -> messages.Organisation:
        require_storable(request)
        return transact(
            self._database, request, messages.Organisation, lambda work: to_organisation(use_case(work))
        )


def to_organisation(view: OrganisationView) -> messages.Organisation:
    """An organisation as its people and its agents read it."""
    organisation = view.organisation
    return messages.Organisation(
        organisation=organisation.organisation,
        etag=str(organisation.version),
        particulars=fill(dossiers.Applicant(), organisation.particulars),
        members=[_member(member, shows_email=view.shows_emails) for member in organisation.members],
        mandates=[_mandate(mandate, view) for mandate in organisation.mandates],
        own_role=_member_role(view.own_role),
    )


def _member(member: Member, *, shows_email: bool) -> messages.Member:
    return messages.Member(
        subject=member.subject,
        name=foundation.LocalizedText(zh=member.name.zh, en=member.name.en),
        email=member.email if shows_email else "",
        role=_member_role(member.role),
        receives_email=member.receives_email,
        last_signed_in_at=timestamp(member.last_signed_in_at),
        etag=str(member.version),
    )


def _mandate(mandate: Mandate, view: OrganisationView) -> messages.Mandate:
    message = fill(messages.Mandate(), mandate)
    message.state = messages.MandateState.Value(f"MANDATE_STATE_{mandate.state(view.day)}")
    return message


def _member_role(role: MemberRole | None) -> messages.MemberRole.ValueType:
    return (
        messages.MEMBER_ROLE_UNSPECIFIED if role is None else messages.MemberRole.Value(f"MEMBER_ROLE_{role}")
    )
