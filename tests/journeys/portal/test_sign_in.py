"""Signing in and out: the session is rotated, ends for good, and leads nowhere else."""

import base64
import hashlib
import urllib.parse
from collections.abc import Callable

import pytest
import requests

from services.launcher.platform import Platform
from tests.journeys.portal.conftest import EXPORTER, World
from tests.support.browsing import Browser

COOKIE = "xuke"


def test_a_person_comes_back_to_the_page_that_was_asked_for(world: World, browser: Browser) -> None:
    page = browser.get(f"/en/applications/{world.licensed}")
    assert "/authorize" in page.url
    page = browser.choose_account(page, EXPORTER)
    assert page.url == f"{world.base}/en/applications/{world.licensed}"
    assert "Zhao Min" in page.words


def test_the_request_to_the_issuer_carries_state_nonce_and_challenge(browser: Browser) -> None:
    asked = urllib.parse.parse_qs(urllib.parse.urlsplit(browser.get("/zh/sign-in").url).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked[name][0]) >= 20


def test_the_session_gets_another_name_at_sign_in(world: World, browser: Browser) -> None:
    page = browser.get("/zh/sign-in")
    before = browser.session.cookies[COOKIE]
    browser.choose_account(page, EXPORTER)
    after = browser.session.cookies[COOKIE]
    assert after != before
    # Who planted the first name has nothing.
    thief = Browser(world.base)
    thief.session.cookies.set(COOKIE, before)
    assert thief.get(f"/zh/applications/{world.licensed}", follow=False).status == 303


def test_a_name_that_the_portal_did_not_give_out_is_not_taken_up(browser: Browser) -> None:
    browser.session.cookies.set(COOKIE, "A" * 43, domain="127.0.0.1", path="/")
    page = browser.sign_in(EXPORTER)
    assert page.status == 200
    assert "A" * 43 not in [cookie.value for cookie in browser.session.cookies if cookie.path == "/"][-1:]


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(browser: Browser) -> None:
    answer = browser.get("/zh/sign-in", follow=False)
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "eyJ" not in cookie


def test_signing_out_ends_the_session_on_the_server(world: World, browser: Browser) -> None:
    page = browser.sign_in(EXPORTER)
    name = browser.session.cookies[COOKIE]
    page = browser.post("/zh/sign-out", {"csrf_token": page.field("csrf_token")})
    assert "您已退出" in page.words
    browser.session.cookies.set(COOKIE, name, domain="127.0.0.1", path="/")
    assert browser.get(f"/zh/applications/{world.licensed}", follow=False).status == 303


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/zh/\r\nLocation: https://evil.example/",
        "/zh/nothing-here",
        "/zh/sign-out",
        "http:///evil.example",
        "/%09/evil.example",
    ],
)
def test_the_sign_in_sends_nobody_elsewhere(world: World, browser: Browser, target: str) -> None:
    page = browser.get("/zh/sign-in?" + urllib.parse.urlencode({"next": target}))
    assert browser.choose_account(page, EXPORTER).url == f"{world.base}/zh/"


def test_an_answer_that_was_not_asked_for_is_refused(world: World, browser: Browser) -> None:
    for query in ("code=abc&state=forged", "code=abc", ""):
        assert browser.get(f"/sign-in/callback?{query}").status == 400
    page = browser.get("/zh/sign-in")
    answered = browser.choose_account(page, EXPORTER, follow=False).headers["Location"]
    # The same answer in another browser: somebody tries to sign another person in as himself.
    assert Browser(world.base).get(answered).status == 400
    assert browser.get(answered).status == 200
    assert browser.get(answered).status == 400


