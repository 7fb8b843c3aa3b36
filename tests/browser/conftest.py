"""A headless Chromium, where this machine has one; without it the tests are reported as skipped."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from services.launcher.demo.stories import declaration_numbers
from services.launcher.platform import Platform
from tests.browser.looking import Eyes
from tests.browser.person import Person
from tests.browser.screens import EVERY
from tests.journeys.portal.conftest import cast, world

__all__ = ["cast", "chromium", "world"]

# No sandbox within containers, and no traffic of the browser's own.
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--metrics-recording-only",
    "--no-first-run",
    "--no-default-browser-check",
]


def _executable() -> str | None:
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    return next(filter(None, found), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    executable = _executable()
    if executable is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def all_eyes() -> Eyes:
    return Eyes((Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8"))


@pytest.fixture
def eyes(all_eyes: Eyes) -> Iterator[Eyes]:
    """The eyes of the run; what they complain of during a test fails it."""
    all_eyes.complaints.clear()
    yield all_eyes
    if all_eyes.complaints:
        pytest.fail("\n".join(dict.fromkeys(all_eyes.complaints)), pytrace=False)


@pytest.fixture(params=EVERY)
def screen(request: pytest.FixtureRequest) -> tuple[str, int]:
    """A language and a width; whatever uses it runs in each of them."""
    language, _, width = request.param.partition("-")
    return language, int(width)


@pytest.fixture(scope="session")
def declarations() -> Iterator[str]:
    """Numbers of customs declarations, none of them twice."""
    return declaration_numbers()


@pytest.fixture(scope="session")
def contexts(chromium: Browser) -> dict[str, BrowserContext]:
    """The browsers of people, each of whom signs in once."""
    return {}


@pytest.fixture
def who(
    chromium: Browser,
    contexts: dict[str, BrowserContext],
    platform: Platform,
    eyes: Eyes,
    screen: tuple[str, int],
) -> Iterator[Callable[[str], Person]]:
    """The person of an account, signed in, with the language and the width of the test; "" is nobody."""
    persons: dict[str, Person] = {}

    def of(account: str) -> Person:
        if account not in persons:
            is_known = account in contexts
            context = contexts.setdefault(account, chromium.new_context())
            persons[account] = Person(context, platform.addresses.url("portal"), *screen, eyes)
            if account and not is_known:
                persons[account].sign_in(account)
        return persons[account]

    yield of
    for one in persons.values():
        one.page.close()
