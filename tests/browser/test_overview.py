"""The overview in Chromium, as each of its roles sees it: nothing cut off, no words upon words."""

from collections.abc import Callable

from tests.browser.person import Person

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


def test_the_overview(who: Callable[[str], Person]) -> None:
    for account in ("ministry.director", "jiangsu.province", "mfa.reviewer"):
        person = who(account)
        person.open("/overview")
        assert person.page.evaluate(_WORDS) == [], account
        for details in person.main.locator("details").all():
            details.locator("summary").first.click()
        person.look()
