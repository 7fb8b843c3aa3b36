"""Hits at the browsers of the ministry: a list change brings one up, one person decides, two release."""

import uuid
from collections.abc import Callable

import pytest
from xuke.licensing.v1 import application_pb2 as a
from xuke.licensing.v1 import dossier_pb2 as d

from services.launcher.demo.dossiers import KOREAN_END_USER, dossier
from services.launcher.demo.filing import PAPERS
from services.launcher.demo.licensing_a_case import (
    OFFICER,
    SECOND_OFFICER,
    Cast,
    checks_pass,
    file_application,
)
from services.launcher.demo.people import wait_for
from services.launcher.demo.stories import ORGANISATION
from tests.journeys.portal.conftest import World
from tests.journeys.portal.office import Office, faulty, told
from tests.journeys.portal.test_lists import upload
from tests.journeys.portal.test_pages import demand_sound
from tests.support.browsing import Page
from tests.support.form_filling import follow, send
from tests.support.list_files import definition_of, parties
from tests.support.screening_acts import EDITOR, SECOND_EDITOR

DIRECTOR, PROVINCE = "ministry.director", "jiangsu.province"


@pytest.fixture
def office(world: World) -> Office:
    return Office(world.base)


def under_review(cast: Cast, name: str, contract: str) -> str:
    """A case whose end user has this name, after its checks."""
    end_user = d.Party()
    end_user.CopyFrom(KOREAN_END_USER)
    end_user.name_zh, end_user.name_en = "", name
    application_id = file_application(cast, dossier(ORGANISATION, end_user, contract), list(PAPERS))
    checks_pass(cast, application_id)
    return application_id


def list_party(office: Office, name: str, verdict: str) -> str:
    """A new list that names the party, activated; its code."""
    code = f"test_{uuid.uuid4().hex[:10]}"
    editor, second = office.at(EDITOR), office.at(SECOND_EDITOR)
    page = editor.get("/en/lists/import/new-list")
    typed = {**definition_of(code, verdict), "reason": "Order 2"}
    proposal = upload(editor, page, typed, parties({"entry_id": "H-1", "name_en": name, "country": "KR"}))
    page = second.get(proposal.url)
    # The case is among those whose verdict would be another one.
    effect = " ".join(page.tree.xpath("//*[@id='effect']")[0].text_content().split())
    assert "would become more severe" in effect
    done = send(second, follow(second, page, "Activate"), press="Activate it")
    assert told(done).startswith("Activated")
    return code


def rescreened(cast: Cast, application_id: str, holds: Callable[[a.Case], bool]) -> a.Case:
    """The case once its newest screening is as wanted."""
    found: a.Case = wait_for("a later screening", lambda: cast.province.case(application_id), holds)
    return found


def hit_of(office: Office, account: str, code: str) -> Page:
    """The hit on the list, out of the queue."""
    browser = office.at(account)
    queue = browser.get(f"/en/hits?list={code}&state=every")
    return browser.get(queue.tree.xpath("//main//table//a/@href")[0])


def acts(page: Page) -> list[str]:
    return [one.text_content().strip() for one in page.tree.xpath("//*[@id='acts']//a")]


def test_a_list_change_brings_up_a_hit_that_two_people_release(office: Office, cast: Cast) -> None:
    name = "Vondrelax Quimbersol Turning Works"
    application_id = under_review(cast, name, "ZJ-HIT-1")
    code = list_party(office, name, "PROHIBITED")
    case = rescreened(cast, application_id, lambda one: one.screening.open_hits > 0)
    assert case.screening.verdict == a.SCREENING_VERDICT_PROHIBITED

    # The start page of the ministry asks for it, and the case tells of it.
    assert "wait for a decision" in office.at(OFFICER).get("/en/").words
    summary = office.at(PROVINCE).get(f"/en/cases/{application_id}")
    demand_sound(summary, "en")
    assert "1 to decide" in summary.words
    assert "(Change of a list)" in summary.words
    printed = office.at(PROVINCE).get(f"/en/cases/{application_id}/print")
    assert "Undecided" in printed.words
    assert "Review the hit" not in printed.words
    tab = office.at(PROVINCE).get(f"/en/cases/{application_id}/screening")
    demand_sound(tab, "en")
    assert "Undecided" in tab.words
    assert "Later screenings" in tab.words
    assert "Change of a list" in tab.words
    read = follow(office.at(PROVINCE), tab, "Review the hit")
    demand_sound(read, "en")
    assert acts(read) == []
    assert office.at("guangdong.province").get(read.url).status == 404

    page = hit_of(office, OFFICER, code)
    demand_sound(page, "en")
    assert case.number in page.words
    assert name in page.words
    assert points_add_up(page)
    form = follow(office.at(OFFICER), page, "Decide the hit")
    demand_sound(form, "en")
    wrong = send(office.at(OFFICER), form, {"reason": "Elsewhere."}, "Check")
    assert faulty(wrong) == ["#outcome"]
    assert wrong.field("reason") == "Elsewhere."
    decided = office.act(
        OFFICER, form, {"outcome": "FALSE", "reason": "Another number in the register."}, "Confirm"
    )
    assert told(decided) == "Recorded."
    assert "another person has to agree" in decided.words
    assert acts(decided) == []
    assert "cannot be done now" in office.at(OFFICER).get(f"{page.url}/countersign").words

    waits = office.at(SECOND_OFFICER).get(page.url)
    assert "Another number in the register." in waits.words
    form = follow(office.at(SECOND_OFFICER), waits, "Countersign the release")
    demand_sound(form, "en")
    typed = {"choice": "agree", "reason": "Compared with the register myself."}
    done = office.act(SECOND_OFFICER, form, typed, "Agree to the release")
    assert told(done) == "The hit is released."
    assert "Released" in done.words
    freed = rescreened(cast, application_id, lambda one: not one.screening.open_hits)
    assert freed.screening.verdict != a.SCREENING_VERDICT_PROHIBITED
    tab = office.at(PROVINCE).get(f"/en/cases/{application_id}/screening")
    assert "Change of a decision" in tab.words


