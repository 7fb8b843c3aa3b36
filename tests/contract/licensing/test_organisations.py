"""People sign in, administrators keep their organisation, and agents are given mandates."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import grpc
import pytest
import sqlalchemy
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message_factory import GetMessageClass
from xuke.licensing.v1 import dossier_pb2 as dossiers
from xuke.licensing.v1 import organisation_pb2 as messages
from xuke.licensing.v1 import organisation_pb2_grpc as contract

from services.foundation.database import Database
from services.foundation.errors import ErrorCode
from services.foundation.grpc_errors import from_rpc_error
from services.foundation.ledger import Subject
from services.foundation.principal import Principal, Role
from services.licensing.store.metadata import ledger
from services.licensing.store.person_tables import mandate, member, organisation, person
from tests.contract.licensing.application_world import World, refusal, world
from tests.support import identity
from tests.support.mandates import grant_mandate, sign_in
from tests.support.services import call_of, request_id

__all__ = ["world"]

COLLEAGUE = replace(identity.EXPORTER, subject="exporter-colleague", name="Qian")
UNRECORDED = replace(identity.EXPORTER, subject="service:upload", name="upload")
PEOPLE = set(Role) - {Role.PROCEDURE, Role.PORTAL, Role.NOTIFIER}
MATRIX = {
    "RecordSignIn": PEOPLE,
    "GetOrganisation": {Role.EXPORTER, Role.AGENT},
    "UpdateOrganisation": {Role.EXPORTER},
    "UpdateMember": {Role.EXPORTER},
    "GrantMandate": {Role.EXPORTER},
    "RevokeMandate": {Role.EXPORTER},
}


def organisations(world: World, who: Principal = identity.EXPORTER) -> contract.OrganisationServiceStub:
    return contract.OrganisationServiceStub(world.service.channel(who))


def read(world: World, who: Principal = identity.EXPORTER) -> messages.Organisation:
    return organisations(world, who).GetOrganisation(messages.GetOrganisationRequest())


def set_member(
    world: World, subject: str, role: int, *, who: Principal = identity.EXPORTER, receives_email: bool = True
) -> messages.Organisation:
    etag = next(each.etag for each in read(world, who).members if each.subject == subject)
    return organisations(world, who).UpdateMember(
        messages.UpdateMemberRequest(
            request_id=request_id(),
            subject=subject,
            etag=etag,
            role=messages.MemberRole.ValueType(role),
            receives_email=receives_email,
        )
    )


def particulars(world: World, etag: str, **values: str) -> messages.UpdateOrganisationRequest:
    return messages.UpdateOrganisationRequest(
        request_id=request_id(), etag=etag, particulars=dossiers.Applicant(**values)
    )


def _methods() -> Iterator[MethodDescriptor]:
    for service in messages.DESCRIPTOR.services_by_name.values():
        yield from service.methods


def test_the_matrix(world: World) -> None:
    assert {method.name for method in _methods()} == set(MATRIX)
    wrong = []
    for method in _methods():
        path = f"/{method.containing_service.full_name}/{method.name}"
        request = GetMessageClass(method.input_type)
        for principal in identity.ONE_OF_EACH_ROLE:
            call = world.service.channel(principal).unary_unary(
                path, request.SerializeToString, GetMessageClass(method.output_type).FromString
            )
            passed = True
            try:
                call(request())
            except grpc.RpcError as error:
                passed = from_rpc_error(error).code is not ErrorCode.PERMISSION_DENIED
            if passed is not (principal.role in MATRIX[method.name]):
                wrong.append((method.name, principal.role.value, passed))
    assert not wrong


def test_the_first_administers_and_those_after_file(world: World) -> None:
    assert sign_in(world.service, identity.EXPORTER).member_role == messages.MEMBER_ROLE_ADMINISTRATOR
    assert sign_in(world.service, COLLEAGUE, "q@example.cn").member_role == messages.MEMBER_ROLE_FILER
    world.clock.advance(timedelta(hours=3))
    again = sign_in(world.service, identity.EXPORTER, "z@example.cn")
    assert again.member_role == messages.MEMBER_ROLE_ADMINISTRATOR
    found = read(world)
    assert found.own_role == messages.MEMBER_ROLE_ADMINISTRATOR
    assert [(each.subject, each.email) for each in found.members] == [
        (identity.EXPORTER.subject, "z@example.cn"),
        (COLLEAGUE.subject, "q@example.cn"),
    ]
    assert found.members[0].last_signed_in_at.ToDatetime() > found.members[1].last_signed_in_at.ToDatetime()
    other = sign_in(world.service, identity.OTHER_EXPORTER)
    assert other.member_role == messages.MEMBER_ROLE_ADMINISTRATOR
    assert [each.subject for each in read(world, identity.OTHER_EXPORTER).members] == [
        identity.OTHER_EXPORTER.subject
    ]


def test_officers_and_agents_are_people_but_no_members(world: World) -> None:
    for who in (identity.PROVINCIAL_OFFICER, identity.AGENT, identity.CUSTOMS_OFFICER):
        assert sign_in(world.service, who).member_role == messages.MEMBER_ROLE_UNSPECIFIED
    database = Database(world.database.url, ledger)
    with database.begin(call_of(identity.AUDITOR)) as work:
        known = work.connection.execute(sqlalchemy.select(person.c.subject, person.c.province)).all()
        assert not work.connection.execute(sqlalchemy.select(member)).all()
    database.dispose()
    assert (identity.PROVINCIAL_OFFICER.subject, "32") in [tuple(row) for row in known]
    assert len(known) == 3


def test_particulars_are_what_new_drafts_begin_with(world: World) -> None:
    sign_in(world.service, identity.EXPORTER)
    sign_in(world.service, COLLEAGUE)
    first = particulars(world, read(world).etag, name_zh="江苏某钨业有限公司", province="32")
    changed = organisations(world).UpdateOrganisation(first)
    assert changed.particulars.name_zh == "江苏某钨业有限公司"
    assert organisations(world).UpdateOrganisation(first) == changed
    stale = particulars(world, first.etag, name_zh="另一名称")
    assert refusal(lambda: organisations(world).UpdateOrganisation(stale)).code is ErrorCode.ABORTED
    foreign = particulars(
        world, changed.etag, unified_social_credit_code=identity.OTHER_EXPORTER.organisation
    )
    error = refusal(lambda: organisations(world).UpdateOrganisation(foreign))
    assert [fault.reason for fault in error.violations] == ["NOT_YOUR_ORGANISATION"]
    error = refusal(
        lambda: organisations(world, COLLEAGUE).UpdateOrganisation(particulars(world, changed.etag))
    )
    assert (error.code, error.reason) == (ErrorCode.PERMISSION_DENIED, "ADMINISTRATOR_NEEDED")
    assert world.create(dossiers.Dossier()).dossier.applicant == changed.particulars
    own = dossiers.Dossier(applicant=dossiers.Applicant(name_zh="写明的"))
    assert world.create(own).dossier.applicant.name_zh == "写明的"
    assert not world.create(own).dossier.applicant.province


def test_an_organisation_keeps_an_administrator(world: World) -> None:
    sign_in(world.service, identity.EXPORTER)
    sign_in(world.service, COLLEAGUE)
    error = refusal(lambda: set_member(world, identity.EXPORTER.subject, messages.MEMBER_ROLE_FILER))
    assert (error.code, error.reason) == (ErrorCode.FAILED_PRECONDITION, "LAST_ADMINISTRATOR")
    set_member(world, COLLEAGUE.subject, messages.MEMBER_ROLE_ADMINISTRATOR)
    after = set_member(world, identity.EXPORTER.subject, messages.MEMBER_ROLE_FILER)
    assert after.own_role == messages.MEMBER_ROLE_FILER
    error = refusal(lambda: set_member(world, COLLEAGUE.subject, messages.MEMBER_ROLE_READER))
    assert error.reason == "ADMINISTRATOR_NEEDED"
    stale = messages.UpdateMemberRequest(
        request_id=request_id(),
        subject=COLLEAGUE.subject,
        etag="1",
        role=messages.MEMBER_ROLE_ADMINISTRATOR,
    )
    assert refusal(lambda: organisations(world, COLLEAGUE).UpdateMember(stale)).code is ErrorCode.ABORTED


def test_an_exporter_without_a_sign_in_files_but_does_not_administer(world: World) -> None:
    sign_in(world.service, identity.EXPORTER)
    assert read(world, UNRECORDED).own_role == messages.MEMBER_ROLE_FILER
    error = refusal(
        lambda: organisations(world, UNRECORDED).UpdateOrganisation(particulars(world, read(world).etag))
    )
    assert error.reason == "ADMINISTRATOR_NEEDED"


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "field", "reason"),
    [
        ("2026-03-05", "2026-03-04", "valid_to", "MANDATE_ENDS_BEFORE_IT_BEGINS"),
        ("2025-03-05", "2026-03-01", "valid_to", "MANDATE_ALREADY_OVER"),
        ("2026-02-30", "2026-03-04", "valid_from", "NOT_A_DATE"),
    ],
)
def test_periods_that_are_refused(
    world: World, valid_from: str, valid_to: str, field: str, reason: str
) -> None:
    error = refusal(lambda: grant_mandate(world.service, valid_from=valid_from, valid_to=valid_to))
    assert [(fault.field, fault.reason) for fault in error.violations] == [(field, reason)]


def test_the_state_of_a_mandate_follows_the_day_of_law(world: World) -> None:
    granted = grant_mandate(world.service, valid_from="2026-03-03", valid_to="2026-03-04")
    assert granted.state == messages.MANDATE_STATE_NOT_YET
    states = {}
    # From Monday 10:00 in Shanghai; days begin at midnight there, not in UTC.
    for hours in (0, 13, 14, 61, 62):
        world.clock.instant = world.clock.instant.replace(day=2, hour=2) + timedelta(hours=hours)
        states[hours] = read(world).mandates[0].state
    assert states == {
        0: messages.MANDATE_STATE_NOT_YET,
        13: messages.MANDATE_STATE_NOT_YET,
        14: messages.MANDATE_STATE_IN_FORCE,
        61: messages.MANDATE_STATE_IN_FORCE,
        62: messages.MANDATE_STATE_EXPIRED,
    }
    revoked = organisations(world).RevokeMandate(
        messages.RevokeMandateRequest(request_id=request_id(), mandate_id=granted.mandate_id)
    )
    assert revoked.mandates[0].state == messages.MANDATE_STATE_REVOKED
    assert revoked.mandates[0].revoked_by == identity.EXPORTER.subject
    again = messages.RevokeMandateRequest(request_id=request_id(), mandate_id=granted.mandate_id)
    assert refusal(lambda: organisations(world).RevokeMandate(again)).reason == "MANDATE_REVOKED_BEFORE"
    unknown = messages.RevokeMandateRequest(request_id=request_id(), mandate_id=request_id())
    assert refusal(lambda: organisations(world).RevokeMandate(unknown)).code is ErrorCode.NOT_FOUND


def test_agents_read_their_own_mandate_and_no_addresses(world: World) -> None:
    assert refusal(lambda: read(world, identity.AGENT)).code is ErrorCode.NOT_FOUND
    other_agent = replace(identity.AGENT, subject="agent-2")
    grant_mandate(world.service, agent=other_agent)
    sign_in(world.service, identity.EXPORTER, "z@example.cn")
    assert refusal(lambda: read(world, identity.AGENT)).code is ErrorCode.NOT_FOUND
    grant_mandate(world.service, scope=messages.MANDATE_SCOPE_PREPARE)
    sign_in(world.service, identity.EXPORTER, "z@example.cn")
    seen = read(world, identity.AGENT)
    assert [each.agent_subject for each in seen.mandates] == [identity.AGENT.subject]
    assert seen.own_role == messages.MEMBER_ROLE_UNSPECIFIED
    assert [each.email for each in seen.members] == [""]
    assert len(read(world).mandates) == 2


def test_everything_is_in_the_ledger_with_ids_and_words_only(world: World) -> None:
    granted = grant_mandate(world.service)
    sign_in(world.service, COLLEAGUE, "q@example.cn")
    set_member(world, COLLEAGUE.subject, messages.MEMBER_ROLE_READER, receives_email=False)
    organisations(world).UpdateOrganisation(particulars(world, read(world).etag, name_zh="江苏某钨业"))
    organisations(world).RevokeMandate(
        messages.RevokeMandateRequest(request_id=request_id(), mandate_id=granted.mandate_id)
    )
    database = Database(world.database.url, ledger)
    with database.begin(call_of(identity.AUDITOR)) as work:
        events = work.events(Subject("organisation", identity.EXPORTER.organisation))
    database.dispose()
    assert [(event.sequence, event.action) for event in events] == [
        (1, "member_joined"),
        (2, "grant_mandate"),
        (3, "member_joined"),
        (4, "update_member"),
        (5, "update_particulars"),
        (6, "revoke_mandate"),
    ]
    assert all(event.state for event in events)
    told = str([dict(event.payload) for event in events])
    for secret in ("钨", "example.cn", "WT-2026", "Wei"):
        assert secret not in told


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        (identity.EXPORTER, {person, organisation, member, mandate}),
        (identity.OTHER_EXPORTER, set()),
        # The agent's own mandate, by which the gate decides; his own row, had he signed in.
        (identity.AGENT, {mandate}),
        (identity.AUDITOR, {person, organisation, member, mandate}),
        (identity.CUSTOMS_OFFICER, set()),
        (identity.EXPERT, set()),
    ],
    ids=lambda value: value.subject if isinstance(value, Principal) else "",
)
def test_row_level_security(world: World, who: Principal, sees: set[sqlalchemy.Table]) -> None:
    grant_mandate(world.service)
    database = Database(world.database.url, ledger)
    with database.begin(call_of(who)) as work:
        for table in (person, organisation, member, mandate):
            assert bool(work.connection.execute(sqlalchemy.select(table)).all()) == (table in sees)
    database.dispose()
