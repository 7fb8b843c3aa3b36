"""Two people at the same application: neither loses anything, and only the same question asks them to choose."""

import pytest

from tests.journeys.portal.conftest import EXPORTER
from tests.journeys.portal.filling_in import fault_links, send
from tests.support.browsing import Browser, Page


@pytest.fixture
def one(world) -> Browser:
    browser = Browser(world.base)
    browser.sign_in(EXPORTER, "en")
    return browser


@pytest.fixture
def other(world) -> Browser:
    browser = Browser(world.base)
    browser.sign_in(EXPORTER, "en")
    return browser


@pytest.fixture
def draft(one: Browser) -> str:
    page = send(one, one.get("/en/"), "/applications/new")
    return page.url.removeprefix(one.base)


def contract(browser: Browser, draft: str) -> Page:
    return browser.get(f"{draft}/steps/contract")


def test_different_steps_do_not_meet(one: Browser, other: Browser, draft: str) -> None:
    mine, theirs = contract(one, draft), other.get(f"{draft}/steps/place-of-use")
    send(other, theirs, end_use__place_of_use="Daegu")
    page = send(one, mine, contract__number="ZJ-1", contract__signed_on="2026-10-12")
    assert page.url.endswith("/contract-value")
    words = one.get(f"{draft}/check").words
    assert "ZJ-1" in words
    assert "Daegu" in words


def test_different_questions_of_one_step_are_put_together(one: Browser, other: Browser, draft: str) -> None:
    mine, theirs = contract(one, draft), contract(other, draft)
    send(other, theirs, contract__number="ZJ-OTHER", later="1")
    page = send(one, mine, contract__signed_on="2026-10-12", later="1")
    assert page.url.endswith(draft)
    saved = contract(one, draft)
    assert saved.field("contract-number") == "ZJ-OTHER"
    assert saved.field("contract-signed_on") == "2026-10-12"


def test_what_a_colleague_answered_while_a_fault_was_mended_is_not_lost(
    one: Browser, other: Browser, draft: str
) -> None:
    page = send(one, contract(one, draft), contract__number="ZJ-MINE", contract__signed_on="soon")
    assert fault_links(page) == ["#contract-signed_on"]
    send(other, contract(other, draft), contract__number="ZJ-OTHER", contract__signed_on="2026-10-12")
    page = send(one, page, contract__signed_on="2026-10-12")
    assert page.status == 409
    assert "ZJ-OTHER" in page.words
    assert page.field("contract-number") == "ZJ-MINE"


def test_a_question_that_a_colleague_answered_is_not_asked_again(
    one: Browser, other: Browser, draft: str
) -> None:
    mine = contract(one, draft)
    send(other, contract(other, draft), contract__number="ZJ-OTHER", contract__signed_on="2026-10-12")
    assert send(one, mine).url.endswith("/contract-value")


def conflict(one: Browser, other: Browser, draft: str) -> Page:
    mine, theirs = contract(one, draft), contract(other, draft)
    send(other, theirs, contract__number="ZJ-OTHER", contract__signed_on="2026-10-12")
    return send(one, mine, contract__number="ZJ-MINE", contract__signed_on="2026-10-12")


def test_the_same_question_shows_both_answers(one: Browser, other: Browser, draft: str) -> None:
    page = conflict(one, other, draft)
    assert page.status == 409
    assert page.tree.find("head/title").text.startswith("Error: ")
    assert page.field("contract-number") == "ZJ-MINE"
    assert "ZJ-OTHER" in page.words
    assert fault_links(page) == ["#choice-contract-number"]
    assert page.tree.xpath("//input[@id='choice-contract-number']")
    assert contract(other, draft).field("contract-number") == "ZJ-OTHER"


@pytest.mark.parametrize(
    ("choice", "kept"), [("mine", "ZJ-MINE"), ("theirs", "ZJ-OTHER")], ids=["mine", "theirs"]
)
def test_the_choice_settles_it(one: Browser, other: Browser, draft: str, choice: str, kept: str) -> None:
    page = send(one, conflict(one, other, draft), choice__contract__number=choice)
    assert page.url.endswith("/contract-value")
    assert contract(one, draft).field("contract-number") == kept


def test_a_third_answer_asks_again(one: Browser, other: Browser, draft: str) -> None:
    page = conflict(one, other, draft)
    send(other, contract(other, draft), contract__number="ZJ-THIRD", contract__signed_on="2026-10-12")
    page = send(one, page, choice__contract__number=None)
    assert page.status == 409
    assert "ZJ-THIRD" in page.words
    assert page.field("contract-number") == "ZJ-MINE"


def test_an_item_is_found_again_after_one_before_it_is_gone(one: Browser, other: Browser, draft: str) -> None:
    for number, name in enumerate(("first", "second"), start=1):
        page = send(one, one.get(f"{draft}/items/{number}/kind"), kind="GOODS")
        send(one, page, name_en=name)
    mine = one.get(f"{draft}/items/2/names")
    send(other, other.get(f"{draft}/items/1/remove"))
    page = send(one, mine, name_en="second, improved")
    assert page.url.endswith("/items/1/description")
    words = one.get(f"{draft}/items").words
    assert "second, improved" in words
    assert "Item 2" not in words


def test_both_add_an_item_and_both_are_there(one: Browser, other: Browser, draft: str) -> None:
    mine, theirs = one.get(f"{draft}/items/1/kind"), other.get(f"{draft}/items/1/kind")
    send(other, theirs, kind="SERVICE")
    page = send(one, mine, kind="GOODS")
    assert page.url.endswith("/items/2/names")
    words = one.get(f"{draft}/items").words
    assert "Service" in words
    assert "Goods" in words
