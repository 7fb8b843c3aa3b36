"""List editors at their browsers: files, single entries, four eyes, and what everybody reads of lists."""

import uuid
from dataclasses import dataclass
from pathlib import Path

import pytest

from services.launcher.demo.licensing_a_case import Cast
from services.screening import known_lists
from tests.journeys.portal.conftest import World
from tests.journeys.portal.office import Office, faulty, told
from tests.journeys.portal.screened import ENTRY
from tests.journeys.portal.test_pages import demand_sound
from tests.support.browsing import Browser, Page
from tests.support.form_filling import fields_of, follow, send
from tests.support.list_files import definition_of, parties
from tests.support.screening_acts import EDITOR, LIST, SECOND_EDITOR

REASON = "Announcement 40 of 2026."
REFERENCE = Path(known_lists.__file__).parent / "reference"
UNITED_NATIONS = Path(__file__).parents[2] / "unit" / "screening" / "imports" / "united_nations.xml"


@pytest.fixture
def office(world: World) -> Office:
    return Office(world.base)


@dataclass
class Brought:
    """A new list of the test's own, whose names are like nobody's."""

    code: str
    proposal: Page


def upload(
    browser: Browser, page: Page, typed: dict[str, str], content: bytes, name: str = "list.csv"
) -> Page:
    """Fills in the form of a file and sends it."""
    form = page.tree.xpath("//main//form[@method='post']")[0]
    fields = fields_of(form) | typed
    fields.pop("file", None)
    return browser.post(form.get("action"), fields, files={"file": (name, content, "text/csv")})


def bring_in(office: Office, account: str = EDITOR) -> Brought:
    code = f"test_{uuid.uuid4().hex[:10]}"
    browser = office.at(account)
    page = browser.get("/en/lists/import/new-list")
    typed = {**definition_of(code), "reason": REASON}
    proposal = upload(browser, page, typed, parties({"entry_id": "T-1", "name_en": "Zyxomir Quelbrandt"}))
    assert "/lists/proposals/" in proposal.url, proposal.words
    return Brought(code, proposal)


def buttons(page: Page) -> list[str]:
    return [one.text_content().strip() for one in page.tree.xpath("//*[@id='acts']//a")]


def test_a_list_is_brought_in_by_one_editor_and_activated_by_another(office: Office) -> None:
    brought = bring_in(office)
    demand_sound(brought.proposal, "en")
    assert "Zyxomir Quelbrandt" in brought.proposal.words
    assert REASON in brought.proposal.words
    # Four eyes are told before anything is pressed, and there is nothing to press.
    assert "another editor has to activate it" in brought.proposal.words
    assert buttons(brought.proposal) == ["Withdraw"]
    refused = office.at(EDITOR).get(f"{brought.proposal.url}/activate")
    assert "another editor has to activate it" in refused.words
    assert not refused.tree.xpath("//main//form[@method='post']")

    second = office.at(SECOND_EDITOR)
    page = second.get(brought.proposal.url)
    assert buttons(page) == ["Activate", "Reject"]
    checked = follow(second, page, "Activate")
    demand_sound(checked, "en")
    assert "1 added, 0 changed, 0 ended" in checked.words
    done = send(second, checked, press="Activate it")
    assert told(done).startswith("Activated")
    assert buttons(done) == []
    # Once more: the page of the act says that it is done.
    assert "cannot be done now" in second.get(f"{brought.proposal.url}/activate").words

    entries = second.get(f"/en/lists/parties/{brought.code}")
    demand_sound(entries, "en")
    assert "Zyxomir Quelbrandt" in entries.words
    entry = follow(second, entries, "Zyxomir Quelbrandt")
    demand_sound(entry, "en")
    assert "In force" in entry.words
    versions = second.get(f"/en/lists/parties/{brought.code}/versions")
    demand_sound(versions, "en")
    assert EDITOR in versions.words
    assert SECOND_EDITOR in versions.words


def test_sending_a_file_twice_proposes_once(office: Office) -> None:
    code = f"test_{uuid.uuid4().hex[:10]}"
    browser = office.at(EDITOR)
    page = browser.get("/en/lists/import/new-list")
    typed = {**definition_of(code), "reason": REASON}
    content = parties({"entry_id": "T-1", "name_en": "Zyxomir Quelbrandt"})
    first, second = (upload(browser, page, typed, content) for _ in range(2))
    assert first.url == second.url