def test_a_hit_is_asked_about_confirmed_and_sent_back(office: Office, cast: Cast) -> None:
    name = "Brixtonelle Havruk Dynamics"
    application_id = under_review(cast, name, "ZJ-HIT-2")
    code = list_party(office, name, "RESTRICTED")
    rescreened(cast, application_id, lambda one: one.screening.open_hits > 0)
    page = hit_of(office, DIRECTOR, code)
    form = follow(office.at(DIRECTOR), page, "Decide the hit")
    asked = office.act(DIRECTOR, form, {"outcome": "NEED_MORE", "reason": "Which address is it?"}, "Confirm")
    assert "More must be known" in asked.words
    form = follow(office.at(OFFICER), office.at(OFFICER).get(page.url), "Decide anew")
    confirmed = office.act(OFFICER, form, {"outcome": "TRUE", "reason": "The same address."}, "Confirm")
    assert "Confirmed" in confirmed.words
    # What was confirmed is released by two as well; the second may send it back.
    form = follow(office.at(OFFICER), office.at(OFFICER).get(page.url), "Decide anew")
    office.act(OFFICER, form, {"outcome": "FALSE", "reason": "The address is another one."}, "Confirm")
    form = follow(office.at(DIRECTOR), office.at(DIRECTOR).get(page.url), "Countersign the release")
    typed = {"choice": "send_back", "reason": "Show the register."}
    back = office.act(DIRECTOR, form, typed, "Send it back")
    assert told(back) == "Sent back."
    assert "The second person sent it back: Show the register." in back.words


def test_a_decision_on_what_has_changed_meanwhile_is_told(world: World, office: Office) -> None:
    browser = office.at(OFFICER)
    form = browser.get(f"/en/hits/{world.hit}/decide")
    checked = send(browser, form, {"outcome": "NEED_MORE", "reason": "First."}, "Check")
    later = send(
        office.at(DIRECTOR),
        office.at(DIRECTOR).get(f"/en/hits/{world.hit}/decide"),
        {"outcome": "NEED_MORE", "reason": "Faster."},
        "Check",
    )
    assert told(send(office.at(DIRECTOR), later, press="Confirm")) == "Recorded."
    answer = send(browser, checked, press="Confirm")
    assert answer.status == 409
    assert "The hit was changed while you were typing" in answer.words
    assert answer.field("reason") == "First."


def points_add_up(page: Page) -> bool:
    """Whether the points of the parts are the sum that is shown."""
    rows = page.tree.xpath("//table[contains(@class, 'lists-evidence')]//tbody/tr")
    points = [
        round(1000 * float(row.xpath("./td")[-1].text_content().strip().replace("−", "-"))) for row in rows
    ]
    return len(points) > 1 and sum(points[:-1]) == points[-1]


@pytest.mark.parametrize("wanted", ["state=%3Cscript%3E", "verdict=NONE", "list=%00", "page=nonsense"])
def test_an_address_that_says_nothing_is_no_fault_of_the_page(office: Office, wanted: str) -> None:
    assert office.at(OFFICER).get(f"/en/hits?{wanted}").status in (200, 400)


def test_others_do_not_see_the_queue(office: Office) -> None:
    for account in (PROVINCE, "mfa.reviewer", "jiangsu.exporter", "expert", EDITOR):
        assert office.at(account).get("/en/hits").status == 403
