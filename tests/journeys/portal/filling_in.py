"""Filling in a form as a browser without a script does: what stands in it is sent along."""

from typing import Any
from urllib.parse import urljoin

from tests.support.browsing import Browser, Page

_Values = dict[str, Any]


def form(page: Page, action: str = "") -> Any:
    """The form of the page's content whose address holds a text; the first without one."""
    return next(one for one in page.tree.xpath("//main//form") if action in one.get("action", ""))


def sent(page: Page, action: str = "", **typed: str | list[str] | None) -> _Values:
    """What the form sends: what stands in it, with what is typed in its place; None is not sent."""
    values: _Values = {}
    for element in form(page, action).xpath(".//input | .//textarea | .//select"):
        name, kind = element.get("name"), element.get("type")
        if name is None or kind == "file":
            continue
        if kind in ("radio", "checkbox") and element.get("checked") is None:
            continue
        if element.tag == "textarea":
            value = (element.text or "").removeprefix("\n")
        elif element.tag == "select":
            value = next(iter(element.xpath("./option[@selected]/@value")), "")
        else:
            value = element.get("value", "")
        values.setdefault(name, []).append(value)
    for name, given in typed.items():
        values[name.replace("__", "-")] = given
    return {name: value for name, value in values.items() if value is not None}


def send(browser: Browser, page: Page, action: str = "", **typed: str | list[str] | None) -> Page:
    """Sends the form. Names with a hyphen are given with two underscores."""
    address = urljoin(page.url, form(page, action).get("action"))
    return browser.post(address, sent(page, action, **typed))


def fault_links(page: Page) -> list[str]:
    """Where the summary of faults leads."""
    return list(page.tree.xpath("//main//*[contains(@class, 'govuk-error-summary')]//a/@href"))