def test_what_is_wrong_with_a_file_is_told_by_line_and_column(office: Office) -> None:
    browser = office.at(EDITOR)
    code = f"test_{uuid.uuid4().hex[:10]}"
    page = browser.get("/en/lists/import/new-list")
    typed = {**definition_of(code), "reason": REASON}
    content = parties(
        {"entry_id": "T-1", "name_en": "Zyxomir Quelbrandt", "effective_from": "2026-13-01"},
        {"entry_id": "T-2", "name_en": ""},
    )
    answer = upload(browser, page, typed, content)
    assert answer.status == 400
    demand_sound(answer, "en")
    assert faulty(answer) == ["#file"]
    rows = [" ".join(row.text_content().split()) for row in answer.tree.xpath("//*[@id='faults']//tbody/tr")]
    assert any("line 2" in row and "effective_from" in row for row in rows), rows
    assert any("line 3" in row for row in rows), rows
    # What was typed is kept.
    assert answer.field("definition-list_code") == code
    assert answer.field("reason") == REASON


def test_a_file_is_demanded_and_everything_typed_is_kept(office: Office) -> None:
    browser = office.at(EDITOR)
    page = browser.get(f"/en/lists/import/list.{LIST}")
    answer = send(browser, page, {"reason": REASON})
    assert answer.status == 400
    assert faulty(answer) == ["#file"]
    assert answer.field("reason") == REASON
    empty = send(browser, browser.get("/en/lists/import/new-list"), {"read_on": "soon"})
    assert {"#file", "#read_on", "#reason", "#definition-list_code"} <= set(faulty(empty))
    assert empty.field("read_on") == "soon"


@pytest.mark.parametrize("what", ["list.no_such_list", "nothing", f"list.{LIST}/x"])
def test_a_file_for_nothing_is_not_asked_for(office: Office, what: str) -> None:
    assert office.at(EDITOR).get(f"/en/lists/import/{what}").status == 404


def test_one_entry_is_suspended_by_a_proposal(office: Office) -> None:
    brought = bring_in(office)
    second = office.at(SECOND_EDITOR)
    send(second, second.get(f"{brought.proposal.url}/activate"), press="Activate it")
    editor = office.at(EDITOR)
    page = editor.get(f"/en/lists/parties/{brought.code}/entries/T-1")
    page = follow(editor, page, "Change this entry")
    demand_sound(page, "en")
    wrong = send(editor, page, {"suspended_from": "soon"}, "Propose the change")
    assert wrong.status == 400
    assert set(faulty(wrong)) == {"#suspended_from", "#reason"}
    assert wrong.field("suspended_from") == "soon"
    typed = {"suspended_from": "2026-11-01", "standing_basis": "Announcement 41", "reason": REASON}
    proposed = send(editor, page, typed, "Propose the change")
    demand_sound(proposed, "en")
    assert "Suspended from" in proposed.words
    assert "2026-11-01" in proposed.words
    # Another one made against the same version can no longer be activated once this one counts.
    overtaken = send(editor, page, typed | {"request_id": str(uuid.uuid4())}, "Propose the change")
    done = send(second, second.get(f"{proposed.url}/activate"), press="Activate it")
    assert told(done).startswith("Activated")
    stale = second.get(overtaken.url)
    assert "can no longer be activated" in stale.words
    assert buttons(stale) == ["Reject"]
    entry = editor.get(f"/en/lists/parties/{brought.code}/entries/T-1")
    assert "Measures suspended" in entry.words


def test_a_proposal_is_rejected_with_a_reason_or_withdrawn(office: Office) -> None:
    brought, other = bring_in(office), bring_in(office)
    second = office.at(SECOND_EDITOR)
    form = second.get(f"{brought.proposal.url}/reject")
    demand_sound(form, "en")
    wrong = send(second, form, {"reason": ""}, "Check")
    assert faulty(wrong) == ["#reason"]
    done = office.act(SECOND_EDITOR, form, {"reason": "The announcement says otherwise."}, "Reject it")
    assert told(done) == "Rejected."
    assert "The announcement says otherwise." in done.words
    editor = office.at(EDITOR)
    done = send(editor, editor.get(f"{other.proposal.url}/withdraw"), press="Withdraw it")
    assert told(done) == "Withdrawn."
    # Neither of the lists is there.
    for one in (brought, other):
        assert editor.get(f"/en/lists/parties/{one.code}").status == 404
    assert "Withdrawn" in editor.get("/en/lists/proposals?state=WITHDRAWN").words


def test_the_list_of_the_security_council_is_read_as_it_is_published(office: Office) -> None:
    editor = office.at(EDITOR)
    page = editor.get("/en/lists/import/un-list")
    proposal = upload(editor, page, {"reason": REASON}, UNITED_NATIONS.read_bytes(), "consolidated.xml")
    demand_sound(proposal, "en")
    assert "Consolidated list of the Security Council" in proposal.words
    assert "EXAMPLE MISSILE TRADING CORPORATION" in proposal.words
    assert "a new list" in proposal.words
    done = send(editor, editor.get(f"{proposal.url}/withdraw"), press="Withdraw it")
    assert told(done) == "Withdrawn."


