"""Filling in the form of a page as a browser without scripts does: what stands there goes along."""

from typing import Any

import requests

from tests.support.browsing import Browser, Page


def fields_of(form: Any) -> dict[str, str]:
    """The fields that a browser would send as the form stands, without any button."""
    fields: dict[str, str] = {}
    for element in form.xpath(".//input|.//textarea|.//select"):
        name, kind = element.get("name"), element.get("type")
        if not name or element.get("disabled") is not None:
            continue
        if element.tag == "textarea":
            # A parser of HTML drops one line feed at the beginning.
            fields[name] = (element.text or "").removeprefix("\n")
        elif element.tag == "select":
            chosen = element.xpath(".//option[@selected]") or element.xpath(".//option")
            fields[name] = chosen[0].get("value") if chosen else ""
        elif kind not in ("radio", "checkbox") or element.get("checked") is not None:
            fields[name] = element.get("value", "")
    return fields


def send(browser: Browser, page: Page, typed: dict[str, str] | None = None, press: str = "") -> Page:
    """Types into the form of the page and presses a button: the first, or the one whose words contain `press`.

    An empty value unticks a checkbox. A button's own name, value and address are used as a browser does.
    """
    form = page.tree.xpath("//main//form[@method='post']")[0]
    buttons = [one for one in form.xpath(".//button") if press in " ".join(one.text_content().split())]
    button = buttons[0]
    fields = fields_of(form) | (typed or {})
    for box in form.xpath(".//input[@type='checkbox']"):
        if fields.get(box.get("name")) == "":
            del fields[box.get("name")]
    if button.get("name"):
        fields[button.get("name")] = button.get("value", "")
    # A form that is sent takes the place of any fragment or path that the button names.
    address = requests.compat.urljoin(page.url, form.get("action"))
    if button.get("formaction"):
        address = requests.compat.urljoin(page.url, button.get("formaction"))
    return browser.post(address, fields)


def follow(browser: Browser, page: Page, words: str) -> Page:
    """Follows the first link of the page whose words contain these."""
    links = [one for one in page.tree.xpath("//main//a") if words in " ".join(one.text_content().split())]
    return browser.get(requests.compat.urljoin(page.url, links[0].get("href")))
