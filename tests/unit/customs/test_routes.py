"""Routes are declared whole or not at all."""

import pytest
from flask import Flask
from xuke.licensing.v1 import licence_pb2

from services.customs.application import create_application, demand_declared
from services.customs.routes import ROUTES, Route, write_off_status
from services.foundation.errors import ErrorCode
from services.foundation.grpc_channel import open_channel
from services.foundation.http_status import http_status
from tests.support import identity


@pytest.fixture(scope="module")
def application() -> Flask:
    return create_application(open_channel("127.0.0.1:1"), identity.verifier())


def test_the_routes_speak_of_every_method_of_licensing_for_customs() -> None:
    methods = licence_pb2.DESCRIPTOR.services_by_name["CustomsService"].methods
    assert sorted(route.rpc for route in ROUTES) == sorted(method.name for method in methods)
    assert len({route.name for route in ROUTES}) == len(ROUTES)


def test_reading_needs_another_scope_than_writing_off() -> None:
    assert {route.name for route in ROUTES if route.scope == "customs:status"} == {
        "getLicenceStatus",
        "batchGetLicenceStatuses",
        "listLicenceChanges",
    }


@pytest.mark.parametrize("scope", ["", "customs:everything"])
def test_a_route_without_a_scope_is_an_error(scope: str) -> None:
    with pytest.raises(ValueError, match="declare one of the scopes"):
        Route("open", "GET", "/v1/open", "GetLicenceStatus", scope)


def test_a_rule_that_nobody_declared_is_an_error(application: Flask) -> None:
    demand_declared(application)
    application = create_application(open_channel("127.0.0.1:1"), identity.verifier())
    application.add_url_rule("/v1/backdoor", "backdoor", lambda: "")
    with pytest.raises(ValueError, match="/v1/backdoor"):
        demand_declared(application)


@pytest.mark.parametrize(
    ("accepted", "status"),
    [
        ([True], 200),
        ([True, True], 200),
        ([True, False], 207),
        ([False, True, True], 207),
        ([False], 409),
        ([False, False], 409),
    ],
)
def test_the_status_of_a_write_off(accepted: list[bool], status: int) -> None:
    results = [licence_pb2.WriteOffResult(accepted=each) for each in accepted]
    assert write_off_status(licence_pb2.WriteOffResponse(results=results)) == status


def test_every_error_has_a_status() -> None:
    assert {http_status(code) for code in ErrorCode} == {400, 401, 403, 404, 409, 429, 500, 503, 504}
