"""Preparing an application in pages: begun once, saved at every step, faults at their question, nothing lost."""

import pytest
from xuke.licensing.v1 import dossier_pb2 as d

from services.launcher.demo.dossiers import KOREAN_END_USER, dossier
from services.launcher.demo.licensing_a_case import Cast
from services.launcher.demo.stories import ORGANISATION
from tests.journeys.portal.conftest import AGENT, EXPORTER, HOSTILE, World
from tests.journeys.portal.filling_in import fault_links, send, sent
from tests.support.browsing import Browser, Page


@pytest.fixture
def exporter(browser: Browser) -> Browser:
    browser.sign_in(EXPORTER, "en")
    return browser


@pytest.fixture
def draft(exporter: Browser) -> str:
    """The path of a fresh draft."""
    page = send(exporter, exporter.get("/en/"), "/applications/new")
    assert page.status == 200
    return page.url.removeprefix(exporter.base)


def stated(page: Page) -> dict[str, str]:
    """The rows of a summary, by their labels; the first of a label."""
    rows: dict[str, str] = {}
    for row in page.tree.xpath("//main//dl/div"):
        rows.setdefault(row.findtext("dt").strip(), " ".join(row.xpath("string(dd[1])").split()))
    return rows


def test_an_application_is_begun_once_with_what_is_known(exporter: Browser) -> None:
    start = exporter.get("/en/")
    first = send(exporter, start, "/applications/new")
    again = send(exporter, start, "/applications/new")
    assert first.url == again.url
    check = stated(exporter.get(first.url.removeprefix(exporter.base) + "/check"))
    assert check["Unified social credit code"] == ORGANISATION
    assert check["Kind of licence"] == "Single licence"


def test_an_agent_begins_for_the_organisation_that_mandated_it(world: World) -> None:
    agent = Browser(world.base)
    agent.sign_in(AGENT, "en")
    page = send(agent, agent.get("/en/"), "/applications/new")
    assert page.status == 200
    rows = stated(agent.get(page.url + "/check"))
    assert rows["Unified social credit code"] == ORGANISATION


def test_the_list_says_where_each_section_stands(exporter: Browser, draft: str) -> None:
    def states() -> dict[str, str]:
        items = exporter.get(draft).tree.xpath("//main//li[contains(@class, 'govuk-task-list__item')]")
        return {one.findtext(".//a"): one.xpath("string(div[2])").strip() for one in items}

    assert states()["Contract and delivery"] == "Not started"
    send(exporter, exporter.get(f"{draft}/steps/contract"), contract__number="ZJ-9", later="1")
    assert states()["Contract and delivery"] == "In progress"
    send(exporter, exporter.get(f"{draft}/steps/contract"), contract__signed_on="2026-10-12")
    assert states()["Contract and delivery"] == "Complete"
    page = exporter.get(f"{draft}/items/1/kind")
    page = send(exporter, page, kind="GOODS")
    send(exporter, exporter.get(page.url.replace("/names", "/hs-code")), hs_code="9999999999")
    assert states()["Items"] == "To be mended"
    assert "To be mended" in states().values()


def test_faults_come_first_and_nothing_typed_is_lost(exporter: Browser, draft: str) -> None:
    page = exporter.get(f"{draft}/steps/contract")
    page = send(exporter, page, contract__number=HOSTILE, contract__signed_on="next\tweek")
    assert page.status == 400
    assert page.tree.find("head/title").text.startswith("Error: ")
    assert fault_links(page) == ["#contract-signed_on"]
    assert page.field("contract-number") == HOSTILE
    assert page.field("contract-signed_on") == "next\tweek"
    assert "such as 2026-10-12" in page.words
    page = send(exporter, page, contract__signed_on="2026年10月12日")
    assert page.url.endswith("/steps/contract-value")
    page = send(exporter, page, contract__total_value="498,000.00", contract__currency="usd")
    assert page.url.endswith("/steps/delivery")
    rows = stated(exporter.get(f"{draft}/check"))
    assert rows["Signed on"] == "12 October 2026"
    assert rows["Total value"] == "498,000"
    assert rows["Currency"] == "USD"
    assert HOSTILE in exporter.get(f"{draft}/check").words


def test_a_page_may_be_left_unfinished_but_not_called_done(exporter: Browser, draft: str) -> None:
    page = exporter.get(f"{draft}/steps/contract")
    done = send(exporter, page, contract__number="", contract__signed_on="")
    assert fault_links(done) == ["#contract-number", "#contract-signed_on"]
    left = send(exporter, done, contract__number="", contract__signed_on="", later="1")
    assert left.url.removeprefix(exporter.base) == draft


