"""The consultation desk in pages: asked with its three contents, supplemented, answered with reasons, withdrawn."""

from collections.abc import Callable

import pytest

from services.launcher.demo.licensing_a_case import Cast
from tests.journeys.portal.classified import ASKER, ask_inquiry
from tests.journeys.portal.conftest import World
from tests.support.browsing import Browser
from tests.support.form_filling import send

SignedIn = Callable[[str], Browser]
OFFICER = "ministry.officer"


@pytest.fixture
def inquiry(world: World, cast: Cast) -> str:
    """The address of a new inquiry."""
    return f"/en/inquiries/{ask_inquiry(cast)}"


def test_all_three_contents_are_demanded_and_what_was_typed_stays(signed_in: SignedIn, world: World) -> None:
    browser = signed_in(ASKER)
    page = browser.get("/en/inquiries/ask")
    answer = send(
        browser, page, {"item-kind": "GOODS", "item-name_en": "tungsten rod", "performance": "97 %"}
    )
    assert answer.status == 400
    for name in ("main_uses", "reason_for_doubt"):
        assert answer.tree.xpath(f"//p[@id='{name}-error']"), name
    assert not answer.tree.xpath("//p[@id='performance-error']")
    assert answer.tree.xpath("//input[@id='item-name_en']/@value") == ["tungsten rod"]
    again = send(browser, answer, {"main_uses": "counterweights", "reason_for_doubt": "grain size"})
    assert again.status == 200
    assert "tungsten rod" in again.words
    assert "What the engine finds" not in again.words


def test_the_ministry_asks_for_more_and_answers_once(signed_in: SignedIn, inquiry: str) -> None:
    officer, asker = signed_in(OFFICER), signed_in(ASKER)
    assert "What the engine finds" in officer.get(inquiry).words
    check = send(officer, officer.get(f"{inquiry}/request"), {"text": "Which grain size?"})
    assert send(officer, check, {}).status == 200
    form = asker.get(f"{inquiry}/supplement")
    assert "Which grain size?" in form.words
    typed = {"text": "3 micrometres", "parameters[0].name": "grain size", "parameters[0].value": "3"}
    assert "3 micrometres" in send(asker, send(asker, form, typed, press="Check"), {}).words
    form = officer.get(f"{inquiry}/answer")
    refused = send(officer, form, {"answer": "CONTROLLED", "reasons": "by its grain size"}, press="Check")
    assert refused.status == 400
    assert refused.tree.xpath("//p[@id='control_codes-error']")
    check = send(officer, refused, {"control_codes": "1C117.d.1"}, press="Check")
    assert check.status == 200, check.words
    done = send(officer, check, {}, press="Send the answer")
    assert "by its grain size" in done.words
    seen = asker.get(inquiry)
    assert "1C117.d.1" in seen.words
    assert "does not bind customs" in seen.words
    assert "Add what was asked for" not in seen.words
    # Whoever is shown its number reads the answer, and nothing of what was asked.
    number = seen.tree.findtext(".//main//span[@class='govuk-caption-l']")
    for account in ("customs.officer", "jiangsu.province"):
        shown = signed_in(account).get(f"/en/inquiries/cited?number={number}")
        assert "by its grain size" in shown.words
        assert "3 micrometres" not in shown.words
    missing = signed_in("customs.officer").get("/en/inquiries/cited?number=ZX-1999-000001")
    assert missing.status == 400
    assert missing.tree.xpath("//p[@id='number-error']")


def test_an_inquiry_is_withdrawn_by_the_asker(signed_in: SignedIn, inquiry: str) -> None:
    asker = signed_in(ASKER)
    done = send(asker, asker.get(f"{inquiry}/withdraw"), {})
    assert done.status == 200
    assert "Withdrawn" in done.words
    assert not asker.get(f"{inquiry}/withdraw").tree.xpath("//main//form[@method='post']")


def test_the_queue_of_the_ministry_has_it_and_counts_it(signed_in: SignedIn, inquiry: str) -> None:
    officer = signed_in(OFFICER)
    number = officer.get(inquiry).tree.findtext(".//main//span[@class='govuk-caption-l']")
    assert number is not None
    assert number in officer.get(f"/en/inquiries?query={number}").words
    assert number not in officer.get(f"/en/inquiries?query={number}&state=ANSWERED").words
    counted = officer.get("/en/inquiries/statistics?since=2026-13-01")
    assert "A day is not valid" in counted.words
