"""What somebody would try against the pages: forged forms, planted sessions, files and names that are more."""

import re
import uuid
from collections.abc import Callable

import pytest
import requests
from xuke.licensing.v1 import application_pb2 as a
from xuke.licensing.v1 import application_pb2_grpc
from xuke.licensing.v1 import dossier_pb2 as d

from services.launcher.demo.dossiers import KOREAN_END_USER, dossier
from services.launcher.demo.licensing_a_case import Cast
from services.launcher.demo.papers import paper
from services.launcher.demo.people import ask, new_request_id, stub
from services.launcher.demo.stories import ORGANISATION
from services.portal.language import catalogue
from services.portal.page import Page as Declared
from services.portal.pages import PAGES
from tests.journeys.portal.classified import CODE, REGIME
from tests.journeys.portal.conftest import EXPORTER, World
from tests.journeys.portal.permissions import EXPECTED, PATHS
from tests.journeys.portal.permissions.roles import ACCOUNTS
from tests.journeys.portal.screened import ENTRY
from tests.support.browsing import Browser
from tests.support.browsing import Page as Answer
from tests.support.screening_acts import LIST

SignedIn = Callable[[str], Browser]
COOKIE = "xuke"
PDF = paper("出口合同", "for a test")
SENT = [page for page in PAGES if "POST" in page.methods]
# What stands in the paths of pages that are sent to, beside what the world of the tests has.
PLACES = {
    "application_id": "licensed",
    "task_id": "task",
    "condition_id": "condition",
    "attachment_id": "attachment",
    "mandate_id": "mandate",
    "expert_request_id": "expert_request",
    "proposal_id": "proposal",
    "hit_id": "hit",
    "inquiry_id": "inquiry",
    "product_id": "product",
    "reclassification_id": "reclassification",
    "number": "licence",
}
FIXED = {"part": "items", "subject": EXPORTER, "list_code": LIST, "entry_id": ENTRY, "what": "new-list"}
FIXED |= {"regime": REGIME, "control_code": CODE}


def address(page: Declared, world: World) -> str:
    """The address of a page with what the world has: the ids of what is there."""

    def filled(found: re.Match[str]) -> str:
        name = found[1].rpartition(":")[2]
        if name == "number" and found[1].startswith("int:"):
            return "1"
        if name == "proposal_id" and page.path.startswith("/control-list"):
            return world.control_proposal
        if name == "step":
            return "control-code" if "part" in page.path else "contract"
        return FIXED.get(name) or str(getattr(world, PLACES[name]))

    return "/zh" + re.sub(r"<([^>]+)>", filled, page.path)


def account_for(page: Declared) -> str:
    roles = EXPECTED[page.endpoint]
    return next(account for role, account in ACCOUNTS.items() if roles is None or role in roles)


@pytest.fixture(scope="module")
def thief(world: World) -> dict[str, str]:
    """A valid token of a form, of another person's session."""
    other = Browser(world.base)
    return {"csrf_token": other.sign_in("guangdong.exporter").field("csrf_token")}


def is_refused(answer: Answer) -> bool:
    """Whether a form was not looked at; one that was, with faults, is answered with 400 too, on its own page."""
    heading = answer.tree.findtext(".//main//h1") or ""
    return answer.status == 400 and heading.strip() == catalogue("texts")["error.title_400"][0]


@pytest.mark.parametrize("page", SENT, ids=lambda page: page.endpoint)
def test_a_form_of_another_site_is_refused_everywhere(
    world: World, cast: Cast, signed_in: SignedIn, thief: dict[str, str], page: Declared
) -> None:
    browser, path = signed_in(account_for(page)), address(page, world)
    before = cast.ministry.case(world.licensed).etag
    own = browser.get("/zh/accessibility").field("csrf_token")
    for token in ({}, {"csrf_token": ""}, {"csrf_token": "forged"}, thief):
        assert is_refused(browser.post(path, {**token, "request_id": str(uuid.uuid4())}, follow=False)), token
    # The token must come in the form: one in the address is what a link of another site can bring along.
    assert is_refused(browser.post(f"{path}?csrf_token={own}", {}, follow=False))
    assert cast.ministry.case(world.licensed).etag == before
    # None of it ended the session.
    assert browser.get("/zh/accessibility").tree.xpath("//header//form")


