"""Public verification in the database itself: the role of the portal sees a status and no licence."""

from collections.abc import Callable, Iterator

import grpc
import pytest
from sqlalchemy import text
from xuke.licensing.v1 import licence_pb2 as messages

from services.foundation.errors import ErrorCode
from services.foundation.grpc_errors import from_rpc_error
from tests.conftest import ServiceDatabase
from tests.contract.licensing.licence_world import LicenceWorld, licence_world
from tests.support import identity


@pytest.fixture(scope="module")
def world(service_database: Callable[[str], ServiceDatabase]) -> Iterator[LicenceWorld]:
    with licence_world(service_database) as started:
        yield started


def test_it_tells_the_status_and_its_days(world: LicenceWorld) -> None:
    number = world.active()
    found = world.verification(identity.PORTAL).VerifyLicence(messages.VerifyLicenceRequest(number=number))
    full = world.get(number)
    assert (found.number, found.state) == (number, messages.LICENCE_STATE_ACTIVE)
    assert (found.valid_from, found.valid_to) == (full.valid_from, full.valid_to)
    assert found.as_of.ToDatetime(tzinfo=world.clock.now().tzinfo) == world.clock.now()


def test_an_unknown_number_is_not_found_and_a_wrong_one_says_why(world: LicenceWorld) -> None:
    stub = world.verification(identity.PORTAL)
    for number, code in (
        ("XKA20263200001231", ErrorCode.NOT_FOUND),
        ("XKA20263200001232", ErrorCode.INVALID_ARGUMENT),
    ):
        with pytest.raises(grpc.RpcError) as refused:
            stub.VerifyLicence(messages.VerifyLicenceRequest(number=number))
        assert from_rpc_error(refused.value).code is code


@pytest.mark.parametrize(
    "table",
    ["licence", "licence_line", "licence_statement", "declaration_line", "usage_entry", "application"],
)
def test_the_role_of_the_portal_sees_no_row_of_any_table(world: LicenceWorld, table: str) -> None:
    world.active()
    with world.work(identity.PORTAL) as work:
        assert work.connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0


@pytest.mark.parametrize(
    "principal", [one for one in identity.ONE_OF_EACH_ROLE if one is not identity.PORTAL]
)
def test_the_function_answers_the_portal_alone(world: LicenceWorld, principal) -> None:
    number = world.active()
    for asking, expected in ((identity.PORTAL, 1), (principal, 0)):
        with world.work(asking) as work:
            rows = work.connection.execute(
                text("SELECT * FROM licence_verification(:number)"), {"number": number}
            )
            assert len(rows.all()) == expected
