"""Stop and report in pages: faults keep what was typed, answers are checked, and it happens once."""

import pytest

from services.launcher.demo.licensing_a_case import Cast
from services.launcher.demo.people import customs_call
from tests.journeys.portal.conftest import EXPORTER, HOSTILE, licensed_case
from tests.support.browsing import Browser, Page


@pytest.fixture(scope="module")
def number(cast: Cast, world) -> str:
    return licensed_case(cast, "ZJ-PORTAL-STOP")[1]


@pytest.fixture
def exporter(browser: Browser) -> Browser:
    browser.sign_in(EXPORTER, "en")
    return browser


def form_of(page: Page, **typed: str) -> dict[str, str]:
    return {"csrf_token": page.field("csrf_token"), **typed}


def test_faults_come_first_and_nothing_typed_is_lost(exporter: Browser, number: str) -> None:
    path = f"/en/licences/{number}/stop-and-report"
    page = exporter.post(path, form_of(exporter.get(path), reason="", statement="what I know\r\nso far"))
    assert page.status == 400
    assert page.tree.find("head/title").text.startswith("Error: ")
    assert page.field("statement") == "what I know\nso far"
    summary = page.tree.xpath("//main//*[contains(@class, 'govuk-error-summary')]")[0]
    assert summary.xpath(".//a/@href") == ["#reason"]
    assert page.tree.xpath("//input[@id='reason']")
    before = page.tree.xpath("//h1")[0].xpath("preceding::*[contains(@class, 'govuk-error-summary__title')]")
    assert before
    page = exporter.post(path, form_of(page, reason="OTHER", statement="x" * 4007))
    assert "at most 4000 characters" in page.words
    assert len(page.field("statement")) == 4007
    assert page.tree.xpath("//input[@value='OTHER']/@checked")


def test_reported_once_however_often_the_button_is_pressed(
    exporter: Browser, cast: Cast, number: str
) -> None:
    path = f"/en/licences/{number}/stop-and-report"
    statement = f"The end user has changed.\n{HOSTILE}"
    page = exporter.post(path, form_of(exporter.get(path), reason="END_USER_CHANGED", statement=statement))
    assert "End user changed" in page.words
    assert HOSTILE in page.words
    assert "<script>alert" not in page.text
    changed = form_of(page, reason="END_USER_CHANGED", statement=statement, change="1")
    assert exporter.post(path, changed).field("statement") == statement
    confirmed = form_of(
        page,
        reason=page.field("reason"),
        statement=page.field("statement"),
        request_id=page.field("request_id"),
    )
    first = exporter.post(f"{path}/confirm", confirmed)
    assert first.url.endswith("/done")
    assert "is suspended" in first.words
    second = exporter.post(f"{path}/confirm", confirmed)
    assert second.url == first.url
    _, feed = customs_call(cast.people, "GET", "/v1/licence-changes?page_size=1000")
    actions = [change["action"] for change in feed["changes"] if change["number"] == number]
    assert actions.count("STOPPED_AND_REPORTED") == 1


def test_the_public_sees_at_once_that_it_may_not_be_used(exporter: Browser, number: str) -> None:
    words = Browser(exporter.base).get(f"/en/verify/{number}").words
    assert "Not to be used now" in words
    assert "Suspended" in words
