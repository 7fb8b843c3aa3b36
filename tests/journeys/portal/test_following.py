"""What exporters follow: the start page, lists, the page of an application, withdrawing and copying."""

import re
from collections.abc import Callable

import pytest

from services.launcher.demo.dossiers import KOREAN_END_USER, dossier
from services.launcher.demo.filing import PAPERS
from services.launcher.demo.licensing_a_case import Cast, checks_pass, file_application
from services.launcher.demo.stories import ORGANISATION
from tests.journeys.portal.conftest import AGENT, EXPORTER, HOSTILE, World
from tests.support.browsing import Browser, Page


@pytest.fixture
def exporter(signed_in: Callable[[str], Browser]) -> Browser:
    return signed_in(EXPORTER)


@pytest.fixture
def filed(cast: Cast) -> str:
    application = file_application(cast, dossier(ORGANISATION, KOREAN_END_USER, "ZJ-FOLLOW"), list(PAPERS))
    checks_pass(cast, application)
    return application


def form_of(page: Page, *names: str, **typed: str) -> dict[str, str]:
    return {name: page.field(name) for name in ("csrf_token", *names)} | typed


def test_what_is_asked_stands_first_and_leads_to_where_it_is_done(world: World, exporter: Browser) -> None:
    tree = exporter.get("/zh/").tree
    asked = tree.xpath("//section[contains(@class, 'portal-asked')]//a/@href")
    assert f"/zh/applications/{world.returned}/supplement" in asked
    assert tree.xpath("//h2")[0].text == "请您办理"


def test_applications_are_found_by_what_stands_in_them(world: World, exporter: Browser) -> None:
    number = exporter.get(f"/en/applications/{world.licensed}").tree.xpath("//h1")[0].text.split()[-1]
    page = exporter.get(f"/en/applications?query={number}")
    links = page.tree.xpath("//main//li//a/@href")
    assert links == [f"/en/applications/{world.licensed}"]
    assert page.field("query") == number
    nothing = exporter.get("/en/applications?query=no-such-thing")
    assert "Nothing matches." in nothing.words


def test_applications_are_filtered_by_where_they_stand(world: World, exporter: Browser) -> None:
    page = exporter.get("/zh/applications?state=SUPPLEMENT_ASKED_OF_YOU")
    links = page.tree.xpath("//main//li//a/@href")
    assert f"/zh/applications/{world.returned}" in links
    assert f"/zh/applications/{world.licensed}" not in links
    assert page.tree.xpath("//select[@name='state']/option[@selected]/@value") == ["SUPPLEMENT_ASKED_OF_YOU"]


def test_the_search_of_the_header_leads_to_the_list(world: World, exporter: Browser) -> None:
    page = exporter.get("/en/search?query=ZJ-nothing")
    assert page.url.startswith(f"{world.base}/en/applications?")
    assert page.field("query") == "ZJ-nothing"


def test_the_page_of_an_application_says_where_it_stands_and_why(world: World, exporter: Browser) -> None:
    page = exporter.get(f"/en/applications/{world.licensed}")
    for said in ("Licence issued", "The case is concluded.", "Notice of acceptance", "Decision to grant"):
        assert said in page.words
    assert page.tree.xpath(f"//main//a[@href='/en/licences/{world.licence}']")
    assert not page.tree.xpath("//main//a[contains(@href, '/withdraw')]")


def test_a_document_is_handed_over_as_a_file(world: World, exporter: Browser) -> None:
    page = exporter.get(f"/zh/applications/{world.licensed}/attachments/{world.attachment}")
    assert page.status == 200
    assert page.response.content.startswith(b"%PDF-")
    assert page.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    assert int(page.headers["Content-Length"]) == len(page.response.content)
    other = exporter.get(f"/zh/applications/{world.returned}/attachments/{world.attachment}")
    assert other.status == 404


def test_withdrawing_asks_why_and_happens_once(exporter: Browser, filed: str) -> None:
    path = f"/en/applications/{filed}/withdraw"
    form = exporter.get(path)
    faulty = exporter.post(path, form_of(form, "etag", "request_id", reason=" "))
    assert faulty.status == 400
    assert faulty.tree.find("head/title").text.strip().startswith("Error: ")
    assert faulty.tree.xpath("//main//*[contains(@class, 'govuk-error-summary')]//a/@href") == ["#reason"]
    long = exporter.post(path, form_of(faulty, "etag", "request_id", reason="x" * 2001))
    assert long.status == 400
    assert long.field("reason") == "x" * 2001
    sent = form_of(long, "etag", "request_id", reason=f"The contract was cancelled. {HOSTILE}")
    done = exporter.post(path, sent)
    assert done.url.endswith(f"/en/applications/{filed}")
    assert "The application is withdrawn." in done.words
    again = exporter.post(path, sent)
    assert again.status == 200
    assert again.url == done.url
    # What has ended leads to its page.
    assert exporter.get(path).url == done.url


def test_a_change_meanwhile_is_told_and_nothing_typed_is_lost(
    exporter: Browser, cast: Cast, filed: str
) -> None:
    path = f"/en/applications/{filed}/withdraw"
    form = exporter.get(path)
    cast.province.forward(cast.province.case(filed), "拟同意，转报商务部。")
    page = exporter.post(path, form_of(form, "etag", "request_id", reason="cancelled"))
    assert page.status == 409
    assert "Something changed since you opened the page" in page.words
    assert page.field("reason") == "cancelled"
    assert page.field("etag") != form.field("etag")
    done = exporter.post(path, form_of(page, "etag", "request_id", reason="cancelled"))
    assert "The application is withdrawn." in done.words


def test_a_copy_is_made_once_however_often_the_button_is_pressed(world: World, exporter: Browser) -> None:
    page = exporter.get(f"/en/applications/{world.licensed}")
    sent = form_of(page, "request_id")
    first = exporter.post(f"/en/applications/{world.licensed}/copy", sent)
    second = exporter.post(f"/en/applications/{world.licensed}/copy", sent)
    assert first.status == second.status == 200
    assert first.url == second.url
    assert re.fullmatch(r".*/en/applications/[0-9a-f-]{36}", first.url)
    assert world.licensed not in first.url


def test_a_draft_is_discarded_without_a_reason(exporter: Browser, cast: Cast) -> None:
    draft = cast.exporter.draft(dossier(ORGANISATION, KOREAN_END_USER, "ZJ-DISCARD")).application_id
    page = exporter.get(f"/en/applications/{draft}/withdraw")
    assert not page.tree.xpath("//main//textarea")
    done = exporter.post(f"/en/applications/{draft}/withdraw", form_of(page, "etag", "request_id"))
    assert "The draft is discarded." in done.words


def test_an_agent_sees_for_whom_he_acts_and_without_a_mandate_what_to_do(
    world: World, signed_in: Callable[[str], Browser]
) -> None:
    words = signed_in(AGENT).get("/en/").words
    assert "You act for" in words


def test_licences_are_listed_by_their_state(world: World, exporter: Browser) -> None:
    active = exporter.pages("/en/licences?state=ACTIVE")
    links = {link for page in active for link in page.tree.xpath("//main//li//a/@href")}
    assert f"/en/licences/{world.licence}" in links
    page = exporter.get("/en/licences?state=EXPIRED")
    assert "Nothing matches." in page.words
