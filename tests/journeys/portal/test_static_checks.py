"""Every page and every form in both languages, held to what can be told without a browser that draws it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from google.protobuf.message import Message
from xuke.classification.v1 import inquiry_pb2 as iq
from xuke.classification.v1 import product_pb2 as pr
from xuke.consultation.v1 import consultation_pb2 as c
from xuke.consultation.v1 import consultation_pb2_grpc
from xuke.screening.v1 import hit_pb2 as h
from xuke.screening.v1 import list_pb2 as pl

from services.launcher.accounts import accounts
from services.launcher.demo.filing import PAPERS
from services.launcher.demo.licensing_a_case import Cast
from services.launcher.demo.people import ask, stub
from services.portal.language import catalogue
from services.portal.pages import PAGES
from tests.journeys.portal.classified import ASKER, inquiries_of, products_of
from tests.journeys.portal.conftest import HOSTILE, World
from tests.journeys.portal.hostile_case import LIVE, file_hostile_application, forms_on_the_way, pages_of
from tests.journeys.portal.permissions import EXPECTED, PATHS
from tests.journeys.portal.permissions.roles import ACCOUNTS
from tests.support.browsing import Browser, Page
from tests.support.form_filling import send
from tests.support.screening_acts import EDITOR, LIST, hits_of, lists_of
from tests.support.static_page import faults_of

SignedIn = Callable[[str], Browser]
# Longer than any answer may be.
TOO_LONG = "x" * 9000
# Forms without a question that could be answered wrongly: a button, or a choice that stands already.
NOTHING_TO_ASK = {
    "application_withdraw": "what is decided is not withdrawn; the form is tried in test_following",
    "filing_check": "the draft is not complete, and there is no button",
    "filing_entry_remove_form": "a button",
    "application_supplement_check": "a button",
    "mandate_revoke": "a button",
    "notifications": "a button",
    "case_assignment": "a choice that stands already",
    "organisation_member": "a choice that stands already",
    "case_accept": "a button",
    "list_proposal_activate": "a button",
    "list_proposal_withdraw": "somebody else's proposal; a button",
    "inquiry_supplement": "nobody asked for more yet; the form is tried in test_inquiries",
    "inquiry_withdraw": "a button",
    "product_archive": "a button",
    "filing_products": "a button for each product",
    "control_activate": "a button",
    "control_withdraw": "somebody else's proposal; a button",
}


def account_for(endpoint: str) -> str:
    """Somebody who may open the page."""
    roles = EXPECTED[endpoint]
    return next(account for role, account in ACCOUNTS.items() if roles is None or role in roles)


def in_language(path: str, language: str) -> str:
    return path.replace("/zh/", f"/{language}/", 1)


def strings_in(message: Message) -> Iterator[str]:
    """Every text in a message that somebody wrote; of what is said in both languages, the English one."""
    for stated, value in message.ListFields():
        values = value if stated.is_repeated else [value]
        if stated.message_type is not None:
            if {"zh", "en"} <= set(stated.message_type.fields_by_name):
                yield from (one.en for one in values)
            elif not stated.message_type.GetOptions().map_entry:
                for one in values:
                    yield from strings_in(one)
        elif stated.type == stated.TYPE_STRING:
            yield from values


def entries_of(cast: Cast) -> Iterator[pl.ListEntry]:
    """Every entry of the list that the pages of the tests show."""
    request = pl.ListEntriesRequest(list_code=LIST, page_size=200)
    while True:
        found = ask(lists_of(cast, EDITOR).ListEntries, request)
        yield from found.entries
        if not found.next_page_token:
            return
        request.page_token = found.next_page_token


@pytest.fixture(scope="session")
def written(world: World, cast: Cast) -> str:
    """What the people of the tests wrote: their own names, dossiers, files, opinions, conditions."""
    consultation = stub(
        cast.people, "ministry.officer", "consultation", consultation_pb2_grpc.ConsultationServiceStub
    )
    rounds = ask(consultation.ListRounds, c.ListRoundsRequest(application_id=world.licensed))
    said = [
        *strings_in(cast.ministry.case(world.licensed)),
        *strings_in(cast.exporter.get(world.draft)),
        *strings_in(rounds),
        *(name for name, _ in PAPERS.values()),
        *(account.principal.name for account in accounts().persons.values()),
        *(condition.text_zh for one in rounds.rounds for task in one.tasks for condition in task.conditions),
        *strings_in(ask(lists_of(cast, EDITOR).ListRules, pl.ListRulesRequest())),
        *(text for one in entries_of(cast) for text in strings_in(one)),
        *strings_in(ask(hits_of(cast).GetHit, h.GetHitRequest(hit_id=world.hit))),
        *strings_in(ask(hits_of(cast).GetHit, h.GetHitRequest(hit_id=world.release))),
        *strings_in(
            ask(inquiries_of(cast, ASKER).GetInquiry, iq.GetInquiryRequest(inquiry_id=world.inquiry))
        ),
        *strings_in(ask(products_of(cast).ListProducts, pr.ListProductsRequest(page_size=200))),
        # The agent of the mandate, and how a condition says a number of days.
        "魏强",
    ]
    return " ".join(said)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("endpoint", sorted(PATHS))
def test_every_page_is_sound(
    world: World, signed_in: SignedIn, written: str, endpoint: str, language: str
) -> None:
    path = in_language(PATHS[endpoint].format(**vars(world)), language)
    page = signed_in(account_for(endpoint)).get(path)
    assert page.status == 200
    if not page.headers["Content-Type"].startswith("text/html"):
        return
    assert faults_of(page.tree, language, data=[written]) == []
    # The print view goes on paper, without the header.
    assert endpoint == "case_print" or keeps_the_page(page, language)


def keeps_the_page(page: Page, language: str) -> bool:
    """Whether the switch of languages leads to the same address in the other one, and says so in it."""
    (switch,) = page.tree.xpath("//header//a[@hreflang]")
    other, tag = {"zh": ("en", "en"), "en": ("zh", "zh-CN")}[language]
    same = page.url.replace(f"/{language}/", f"/{other}/", 1).endswith(switch.get("href"))
    return same and switch.get("hreflang") == switch.get("lang") == tag


def endpoints_with_a_form() -> set[str]:
    """The pages whose form is sent to their own address."""
    sent = {page.rule for page in PAGES if "POST" in page.methods}
    return {page.endpoint for page in PAGES if "GET" in page.methods and page.rule in sent}


# Open to somebody in the world of the tests as it stands; the others are tried on the way of a case.
STANDING_FORMS = (
    "case_notes",
    "control_import",
    "control_interpretation",
    "control_reject",
    "control_standing",
    "filing_attachments",
    "filing_entry_step",
    "filing_step",
    "hit_countersign",
    "hit_decide",
    "inquiry_answer",
    "inquiry_ask",
    "inquiry_request",
    "list_entry_add",
    "list_entry_change",
    "list_import_file",
    "list_proposal_reject",
    "mandate_grant",
    "organisation_particulars",
    "product_add",
    "product_change",
    "product_families",
    "product_import",
    "reclassification_settle",
)


def answered_wrongly(browser: Browser, page: Page) -> Page:
    """The answer to a form in which nothing is chosen and every text is too long."""
    form = page.tree.xpath("//main//form[@method='post']")[0]
    # Some forms have buttons before it, which add a row.
    buttons = " ".join(one.text_content() for one in form.xpath(".//button"))
    onward = next((one for one in catalogue("texts")["acting.check"] if one in buttons), "")
    texts = form.xpath(".//textarea|.//input[@type='text' or not(@type)]")
    return send(browser, page, {one.get("name"): TOO_LONG for one in texts}, press=onward)


def demand_told(page: Page, language: str, data: str) -> list[str]:
    """What is wrong with the page that answers a form with faults."""
    if page.status != 400:
        return [f"answered {page.status}"]
    found = faults_of(page.tree, language, data=[data], error=True)
    if page.tree.xpath("//main//textarea") and TOO_LONG not in page.text:
        found.append("what was typed is gone")
    if not keeps_the_page(page, language):
        found.append("the switch of languages leads elsewhere")
    return found


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("endpoint", STANDING_FORMS)
def test_a_form_with_faults_is_sound(
    world: World, signed_in: SignedIn, written: str, endpoint: str, language: str
) -> None:
    browser = signed_in(account_for(endpoint))
    page = browser.get(in_language(PATHS[endpoint].format(**vars(world)), language))
    assert demand_told(answered_wrongly(browser, page), language, written) == []


@dataclass
class Walk:
    """What was seen of a hostile case on its way."""

    application: str
    licence: str = ""
    tried: set[str] = field(default_factory=set)
    # By the form and the language.
    wrong: dict[str, list[str]] = field(default_factory=dict)

    def see(self, where: str, page: Page, faults: list[str]) -> None:
        faults = faults + [f"live: {one}" for one in LIVE if one in page.text]
        if faults:
            self.wrong[where] = faults


@pytest.fixture(scope="module")
def walked(cast: Cast, signed_in: SignedIn, written: str) -> Walk:
    """A hostile case on its way: every form while it is open, in both languages, and answered wrongly."""
    walk = Walk(file_hostile_application(cast))
    for account, endpoint, path in forms_on_the_way(cast, walk.application):
        said = " ".join([written, *strings_in(cast.province.case(walk.application))])
        for language in ("zh", "en"):
            page = signed_in(account).get(f"/{language}{path}")
            assert page.status == 200, (endpoint, page.status)
            walk.see(f"{endpoint} {language}", page, faults_of(page.tree, language, data=[said]))
            assert page.tree.xpath("//main//form[@method='post']"), endpoint
            if endpoint not in NOTHING_TO_ASK:
                answer = answered_wrongly(signed_in(account), page)
                walk.see(f"{endpoint} {language} with faults", answer, demand_told(answer, language, said))
        walk.tried.add(endpoint)
    walk.licence = cast.ministry.case(walk.application).licence_number
    return walk


def test_every_form_of_a_case_on_its_way_is_sound(walked: Walk) -> None:
    assert walked.wrong == {}


def test_every_form_is_tried(walked: Walk) -> None:
    assert endpoints_with_a_form() == {*STANDING_FORMS, *walked.tried, *NOTHING_TO_ASK}


def test_what_people_write_is_nowhere_markup(walked: Walk, signed_in: SignedIn) -> None:
    shown, live = 0, []
    for path, readers in pages_of(walked.application, walked.licence).items():
        for place, account in enumerate(readers):
            page = signed_in(account).get(f"/{('zh', 'en')[place % 2]}{path}")
            assert page.status == 200, (path, account)
            live += [(path, account, one) for one in LIVE if one in page.text]
            shown += HOSTILE in page.words
    assert live == []
    # Not because nothing is shown.
    assert shown >= 20
