"""A session that ends while a person types costs nothing that was typed, and does nothing by itself."""

import pytest

from services.launcher.platform import Platform
from tests.journeys.portal.conftest import EXPORTER, HOSTILE, World
from tests.support.browsing import Browser, Page

TYPED = f"The end user has been sold.\n{HOSTILE}"


@pytest.fixture
def form(world: World, browser: Browser) -> Page:
    """A form that stands open in a browser whose person signs out in another window."""
    browser.sign_in(EXPORTER, "en")
    page = browser.get(f"/en/licences/{world.licence}/stop-and-report")
    browser.post("/en/sign-out", {"csrf_token": page.field("csrf_token")})
    return page


def typed(form: Page) -> dict[str, str]:
    return {"csrf_token": form.field("csrf_token"), "reason": "END_USER_CHANGED", "statement": TYPED}


def test_typed_text_survives_the_sign_in_and_is_not_sent_by_itself(
    world: World, browser: Browser, form: Page
) -> None:
    page = browser.post(form.url, typed(form))
    assert "/authorize" in page.url
    # A browser goes there from a form only if the page of the form allows it.
    policy = dict(one.strip().split(" ", 1) for one in form.headers["Content-Security-Policy"].split(";"))
    assert page.url.startswith(tuple(f"{origin}/" for origin in policy["form-action"].split()))
    page = browser.choose_account(page, EXPORTER)
    assert page.url == form.url
    assert page.field("statement") == TYPED
    assert page.tree.xpath("//input[@value='END_USER_CHANGED']/@checked")
    assert "What you typed is kept" in page.words
    assert "<script>alert" not in page.text
    assert "Active" in browser.get(f"/en/licences/{world.licence}").words


def test_another_browser_and_another_person_see_nothing(world: World, browser: Browser, form: Page) -> None:
    page = browser.choose_account(browser.post(form.url, typed(form)), "jiangsu.agent")
    assert TYPED not in page.words
    elsewhere = Browser(world.base)
    elsewhere.sign_in(EXPORTER, "en")
    assert elsewhere.get(form.url).field("statement") == ""


def test_a_form_of_an_earlier_session_of_the_same_person_is_shown_again(browser: Browser, form: Page) -> None:
    browser.sign_in(EXPORTER, "en")
    page = browser.post(form.url, typed(form))
    assert page.url == form.url
    assert page.field("statement") == TYPED
    # Looked at and sent anew, it goes on as ever.
    page = browser.post(form.url, {**typed(form), "csrf_token": page.field("csrf_token")})
    assert page.status == 200
    assert page.field("request_id")


def test_a_form_made_for_another_person_is_refused(browser: Browser, form: Page) -> None:
    browser.sign_in("jiangsu.agent", "en")
    answer = browser.post(form.url, typed(form))
    assert answer.status == 400
    assert TYPED not in browser.get(form.url).words


def test_typed_text_survives_an_outage(platform: Platform, world: World, browser: Browser) -> None:
    browser.sign_in(EXPORTER, "en")
    form = browser.get(f"/en/licences/{world.licence}/stop-and-report")
    platform.kill("licensing")
    try:
        failed = browser.post(form.url, typed(form))
    finally:
        platform.restart("licensing")
    assert failed.status == 503
    (back,) = failed.tree.xpath("//main//a[text()='Back to the form']/@href")
    page = browser.get(back)
    assert page.url == form.url
    assert page.field("statement") == TYPED
    assert "What you typed is kept" in page.words