@pytest.mark.parametrize("page", SENT, ids=lambda page: page.endpoint)
def test_nothing_is_done_by_following_a_link(world: World, signed_in: SignedIn, page: Declared) -> None:
    browser, path = signed_in(account_for(page)), address(page, world)
    read = {one.rule for one in PAGES if "GET" in one.methods}
    expected = {200, 303} if page.rule in read else {405}
    seen = browser.get(path, follow=False)
    assert seen.status in expected, seen.words
    for method in ("PUT", "PATCH", "DELETE", "TRACE"):
        assert browser.session.request(method, world.base + path, timeout=20).status_code == 405
    # Nor by a method that stands in a header or a field.
    token = {"csrf_token": browser.get("/zh/").field("csrf_token")}
    own = browser.session.cookies[COOKIE]
    for header in ("X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"):
        answer = browser.get(path + "?_method=POST", follow=False, headers={header: "POST"})
        assert answer.status in expected
    assert token["csrf_token"]
    assert browser.session.cookies[COOKIE] == own


def test_whoever_planted_a_session_gets_nothing_of_it(world: World) -> None:
    attacker = Browser(world.base)
    page = attacker.get("/zh/sign-in")
    planted = attacker.session.cookies[COOKIE]
    victim = Browser(world.base)
    victim.session.cookies.set(COOKIE, planted, domain="127.0.0.1", path="/")
    victim.choose_account(page, EXPORTER)
    names = {cookie.value for cookie in victim.session.cookies if cookie.name == COOKIE}
    assert names != {planted}
    assert attacker.get(f"/zh/applications/{world.licensed}", follow=False).status == 303


@pytest.mark.parametrize("path", sorted(PATHS.values()))
def test_every_page_is_private_and_in_no_frame_of_others(
    world: World, signed_in: SignedIn, path: str
) -> None:
    endpoint = next(name for name, known in PATHS.items() if known == path)
    page = next(one for one in PAGES if one.endpoint == endpoint)
    headers = signed_in(account_for(page)).get(path.format(**vars(world))).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    ancestors = "'self'" if endpoint == "case_attachment_content" else "'none'"
    assert f"frame-ancestors {ancestors}" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == ("SAMEORIGIN" if ancestors == "'self'" else "DENY")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "Access-Control-Allow-Origin" not in headers
    assert "Server" not in headers or "/" not in headers["Server"]


def test_cookies_are_out_of_reach(browser: Browser) -> None:
    page = browser.get("/zh/sign-in", follow=False)
    answers = [page, browser.choose_account(browser.get("/zh/sign-in"), EXPORTER, follow=False)]
    answers.append(browser.get(answers[-1].headers["Location"], follow=False))
    given = [one.headers["Set-Cookie"] for one in answers if "Set-Cookie" in one.headers]
    assert len(given) >= 2
    for cookie in given:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Path=/" in cookie
        assert "Domain=" not in cookie


