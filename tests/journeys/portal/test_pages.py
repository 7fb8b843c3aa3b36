"""What every page holds to, in both languages, read without a browser that runs scripts."""

import itertools
import re
from collections.abc import Callable

import pytest
import requests

from tests.journeys.portal.conftest import EXPORTER, HOSTILE, World
from tests.support.browsing import Browser, Page

# Page, and the account that opens it ("" for nobody).
PAGES = {
    "welcome": ("/", ""),
    "verification_form": ("/verify", ""),
    "verification_fault": ("/verify/XK12", ""),
    "verification_unknown": ("/verify/XKA20263200001231", ""),
    "verification": ("/verify/{licence}", ""),
    "accessibility": ("/accessibility", ""),
    "missing": ("/nothing-here", ""),
    "start": ("/", EXPORTER),
    "forbidden": ("/cases", EXPORTER),
    "application": ("/applications/{licensed}", EXPORTER),
    "returned": ("/applications/{returned}", EXPORTER),
    "draft": ("/applications/{draft}", EXPORTER),
    "applications": ("/applications?state=every&query=1", EXPORTER),
    "withdraw": ("/applications/{returned}/withdraw", EXPORTER),
    "supplement": ("/applications/{returned}/supplement", EXPORTER),
    "supplement_check": ("/applications/{returned}/supplement/check", EXPORTER),
    "licences": ("/licences", EXPORTER),
    "organisation": ("/organisation", EXPORTER),
    "organisation_of_agent": ("/organisation", "jiangsu.agent"),
    "particulars": ("/organisation/particulars", EXPORTER),
    "member": ("/organisation/members/jiangsu.exporter", EXPORTER),
    "grant": ("/organisation/mandates/new", EXPORTER),
    "revoke": ("/organisation/mandates/{mandate}/revoke", EXPORTER),
    "notifications": ("/notifications", EXPORTER),
    "help": ("/help", ""),
    "help_article": ("/help/when-something-changes", ""),
    "licence": ("/licences/{licence}", EXPORTER),
    "stop": ("/licences/{licence}/stop-and-report", EXPORTER),
    "no_pages": ("/", "list.editor"),
    "experts": ("/experts", "expert"),
    "search": ("/search?query=nothing", "enforcement.officer"),
    "queue": ("/cases?state=every", "ministry.officer"),
    "queue_nothing": ("/cases?query=nothing&overdue=1&province=44&assignment=mine", "ministry.director"),
    "case": ("/cases/{licensed}", "ministry.officer"),
    "case_dossier": ("/cases/{licensed}/dossier", "ministry.officer"),
    "case_attachments": ("/cases/{licensed}/attachments", "ministry.officer"),
    "case_attachment": ("/cases/{licensed}/attachments/{attachment}", "ministry.officer"),
    "case_classification": ("/cases/{licensed}/classification", "ministry.officer"),
    "case_screening": ("/cases/{licensed}/screening", "ministry.officer"),
    "case_consultation": ("/cases/{licensed}/consultation", "ministry.officer"),
    "case_consultation_of_province": ("/cases/{licensed}/consultation", "jiangsu.province"),
    "case_decision": ("/cases/{licensed}/decision", "ministry.officer"),
    "case_time": ("/cases/{licensed}/time", "ministry.officer"),
    "case_history": ("/cases/{licensed}/history", "ministry.officer"),
    "case_notes": ("/cases/{licensed}/notes", "ministry.officer"),
    "case_notes_of_auditor": ("/cases/{licensed}/notes", "auditor"),
    "case_assignment": ("/cases/{licensed}/assignment", "ministry.officer"),
    "case_print": ("/cases/{licensed}/print", "ministry.officer"),
    "tasks": ("/tasks", "mfa.reviewer"),
    "tasks_done": ("/tasks?state=done", "mfa.reviewer"),
    "tasks_found": ("/tasks?query=SQ32", "mfa.reviewer"),
    "case_of_agency": ("/cases/{licensed}", "mfa.reviewer"),
    "returned_case": ("/cases/{returned}", "jiangsu.province"),
}


@pytest.fixture(params=sorted(PAGES))
def opened(request, world: World, browser: Browser, signed_in: Callable[[str], Browser]):
    path, account = PAGES[request.param]
    path = path.format(**vars(world))
    who = signed_in(account) if account else browser
    return lambda language: who.get(f"/{language}{path}")


