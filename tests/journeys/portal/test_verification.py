"""The public page behind the code on a licence: status only, for anybody, not for searching."""

from collections.abc import Callable

import grpc
import pytest
from xuke.licensing.v1 import application_pb2_grpc, licence_pb2_grpc
from xuke.licensing.v1 import licence_pb2 as li

from services.foundation.errors import ErrorCode
from services.foundation.grpc_errors import from_rpc_error
from services.launcher.clients import People
from services.licensing.domain.licence_number import LicenceNumber
from tests.journeys.portal.conftest import World
from tests.support.browsing import Browser

SECRETS = (
    "许可钨业",
    "Tungsten",
    "Hangang",
    "汉江",
    "仲钨酸铵",
    "91320100MA1XUKE016",
    "2841801000",
    "1C117",
    "KR",
)


def test_the_printed_address_leads_to_the_status(world: World, browser: Browser) -> None:
    page = browser.get(f"/verify/{world.licence}")
    assert page.url.endswith(f"/zh/verify/{world.licence}")
    assert page.status == 200
    assert "有效" in page.words
    assert not [secret for secret in SECRETS if secret in page.text]


def test_a_number_may_be_typed_as_it_is_printed(world: World, browser: Browser) -> None:
    printed = LicenceNumber.parse(world.licence).display.lower()
    page = browser.get("/en/verify", params={"number": printed})
    assert page.status == 200
    assert world.licence in page.words


def test_an_unknown_number_may_be_a_forgery(browser: Browser) -> None:
    page = browser.get("/en/verify/XKA20263200001231")
    assert page.status == 404
    assert "forged" in page.words


def test_a_slip_of_the_pen_is_explained_and_what_was_typed_is_kept(browser: Browser) -> None:
    page = browser.get("/en/verify/XKA20263200001232")
    assert page.status == 400
    assert page.tree.find("head/title").text.startswith("Error: ")
    assert page.field("number") == "XKA20263200001232"
    assert page.tree.xpath("//div[contains(@class, 'govuk-error-summary')]//a/@href") == ["#number"]


def test_nobody_can_search_through_the_numbers(world: World, browser: Browser) -> None:
    answers = [browser.get(f"/zh/verify/{world.licence}").status for _ in range(31)]
    assert answers == [200] * 30 + [429]
    assert Browser(world.base).get(f"/zh/verify/{world.licence}").status == 200


def _refusal(call: Callable[[], object]) -> ErrorCode | None:
    try:
        call()
    except grpc.RpcError as error:
        return from_rpc_error(error).code
    return None


def test_the_portal_itself_may_ask_for_the_status_and_nothing_else(world: World, people: People) -> None:
    channel = people.channel("portal", "licensing")
    verification = licence_pb2_grpc.LicenceVerificationServiceStub(channel)
    found = verification.VerifyLicence(li.VerifyLicenceRequest(number=world.licence))
    assert found.state == li.LICENCE_STATE_ACTIVE
    assert {field.name for field, _ in found.ListFields()} == {
        "number", "state", "valid_from", "valid_to", "as_of",
    }  # fmt: skip
    for stub in (
        licence_pb2_grpc.LicenceServiceStub(channel),
        licence_pb2_grpc.CustomsServiceStub(channel),
        application_pb2_grpc.ReviewServiceStub(channel),
        application_pb2_grpc.ApplicationServiceStub(channel),
    ):
        for name, method in vars(stub).items():
            if name.startswith("Get") and "Licence" in name:
                request = getattr(li, f"{name}Request")(number=world.licence)
                assert _refusal(lambda m=method, r=request: m(r)) is ErrorCode.PERMISSION_DENIED, name


@pytest.mark.parametrize("account", ["jiangsu.exporter", "customs.officer", "auditor", "approval"])
def test_verification_is_for_the_portal_alone(world: World, people: People, account: str) -> None:
    stub = licence_pb2_grpc.LicenceVerificationServiceStub(people.channel(account, "licensing"))
    request = li.VerifyLicenceRequest(number=world.licence)
    assert _refusal(lambda: stub.VerifyLicence(request)) is ErrorCode.PERMISSION_DENIED
