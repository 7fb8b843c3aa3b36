"""What every answer is like: problems in two languages, headers, limits, the page."""

import base64
import hashlib
import re
from dataclasses import replace

import pytest
from werkzeug.test import Client as InProcessClient

from services.customs.application import GREATEST_BODY_BYTES, create_application
from services.foundation.grpc_channel import open_channel
from tests.conftest import superuser_connection
from tests.contract.customs.conftest import Client, line
from tests.contract.licensing.licence_world import LicenceWorld, declaration
from tests.support import identity


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.5", "zh"),
        ("en-GB,en;q=0.8", "en"),
        ("en;q=0.3,zh;q=0.7", "zh"),
        ("fr", "zh"),
        ("", "zh"),
    ],
)
def test_both_languages_are_there_and_one_is_chosen(client: Client, accepted: str, language: str) -> None:
    answer = client.get("/v1/licence-changes?page_size=x", Accept_Language=accepted)
    problem = answer.json
    assert (answer.status, answer.headers["Content-Type"]) == (400, "application/problem+json")
    assert answer.headers["Content-Language"] == language
    for stem in ("title", "detail"):
        assert problem[stem] == problem[f"{stem}_{language}"]
        assert problem[f"{stem}_zh"] != problem[f"{stem}_en"]
    error = problem["errors"][0]
    assert (error["field"], error["detail"]) == ("page_size", error[f"detail_{language}"])
    assert (problem["status"], problem["instance"]) == (400, "/v1/licence-changes")


@pytest.mark.parametrize(
    ("method", "path", "status", "reason"),
    [
        ("GET", "/nowhere", 404, "ROUTE_NOT_FOUND"),
        ("GET", "/v1/licences/", 404, "ROUTE_NOT_FOUND"),
        ("POST", "/v1/licences/XKA20263200001231", 405, "METHOD_NOT_ALLOWED"),
        ("GET", "/v1/licences/XKA20263200001231:acknowledge", 405, "METHOD_NOT_ALLOWED"),
        ("DELETE", "/v1/licence-changes", 405, "METHOD_NOT_ALLOWED"),
        ("OPTIONS", "/v1/licence-changes", 405, "METHOD_NOT_ALLOWED"),
        ("POST", "/docs", 405, "METHOD_NOT_ALLOWED"),
    ],
)
def test_addresses_and_methods(client: Client, method: str, path: str, status: int, reason: str) -> None:
    answer = client.request(method, path)
    assert (answer.status, answer.json["reason"]) == (status, reason)
    assert ("Allow" in answer.headers) is (status == 405)


def test_bodies_that_are_too_large_or_no_json(client: Client) -> None:
    path = f"/v1/declarations/{declaration()}:reserve"
    large = client.post(path, b" " * (GREATEST_BODY_BYTES + 1))
    assert (large.status, large.json["reason"]) == (413, "BODY_TOO_LARGE")
    form = client.post(path, b"lines=1", Content_Type="application/x-www-form-urlencoded")
    assert (form.status, form.json["reason"]) == (415, "CONTENT_TYPE_NOT_JSON")
    cut = client.post(path, b'{"lines": [')
    assert (cut.status, cut.faults) == (400, [("body", "JSON_INVALID")])


@pytest.mark.parametrize("name", ["\\ud800", "\\u0000"])
def test_a_name_without_encoding_is_told_all_the_same(client: Client, name: str) -> None:
    answer = client.post(f"/v1/declarations/{declaration()}:reserve", b'{"%s": 1}' % name.encode())
    assert (answer.status, answer.json["reason"]) == (400, "INVALID_INPUT")


def test_a_null_in_a_path_is_refused_before_any_database(client: Client) -> None:
    answer = client.get("/v1/licences/%00")
    assert (answer.status, answer.faults) == (400, [("number", "CHARACTER_NOT_STORABLE")])


@pytest.mark.parametrize("path", ["/docs", "/openapi.json", "/health", "/nowhere", "/v1/licence-changes"])
def test_security_headers(client: Client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("default-src 'none';")
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Access-Control-Allow-Origin" not in headers


def test_the_trace_and_the_request_id_are_carried_on(client: Client, world: LicenceWorld) -> None:
    number, trace = world.active(), "4bf92f3577b34da6a3ce929d0e0e4736"
    path, body = f"/v1/declarations/{declaration()}:reserve", {"lines": [line(number, "1")]}
    answer = client.post(path, body, traceparent=f"00-{trace}-00f067aa0ba902b7-01", X_Request_Id="h2000.17")
    assert (answer.headers["X-Request-Id"], answer.headers["X-Trace-Id"]) == ("h2000.17", trace)
    with superuser_connection(world.addresses) as connection:
        rows = connection.execute(
            "SELECT action FROM audit_event WHERE trace_id = %s AND subject_id = %s", (trace, number)
        ).fetchall()
    assert rows == [("QUANTITIES_RESERVED",)]


@pytest.mark.parametrize("given", ["a b", "x" * 65, "<script>"])
def test_a_request_id_of_another_form_is_replaced(client: Client, given: str) -> None:
    assert re.fullmatch(r"[0-9a-f-]{36}", client.get("/health", X_Request_Id=given).headers["X-Request-Id"])


def test_the_page_loads_nothing(client: Client) -> None:
    answer = client.get("/docs")
    html = answer.content.decode()
    assert re.findall(r'(?:src|href)="([^"#]*)"', html) == ["/openapi.json"]
    assert not re.search(r"<script|<link|<img|<iframe|@import|url\(", html)
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in answer.headers["Content-Security-Policy"]
    for word in ("预留", "Reserve quantities", "customs:writeoff", "lines[].licence_number", "207"):
        assert word in html


def test_while_licensing_is_away_the_gateway_says_so() -> None:
    with open_channel("127.0.0.1:1", deadline_seconds=0.2) as channel:
        alone = InProcessClient(create_application(channel, identity.verifier()))
        token = {"Authorization": f"Bearer {identity.token(identity.CUSTOMS_OFFICER)}"}
        answer = alone.get("/v1/licences/XKA20263200001231", headers=token)
        assert answer.status_code in (503, 504)
        assert answer.json is not None
        assert answer.json["reason"] in ("SERVICE_UNREACHABLE", "CALL_TIMED_OUT")
        health = alone.get("/health")
        assert (health.status_code, health.json) == (
            503,
            {"status": "NOT_SERVING", "licensing": "NOT_SERVING"},
        )


def test_health(client: Client) -> None:
    assert replace(client, principal=None).get("/health").json == {
        "status": "SERVING",
        "licensing": "SERVING",
    }
