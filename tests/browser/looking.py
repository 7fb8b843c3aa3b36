"""What is looked at on every page that a person in Chromium comes to.

Nothing is cut off or refused by the policy of the page, there is one main heading, a title and the right language;
and axe-core finds nothing, which is asked once of each structure of a page in each language and width.
XUKE_SCREENSHOTS names a folder to keep a picture of each of them in.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from services.portal.pages import PAGES

LANGUAGES = ("zh", "en")
WIDTHS = (1280, 390)
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
ERROR_PREFIXES = {"zh": "错误：", "en": "Error: "}
ELSEWHERE = "elsewhere"
_TAGS = {"zh": "zh-CN", "en": "en"}
_AXE = """async rules => (await axe.run(document, {runOnly: rules, resultTypes: ['violations']})).violations.map(
    one => one.id + ': ' + one.nodes.map(node => node.target.join(' ')).join(' | '))"""
_FACTS = """() => ({
    beyond: document.documentElement.scrollWidth - window.innerWidth,
    headings: document.querySelectorAll('h1').length,
    title: document.title.trim(),
    language: document.documentElement.lang,
    structure: [...new Set([...document.querySelectorAll('main *')].map(
        one => one.tagName + '.' + (one.getAttribute('class') || '')))].sort().join(' '),
})"""
# What a browser says of an answer that is an error, which some pages are on purpose; never of a 500.
_EXPECTED = re.compile(r"Failed to load resource: the server responded with a status of (4\d\d|503)")
_ROUTES = Map(
    [
        Rule(
            page.rule.replace("<language:lang>", "<any(zh, en):lang>"),
            endpoint=page.endpoint,
            methods=page.methods,
        )
        for page in PAGES
    ]
).bind("")


def route_of(url: str) -> tuple[str, Mapping[str, object]]:
    """The endpoint that answers at an address, and the parts of it; ELSEWHERE for what is no page of the portal."""
    for method in ("GET", "POST"):
        try:
            endpoint, parts = _ROUTES.match(urlsplit(url).path, method=method)
        except HTTPException:
            continue
        return endpoint, parts
    return ELSEWHERE, {}


class Eyes:
    """Looks at pages for a whole run, and remembers what was seen and what is wrong with it.

    Without the program of axe-core, which needs scripts, the rest is looked at.
    """

    def __init__(self, axe: str) -> None:
        self.complaints: list[str] = []
        # Endpoint, language and width of every page that somebody came to.
        self.visited: set[tuple[str, str, int]] = set()
        self._axe = axe
        self._seen: set[tuple[str, str, str, int]] = set()

    def watch(self, page: Page) -> None:
        """Hears what the browser complains of on a page from now on."""
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))

    def look(self, page: Page, language: str, width: int) -> None:
        """Looks at the page as it is now."""
        facts = page.evaluate(_FACTS)
        name, endpoint = _name(page.url, facts["title"].startswith(ERROR_PREFIXES[language]))
        where = f"{name} {language} {width} ({page.url})"
        # The sign-on of an organisation speaks the languages that it speaks.
        tag = facts["language"] if endpoint == ELSEWHERE else _TAGS[language]
        self.complaints += [f"{where}: {one}" for one in _wrong(facts, tag)]
        self.visited.add((endpoint, language, width))
        signature = (name, facts["structure"], language, width)
        if signature in self._seen:
            return
        self._seen.add(signature)
        if self._axe:
            # By the protocol of the browser, which the policy of the page does not hold.
            page.evaluate(self._axe)
            self.complaints += [f"{where}: {one}" for one in page.evaluate(_AXE, RULES)]
        self._keep_picture(page, f"{language}-{width}", name)

    def _keep_picture(self, page: Page, group: str, name: str) -> None:
        if folder := os.environ.get("XUKE_SCREENSHOTS"):
            number = len(self._seen)
            path = Path(folder) / group / f"{number:04}-{name.replace('/', '-')}.png"
            page.screenshot(path=path, full_page=True)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not _EXPECTED.match(message.text):
            self.complaints.append(f"{message.location.get('url', '')}: {message.text}")


def _name(url: str, faulty: bool) -> tuple[str, str]:
    endpoint, parts = route_of(url)
    # What tells one page of an endpoint from another are words such as the name of a step; ids are not.
    words = [
        str(part) for name, part in parts.items() if name != "lang" and str(part).replace("-", "").isalpha()
    ]
    return "/".join([endpoint, *words, *(["faults"] if faulty else [])]), endpoint


def _wrong(facts: Mapping[str, Any], tag: str) -> list[str]:
    wrong = []
    if facts["beyond"] > 0:
        wrong.append(f"{facts['beyond']} pixels wider than the window")
    if facts["headings"] != 1:
        wrong.append(f"{facts['headings']} main headings")
    if not facts["title"]:
        wrong.append("no title")
    if facts["language"] != tag:
        wrong.append(f"language {facts['language']!r}")
    return wrong
