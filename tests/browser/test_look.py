"""Every page that no journey led to, and pages in states that none of them meets, in Chromium."""

from collections.abc import Callable

from services.launcher.platform import Platform
from services.portal.pages import PAGES
from tests.browser.looking import Eyes
from tests.browser.person import Person
from tests.journeys.portal.conftest import World
from tests.journeys.portal.permissions import EXPECTED, PATHS
from tests.journeys.portal.permissions.roles import ACCOUNTS

Who = Callable[[str], Person]
NOBODY = ""
# What is handed over as a file, or only leads on to the issuer.
_NO_PAGES = {
    "application_attachment",
    "case_attachment_content",
    "licence_document",
    "list_template",
    "product_comparison_paper",
    "product_statement_paper",
    "product_template",
    "sign_in",
}
# Address, and the account that opens it.
_STATES = [
    ("/nothing-here", NOBODY),
    ("/verify/XK12", NOBODY),
    ("/verify/XKA20263200001231", NOBODY),
    ("/", NOBODY),
    ("/cases", "jiangsu.exporter"),
    ("/licences/{licence}", "guangdong.exporter"),
    ("/applications/{draft}", "jiangsu.exporter"),
    ("/applications/{draft}/check", "jiangsu.exporter"),
    ("/applications?query=nothing", "jiangsu.exporter"),
    ("/", "guangdong.exporter"),
    ("/", "jiangsu.agent"),
    ("/organisation", "jiangsu.agent"),
    ("/", "list.editor"),
    ("/search?query=nothing", "enforcement.officer"),
    ("/cases?query=nothing&overdue=1&province=44&assignment=mine", "ministry.director"),
    ("/cases?state=every", "auditor"),
    ("/cases/{returned}", "jiangsu.province"),
    ("/cases/{licensed}", "mfa.reviewer"),
    ("/cases/{licensed}/screening", "auditor"),
    ("/tasks?state=done", "mfa.reviewer"),
    ("/overview", "mfa.reviewer"),
    ("/lists", "jiangsu.province"),
    ("/lists/import/un-list", "list.editor"),
    ("/lists/parties/control_list?query=nothing&as_of=soon", "list.editor"),
    ("/lists/proposals?state=REJECTED", "auditor"),
    ("/lists/proposals/{proposal}", "list.second"),
    ("/lists/proposals/{proposal}/activate", "list.second"),
    ("/hits?state=every", "auditor"),
    ("/hits?state=CONFIRMED&verdict=RESTRICTED", "ministry.director"),
    ("/hits/{release}", "ministry.second"),
    ("/hits/{release}", "jiangsu.province"),
    ("/hits/{release}/decide", "ministry.officer"),
    ("/inquiries?state=every", "ministry.officer"),
    ("/inquiries/{inquiry}", "ministry.director"),
    ("/products?changed=1", "jiangsu.exporter"),
    ("/products?query=nothing", "jiangsu.agent"),
    ("/products/{product}/comparison/1C117.c.1.a?as_of=2025-03-01", "jiangsu.exporter"),
    ("/products/{product}/comparison?control_code=9X999", "jiangsu.exporter"),
    ("/products/{product}/statement?as_of=soon", "jiangsu.exporter"),
    ("/inquiries/cited?number=ZX-1999-000001", "customs.officer"),
    ("/control-list/entries/cn_dual_use/1C117.c.1.a", "customs.officer"),
    ("/control-list/entries/cn_dual_use/2B005", "list.editor"),
    ("/control-list/interpretations/propose", "list.editor"),
    ("/control-list/interpretations/propose?control_code=1C117.d.1", "list.editor"),
    ("/control-list/proposals?state=REJECTED", "auditor"),
    ("/control-list/proposals/{control_proposal}/activate", "list.second"),
    ("/control-list/tasks?state=settled", "ministry.officer"),
    ("/requirement?ask=1&control_codes=1C117.d.1&destination=JP&end_use=MILITARY", "expert"),
    ("/requirement?ask=1&content_percent=much", "enforcement.officer"),
]
_READ = [
    page for page in PAGES if page.in_languages and "GET" in page.methods and page.endpoint not in _NO_PAGES
]


def test_pages_that_nobody_came_to(who: Who, eyes: Eyes, world: World, screen: tuple[str, int]) -> None:
    for page in _READ:
        if (page.endpoint, *screen) not in eyes.visited:
            path = PATHS[page.endpoint].format(**vars(world))
            who(_reader(page.endpoint)).open(path.removeprefix("/zh"))


def test_pages_in_states_of_their_own(who: Who, world: World, screen: tuple[str, int]) -> None:
    for path, account in _STATES:
        who(account).open(path.format(**vars(world)))


def test_forms_of_those_who_keep_an_organisation_in_order(
    who: Who, world: World, screen: tuple[str, int]
) -> None:
    administrator = who("jiangsu.exporter")
    for path, key in (
        ("/organisation/mandates/new", "mandate.grant_confirm"),
        ("/applications/{returned}/withdraw", "withdraw.confirm"),
    ):
        administrator.open(path.format(**vars(world)))
        administrator.press(key)
        administrator.is_faulted({})


def test_the_keyboard_reaches_the_content_first(who: Who) -> None:
    person = who(NOBODY)
    person.open("/")
    person.page.keyboard.press("Tab")
    assert person.page.evaluate("document.activeElement.getAttribute('href')") == "#main-content"
    person.page.keyboard.press("Enter")
    assert person.page.evaluate("document.activeElement.id") == "main-content"


def test_a_page_while_a_service_is_away(who: Who, platform: Platform, screen: tuple[str, int]) -> None:
    person = who("jiangsu.exporter")
    platform.kill("licensing")
    try:
        person.open("/")
    finally:
        platform.restart("licensing")


def _reader(endpoint: str) -> str:
    """An account that may open a page, the exporter before others; nobody where everybody may."""
    roles = EXPECTED[endpoint]
    return NOBODY if roles is None else next(account for role, account in ACCOUNTS.items() if role in roles)