def demand_sound(page: Page, language: str) -> None:
    tree = page.tree
    assert tree.get("lang") == {"zh": "zh-CN", "en": "en"}[language]
    assert tree.find("head/title").text.strip()
    assert tree.xpath("//meta[@name='viewport']/@content")[0].startswith("width=device-width")
    levels = [int(heading.tag[1]) for heading in tree.xpath("//h1|//h2|//h3|//h4|//h5|//h6")]
    assert levels.count(1) == 1
    below = levels[levels.index(1) :]
    assert all(after <= before + 1 for before, after in itertools.pairwise(below)), levels
    for field in tree.xpath("//input[not(@type='hidden')]|//select|//textarea[not(@hidden)]"):
        assert tree.xpath(f"//label[@for='{field.get('id')}']"), field.get("name")
    identifiers = tree.xpath("//@id")
    assert len(identifiers) == len(set(identifiers))
    for name in ("aria-labelledby", "aria-describedby"):
        for reference in tree.xpath(f"//@{name}"):
            assert set(reference.split()) <= set(identifiers), reference
    for link in tree.xpath("//a"):
        assert link.text_content().strip(), link.get("href")
    for form in tree.xpath("//form[@method='post']"):
        assert form.xpath(".//input[@name='csrf_token']/@value")
    assert not tree.xpath("//@style|//style|//*[@onclick]")
    # What a template or a text forgot to fill in; None is also a word of the English pages.
    remnants = r"\{\w+\}|\{\{|<\w+>" + ("|None" if language == "zh" else "")
    assert not re.search(remnants, page.words.replace(HOSTILE, "")), page.words


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_page_is_sound(opened: Callable[[str], Page], language: str) -> None:
    demand_sound(opened(language), language)


def test_the_switch_keeps_the_page(opened: Callable[[str], Page], browser: Browser) -> None:
    page = opened("zh")
    switch = page.tree.xpath("//a[@hreflang='en']/@href")[0]
    same = page.url.removeprefix(browser.base).replace("/zh/", "/en/", 1)
    if page.status == 404 and "/verify/" not in page.url:
        assert switch == "/en/"
    else:
        assert switch == same


def test_english_pages_have_no_chinese_but_names_and_the_switch(opened: Callable[[str], Page]) -> None:
    tree = opened("en").tree
    for frame in tree.xpath("//header|//nav|//footer|//title|//h1|//h2|//dt|//th|//button|//label"):
        words = frame.text_content().replace("中文", "")
        assert not re.search("[\u4e00-\u9fff]", words), words


def test_headers_let_nothing_in(opened: Callable[[str], Page]) -> None:
    first, second = opened("zh").headers, opened("zh").headers
    policy = first["Content-Security-Policy"]
    for part in ("default-src 'none'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert part in policy
    assert "unsafe" not in policy
    assert policy != second["Content-Security-Policy"]
    assert first["X-Content-Type-Options"] == "nosniff"
    assert first["Cache-Control"] == "no-store"


def test_a_name_with_a_script_is_only_a_name(world: World, signed_in: Callable[[str], Browser]) -> None:
    for path in (
        "/en/search?query=alert('x')",
        "/en/applications?state=DRAFT&query=alert",
        f"/en/applications/{world.draft}/check",
    ):
        page = signed_in(EXPORTER).get(path)
        assert HOSTILE in page.words
        assert "<script>alert" not in page.text


def test_the_check_page_shows_every_field_of_the_dossier(
    world: World, signed_in: Callable[[str], Browser]
) -> None:
    words = signed_in(EXPORTER).get(f"/en/applications/{world.licensed}").words
    for stated in (
        "91320100MA1XUKE016", "沈怀远", "320102197503120011", "ZJ-PORTAL-1", "2841801000", "12,000", "APT-0",
        "Hangang Hardmetal Tools Co., Ltd.", "502-81-00417", "88 Techno-ro, Daegu", "Physical shipment",
    ):  # fmt: skip
        assert stated in words, stated


def test_the_licence_can_be_downloaded_as_a_file(world: World, signed_in: Callable[[str], Browser]) -> None:
    page = signed_in(EXPORTER).get(f"/zh/licences/{world.licence}/document.pdf")
    assert page.response.content.startswith(b"%PDF-")
    assert page.headers["Content-Disposition"] == f'attachment; filename="{world.licence}.pdf"'


def test_the_start_page_tells_what_is_asked(world: World, signed_in: Callable[[str], Browser]) -> None:
    asked = signed_in(EXPORTER).get("/zh/").tree.xpath("//section[contains(@class, 'portal-asked')]//a/@href")
    assert f"/zh/applications/{world.returned}/supplement" in asked
    page = signed_in(EXPORTER).get(f"/zh/applications/{world.returned}")
    assert len(page.tree.xpath("//section[contains(@class, 'portal-asked')]//li")) >= 3


def test_nothing_needs_a_script(world: World, browser: Browser) -> None:
    tree = browser.get("/zh/").tree
    sources = tree.xpath("//script/@src|//link[@rel='stylesheet' or @rel='icon']/@href")
    assert len(sources) == 4
    for source in sources:
        answer = requests.get(world.base + source, timeout=10)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"].startswith("public")