def test_what_the_contract_forbids_is_told_with_its_limit(exporter: Browser, draft: str) -> None:
    page = exporter.get(f"{draft}/steps/contract")
    page = send(exporter, page, contract__number="x" * 101, later="1")
    assert page.status == 400
    assert "at most 100 characters" in page.words
    assert page.field("contract-number") == "x" * 101


def test_an_item_goes_from_step_to_step_and_is_numbered(exporter: Browser, draft: str) -> None:
    page = exporter.get(f"{draft}/items/1/kind")
    answers: dict[str, dict[str, str | list[str]]] = {
        "kind": {"kind": "GOODS"},
        "names": {"name_zh": "仲钨酸铵", "name_en": "ammonium paratungstate"},
        "description": {"description": "white\r\ncrystals"},
        "parameters": {
            "parameters__name": ["WO3", "", "mesh"],
            "parameters__value": ["88.5", "", "200"],
            "parameters__unit": ["%", "", ""],
        },
        "hs-code": {"hs_code": "2841.80 1000"},
        "control-code": {"claimed_control_code": "1C117.d.1"},
        "quantity": {"quantity": "12,000", "unit": "kg"},
        "value": {"value": "498000", "currency": "USD"},
    }
    for key, typed in answers.items():
        assert page.url.endswith(f"/items/1/{key}"), page.url
        page = send(exporter, page, **typed)
    assert page.url.endswith("/items")
    rows = stated(page)
    assert rows["HS code"] == "2841801000"
    assert rows["Quantity"] == "12,000"
    assert rows["Parameters"] == "WO3: 88.5 % mesh: 200"
    assert rows["Description"] == "white crystals"


def test_the_law_s_words_stand_beside_the_item_and_its_code_can_be_taken(
    exporter: Browser, draft: str
) -> None:
    page = send(exporter, exporter.get(f"{draft}/items/1/kind"), kind="GOODS")
    page = send(exporter, page, name_zh="仲钨酸铵")
    page = exporter.get(page.url.replace("/description", "/hs-code"))
    page = send(exporter, page, hs_code="2841801000")
    assert page.url.endswith("/control-code")
    advice = page.tree.xpath("//section[@aria-labelledby='advice']")[0]
    assert "1C117.d.1" in advice.text_content()
    assert "Controlled" in advice.text_content()
    assert advice.xpath(".//article//li")
    use = next(
        one
        for one in advice.xpath(".//form")
        if one.xpath(".//input[@name='claimed_control_code']/@value") == ["1C117.d.1"]
    )
    values = {one.get("name"): one.get("value") for one in use.xpath(".//input")}
    page = exporter.post(page.url, values)
    assert page.url.endswith("/quantity")
    again = exporter.get(page.url.replace("/quantity", "/control-code"))
    assert again.field("claimed_control_code") == "1C117.d.1"
    assert "You declare this code" in again.words


def test_what_cannot_be_classified_can_still_be_mended(exporter: Browser, draft: str) -> None:
    page = send(exporter, exporter.get(f"{draft}/items/1/kind"), kind="GOODS")
    address = page.url.replace("/names", "/hs-code")
    page = send(exporter, exporter.get(address), hs_code="1234567890")
    assert (page.status, page.url.rpartition("/")[2]) == (200, "control-code")
    assert "1234567890" in page.tree.xpath("string(//section[@aria-labelledby='advice'])")
    page = send(exporter, page, claimed_control_code="tungsten")
    page = exporter.get(address)
    assert page.status == 200
    advice = page.tree.xpath("string(//section[@aria-labelledby='advice'])")
    assert "1234567890" in advice
    assert "TUNGSTEN" in advice
    page = send(exporter, page, hs_code="2841801000")
    page = send(exporter, page, claimed_control_code="１ｃ１１７．ｄ．１")
    again = exporter.get(page.url.replace("/quantity", "/control-code"))
    assert again.field("claimed_control_code") == "1C117.d.1"
    assert "You declare this code" in again.words


def test_the_same_organisation_is_not_typed_twice(exporter: Browser, draft: str) -> None:
    page = send(exporter, exporter.get(f"{draft}/parties/1/role"), role="END_USER")
    page = send(exporter, page, name_en="Hangang Hardmetal Tools", name_zh="")
    page = send(exporter, page, country="KR", address="88 Techno-ro\r\nDaegu")
    page = send(exporter, page, registration_number="502-81-00417")
    page = send(exporter, page, owners__name_en="Hangang Holding", owners__percent="60")
    assert page.url.endswith("/parties")
    assert "No party is named as Importer" in page.words
    page = exporter.get(f"{draft}/parties/2/role")
    page = send(exporter, page, role="IMPORTER", same_as="1")
    assert page.url.endswith("/parties")
    assert page.words.count("Hangang Hardmetal Tools") == 2
    assert "No party is named as Importer" not in page.words
    page = send(exporter, exporter.get(f"{draft}/parties/3/role"), role="INTERMEDIARY")
    page = send(exporter, page, name_en="Shunda")
    page = send(exporter, page, country="CN", address="Nanjing")
    page = send(exporter, page, registration_number="")
    assert page.url.endswith("/owners")
    page = send(exporter, page)
    assert page.url.endswith("/service")
    page = send(exporter, page, service="")
    assert fault_links(page) == ["#service"]