@pytest.mark.parametrize(
    ("what", "table", "before", "after", "title"),
    [
        ("rule-table", "destination_rules.csv", "military end users in Japan", "Japanese forces", "Rules of"),
        ("destination-register", "destinations.csv", ",HIGH,", ",ELEVATED,", "Register of"),
    ],
)
def test_rules_and_the_register_change_as_lists_do(
    office: Office, what: str, table: str, before: str, after: str, title: str
) -> None:
    editor, second = office.at(EDITOR), office.at(SECOND_EDITOR)
    stands = (REFERENCE / table).read_text(encoding="utf-8")
    page = editor.get(f"/en/lists/import/{what}")
    typed = {"reason": REASON}
    same = upload(editor, page, typed, stands.encode(), table)
    assert same.status == 400
    assert "Nothing differs from the current version" in same.words
    proposal = upload(editor, page, typed, stands.replace(before, after).encode(), table)
    demand_sound(proposal, "en")
    assert title in proposal.tree.findtext(".//main//h1")
    assert "another editor has to activate it" in proposal.words
    assert after.strip(",") in proposal.words
    done = office.act(SECOND_EDITOR, second.get(f"{proposal.url}/reject"), {"reason": "A test."}, "Reject it")
    assert told(done) == "Rejected."
    page = editor.get(f"/en/lists/import/{what}")
    wrong = upload(editor, page, typed, b"rule_id,nmae\nA,B\n", table)
    assert wrong.status == 400
    assert faulty(wrong) == ["#file"]
    assert "nmae" in wrong.words


def test_the_lists_say_how_far_they_may_be_relied_on(office: Office, cast: Cast) -> None:
    page = office.at(EDITOR).get("/en/")
    assert page.url.endswith("/en/lists")
    demand_sound(page, "en")
    for name in ("Control list of parties", "Watch list", "Unreliable entity list"):
        assert name in page.words
    assert "required" in page.words
    # Read by others, without what changes anything.
    read = office.at("jiangsu.province").get("/en/lists")
    assert "Bring in a file" not in read.words
    assert "Proposals" not in read.words


def test_entries_are_searched_as_of_a_day(office: Office) -> None:
    browser = office.at("auditor")
    page = browser.get(f"/en/lists/parties/{LIST}?query=general+dynamics&as_of=2+January+2025")
    demand_sound(page, "en")
    assert ENTRY in page.words
    assert "2 January 2025" in page.words
    nothing = browser.get(f"/en/lists/parties/{LIST}?query=no+such+name+at+all")
    assert "No entry matches" in nothing.words
    wrong = browser.get(f"/en/lists/parties/{LIST}?as_of=soon")
    assert "That is not a date" in wrong.words
    assert browser.get(f"/en/lists/parties/{LIST}/entries/NONE-SUCH").status == 404
    assert browser.get("/en/lists/parties/no_such_list").status == 404
    for hostile in (
        "?query=%00",
        "?version=%00",
        "?version=no+such+version",
        "?page=nonsense",
        "/entries/%00",
    ):
        assert browser.get(f"/en/lists/parties/{LIST}{hostile}").status in (200, 400, 404), hostile
    pages = list(browser.pages(f"/en/lists/parties/{LIST}"))
    shown = {
        link for one in pages for link in one.tree.xpath("//main//table//a/@href") if "/entries/" in link
    }
    lists = lists_of_count(browser)
    assert len(shown) == lists


def lists_of_count(browser: Browser) -> int:
    """How many entries the overview says that the list has."""
    page = browser.get("/en/lists")
    row = page.tree.xpath(f"//main//tr[.//a[contains(@href, '/{LIST}')]]")[0]
    (count,) = (one for one in row.xpath("./td/text()") if one.strip().replace(",", "").isdecimal())
    return int(count.strip().replace(",", ""))


def test_rules_and_destinations_are_read_as_of_a_day(office: Office) -> None:
    browser = office.at("auditor")
    now = browser.get("/en/lists/rules")
    demand_sound(now, "en")
    rule = "//*[@id='JP-MILITARY-USER']"
    assert "in force" in now.tree.xpath(rule)[0].text_content()
    before = browser.get("/en/lists/rules?as_of=2025-12-31")
    assert "not in force on that day" in before.tree.xpath(rule)[0].text_content()
    destinations = browser.get("/en/lists/destinations")
    demand_sound(destinations, "en")
    assert "Japan" in destinations.words


@pytest.mark.parametrize("name", ["parties", "rules", "destinations"])
def test_a_template_can_be_had(office: Office, name: str) -> None:
    browser = office.at(EDITOR)
    page = browser.get("/en/lists/templates")
    demand_sound(page, "en")
    answer = browser.get(f"/en/lists/templates/{name}.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.response.content.decode("utf-8-sig").startswith(("entry_id,", "rule_id,", "country,"))
    assert browser.get("/en/lists/templates/others.csv").status == 404
