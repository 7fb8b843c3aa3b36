"""Due diligence before the goods are declared: what customs may rely on until the holder has recorded it."""

import dataclasses
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import grpc
import pytest
from xuke.licensing.v1 import dossier_pb2 as dossiers
from xuke.licensing.v1 import licence_pb2 as messages

from services.foundation.errors import ErrorCode, XukeError
from services.foundation.grpc_errors import from_rpc_error
from services.foundation.principal import Principal
from tests.conftest import ServiceDatabase
from tests.contract.licensing.licence_world import NOW, LicenceWorld, declaration, grant, licence_world
from tests.support import identity
from tests.support.services import request_id

MISSING = "DUE_DILIGENCE_MISSING"


@pytest.fixture(scope="module")
def world(service_database: Callable[[str], ServiceDatabase]) -> Iterator[LicenceWorld]:
    with licence_world(service_database) as started:
        yield started


@pytest.fixture(autouse=True)
def now(world: LicenceWorld) -> None:
    at(world, NOW)


def at(world: LicenceWorld, instant: datetime) -> None:
    world.clock.advance(instant - world.clock.now())


def record(**changes: object) -> dossiers.DueDiligence:
    values: dict[str, object] = {
        "concluded_on": "2026-11-23",
        "conducted_by": "compliance department",
        "methods": "visit of the works",
        "end_user_findings": "a maker of cutting tools",
        "end_use_findings": "car parts",
        "military_risk": dossiers.MILITARY_RISK_NONE_FOUND,
    }
    return dossiers.DueDiligence(**(values | changes))


def give(
    world: LicenceWorld,
    number: str,
    given: dossiers.DueDiligence,
    *,
    etag: str = "",
    request: str = "",
    who: Principal = identity.EXPORTER,
) -> messages.Licence:
    return world.licences(who).RecordDueDiligence(
        messages.RecordDueDiligenceRequest(
            request_id=request or request_id(),
            number=number,
            etag=etag or world.get(number).etag,
            due_diligence=given,
        )
    )


def refusal(act: Callable[[], object]) -> XukeError:
    with pytest.raises(grpc.RpcError) as caught:
        act()
    return from_rpc_error(caught.value)


def changes_of(world: LicenceWorld, number: str) -> list[tuple[str, str]]:
    found, cursor = [], ""
    while True:
        page = world.customs().ListLicenceChanges(messages.ListLicenceChangesRequest(cursor=cursor))
        found += [(each.action, each.state_reason) for each in page.changes if each.number == number]
        cursor = page.next_cursor
        if not page.more:
            return found


def test_a_licence_for_a_flagged_destination_is_of_no_use_until_its_holder_has_looked(
    world: LicenceWorld,
) -> None:
    number = world.active(destination="JP")
    status = world.status(number)
    assert (status.usable, status.state_reason) == (False, MISSING)
    assert world.get(number).due_diligence_demanded

    refused = world.reserve(number, declaration(), "40")
    assert (refused.accepted, refused.reason) == (False, MISSING)
    assert "尽职调查" in refused.explanation.zh
    assert "due diligence" in refused.explanation.en

    licence = give(world, number, record())
    assert licence.state == messages.LICENCE_STATE_ACTIVE
    (kept,) = licence.due_diligence
    assert (kept.due_diligence, kept.recorded_by) == (record(), identity.EXPORTER.subject)
    assert kept.recorded_at.ToDatetime(tzinfo=UTC) == NOW
    status = world.status(number)
    assert (status.usable, status.state_reason) == (True, "")
    assert world.reserve(number, declaration(), "40").accepted
    # The feed that customs follows says when it may not be used and from when it may.
    assert changes_of(world, number) == [
        ("ISSUED", MISSING),
        ("ACKNOWLEDGED", MISSING),
        ("DUE_DILIGENCE_RECORDED", ""),
    ]


def test_every_country_that_the_items_reach_counts(world: LicenceWorld) -> None:
    consignee = dataclasses.replace(grant().consignee, country="JP")
    assert world.status(world.active(consignee=consignee)).state_reason == MISSING
    assert world.status(world.active()).usable


