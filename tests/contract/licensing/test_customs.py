"""What customs reads: status, batches, and a feed of changes that loses none."""

import uuid
from collections.abc import Callable, Iterator

import grpc
import pytest
from xuke.licensing.v1 import licence_pb2 as messages

from services.foundation.errors import ErrorCode, XukeError
from services.foundation.grpc_errors import from_rpc_error
from services.foundation.pagination import decode_page_token, encode_page_token
from services.licensing.licence_service import issue_licence
from tests.conftest import ServiceDatabase, superuser_connection
from tests.contract.licensing.licence_world import LicenceWorld, declaration, grant, licence_world, line
from tests.support import identity
from tests.support.mandates import grant_mandate
from tests.support.services import request_id


@pytest.fixture(scope="module")
def world(service_database: Callable[[str], ServiceDatabase]) -> Iterator[LicenceWorld]:
    with licence_world(service_database) as started:
        yield started


def changes(world: LicenceWorld, cursor: str = "", size: int = 0) -> messages.ListLicenceChangesResponse:
    return world.customs().ListLicenceChanges(
        messages.ListLicenceChangesRequest(cursor=cursor, page_size=size)
    )


def latest(world: LicenceWorld) -> str:
    """The cursor after everything there is."""
    cursor = ""
    while True:
        page = changes(world, cursor, 1000)
        cursor = page.next_cursor
        if not page.more:
            return cursor


def refused(world: LicenceWorld, cursor: str) -> XukeError:
    with pytest.raises(grpc.RpcError) as caught:
        changes(world, cursor)
    return from_rpc_error(caught.value)


def test_status_tells_customs_what_it_needs(world: LicenceWorld) -> None:
    number = world.active(lines=(line(1, "100"), line(2, "0.5")))
    status = world.status(number)
    assert (status.state, status.usable, status.uses_allowed) == (messages.LICENCE_STATE_ACTIVE, True, 1)
    assert (status.valid_from, status.valid_to) == ("2026-11-23", "2027-11-22")
    assert (status.destination, status.customs_office) == ("KR", "2300")
    assert status.consignee_name == "韩国钨业贸易株式会社"
    assert [(part.line_number, part.available_quantity, part.unit) for part in status.lines] == [
        (1, "100", "kg"),
        (2, "0.5", "kg"),
    ]
    assert status.lines[0].value == "3875.5"
    assert status.HasField("acknowledged_at")


def test_a_licence_with_nothing_left_is_not_usable(world: LicenceWorld) -> None:
    number = world.active(instrument="GENERAL")
    assert world.reserve(number, declaration(), "100").accepted
    assert not world.status(number).usable


def test_a_number_is_read_as_people_write_it(world: LicenceWorld) -> None:
    number = world.active()
    spaced = f"{number[:3]} {number[3:7]} {number[7:9]} {number[9:]}".lower()
    assert world.status(spaced).number == number


def test_a_batch_answers_each_number_or_names_it(world: LicenceWorld) -> None:
    known = [world.active() for _ in range(3)]
    asked = [known[2], "XKA20263200001231", known[0], "nonsense", known[1]]
    answer = world.customs().BatchGetLicenceStatuses(messages.BatchGetLicenceStatusesRequest(numbers=asked))
    assert [status.number for status in answer.statuses] == [known[2], known[0], known[1]]
    assert list(answer.unknown_numbers) == ["XKA20263200001231", "nonsense"]
    assert answer.statuses[0] == world.status(known[2])


def test_a_batch_has_a_limit(world: LicenceWorld) -> None:
    numbers = ["XKA20263200001231"] * 1001
    with pytest.raises(grpc.RpcError) as caught:
        world.customs().BatchGetLicenceStatuses(messages.BatchGetLicenceStatusesRequest(numbers=numbers))
    assert from_rpc_error(caught.value).violations[0].field == "numbers"


def test_the_feed_tells_every_change_once_and_in_order(world: LicenceWorld) -> None:
    cursor = latest(world)
    number, declared = world.active(), declaration()
    world.reserve(number, declared, "10")
    world.commit(number, declared)
    seen, more = [], True
    while more:
        page = changes(world, cursor, 1)
        assert len(page.changes) == 1
        seen += [(change.number, change.action, change.state) for change in page.changes]
        cursor, more = page.next_cursor, page.more
    assert seen == [
        (number, "ISSUED", messages.LICENCE_STATE_ISSUED),
        (number, "ACKNOWLEDGED", messages.LICENCE_STATE_ACTIVE),
        (number, "COMPLETED", messages.LICENCE_STATE_COMPLETED),
    ]
    nothing_new = changes(world, cursor)
    assert (nothing_new.next_cursor, nothing_new.more, len(nothing_new.changes)) == (cursor, False, 0)


