"""Somebody at a screen: in one language, at one width, signed in in a browser of their own.

Buttons and links are found by the words that are read on them, which the catalogue of the portal names by keys.
Every page that the person comes to is looked at (`looking`).
"""

from collections.abc import Callable, Mapping
from typing import Self

from playwright.sync_api import BrowserContext, Locator

from services.launcher.demo.people import wait_for
from services.portal.language import catalogue
from tests.browser.looking import ERROR_PREFIXES, LANGUAGES, Eyes

_HEIGHT = 900
_PATIENCE_SECONDS = 15


class Person:
    """Drives one tab of a browser."""

    def __init__(self, context: BrowserContext, base: str, language: str, width: int, eyes: Eyes) -> None:
        self.base = base
        self.language = language
        self.width = width
        self.eyes = eyes
        self._context = context
        self.page = context.new_page()
        self.page.set_viewport_size({"width": width, "height": _HEIGHT})
        self.page.set_default_timeout(_PATIENCE_SECONDS * 1000)
        eyes.watch(self.page)

    @property
    def main(self) -> Locator:
        """The content of the page."""
        return self.page.locator("main")

    @property
    def path(self) -> str:
        """The address of the page after the language, without a query."""
        return self.page.url.removeprefix(f"{self.base}/{self.language}").partition("?")[0]

    def words(self, key: str, **values: object) -> str:
        """A text of the portal in the language of the person."""
        return catalogue("texts")[key][LANGUAGES.index(self.language)].format_map(values)

    def called(self, key: str) -> str:
        """The words for an enumerated word, such as "ApplicationState.LICENSED"."""
        return catalogue("words")[key][LANGUAGES.index(self.language)]

    def another_tab(self) -> Self:
        """A second tab of the same browser."""
        return type(self)(self._context, self.base, self.language, self.width, self.eyes)

    def look(self) -> None:
        """Looks at the page as it is now."""
        self.eyes.look(self.page, self.language, self.width)

    def open(self, path: str) -> None:
        """Types an address."""
        self.page.goto(f"{self.base}/{self.language}{path}")
        self.look()

    def sign_in(self, account: str) -> None:
        """Signs in at the issuer."""
        self.page.goto(f"{self.base}/{self.language}/sign-in")
        if not self.page.url.startswith(self.base):
            self.look()
            self._go(self.page.locator(f"button[value='{account}']"))
        self.look()
        assert self.page.url.startswith(self.base)

    def press(self, key: str, **values: object) -> None:
        """Presses the button with these words."""
        self._go(self.main.get_by_role("button", name=self.words(key, **values), exact=True).first)
        self.look()

    def follow(self, words: str) -> None:
        """Follows the first link with these words in it."""
        self._go(self.main.get_by_role("link", name=words).first)
        self.look()

    def follow_to(self, link: Locator) -> None:
        """Follows a link that no words tell apart."""
        self._go(link.first)
        self.look()

    def find(self, query: str) -> None:
        """Uses the search in the head of the page."""
        self.page.fill("#site-search", query)
        self._go(self.page.locator(".portal-search__button"))
        self.look()

    def offers(self, key: str) -> bool:
        """Whether the page has a button with these words."""
        return self.main.get_by_role("button", name=self.words(key), exact=True).count() > 0

    def fill(self, answers: Mapping[str, str]) -> None:
        """Fills in the form by the names of its fields; an empty answer unticks a box."""
        for name, answer in answers.items():
            fields = self.main.locator(f"[name='{name}']:not([type='hidden'])")
            kind = fields.first.evaluate("one => one.type || one.tagName")
            if kind == "radio":
                fields.and_(self.page.locator(f"[value='{answer}']")).check()
            elif kind == "checkbox":
                fields.first.set_checked(bool(answer))
            elif kind == "select-one":
                fields.first.select_option(answer)
            else:
                fields.first.fill(answer)

    def attach(self, name: str, file_name: str, content: bytes, media_type: str = "application/pdf") -> None:
        """Chooses a file."""
        self.main.locator(f"[name='{name}']").set_input_files(
            {"name": file_name, "mimeType": media_type, "buffer": content}
        )

    def is_faulted(self, kept: Mapping[str, str]) -> None:
        """Demands a page with faults: marked in the title, a summary that has the focus, and all that was typed."""
        assert self.page.title().startswith(ERROR_PREFIXES[self.language]), self.page.url
        summary = self.main.locator(".govuk-error-summary").first
        assert summary.evaluate("one => one === document.activeElement"), self.page.url
        assert self.main.locator(".govuk-error-message").count() > 0, self.page.url
        for name, typed in kept.items():
            field = self.main.locator(f"[name='{name}']:not([type='hidden'])").first
            if field.evaluate("one => one.type") not in ("radio", "checkbox", "file"):
                assert field.input_value() == typed, name

    def reads(self, *words: str) -> None:
        """Demands that these words stand on the page."""
        content = " ".join(self.main.inner_text().split()).casefold()
        for one in words:
            assert one.casefold() in content, f"{one!r} is not on {self.page.url}: {content[:2000]}"

    def wait_until(self, what: str, seen: Callable[[], bool]) -> None:
        """Loads the page again until something is seen on it, and looks at it then."""

        def load() -> bool:
            self.page.reload()
            return seen()

        wait_for(f"{what} at {self.page.url}", load, bool)
        self.look()

    def _go(self, where: Locator) -> None:
        """Presses or follows, and waits until the page that it leads to is there as a whole."""
        with self.page.expect_navigation():
            where.click()