UPLOADS = {
    "HTML as PDF": ("contract.pdf", b"<!DOCTYPE html><script>alert(1)</script>"),
    "HTML behind the beginning of a PDF": (
        "contract.pdf",
        b"%PDF-1.7\n<html><script>alert(1)</script></html>",
    ),
    "a drawing with a script": (
        "contract.svg",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    ),
    "the drawing as PNG": ("contract.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    "HTML behind the beginning of a PNG": ("a.png", b"\x89PNG\r\n\x1a\n<script>alert(1)</script>"),
    "a PDF called a page": ("contract.pdf.html", PDF),
    "a program": ("contract.exe", b"MZ\x90\x00"),
    "an archive": ("contract.pdf", b"PK\x03\x04" + b"\0" * 64),
}


@pytest.mark.parametrize("name", UPLOADS)
def test_a_file_that_is_something_else_is_refused(world: World, signed_in: SignedIn, name: str) -> None:
    browser, path = signed_in(EXPORTER), f"/en/applications/{world.draft}/attachments"
    page = browser.get(path)
    file_name, content = UPLOADS[name]
    fields = {
        "csrf_token": page.field("csrf_token"),
        "request_id": page.field("request_id"),
        "kind": "CONTRACT",
    }
    # The browser's own word for the type counts for nothing.
    answer = browser.post(path, fields, files={"file": (file_name, content, "application/pdf")})
    assert answer.status == 400
    assert answer.tree.findtext("head/title").strip().startswith("Error: ")
    assert not re.search(r"<script>alert|onload=", answer.text)
    assert file_name not in [link.text_content() for link in browser.get(path).tree.xpath("//main//a")]


NAMES = {
    "line ends": "a\r\nX-Injected: yes\r\n\r\n<script>.pdf",
    "quotation marks": 'a"; filename="b.html".pdf',
    "a path": "../../../etc/passwd.pdf",
    "a path of Windows": "..\\..\\boot.pdf",
    "markup": "<img src=x onerror=alert(1)>.pdf",
    "a percent sign": "a%0d%0aX-Injected: yes.pdf",
}


@pytest.fixture(scope="module")
def with_hostile_files(cast: Cast, world: World) -> dict[str, tuple[str, str]]:
    """A draft with files under hostile names, handed to licensing as they are: application and attachment by name."""
    draft = cast.exporter.draft(dossier(ORGANISATION, KOREAN_END_USER, "ZJ-NAMES")).application_id
    applications = stub(cast.people, EXPORTER, "licensing", application_pb2_grpc.ApplicationServiceStub)
    attached = {}
    for case, name in NAMES.items():
        description = a.AttachmentDescription(
            request_id=new_request_id(),
            application_id=draft,
            kind=d.ATTACHMENT_KIND_CONTRACT,
            file_name=name,
        )
        parts = [
            a.UploadAttachmentRequest(description=description),
            a.UploadAttachmentRequest(content=PDF),
        ]
        attached[case] = draft, ask(applications.UploadAttachment, parts.__iter__).attachment_id
    return attached


def test_names_of_files_inject_nothing(
    world: World, signed_in: SignedIn, with_hostile_files: dict[str, tuple[str, str]]
) -> None:
    assert with_hostile_files
    for case, (draft, attachment) in with_hostile_files.items():
        path = f"/en/applications/{draft}/attachments"
        assert "<img src=x" not in signed_in(EXPORTER).get(path).text
        answer = signed_in(EXPORTER).get(f"{path}/{attachment}")
        assert answer.status == 200, case
        assert answer.response.content == PDF
        assert "X-Injected" not in answer.headers
        disposition = answer.headers["Content-Disposition"]
        # One name, encoded: nothing in it ends the value, the header or the folder.
        assert re.fullmatch(r"attachment; (filename=\"[\w.-]*\"; )?filename\*=UTF-8''[\w.%~-]+", disposition)
        assert answer.headers["Content-Type"] == "application/pdf"


@pytest.mark.parametrize(
    "wrong",
    [
        "../../../etc/passwd",
        "..%2f..%2f..%2fetc%2fpasswd",
        "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "....//....//etc/passwd",
        "00000000-0000-0000-0000-000000000000",
        "{other}",
        "%00",
        "'%20OR%201=1--",
        "a" * 5000,
    ],
)
def test_ids_name_documents_and_nothing_else(
    world: World, signed_in: SignedIn, with_hostile_files: dict[str, tuple[str, str]], wrong: str
) -> None:
    # The document of another application, of which it is true that it is one.
    other = next(iter(with_hostile_files.values()))[1]
    for account, path in (
        (EXPORTER, f"/zh/applications/{world.licensed}/attachments/"),
        ("ministry.officer", f"/zh/cases/{world.licensed}/attachments/"),
    ):
        browser = signed_in(account)
        request = requests.Request("GET", world.base + path)
        prepared = browser.session.prepare_request(request)
        prepared.url = world.base + path + wrong.format(other=other)
        answer = browser.session.send(prepared, timeout=20, allow_redirects=False)
        assert answer.status_code in (308, 404), answer.status_code
        if answer.status_code == 308:
            assert answer.headers["Location"].startswith((world.base, "/zh/"))
        assert b"root:" not in answer.content


def test_the_files_of_the_pages_are_all_that_is_served(world: World) -> None:
    for path in ("../application.py", "%2e%2e/application.py", "vendor/../../application.py", "/etc/passwd"):
        prepared = requests.Request("GET", world.base).prepare()
        prepared.url = f"{world.base}/static/{path}"
        answer = requests.Session().send(prepared, timeout=20)
        assert answer.status_code == 404
        assert b"create_application" not in answer.content


def test_too_much_is_refused_and_breaks_nothing(world: World, signed_in: SignedIn) -> None:
    browser = signed_in(EXPORTER)
    token = browser.get("/zh/").field("csrf_token")
    path = f"/zh/licences/{world.licence}/stop-and-report"
    long = browser.post(path, {"csrf_token": token, "statement": "x" * (1024 * 1024 + 1)})
    assert long.status == 413
    many = {f"field{number}": "x" for number in range(3000)}
    assert browser.post(path, {"csrf_token": token, **many}).status in (400, 413)
    for address in (
        "/zh/search?query=" + "x" * 4000,
        "/zh/applications?query=" + "%F0%9F%98%80" * 500,
        "/zh/applications?query=%00",
        "/zh/applications?page=-1",
        "/zh/applications?page=99999999999999999999",
        "/zh/licences?state=%3Cscript%3E",
        f"/zh/verify/{'9' * 3000}",
        "/zh/verify/%00",
    ):
        answer = browser.get(address)
        assert answer.status in (200, 400, 404), address[:60]
        assert "<script>" not in answer.text.replace("<script>document.body", "")


def test_a_host_that_is_not_ours_leads_nobody_away(world: World, signed_in: SignedIn) -> None:
    for header in ("Host", "X-Forwarded-Host"):
        answer = signed_in(EXPORTER).get("/zh/", headers={header: "evil.example"})
        assert "evil.example" not in answer.text
    anonymous = requests.get(
        f"{world.base}/zh/applications",
        headers={"X-Forwarded-Host": "evil.example"},
        allow_redirects=False,
        timeout=20,
    )
    assert anonymous.headers["Location"].startswith("/zh/sign-in")
    answer = requests.get(
        f"{world.base}/zh/sign-in", headers={"Host": "evil.example"}, allow_redirects=False, timeout=20
    )
    assert "evil.example" not in answer.headers.get("Location", "")


@pytest.mark.parametrize(
    "target", ["//evil.example/", "https://evil.example/", "/\\evil.example", "/%5cevil.example"]
)
def test_no_page_sends_anybody_elsewhere(world: World, signed_in: SignedIn, target: str) -> None:
    browser = signed_in(EXPORTER)
    for path in (
        PATHS[name].format(**vars(world)) for name in ("start", "applications", "licence", "search")
    ):
        for parameter in ("next", "url", "return", "redirect_uri", "back"):
            answer = browser.get(path, params={parameter: target}, follow=False)
            assert not answer.headers.get("Location", "/zh/").startswith(("//", "http", "/\\")), path
            for link in answer.tree.xpath("//a/@href|//form/@action|//button/@formaction"):
                assert not re.match(r"(https?:)?[/\\]{2}evil", link), (path, link)
    # An address that begins with two slashes must not be mended into another host.
    doubled = requests.get(world.base + "//evil.example/zh/", allow_redirects=False, timeout=20)
    assert not doubled.headers.get("Location", "").startswith("//")
