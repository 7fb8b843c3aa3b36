"""Kept text without a running platform: whom it is shown to, for how long, and what lies on the disk."""

from pathlib import Path

import pytest
from flask import Flask, g, redirect, request
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

from services.foundation.principal import Principal, Role
from services.portal.kept_text import (
    GREATEST_BYTES,
    KEPT_SECONDS,
    KeptText,
    kept_text,
    kept_values,
    shown_here,
)
from services.portal.sessions import SessionFiles

SECRET = "of the portal"


class Clock:
    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def application(tmp_path: Path, clock: Clock) -> Flask:
    """One form with a page of its own, and one that is sent to an address below its page; people are told by a
    header.
    """
    application = Flask("kept")
    KeptText(SessionFiles(tmp_path, clock), SECRET, secure=False).install(application)

    def who() -> None:
        if name := request.headers.get("X-Person"):
            g.principal = Principal(name, name, Role.EXPORTER)

    def page() -> dict[str, object]:
        typed = kept_values() if "asks" in request.args else None
        shown = shown_here()
        return {
            "typed": typed.to_dict(flat=False) if typed is not None else None,
            "filled": shown.filled if shown else None,
        }

    def send() -> object:
        if "ended" in request.args:
            return {"page": kept_text().keep()}
        return redirect("/form", 303)

    application.before_request(who)
    for path in ("/form", "/other"):
        application.add_url_rule(path, f"page {path}", page)
        application.add_url_rule(path, f"send {path}", send, methods=["POST"])
    application.add_url_rule("/form/confirm", "confirm", send, methods=["POST"])
    return application


def token(application: Flask, subject: str) -> str:
    kept: KeptText = application.extensions["xuke-kept-text"]
    return str(URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps(kept.form_token(subject)))


def keep(client: FlaskClient, subject: str, path: str = "/form", **fields: str) -> str:
    form = {"csrf_token": token(client.application, subject), **fields}
    return str(client.post(f"{path}?ended=1", data=form).get_json()["page"])


def opened(
    client: FlaskClient, person: str, query: str = "?asks=1", path: str = "/form"
) -> dict[str, object]:
    return client.get(f"{path}{query}", headers={"X-Person": person}).get_json()


def test_what_was_typed_is_shown_to_the_person_who_typed_it(application: Flask) -> None:
    client = application.test_client()
    assert keep(client, "zhao", reason="why", request_id="made by the page") == "/form?ended=1"
    assert opened(client, "zhao") == {"typed": {"reason": ["why"]}, "filled": True}
    assert opened(client, "zhao", "") == {"typed": None, "filled": False}


def test_a_form_that_is_sent_below_its_page_comes_back_to_the_page(application: Flask) -> None:
    client = application.test_client()
    assert keep(client, "zhao", "/form/confirm", reason="why") == "/form"
    assert opened(client, "zhao")["typed"] == {"reason": ["why"]}


def test_nobody_else_sees_it(application: Flask) -> None:
    client = application.test_client()
    keep(client, "zhao", reason="why")
    assert opened(client, "qian")["typed"] is None
    assert client.get("/form?asks=1").get_json()["typed"] is None
    assert opened(application.test_client(), "zhao")["typed"] is None
    # It is still there for the one it belongs to.
    assert opened(client, "zhao")["typed"] == {"reason": ["why"]}


@pytest.mark.parametrize("forged", ["", "x", "zhao", "IjEuMiI.aaaa.bbbb"])
def test_a_form_that_was_not_made_here_keeps_nothing(application: Flask, forged: str) -> None:
    client = application.test_client()
    answer = client.post("/form?ended=1", data={"csrf_token": forged, "reason": "planted"})
    assert answer.get_json()["page"] == ""
    assert "Set-Cookie" not in answer.headers


def test_a_form_that_another_site_sends_keeps_nothing(application: Flask) -> None:
    client = application.test_client()
    form = {"csrf_token": token(application, "zhao"), "reason": "planted"}
    answer = client.post("/form?ended=1", data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.get_json()["page"] == ""
    assert "Set-Cookie" not in answer.headers


def test_a_form_made_for_another_person_is_not_taken_over(application: Flask) -> None:
    client = application.test_client()
    form = {"csrf_token": token(application, "qian"), "reason": "planted"}
    answer = client.post("/form?ended=1", data=form, headers={"X-Person": "zhao"})
    assert answer.get_json()["page"] == ""
    keep(client, "qian", reason="planted")
    assert opened(client, "zhao")["typed"] is None


def test_it_is_forgotten_after_half_an_hour(application: Flask, clock: Clock) -> None:
    client = application.test_client()
    keep(client, "zhao", reason="why")
    clock.now += KEPT_SECONDS - 1
    assert opened(client, "zhao")["typed"] is not None
    clock.now += 1
    assert opened(client, "zhao")["typed"] is None


@pytest.mark.parametrize("path", ["/form", "/form/confirm"])
def test_it_is_forgotten_once_the_form_has_been_sent(application: Flask, path: str, tmp_path: Path) -> None:
    client = application.test_client()
    keep(client, "zhao", reason="why")
    assert client.post(path, headers={"X-Person": "zhao"}).status_code == 303
    assert opened(client, "zhao")["typed"] is None
    assert list(tmp_path.iterdir()) == []


def test_too_much_is_not_kept(application: Flask) -> None:
    client = application.test_client()
    assert keep(client, "zhao", reason="许" * (GREATEST_BYTES // 3 - 10))
    assert keep(client, "zhao", reason="许" * (GREATEST_BYTES // 3 + 1)) == ""


def test_the_disk_tells_nothing(application: Flask, tmp_path: Path) -> None:
    client = application.test_client()
    keep(client, "zhao", reason="hardmetal for drills")
    (file,) = tmp_path.iterdir()
    cookie = client.get_cookie("xuke-kept")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.value not in file.name
    for secret in (b"hardmetal", b"zhao", b"reason", cookie.value.encode()):
        assert secret not in file.read_bytes()


def test_forms_of_several_windows_are_kept_side_by_side(application: Flask) -> None:
    client = application.test_client()
    keep(client, "zhao", reason="why")
    keep(client, "zhao", "/other", text="else")
    assert opened(client, "zhao")["typed"] == {"reason": ["why"]}
    assert opened(client, "zhao", "?asks=1", "/other")["typed"] == {"text": ["else"]}
