"""Every page in Chromium: axe-core finds nothing, nothing is cut off, nothing is refused by the policy.

Chinese and English, at the width of a phone and of a desk; XUKE_SCREENSHOTS names a folder to keep pictures in.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.journeys.portal.conftest import EXPORTER, World

WIDTHS = (1280, 390)
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
_AXE = """async rules => (await axe.run(document, {runOnly: rules})).violations.map(
    one => one.id + ': ' + one.nodes.map(node => node.target.join(' ')).join(' | '))"""
_CUT_OFF = "document.documentElement.scrollWidth - window.innerWidth"
# What a browser says of an answer that is an error, which some pages are on purpose.
_EXPECTED = "Failed to load resource: the server responded with a status of 4"


class Looker:
    """Opens pages one after the other and looks at each."""

    def __init__(self, page: Page, world: World, axe: str, name: str) -> None:
        self.page = page
        self.world = world
        self.language = name.split("-")[0]
        self._axe = axe
        self._name = name
        self.complaints: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(_EXPECTED):
            self.complaints.append(message.text)

    def open(self, path: str, name: str) -> None:
        self.page.goto(f"{self.world.base}/{self.language}{path}")
        self.look(name)

    def look(self, name: str) -> None:
        # By the protocol of the browser, which the policy of the page does not hold.
        self.page.evaluate(self._axe)
        self.complaints += [f"{name}: {one}" for one in self.page.evaluate(_AXE, RULES)]
        if self.page.evaluate(_CUT_OFF) > 0:
            self.complaints.append(f"{name}: wider than the window")
        if folder := os.environ.get("XUKE_SCREENSHOTS"):
            self.page.screenshot(path=Path(folder) / f"{name}-{self._name}.png", full_page=True)

    def press(self, selector: str) -> None:
        """Presses a button and waits until the page that it leads to is there as a whole."""
        with self.page.expect_navigation():
            self.page.click(selector)

    def sign_in(self, account: str) -> None:
        self.page.goto(f"{self.world.base}/{self.language}/sign-in")
        self.look("issuer")
        self.press(f"button[value='{account}']")
        assert self.page.url.startswith(self.world.base)


@pytest.fixture(params=[(language, width) for language in ("zh", "en") for width in WIDTHS], ids=str)
def looker(request, chromium: Browser, world: World, axe: str) -> Iterator[Looker]:
    language, width = request.param
    context = chromium.new_context(viewport={"width": width, "height": 900})
    yield Looker(context.new_page(), world, axe, f"{language}-{width}")
    context.close()


def test_pages_for_everybody(looker: Looker) -> None:
    looker.open("/", "welcome")
    looker.open("/verify", "verification_form")
    looker.open("/verify/XK12", "verification_fault")
    looker.open("/verify/XKA20263200001231", "verification_unknown")
    looker.open(f"/verify/{looker.world.licence}", "verification")
    looker.open("/accessibility", "accessibility")
    looker.open("/nothing-here", "missing")
    assert looker.complaints == []


def test_pages_of_an_exporter(looker: Looker) -> None:
    world = looker.world
    looker.sign_in(EXPORTER)
    looker.look("start")
    for name in ("licensed", "returned", "draft"):
        looker.open(f"/applications/{getattr(world, name)}", f"application_{name}")
    looker.open(f"/licences/{world.licence}", "licence")
    looker.open(f"/licences/{world.licence}/stop-and-report", "stop")
    looker.press("main button")
    looker.look("stop_fault")
    assert looker.page.evaluate("document.activeElement.className").startswith("govuk-error-summary")
    looker.page.check("#reason")
    looker.page.fill("#statement", "客户来函：最终用户变更。\n<script>document.title = 'x'</script>")
    looker.press("main button")
    looker.look("stop_check")
    looker.open("/cases", "forbidden")
    looker.open("/", "start_again")
    looker.press("header button")
    looker.look("signed_out")
    assert looker.complaints == []


def test_pages_of_reviewers(looker: Looker) -> None:
    looker.sign_in("ministry.officer")
    looker.look("queue")
    looker.open("/cases?state=every", "queue_every")
    looker.open(f"/cases/{looker.world.licensed}", "case")
    looker.open(f"/licences/{looker.world.licence}", "licence_of_reviewer")
    assert looker.complaints == []


def test_everything_works_without_a_script(chromium: Browser, world: World) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto(f"{world.base}/zh/applications/{world.licensed}")
    page.click(f"button[value='{EXPORTER}']")
    assert page.url.endswith(f"/zh/applications/{world.licensed}")
    page.click("a[hreflang='en']")
    assert page.url.endswith(f"/en/applications/{world.licensed}")
    page.goto(f"{world.base}/en/licences/{world.licence}/stop-and-report")
    page.click("main button")
    assert page.title().startswith("Error: ")
    page.check("#reason")
    page.fill("#statement", "changed")
    page.click("main button")
    assert page.locator("h1").inner_text() == "Check before you send"
    page.click("header button")
    assert "You have signed out" in page.locator("main").inner_text()
    context.close()


def test_the_keyboard_reaches_the_content_first(chromium: Browser, world: World) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{world.base}/en/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main-content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main-content"
    context.close()