def test_the_order_is_that_of_numbers_not_of_texts(world: LicenceWorld) -> None:
    """As texts "100" comes before "11"; the ids are set so that the difference shows."""
    cursor = latest(world)
    numbers = [world.issue() for _ in range(3)]
    with superuser_connection(world.addresses) as connection:
        for number, transaction in zip(numbers, ("100", "11", "99"), strict=True):
            connection.execute(
                "UPDATE licence_change SET xid = %s::xid8 WHERE number = %s", (transaction, number)
            )
        earlier = connection.execute("SELECT min(xid::text::bigint) FROM licence_change").fetchone()
    assert earlier == (11,)
    epoch = decode_page_token(cursor, 3)[0]
    found = [change.number for change in changes(world, encode_page_token(epoch, "10", "0"), 1000).changes]
    assert [number for number in found if number in numbers] == [numbers[1], numbers[2], numbers[0]]


def test_a_transaction_that_commits_late_is_not_lost(world: LicenceWorld) -> None:
    """The early writer takes the lower serial number and commits after the later one was there to be read."""
    cursor = latest(world)
    with world.work(identity.MINISTRY_DIRECTOR) as slow:
        early = issue_licence(slow, grant(instrument="GENERAL"))
        late = world.issue()
        while_open = changes(world, cursor)
        assert [change.number for change in while_open.changes] == []
    seen, cursor = [], while_open.next_cursor
    page = changes(world, cursor)
    seen = [change.number for change in page.changes]
    assert seen == [early, late]
    with world.work(identity.AUDITOR) as work:
        serials = dict(
            work.connection.exec_driver_sql(
                "SELECT number, seq FROM licence_change WHERE number = ANY(%s)", ([early, late],)
            ).all()
        )
    assert serials[early] < serials[late]


def test_a_cursor_from_before_a_restore_is_refused(world: LicenceWorld) -> None:
    world.issue()
    cursor = latest(world)
    with superuser_connection(world.addresses) as connection:
        connection.execute("UPDATE feed_epoch SET epoch = %s", (uuid.uuid4(),))
    error = refused(world, cursor)
    assert (error.code, error.reason) == (ErrorCode.FAILED_PRECONDITION, "CURSOR_OF_ANOTHER_EPOCH")
    # From the beginning it goes on.
    assert changes(world, "", 1).changes


def test_a_cursor_from_a_copy_that_went_further_is_refused(world: LicenceWorld) -> None:
    world.issue()
    epoch, transaction, seq = decode_page_token(latest(world), 3)
    ahead = encode_page_token(epoch, str(int(transaction) + 10_000_000), seq)
    assert refused(world, ahead).reason == "CURSOR_OF_ANOTHER_EPOCH"


@pytest.mark.parametrize(
    "cursor", ["?", "abc", encode_page_token("x", "y", "z"), encode_page_token("x", "1", "9" * 40)]
)
def test_a_cursor_that_is_none_is_refused_naming_the_field(world: LicenceWorld, cursor: str) -> None:
    error = refused(world, cursor)
    assert error.code is ErrorCode.INVALID_ARGUMENT
    assert error.violations[0].field == "cursor"


def test_a_stop_is_in_the_feed_as_soon_as_the_holder_has_the_answer(world: LicenceWorld) -> None:
    number = world.active()
    cursor = latest(world)
    grant_mandate(world.service)
    world.licences(identity.AGENT).StopAndReport(
        messages.StopAndReportRequest(
            request_id=request_id(),
            number=number,
            reason=messages.SUSPENSION_REASON_CERTIFICATE_FORGED_OR_EXPIRED,
            statement="The certificate turned out to be forged.",
        )
    )
    change = changes(world, cursor).changes[-1]
    assert (change.number, change.action, change.state_reason) == (
        number,
        "STOPPED_AND_REPORTED",
        "CERTIFICATE_FORGED_OR_EXPIRED",
    )


def test_a_licence_stopped_before_its_receipt_cannot_be_acknowledged(world: LicenceWorld) -> None:
    number = world.issue()
    world.licences(identity.EXPORTER).StopAndReport(
        messages.StopAndReportRequest(
            request_id=request_id(), number=number, reason=messages.SUSPENSION_REASON_OTHER, statement="停止"
        )
    )
    with pytest.raises(grpc.RpcError) as caught:
        world.acknowledge(number)
    assert from_rpc_error(caught.value).metadata["state"] == "SUSPENDED"
