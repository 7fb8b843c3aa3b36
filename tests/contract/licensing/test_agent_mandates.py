"""An agent acts only within a recorded mandate, and a member who may only read changes nothing."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import grpc
import pytest
import sqlalchemy
from google.protobuf.descriptor import ServiceDescriptor
from xuke.licensing.v1 import application_pb2 as messages
from xuke.licensing.v1 import dossier_pb2 as dossiers
from xuke.licensing.v1 import licence_pb2, notification_pb2, organisation_pb2, statistics_pb2
from xuke.licensing.v1 import organisation_pb2_grpc as contract

from services.foundation.database import Database
from services.foundation.errors import ErrorCode, XukeError
from services.foundation.grpc_errors import from_rpc_error
from services.foundation.principal import Principal, Role
from services.licensing.applicant_gate import DEMANDS, admit, demand_of
from services.licensing.domain.standing import Demand
from services.licensing.server_applications import APPLICATION_PERMISSIONS
from services.licensing.server_licences import LICENCE_PERMISSIONS
from services.licensing.server_organisations import DIRECTORY_PERMISSIONS, ORGANISATION_PERMISSIONS
from services.licensing.server_review import REVIEW_PERMISSIONS
from services.licensing.store import mandates
from services.licensing.store.application_tables import application
from services.licensing.store.metadata import ledger
from tests.conftest import ServiceDatabase
from tests.contract.licensing.application_world import World, dossier, refusal, world
from tests.contract.licensing.licence_world import LicenceWorld, licence_world
from tests.support import identity
from tests.support.mandates import grant_mandate, sign_in
from tests.support.services import call_of, request_id

__all__ = ["world"]

READER = replace(identity.EXPORTER, subject="exporter-reader")
PREPARE, FILE = organisation_pb2.MANDATE_SCOPE_PREPARE, organisation_pb2.MANDATE_SCOPE_FILE


def changes(world: World, who: Principal, draft: messages.Application) -> dict[str, Callable[[], object]]:
    """Every change of ApplicationService, such that only the standing of the caller decides on it."""
    applicant, key = world.applicant(who), draft.application_id
    known = {"request_id": request_id(), "application_id": key, "etag": "0"}
    return {
        "CreateApplication": lambda: applicant.CreateApplication(
            messages.CreateApplicationRequest(request_id=request_id(), dossier=dossier())
        ),
        "CopyApplication": lambda: applicant.CopyApplication(
            messages.CopyApplicationRequest(request_id=request_id(), application_id=key)
        ),
        "UpdateApplication": lambda: applicant.UpdateApplication(
            messages.UpdateApplicationRequest(**known, dossier=dossier())
        ),
        "UploadAttachment": lambda: world.upload(key, dossiers.ATTACHMENT_KIND_OTHER, who=who),
        "RemoveAttachment": lambda: applicant.RemoveAttachment(
            messages.RemoveAttachmentRequest(**known, attachment_id=request_id())
        ),
        "SubmitApplication": lambda: applicant.SubmitApplication(messages.SubmitApplicationRequest(**known)),
        "SupplementApplication": lambda: applicant.SupplementApplication(
            messages.SupplementApplicationRequest(**known)
        ),
        "WithdrawApplication": lambda: applicant.WithdrawApplication(
            messages.WithdrawApplicationRequest(**known)
        ),
    }


def outcome(act: Callable[[], object]) -> str:
    """Empty where the act passed the gate: what it was refused with there, if it was."""
    try:
        act()
    except grpc.RpcError as error:
        refused = from_rpc_error(error)
        return refused.reason if refused.code is ErrorCode.PERMISSION_DENIED else ""
    return ""


def outcomes(world: World, who: Principal, draft: messages.Application) -> dict[str, str]:
    return {name: outcome(act) for name, act in changes(world, who, draft).items()}


def test_without_a_mandate_there_is_nothing(world: World) -> None:
    draft = world.drafted()
    agent = world.applicant(identity.AGENT)
    request = messages.GetApplicationRequest(application_id=draft.application_id)
    assert refusal(lambda: agent.GetApplication(request)).code is ErrorCode.NOT_FOUND
    assert not agent.ListApplications(messages.ListApplicationsRequest()).applications
    download = messages.DownloadAttachmentRequest(
        application_id=draft.application_id, attachment_id=draft.attachments[0].attachment_id
    )
    reviewer = world.reviewer(identity.AGENT)
    assert refusal(lambda: list(reviewer.DownloadAttachment(download))).code is ErrorCode.NOT_FOUND
    assert set(outcomes(world, identity.AGENT, draft).values()) == {"AGENT_WITHOUT_MANDATE"}


def test_a_mandate_to_prepare_does_not_reach_the_authority(world: World) -> None:
    draft = world.drafted()
    grant_mandate(world.service, scope=PREPARE)
    found = outcomes(world, identity.AGENT, draft)
    denied = {name for name, reason in found.items() if reason == "MANDATE_DOES_NOT_COVER"}
    assert denied == {"SubmitApplication", "SupplementApplication", "WithdrawApplication"}
    assert {reason for name, reason in found.items() if name not in denied} == {""}
    assert (
        len(world.applicant(identity.AGENT).ListApplications(messages.ListApplicationsRequest()).applications)
        == 3
    )


def test_a_mandate_to_file_carries_an_application_to_the_authority(world: World) -> None:
    grant_mandate(world.service, scope=PREPARE)
    grant_mandate(world.service, scope=FILE)
    draft = world.drafted()
    submitted = world.applicant(identity.AGENT).SubmitApplication(
        messages.SubmitApplicationRequest(
            request_id=request_id(), application_id=draft.application_id, etag=draft.etag
        )
    )
    assert submitted.number


@pytest.mark.parametrize("who", [identity.AGENT, replace(identity.AGENT, subject="agent-other")])
@pytest.mark.parametrize(("days", "carries"), [(0, False), (1, True), (2, True), (3, False)])
def test_only_the_named_agent_on_the_days_named(
    world: World, who: Principal, days: int, carries: bool
) -> None:
    # The clock stands at Monday, 2 March 2026.
    grant_mandate(world.service, valid_from="2026-03-03", valid_to="2026-03-04")
    key = world.drafted().application_id
    world.clock.advance(timedelta(days=days))
    listed = world.applicant(who).ListApplications(messages.ListApplicationsRequest()).applications
    assert [each.application_id for each in listed] == ([key] if carries and who is identity.AGENT else [])


def test_the_mandate_of_one_organisation_opens_no_other(world: World) -> None:
    grant_mandate(world.service)
    elsewhere = replace(identity.AGENT, subject="agent-1", organisation=identity.OTHER_EXPORTER.organisation)
    database = Database(world.database.url, ledger).guarded(admit)
    world.drafted()
    with database.begin(
        call_of(elsewhere, world.clock.now(), "/x.ApplicationService/GetApplication")
    ) as work:
        assert work.call.principal.organisation == ""
        assert not work.connection.execute(sqlalchemy.select(application)).all()
    with database.begin(
        call_of(identity.AGENT, world.clock.now(), "/x.ApplicationService/GetApplication")
    ) as work:
        assert len(work.connection.execute(sqlalchemy.select(application)).all()) == 1
    database.dispose()


def test_a_revoked_mandate_ends_at_once_and_answers_are_not_repeated(world: World) -> None:
    granted = grant_mandate(world.service)
    agent = world.applicant(identity.AGENT)
    request = messages.CreateApplicationRequest(request_id=request_id(), dossier=dossier())
    created = agent.CreateApplication(request)
    contract.OrganisationServiceStub(world.service.channel(identity.EXPORTER)).RevokeMandate(
        organisation_pb2.RevokeMandateRequest(request_id=request_id(), mandate_id=granted.mandate_id)
    )
    assert outcome(lambda: agent.CreateApplication(request)) == "AGENT_WITHOUT_MANDATE"
    get = messages.GetApplicationRequest(application_id=created.application_id)
    assert refusal(lambda: agent.GetApplication(get)).code is ErrorCode.NOT_FOUND
    # The organisation keeps what its agent prepared.
    assert world.get(created.application_id).application_id == created.application_id


def test_a_mandate_is_not_revoked_under_an_act_that_rests_on_it(world: World) -> None:
    granted = grant_mandate(world.service)
    database = Database(world.database.url, ledger)
    acting = call_of(identity.AGENT, world.clock.now(), "/x.ApplicationService/CreateApplication")

    def revoke() -> None:
        with database.begin(call_of(identity.EXPORTER)) as work:
            work.connection.exec_driver_sql("SET LOCAL lock_timeout = '50ms'")
            mandates.revoke(work.connection, uuid.UUID(granted.mandate_id), "exporter-1", work.call.now)

    with database.guarded(admit).begin(acting), pytest.raises(XukeError, match="DATABASE_BUSY"):
        revoke()
    revoke()
    with pytest.raises(XukeError, match="AGENT_WITHOUT_MANDATE"), database.guarded(admit).begin(acting):
        pass
    database.dispose()


def test_a_reader_reads_and_changes_nothing(world: World) -> None:
    draft = world.drafted()
    sign_in(world.service, identity.EXPORTER)
    sign_in(world.service, READER)
    assert set(outcomes(world, READER, draft).values()) == {""}
    contract.OrganisationServiceStub(world.service.channel(identity.EXPORTER)).UpdateMember(
        organisation_pb2.UpdateMemberRequest(
            request_id=request_id(),
            subject=READER.subject,
            etag="1",
            role=organisation_pb2.MEMBER_ROLE_READER,
        )
    )
    assert set(outcomes(world, READER, draft).values()) == {"MEMBER_MAY_ONLY_READ"}
    assert world.applicant(READER).GetApplication(
        messages.GetApplicationRequest(application_id=draft.application_id)
    )


@pytest.fixture
def licences(service_database: Callable[[str], ServiceDatabase]) -> Iterator[LicenceWorld]:
    with licence_world(service_database) as started:
        yield started


def test_licences_are_behind_the_same_gate(licences: LicenceWorld) -> None:
    number = licences.active()
    agent = licences.licences(identity.AGENT)
    stop = licence_pb2.StopAndReportRequest(
        request_id=request_id(),
        number=number,
        reason=licence_pb2.SUSPENSION_REASON_OTHER,
        statement="the end use changed",
    )
    get = licence_pb2.GetLicenceRequest(number=number)
    assert refusal(lambda: agent.GetLicence(get)).code is ErrorCode.NOT_FOUND
    assert refusal(lambda: agent.ListUsage(licence_pb2.ListUsageRequest(number=number))).reason == "NOT_FOUND"
    assert not agent.ListLicences(licence_pb2.ListLicencesRequest()).licences
    assert outcome(lambda: agent.StopAndReport(stop)) == "AGENT_WITHOUT_MANDATE"
    grant_mandate(licences.service, scope=PREPARE)
    assert agent.GetLicence(get).number == number
    assert outcome(lambda: agent.StopAndReport(stop)) == "MANDATE_DOES_NOT_COVER"
    grant_mandate(licences.service, scope=FILE)
    assert agent.StopAndReport(stop).state == licence_pb2.LICENCE_STATE_SUSPENDED


def test_every_method_of_applicants_states_its_demand() -> None:
    """A method that is not in the table asks the most: it would be refused to readers for no reason."""
    declared = {
        "ApplicationService": APPLICATION_PERMISSIONS,
        "ReviewService": REVIEW_PERMISSIONS,
        "LicenceService": LICENCE_PERMISSIONS,
        "DirectoryService": DIRECTORY_PERMISSIONS,
        "OrganisationService": ORGANISATION_PERMISSIONS,
    }
    called = {
        f"{service}/{method}"
        for service, methods in declared.items()
        for method, permission in methods.items()
        if permission.roles & {Role.EXPORTER, Role.AGENT}
    }
    assert called <= set(DEMANDS)
    assert demand_of("/xuke.licensing.v1.ApplicationService/Unknown") is Demand.FILE
    files = (messages, licence_pb2, notification_pb2, organisation_pb2, statistics_pb2)
    services: list[ServiceDescriptor] = [
        service for file in files for service in file.DESCRIPTOR.services_by_name.values()
    ]
    assert set(DEMANDS) <= {f"{each.name}/{method.name}" for each in services for method in each.methods}