def test_the_duty_binds_from_its_first_day_on_licences_issued_before_too(world: LicenceWorld) -> None:
    at(world, datetime(2026, 1, 5, 2, 0, tzinfo=UTC))
    number = world.active(destination="JP", decided_on=world.clock.now().date())
    assert world.status(number).usable
    assert not world.get(number).due_diligence_demanded
    declared = declaration()
    assert world.reserve(number, declared, "40").accepted
    at(world, datetime(2026, 1, 6, 2, 0, tzinfo=UTC))
    assert world.status(number).state_reason == MISSING
    # What was declared before may leave.
    assert world.commit(number, declared).accepted


@pytest.mark.parametrize("risk", [dossiers.MILITARY_RISK_FOUND, dossiers.MILITARY_RISK_CANNOT_BE_EXCLUDED])
def test_a_military_risk_stops_the_licence_at_once(world: LicenceWorld, risk: int) -> None:
    number = world.active(destination="JP")
    give(world, number, record())
    licence = give(world, number, record(military_risk=risk))
    assert (licence.state, licence.state_reason) == (messages.LICENCE_STATE_SUSPENDED, "END_USE_CHANGED")
    assert [each.due_diligence.military_risk for each in licence.due_diligence] == [
        risk,
        dossiers.MILITARY_RISK_NONE_FOUND,
    ]
    assert world.reserve(number, declaration(), "40").reason == "LICENCE_SUSPENDED"
    assert changes_of(world, number)[-1] == ("STOPPED_AND_REPORTED", "END_USE_CHANGED")

    # Resuming gives back no use before the holder has looked again.
    world.licences(identity.MINISTRY_DIRECTOR).ResumeLicence(
        messages.ResumeLicenceRequest(
            request_id=request_id(), number=number, etag=licence.etag, reasons="verified on site"
        )
    )
    assert world.status(number).state_reason == MISSING
    assert changes_of(world, number)[-1] == ("RESUMED", MISSING)
    give(world, number, record())
    assert world.status(number).usable


def test_a_record_has_no_gap_and_is_of_the_time_after_the_issue(world: LicenceWorld) -> None:
    number = world.active(destination="JP")
    error = refusal(lambda: give(world, number, dossiers.DueDiligence(methods=" ")))
    assert error.code is ErrorCode.INVALID_ARGUMENT
    assert {(each.field, each.reason) for each in error.violations} == {
        (f"due_diligence.{name}", "VALUE_MISSING") for name in messages_fields()
    }
    early = refusal(lambda: give(world, number, record(concluded_on="2026-11-22")))
    assert [(each.field, each.reason) for each in early.violations] == [
        ("due_diligence.concluded_on", "DUE_DILIGENCE_BEFORE_ISSUE")
    ]
    late = refusal(lambda: give(world, number, record(concluded_on="2026-11-24")))
    assert [each.reason for each in late.violations] == ["DAY_IN_THE_FUTURE"]
    assert world.status(number).state_reason == MISSING


def messages_fields() -> list[str]:
    return [field.name for field in dossiers.DueDiligence.DESCRIPTOR.fields]


def test_a_stale_etag_is_refused_and_a_repeated_request_records_once(world: LicenceWorld) -> None:
    number = world.active(destination="JP")
    etag, request = world.get(number).etag, request_id()
    first = give(world, number, record(), etag=etag, request=request)
    assert give(world, number, record(), etag=etag, request=request) == first
    assert refusal(lambda: give(world, number, record(), etag=etag)).reason == "STALE_ETAG"
    assert len(world.get(number).due_diligence) == 1


def test_a_licence_that_has_ended_takes_no_record(world: LicenceWorld) -> None:
    number = world.active(destination="JP")
    world.licences(identity.EXPORTER).SurrenderLicence(
        messages.SurrenderLicenceRequest(
            request_id=request_id(), number=number, etag=world.get(number).etag, reasons="no longer needed"
        )
    )
    error = refusal(lambda: give(world, number, record()))
    assert (error.code, error.reason) == (ErrorCode.FAILED_PRECONDITION, "LICENCE_ACTION_NOT_ALLOWED")


def test_another_organisation_knows_nothing_of_it(world: LicenceWorld) -> None:
    number = world.active(destination="JP")
    error = refusal(lambda: give(world, number, record(), who=identity.OTHER_EXPORTER))
    assert error.code is ErrorCode.NOT_FOUND
