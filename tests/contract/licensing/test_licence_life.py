"""A licence from its issue to its end, through the interfaces."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import grpc
import pytest
from xuke.licensing.v1 import licence_pb2 as messages

from services.foundation.errors import ErrorCode, XukeError
from services.foundation.grpc_errors import from_rpc_error
from services.licensing.document.canonical import digest
from services.licensing.licence_service import issue_licence
from tests.conftest import ServiceDatabase
from tests.contract.licensing.licence_world import NOW, LicenceWorld, declaration, grant, licence_world
from tests.support import identity
from tests.support.services import request_id

ISSUED, ACTIVE = messages.LICENCE_STATE_ISSUED, messages.LICENCE_STATE_ACTIVE
SUSPENDED, REVOKED = messages.LICENCE_STATE_SUSPENDED, messages.LICENCE_STATE_REVOKED


@pytest.fixture(scope="module")
def world(service_database: Callable[[str], ServiceDatabase]) -> Iterator[LicenceWorld]:
    with licence_world(service_database) as started:
        yield started


def refused(act: Callable[[], object]) -> XukeError:
    with pytest.raises(grpc.RpcError) as caught:
        act()
    return from_rpc_error(caught.value)


def stop(world: LicenceWorld, number: str, reason: int = messages.SUSPENSION_REASON_END_USER_CHANGED):
    return world.licences(identity.EXPORTER).StopAndReport(
        messages.StopAndReportRequest(
            request_id=request_id(), number=number, reason=reason, statement="最终用户已变更。"
        )
    )


def suspend(world: LicenceWorld, number: str, etag: str) -> messages.Licence:
    return world.licences(identity.MINISTRY_OFFICER).SuspendLicence(
        messages.SuspendLicenceRequest(
            request_id=request_id(),
            number=number,
            etag=etag,
            reason=messages.SUSPENSION_REASON_REVIEW_FACTORS_CHANGED,
            statement="Verification opened.",
        )
    )


def resume(world: LicenceWorld, number: str) -> messages.Licence:
    return world.licences(identity.MINISTRY_DIRECTOR).ResumeLicence(
        messages.ResumeLicenceRequest(
            request_id=request_id(), number=number, etag=world.get(number).etag, reasons="No risk found."
        )
    )


def surrender(world: LicenceWorld, number: str) -> messages.Licence:
    return world.licences(identity.EXPORTER).SurrenderLicence(
        messages.SurrenderLicenceRequest(
            request_id=request_id(), number=number, etag=world.get(number).etag, reasons="Order cancelled."
        )
    )


def test_issue_stores_every_fact_and_is_not_usable_before_the_receipt(world: LicenceWorld) -> None:
    number = world.issue()
    licence = world.get(number)
    assert licence.number.startswith("XKA202600")
    assert (licence.state, licence.etag) == (ISSUED, "1")
    assert (licence.valid_from, licence.valid_to) == ("2026-11-23", "2027-11-22")
    assert (licence.uses_allowed, licence.uses_made) == (1, 0)
    assert licence.lines[0].licensed_quantity == licence.lines[0].available_quantity == "100"
    assert licence.end_user.name_zh == "韩国精工株式会社"
    assert licence.conditions[0].en == "Report arrival within thirty days."
    with world.work(identity.AUDITOR) as work:
        canonical = bytes(
            work.connection.exec_driver_sql(
                "SELECT canonical FROM licence WHERE number = %s", (number,)
            ).scalar_one()
        )
    assert (digest(canonical).sha256, digest(canonical).sm3) == (
        licence.canonical_sha256,
        licence.canonical_sm3,
    )
    assert not world.status(number).usable


def test_an_application_has_one_licence_however_often_it_is_issued(world: LicenceWorld) -> None:
    granted = grant()
    numbers = []
    for _ in range(2):
        with world.work(identity.MINISTRY_DIRECTOR) as work:
            numbers.append(issue_licence(work, granted))
    assert numbers[0] == numbers[1]


def test_a_general_licence_lasts_three_years_and_counts_no_uses(world: LicenceWorld) -> None:
    licence = world.get(world.issue(instrument="GENERAL"))
    assert (licence.valid_to, licence.uses_allowed) == ("2029-11-22", 0)


def test_a_grant_of_before_the_regulation_is_refused(world: LicenceWorld) -> None:
    with pytest.raises(XukeError) as caught, world.work(identity.MINISTRY_DIRECTOR) as work:
        issue_licence(work, grant(decided_on=datetime(2024, 11, 30, tzinfo=UTC).date()))
    assert caught.value.reason == "INSTRUMENT_NOT_IN_FORCE"


def test_the_receipt_makes_it_active_once_and_the_first_reference_stays(world: LicenceWorld) -> None:
    number = world.issue()
    first = world.acknowledge(number, "GACC-first")
    assert (first.state, first.usable) == (ACTIVE, True)
    assert world.acknowledge(number, "GACC-second") == first
    with world.work(identity.AUDITOR) as work:
        reference = work.connection.exec_driver_sql(
            "SELECT customs_reference FROM licence WHERE number = %s", (number,)
        ).scalar_one()
    assert reference == "GACC-first"


def test_stop_and_report_refuses_the_next_reservation_at_once(world: LicenceWorld) -> None:
    number = world.active()
    stopped = stop(world, number)
    assert (stopped.state, stopped.state_reason) == (SUSPENDED, "END_USER_CHANGED")
    result = world.reserve(number, declaration(), "10")
    assert (result.accepted, result.reason) == (False, "LICENCE_SUSPENDED")
    assert "END_USER_CHANGED" in result.explanation.zh
    assert "END_USER_CHANGED" in result.explanation.en
    assert not world.status(number).usable


def test_a_further_report_is_recorded_and_changes_neither_state_nor_reason(world: LicenceWorld) -> None:
    number = world.active()
    stop(world, number)
    again = stop(world, number, messages.SUSPENSION_REASON_END_USE_CHANGED)
    assert (again.state, again.state_reason) == (SUSPENDED, "END_USER_CHANGED")
    position = world.procedure().GetLicencePosition(messages.GetLicencePositionRequest(number=number))
    reports = [event for event in position.events if event.action == "STOPPED_AND_REPORTED"]
    assert [event.references["reported_reason"] for event in reports] == [
        "END_USER_CHANGED",
        "END_USE_CHANGED",
    ]
    with world.work(identity.AUDITOR) as work:
        statements = work.connection.exec_driver_sql(
            "SELECT count(*) FROM licence_statement WHERE licence_number = %s", (number,)
        ).scalar_one()
    assert statements == 2


def test_a_reservation_made_before_the_stop_cannot_be_committed_but_released(world: LicenceWorld) -> None:
    number, declared = world.active(), declaration()
    assert world.reserve(number, declared, "10").accepted
    stop(world, number)
    assert world.commit(number, declared).reason == "LICENCE_SUSPENDED"
    assert world.release(number, declared).accepted


def test_suspend_and_resume_return_to_where_it_was(world: LicenceWorld) -> None:
    never_acknowledged, active = world.issue(), world.active()
    for number, before in ((never_acknowledged, ISSUED), (active, ACTIVE)):
        assert suspend(world, number, world.get(number).etag).state == SUSPENDED
        resumed = resume(world, number)
        assert (resumed.state, resumed.state_reason) == (before, "")


def test_a_stale_etag_is_aborted_and_changes_nothing(world: LicenceWorld) -> None:
    number = world.active()
    stale = str(int(world.get(number).etag) - 1)
    error = refused(lambda: suspend(world, number, stale))
    assert (error.code, error.reason) == (ErrorCode.ABORTED, "STALE_ETAG")
    assert world.get(number).state == ACTIVE


def test_write_offs_leave_the_etag_alone(world: LicenceWorld) -> None:
    number = world.active()
    etag = world.get(number).etag
    assert world.reserve(number, declaration(), "10").accepted
    assert world.get(number).etag == etag


def test_a_repeated_request_gets_the_first_answer(world: LicenceWorld) -> None:
    number = world.active()
    request = messages.RevokeLicenceRequest(
        request_id=request_id(), number=number, etag=world.get(number).etag, reasons="Art. 20(2)."
    )
    director = world.licences(identity.MINISTRY_DIRECTOR)
    first = director.RevokeLicence(request)
    assert first.state == REVOKED
    assert director.RevokeLicence(request) == first


def test_what_the_table_does_not_have_is_refused_with_the_state_and_what_is_allowed(
    world: LicenceWorld,
) -> None:
    error = refused(lambda: resume(world, world.active()))
    assert (error.code, error.reason) == (ErrorCode.FAILED_PRECONDITION, "LICENCE_ACTION_NOT_ALLOWED")
    assert error.metadata["state"] == "ACTIVE"
    assert error.metadata["allowed"] == "SUSPENDED, REVOKED"


def test_a_licence_is_handed_back_only_when_nothing_is_reserved(world: LicenceWorld) -> None:
    number, declared = world.active(), declaration()
    assert world.reserve(number, declared, "10").accepted
    assert refused(lambda: surrender(world, number)).reason == "RESERVATION_OUTSTANDING"
    assert world.release(number, declared).accepted
    assert surrender(world, number).state == messages.LICENCE_STATE_SURRENDERED


def test_it_expires_at_midnight_in_shanghai_and_not_before(world: LicenceWorld) -> None:
    number = world.active()
    position = world.procedure().GetLicencePosition(messages.GetLicencePositionRequest(number=number))
    midnight = position.expires_at.ToDatetime(tzinfo=UTC)
    assert midnight == datetime(2027, 11, 22, 16, tzinfo=UTC)
    try:
        for instant, state in (
            (datetime(2027, 11, 22, 15, 59, 59, tzinfo=UTC), ACTIVE),
            (midnight, messages.LICENCE_STATE_EXPIRED),
        ):
            world.clock.instant = instant
            request = messages.ExpireLicenceRequest(request_id=request_id(), number=number)
            assert world.procedure().ExpireLicence(request).state == state
    finally:
        world.clock.instant = NOW


def test_the_date_decides_before_the_procedure_marks_it(world: LicenceWorld) -> None:
    number = world.active()
    try:
        world.clock.instant = datetime(2027, 11, 22, 16, tzinfo=UTC)
        assert not world.status(number).usable
        assert world.reserve(number, declaration(), "1").reason == "LICENCE_EXPIRED"
    finally:
        world.clock.instant = NOW


def test_position_gives_events_after_a_sequence(world: LicenceWorld) -> None:
    number = world.active()
    position = world.procedure().GetLicencePosition(messages.GetLicencePositionRequest(number=number))
    assert [event.action for event in position.events] == ["ISSUED", "ACKNOWLEDGED"]
    assert position.sequence == 2
    later = world.procedure().GetLicencePosition(
        messages.GetLicencePositionRequest(number=number, after_sequence=2)
    )
    assert (len(later.events), later.sequence) == (0, 2)


def test_every_change_of_state_kicks_the_workflow(world: LicenceWorld) -> None:
    number = world.active()
    stop(world, number)
    with world.work(identity.AUDITOR) as work:
        kicks = work.connection.exec_driver_sql(
            "SELECT workflow, workflow_id, sequence FROM outbox WHERE workflow_id = %s ORDER BY seq",
            (f"licence/{number}",),
        ).all()
    assert [tuple(kick) for kick in kicks] == [
        ("LicenceWorkflow", f"licence/{number}", sequence) for sequence in (1, 2, 3)
    ]


def test_an_unknown_number_and_a_mistyped_one_are_told_apart(world: LicenceWorld) -> None:
    number = world.issue()
    officer = world.licences(identity.MINISTRY_OFFICER)
    swapped = f"{number[:-3]}{number[-2]}{number[-3]}{number[-1]}"
    mistyped = number[:-2] + ("1" if number[-2] != "1" else "2") + number[-1]
    error = refused(lambda: officer.GetLicence(messages.GetLicenceRequest(number=mistyped)))
    assert error.violations[0].reason == "LICENCE_NUMBER_CHECK"
    assert (
        swapped == number
        or refused(lambda: officer.GetLicence(messages.GetLicenceRequest(number=swapped)))
        .violations[0]
        .reason
        == "LICENCE_NUMBER_CHECK"
    )
    unknown = refused(lambda: officer.GetLicence(messages.GetLicenceRequest(number="XKA20263200001231")))
    assert unknown.code is ErrorCode.NOT_FOUND


def test_pages_of_a_list_hold_every_licence_once(world: LicenceWorld) -> None:
    own = [world.issue(unified_social_credit_code="91440100MA1XUKE028", province="44") for _ in range(5)]
    exporter, seen, token = world.licences(identity.OTHER_EXPORTER), [], ""
    while True:
        page = exporter.ListLicences(messages.ListLicencesRequest(page_size=2, page_token=token))
        seen += [licence.number for licence in page.licences]
        token = page.next_page_token
        if not token:
            break
    assert sorted(seen) == sorted(own)
    active = exporter.ListLicences(messages.ListLicencesRequest(states=[ACTIVE]))
    assert not active.licences