@pytest.mark.parametrize("path", ["/zh/sign-out", "/zh/licences/{licence}/stop-and-report", "{confirm}"])
@pytest.mark.parametrize("token", ["", "forged"])
def test_a_form_of_another_site_does_nothing(
    world: World, signed_in: Callable[[str], Browser], path: str, token: str
) -> None:
    confirm = f"/zh/licences/{world.licence}/stop-and-report/confirm"
    form = {"csrf_token": token, "reason": "OTHER", "statement": "x", "request_id": "x"}
    page = signed_in(EXPORTER).post(path.format(licence=world.licence, confirm=confirm), form)
    assert page.status == 400
    assert signed_in(EXPORTER).get(f"/zh/applications/{world.licensed}").status == 200


def test_the_token_of_another_session_is_no_token(world: World, browser: Browser) -> None:
    mine = browser.sign_in(EXPORTER)
    other = Browser(world.base)
    other.sign_in("guangdong.exporter")
    assert other.post("/zh/sign-out", {"csrf_token": mine.field("csrf_token")}).status == 400


def authorization(platform: Platform, **changed: str) -> dict[str, str]:
    return {
        "response_type": "code",
        "client_id": "portal",
        "redirect_uri": platform.addresses.url("portal") + "/sign-in/callback",
        "scope": "openid",
        "state": "s",
        "nonce": "n",
        "code_challenge": base64.urlsafe_b64encode(hashlib.sha256(b"v" * 43).digest()).decode().rstrip("="),
        "code_challenge_method": "S256",
        **changed,
    }


def test_the_issuer_sends_nobody_to_an_address_it_does_not_know(platform: Platform) -> None:
    url = platform.addresses.url("issuer") + "/authorize"
    for changed in (
        {"redirect_uri": "https://evil.example/"},
        {"client_id": "approval"},
        {"redirect_uri": ""},
    ):
        answer = requests.get(
            url, params=authorization(platform, **changed), allow_redirects=False, timeout=10
        )
        assert answer.status_code == 400
    for changed in (
        {"code_challenge": ""},
        {"code_challenge_method": "plain"},
        {"response_type": "token"},
        {"scope": "profile"},
    ):
        answer = requests.get(
            url, params=authorization(platform, **changed), allow_redirects=False, timeout=10
        )
        assert answer.status_code == 303
        assert "error=" in answer.headers["Location"]


def test_a_code_is_good_once_and_for_its_verifier_alone(platform: Platform) -> None:
    issuer = platform.addresses.url("issuer")
    secret = platform.folder.secret("portal").read_text().strip()

    def code() -> str:
        form = {**authorization(platform), "account": EXPORTER}
        answer = requests.post(f"{issuer}/authorize", data=form, allow_redirects=False, timeout=10)
        return urllib.parse.parse_qs(urllib.parse.urlsplit(answer.headers["Location"]).query)["code"][0]

    def redeem(code: str, verifier: str = "v" * 43, client: tuple[str, str] = ("portal", secret)) -> int:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "code_verifier": verifier,
            "redirect_uri": authorization(platform)["redirect_uri"],
        }
        return requests.post(f"{issuer}/token", data=form, auth=client, timeout=10).status_code

    good = code()
    assert redeem(good) == 200
    assert redeem(good) == 400
    assert redeem(code(), verifier="w" * 43) == 400
    assert redeem(code(), client=("portal", "wrong")) == 401
    approval = platform.folder.secret("approval").read_text().strip()
    assert redeem(code(), client=("approval", approval)) == 400
    assert redeem("unknown") == 400


def test_sessions_on_disk_tell_nothing(platform: Platform, browser: Browser) -> None:
    browser.sign_in(EXPORTER)
    name = browser.session.cookies[COOKIE]
    files = list(platform.folder.portal_sessions.iterdir())
    assert files
    for file in files:
        assert name not in file.name
        content = file.read_bytes()
        assert b"token" not in content
        assert name.encode() not in content
        assert file.stat().st_mode & 0o077 == 0


def test_a_person_stays_signed_in_when_the_portal_starts_anew(
    platform: Platform, world: World, browser: Browser
) -> None:
    browser.sign_in(EXPORTER)
    platform.kill("portal")
    platform.restart("portal")
    assert browser.get(f"/zh/applications/{world.licensed}", follow=False).status == 200
