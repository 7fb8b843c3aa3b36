"""Control lists in pages: read by everybody, changed by two editors, and what an export needs."""

import uuid
from collections.abc import Callable

from tests.journeys.portal.classified import (
    CODE,
    EDITOR,
    KEPT_CODE,
    NAME_EN,
    REGIME,
    SECOND_EDITOR,
    list_file,
)
from tests.journeys.portal.conftest import World
from tests.support.browsing import Browser
from tests.support.form_filling import follow, send

SignedIn = Callable[[str], Browser]
ENTRY = f"/en/control-list/entries/{REGIME}/{CODE}"


def test_an_entry_is_found_and_its_rule_read_in_sentences(signed_in: SignedIn, world: World) -> None:
    browser = signed_in("customs.officer")
    found = browser.get("/en/control-list?query=1C117.c.1.a")
    entry = follow(browser, found, "1C117.c.1.a")
    assert entry.tree.xpath("//ul[@class='found-lines']//q[@lang='zh-CN']")
    # Nothing is given, so nothing is met or not.
    assert not entry.tree.xpath("//*[contains(@class, 'case-conditions__mark')]")
    assert not browser.get("/en/control-list?query=zzzzqqq").tree.xpath("//main//td//a")
    assert browser.get("/en/control-list/entries/cn_dual_use/no-such").status == 404


def test_a_standing_is_proposed_by_one_and_rejected_by_another(signed_in: SignedIn, world: World) -> None:
    first, second = signed_in(EDITOR), signed_in(SECOND_EDITOR)
    form = first.get(f"/en/control-list/standing/cn_dual_use/{KEPT_CODE}")
    typed = {
        "status": "SUSPENDED",
        "since": "2027-03-01",
        "until": "2027-02-01",
        "reason": "It is suspended.",
    }
    refused = send(first, form, typed)
    assert refused.status == 400
    assert refused.tree.xpath("//p[@id='legal_basis-error']")
    assert refused.tree.xpath("//input[@id='since']/@value") == ["2027-03-01"]
    reversed_days = send(first, refused, {"legal_basis": "Announcement 2026 No. 3"})
    assert reversed_days.status == 400
    assert reversed_days.tree.xpath("//p[@id='until-error']")
    unknown = send(first, reversed_days, {"until": "2028-02-01", "others": "1C004\n9Z999"})
    assert unknown.status == 400
    assert "9Z999:" in unknown.tree.xpath("string(//p[@id='others-error'])")
    # An announcement says the same of several entries, and one proposal changes them all.
    proposal = send(first, unknown, {"others": f"1C004；{KEPT_CODE}"})
    assert proposal.status == 200, proposal.words
    changed = [each.text_content() for each in proposal.tree.xpath("//section//h3")]
    assert sorted(each.split()[0] for each in changed) == ["1C004", KEPT_CODE]
    path = proposal.url.removeprefix(world.base)
    assert not first.get(f"{path}/activate").tree.xpath("//main//form[@method='post']")
    check = send(second, second.get(f"{path}/reject"), {"reason": "The day is another one."})
    done = send(second, check, {})
    assert "The day is another one." in done.words
    assert "Rejected" in done.words


def test_a_file_with_faults_names_line_and_column(signed_in: SignedIn, world: World) -> None:
    browser = signed_in(EDITOR)
    page = browser.get(f"/en/control-list/import?regime={REGIME}")
    fields = {one: page.field(one) for one in ("csrf_token", "request_id")}
    fields |= {"regime": REGIME, "format": "XUKE_CSV", "edition": "2026-06-01", "reason": "A test."}
    content = list_file("NO_SUCH_STATUS")
    answer = browser.post("/en/control-list/import", fields, files={"file": ("l.csv", content, "text/csv")})
    assert answer.status == 400
    (row,) = answer.tree.xpath("//section[@id='faults']//tbody/tr")
    assert "status" in row.text_content()
    assert answer.tree.xpath("//textarea[@id='reason']")[0].text.strip() == "A test."


def test_a_change_of_outcome_is_settled_once(signed_in: SignedIn, world: World) -> None:
    browser = signed_in(EDITOR)
    assert NAME_EN in browser.get("/en/control-list/tasks").words
    path = f"/en/control-list/tasks/{world.reclassification}"
    assert send(browser, browser.get(path), {}).status == 400
    assert browser.get(f"/en/control-list/tasks/{uuid.uuid4()}").status == 404


def test_what_an_export_needs_is_shown_with_its_sources(signed_in: SignedIn, world: World) -> None:
    browser = signed_in("jiangsu.exporter")
    path = "/en/requirement?ask=1&control_codes=1C117.d.1&mode=EXPORT&destination=JP"
    open_question = browser.get(path)
    assert open_question.status == 200
    assert open_question.tree.xpath("//article[contains(@class, 'found-row')]")
    prohibited = browser.get(f"{path}&end_use=MILITARY")
    assert "Answer: Prohibited" in " ".join(prohibited.tree.xpath("string(//h2[@id='answer-title'])").split())
    wrong = browser.get("/en/requirement?ask=1&content_percent=much")
    assert wrong.status == 400
    assert wrong.tree.xpath("//p[@id='content_percent-error']")
