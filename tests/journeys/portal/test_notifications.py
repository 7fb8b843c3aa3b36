"""Notifications in pages: the number in the navigation, the list, and marking what was seen."""

from services.launcher.platform import Platform
from tests.journeys.portal.conftest import EXPORTER, World
from tests.support.browsing import Browser, Page


def number(page: Page) -> int:
    shown = page.tree.xpath("//nav//*[@class='portal-count']/*[@aria-hidden]")
    return int(shown[0].text.rstrip("+")) if shown else 0


def told_of(browser: Browser, path: str) -> set[str]:
    return {link for page in browser.pages(path) for link in page.tree.xpath("//main//a/@href")}


def test_unread_ones_are_counted_and_marked(world: World, browser: Browser) -> None:
    page = browser.sign_in(EXPORTER, "en")
    before = number(page)
    assert before > 0
    assert "Unread notifications" in page.words
    page = browser.get("/en/notifications")
    assert number(page) == before
    assert f"/en/licences/{world.licence}" in told_of(browser, "/en/notifications")
    fields = {name: page.field(name) for name in ("csrf_token", "request_id", "newest")}
    read = browser.post("/en/notifications", fields)
    assert read.url.endswith("/en/notifications")
    assert number(read) == 0
    assert "All are read." in read.words
    assert "No unread notifications." in browser.get("/en/notifications?show=unread").words


def test_officers_are_told_of_their_cases(world: World, browser: Browser) -> None:
    browser.sign_in("ministry.second", "zh")
    assert f"/zh/cases/{world.licensed}" in told_of(browser, "/zh/notifications")


def test_public_pages_and_roles_that_are_told_nothing_have_no_number(world: World, browser: Browser) -> None:
    assert number(browser.get("/en/help")) == 0
    browser.sign_in("auditor", "en")
    assert browser.get("/en/notifications").status == 403


def test_pages_open_while_the_number_cannot_be_asked_for(
    platform: Platform, world: World, browser: Browser
) -> None:
    browser.sign_in(EXPORTER, "en")
    platform.kill("licensing")
    try:
        page = browser.get("/en/help")
        failed = browser.get("/en/notifications")
        # Nor is the sign-in, although the directory cannot be told of it.
        other = Browser(world.base)
        signed_in = other.choose_account(other.get("/en/sign-in?next=/en/help"), EXPORTER)
    finally:
        platform.restart("licensing")
    assert page.status == 200
    assert number(page) == 0
    assert failed.status == 503
    assert signed_in.status == 200
    assert "Zhao Min" in signed_in.words
    assert browser.get("/en/notifications").status == 200
