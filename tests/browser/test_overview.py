"""The overview in Chromium, as each of its roles sees it: nothing cut off, no words upon words."""

import pytest

from tests.browser.test_look import Looker, looker

__all__ = ["looker"]

# Words that leave their plot, or lie upon others.
_WORDS = """() => [...document.querySelectorAll('svg.plot')].flatMap(plot => {
    const room = plot.getBoundingClientRect();
    const words = [...plot.querySelectorAll('text')].map(one => [one.textContent, one.getBoundingClientRect()]);
    const upon = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom - 1 && b.top < a.bottom - 1;
    return words.flatMap(([text, box], at) => [
        ...(box.left < room.left - 1 || box.right > room.right + 1 ? [`cut off: ${text}`] : []),
        ...words.slice(at + 1).filter(([, other]) => upon(box, other)).map(([other]) => `${text} upon ${other}`),
    ]);
})"""


@pytest.mark.parametrize("account", ["ministry.director", "jiangsu.province", "mfa.reviewer"])
def test_the_overview(looker: Looker, account: str) -> None:
    looker.sign_in(account)
    looker.open("/overview", f"overview_{account}")
    assert looker.page.evaluate(_WORDS) == []
    for details in looker.page.query_selector_all("main details"):
        details.query_selector("summary").click()
    looker.look(f"overview_{account}_figures")
    assert looker.complaints == []
