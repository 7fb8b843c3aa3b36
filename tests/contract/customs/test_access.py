"""Who may use which route: nobody by default, and licensing checks again."""

from dataclasses import replace

import pytest

from services.customs.routes import ROUTES, Route
from services.foundation.principal import Principal, Role
from tests.contract.customs.conftest import Client
from tests.support import identity
from tests.support.services import request_id

# A request of each route that is valid in form, about a licence that does not exist.
NUMBER, DECLARATION = "XKA20263200001231", "3" * 18
LINES = {"lines": [{"declaration_line": 1, "licence_number": NUMBER, "licence_line": 1, "quantity": "1"}]}
BODIES: dict[str, object] = {
    "getLicenceStatus": None,
    "listLicenceChanges": None,
    "batchGetLicenceStatuses": {"numbers": [NUMBER]},
    "acknowledgeLicence": {"request_id": request_id(), "customs_reference": "H2000-1"},
    "reserveQuantities": LINES,
    "commitQuantities": LINES,
    "releaseQuantities": LINES,
}


def _send(client: Client, route: Route, principal: Principal | None, **headers: str) -> tuple[int, str]:
    path = route.path.format(number=NUMBER, declaration_number=DECLARATION)
    answer = replace(client, principal=principal).request(route.verb, path, BODIES[route.name], **headers)
    problem = answer.headers["Content-Type"] == "application/problem+json"
    return answer.status, answer.json["reason"] if problem else ""


_ALL = pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)


@_ALL
@pytest.mark.parametrize("role", list(Role))
def test_roles(client: Client, route: Route, role: Role) -> None:
    principal = replace(identity.CUSTOMS_OFFICER, subject=f"someone-{role}", role=role)
    status, reason = _send(client, route, principal)
    if role is Role.CUSTOMS_OFFICER:
        assert status in (200, 404, 409)
    else:
        assert (status, reason) == (403, "ROLE_NOT_ALLOWED")


@_ALL
@pytest.mark.parametrize("scopes", [(), ("customs:status",), ("customs:writeoff",)], ids=str)
def test_scopes(client: Client, route: Route, scopes: tuple[str, ...]) -> None:
    principal = replace(identity.CUSTOMS_OFFICER, subject=f"scoped-{scopes}", scopes=frozenset(scopes))
    status, reason = _send(client, route, principal)
    if route.scope in scopes:
        assert status in (200, 404, 409)
    else:
        assert (status, reason) == (403, "SCOPE_MISSING")


@_ALL
@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("", "TOKEN_MISSING"),
        ("Basic dTpw", "TOKEN_MISSING"),
        ("Bearer", "TOKEN_MISSING"),
        ("Bearer   ", "TOKEN_MISSING"),
        ("Bearer nonsense", "TOKEN_INVALID"),
    ],
)
def test_tokens(client: Client, route: Route, header: str, reason: str) -> None:
    assert _send(client, route, None, Authorization=header) == (401, reason)


def test_an_expired_token(client: Client) -> None:
    stale = identity.token(replace(identity.CUSTOMS_OFFICER, subject="stale"), lifetime_seconds=-60)
    answer = replace(client, principal=None).get(f"/v1/licences/{NUMBER}", Authorization=f"Bearer {stale}")
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("path", ["/health", "/openapi.json", "/docs"])
def test_what_is_open_to_all(client: Client, path: str) -> None:
    assert replace(client, principal=None).get(path).status == 200