def test_an_entry_is_added_once_and_taken_away_once(exporter: Browser, draft: str) -> None:
    page = exporter.get(f"{draft}/items/1/kind")
    send(exporter, page, kind="GOODS")
    send(exporter, page, kind="GOODS")
    second = exporter.get(f"{draft}/items/2/kind")
    send(exporter, second, kind="SERVICE")
    assert exporter.get(f"{draft}/items/4/kind").status == 404
    assert exporter.get(f"{draft}/items/3/kind").status == 200
    removal = exporter.get(f"{draft}/items/1/remove")
    page = send(exporter, removal)
    assert page.url.endswith("/items")
    assert stated(page)["Kind"] == "Service"
    send(exporter, removal)
    check = stated(exporter.get(f"{draft}/check"))
    assert (check["Line"], check["Kind"]) == ("1", "Service")
    assert exporter.get(f"{draft}/items/2/remove").status == 404


def test_whoever_comes_from_checking_goes_back_there(exporter: Browser, draft: str) -> None:
    check = exporter.get(f"{draft}/check")
    links = check.tree.xpath("//main//dd[contains(@class, 'actions')]/a/@href")
    assert f"{draft}/steps/contract?back=check" in links
    page = exporter.get(f"{draft}/steps/contract?back=check")
    page = send(exporter, page, contract__number="ZJ-7", contract__signed_on="2026-10-12")
    assert page.url.endswith("/check")


def test_whoever_comes_from_the_list_goes_back_there(exporter: Browser, draft: str) -> None:
    send(exporter, exporter.get(f"{draft}/items/1/kind"), kind="GOODS")
    links = exporter.get(f"{draft}/items").tree.xpath("//main//dl//a/@href")
    assert f"{draft}/items/1/names?back=list" in links
    page = send(exporter, exporter.get(f"{draft}/items/1/names?back=list"), name_en="tungsten")
    assert page.url.endswith("/items")


def test_what_was_typed_survives_the_end_of_the_session(exporter: Browser, draft: str) -> None:
    page = exporter.get(f"{draft}/steps/contract?back=check")
    exporter.post("/en/sign-out", {"csrf_token": page.field("csrf_token")})
    page = send(exporter, page, contract__number="ZJ-KEPT", contract__signed_on="soon")
    page = exporter.choose_account(page, EXPORTER)
    assert page.field("contract-number") == "ZJ-KEPT"
    assert page.field("contract-signed_on") == "soon"
    page = send(exporter, page, contract__signed_on="2026-10-12")
    assert page.url.endswith("/check")
    assert "ZJ-KEPT" in page.words


def test_a_place_that_is_not_there_is_not_found(exporter: Browser, draft: str) -> None:
    for path in ("steps/unknown", "items/1/unknown", "items/0/kind", "parties/7/role", "applicants/1/role"):
        assert exporter.get(f"{draft}/{path}").status == 404, path
    fields = sent(exporter.get(f"{draft}/steps/contract"))
    assert exporter.post(f"{draft}/steps/unknown", fields).status == 404


def test_another_organisation_neither_sees_nor_changes_it(exporter: Browser, draft: str, world) -> None:
    stranger = Browser(world.base)
    own = stranger.sign_in("guangdong.exporter", "en")
    token = {"csrf_token": own.field("csrf_token")}
    for path in ("", "/check", "/steps/contract", "/items", "/items/1/kind", "/attachments", "/submitted"):
        assert stranger.get(f"{draft}{path}").status == 404, path
    for path in ("/check", "/steps/contract", "/items/1/kind", "/items/1/remove", "/attachments"):
        assert stranger.post(f"{draft}{path}", token).status == 404, path


def test_what_was_submitted_can_no_longer_be_changed(exporter: Browser, world, cast: Cast) -> None:
    page = exporter.get(f"/en/applications/{world.licensed}/steps/contract")
    assert page.url.endswith(world.licensed)
    late = dossier(ORGANISATION, KOREAN_END_USER, "ZJ-LATE")
    application = cast.exporter.draft(late).application_id
    path = f"/en/applications/{application}/steps/contract"
    page = exporter.get(path)
    cast.exporter.attach(application, [d.ATTACHMENT_KIND_END_USER_CERTIFICATE])
    cast.exporter.submit(application)
    page = send(exporter, page, contract__number="ZJ-TOO-LATE")
    assert page.status == 409
    assert page.field("contract-number") == "ZJ-TOO-LATE"
    assert "has been submitted" in page.words
