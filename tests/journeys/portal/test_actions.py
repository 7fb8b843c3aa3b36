"""A case from the province to its licence, done entirely in pages, in a browser that runs no script."""

import pytest
from xuke.licensing.v1 import application_pb2 as a
from xuke.licensing.v1 import dossier_pb2 as d

from services.launcher.demo.dossiers import KOREAN_END_USER, dossier
from services.launcher.demo.filing import PAPERS
from services.launcher.demo.licensing_a_case import Cast, activate, checks_pass, file_application
from services.launcher.demo.people import customs_call
from services.launcher.demo.stories import ORGANISATION
from tests.journeys.portal.conftest import EXPORTER, HOSTILE, World, licensed_case
from tests.journeys.portal.office import RATED, Office, faulty, offered, task_page, told, wait_for_task
from tests.journeys.portal.test_pages import demand_sound
from tests.support.form_filling import follow, send


@pytest.fixture(scope="module")
def office(world: World) -> Office:
    return Office(world.base)


@pytest.fixture(scope="module")
def at_province(cast: Cast, world: World) -> str:
    case = file_application(cast, dossier(ORGANISATION, KOREAN_END_USER, "ZJ-ACTS"), list(PAPERS))
    checks_pass(cast, case)
    return case


@pytest.fixture(scope="module")
def incomplete(cast: Cast, world: World) -> str:
    few = [d.ATTACHMENT_KIND_CONTRACT, d.ATTACHMENT_KIND_END_USER_CERTIFICATE]
    case = file_application(cast, dossier(ORGANISATION, KOREAN_END_USER, "ZJ-ACTS-INCOMPLETE"), few)
    checks_pass(cast, case)
    return case


def test_the_applicant_is_told_once_of_everything(office: Office, cast: Cast, incomplete: str) -> None:
    province = "jiangsu.province"
    page = office.case(province, incomplete)
    assert offered(page) == ["Request a supplement", "Assess an item"]
    assert "it cannot be forwarded until they are supplied" in page.words
    page = office.start(province, incomplete, "Request a supplement")
    demand_sound(page, "en")
    missing = len(cast.province.case(incomplete).computed_deficiencies)
    assert missing >= 3
    one = {"deficiencies[0].text.en": f"Name the grain size.\r\nIn microns. {HOSTILE}"}
    page = send(office.at(province), page, one, "Add another point")
    assert page.field("deficiencies[0].text.en") == f"Name the grain size.\nIn microns. {HOSTILE}"
    assert page.field("deficiencies[1].text.zh") == ""
    page = send(office.at(province), page, press="Check")
    assert page.status == 400
    assert faulty(page) == ["#deficiencies-0-field", "#deficiencies-0-text-zh"]
    assert page.field("deficiencies[0].text.en") == f"Name the grain size.\nIn microns. {HOSTILE}"
    whole = {"deficiencies[0].field": "dossier.items[0].description", "deficiencies[0].text.zh": "写明粒度。"}
    page = send(office.at(province), page, whole, "Check")
    assert f"in {missing + 1} points" in page.words
    assert "写明粒度。" in page.words
    assert "<script>alert" not in page.text
    page = send(office.at(province), page, press="Send to the applicant")
    assert told(page) == "The applicant was told what to supplement."
    assert told(office.case(province, incomplete)) == ""
    case = cast.province.case(incomplete)
    assert case.state == a.APPLICATION_STATE_SUPPLEMENT_REQUESTED
    assert len(case.notices[-1].deficiencies) == missing + 1
    assert case.notices[-1].deficiencies[-1].field == "dossier.items[0].description"


def test_the_province_forwards_once(office: Office, cast: Cast, at_province: str) -> None:
    province = "jiangsu.province"
    assert office.at("guangdong.province").get(f"/en/cases/{at_province}/actions/forward").status == 404
    assert office.at("ministry.officer").get(f"/en/cases/{at_province}/actions/forward").status == 403
    page = office.start(province, at_province, "Forward to the ministry")
    demand_sound(page, "en")
    page = send(office.at(province), page, {"opinion": ""}, "Check")
    assert page.status == 400
    assert faulty(page) == ["#opinion"]
    page = send(office.at(province), page, {"opinion": "x" * 4003}, "Check")
    assert "3 characters too long" in page.words
    check = send(office.at(province), page, {"opinion": "Complete; recommended."}, "Check")
    assert "the province can no longer change it" in check.words
    changed = send(office.at(province), check, press="Change")
    assert changed.field("opinion") == "Complete; recommended."
    first = send(office.at(province), check, press="Forward the case")
    second = send(office.at(province), check, press="Forward the case")
    assert first.url == second.url
    assert told(first) == told(second) == "Forwarded to the ministry."
    history = [one.action for one in cast.province.case(at_province).history]
    assert history.count("forward") == 1
    assert offered(office.case(province, at_province)) == []


def test_what_somebody_else_did_meanwhile_is_told_and_nothing_typed_is_lost(
    office: Office, cast: Cast, at_province: str
) -> None:
    officer = "ministry.officer"
    page = office.start(officer, at_province, "Decline acceptance")
    check = send(office.at(officer), page, {"reasons": "Not ours."}, "Check")
    accept = office.start(officer, at_province, "Accept")
    demand_sound(accept, "en")
    assert "45 working days" in accept.words
    done = send(office.at(officer), accept, press="Accept the application")
    assert told(done) == "Accepted; the review limit has started."
    emptied = send(office.at(officer), check, {"reasons": ""}, "Decline acceptance")
    # A fault does not hide that the form was made before the change.
    assert (emptied.status, emptied.field("etag")) == (400, check.field("etag"))
    page = send(office.at(officer), check, press="Decline acceptance")
    assert page.status == 409
    assert "The state now: Accepted" in page.words
    assert "this can no longer be done" in page.words
    assert page.field("reasons") == "Not ours."
    assert page.field("etag") == cast.ministry.case(at_province).etag
    page = office.at(officer).get(f"/en/cases/{at_province}/actions/decline")
    assert "This cannot be done now" in page.words


def test_the_clock_stops_and_runs_on(office: Office, cast: Cast, at_province: str) -> None:
    officer = "ministry.officer"
    page = office.start(officer, at_province, "Stop the clock")
    page = send(office.at(officer), page, {"note": "Ask the institute."}, "Check")
    assert faulty(page) == ["#reason"]
    assert page.field("note") == "Ask the institute."
    page = office.act(officer, page, {"reason": "EXPERT_OPINION"}, "Stop the clock")
    assert told(page) == "The clock is stopped."
    assert "Stop the clock" not in offered(page)
    page = office.start(officer, at_province, "Let the clock run on")
    demand_sound(page, "en")
    page = office.act(officer, page, {"result": "The grain size fits."}, "Let the clock run on")
    assert told(page) == "The clock runs on."
    (exclusion,) = cast.ministry.case(at_province).clock.exclusions
    assert exclusion.HasField("ended_at")


def test_leaving_an_agency_out_or_adding_one_needs_a_reason(
    office: Office, cast: Cast, at_province: str
) -> None:
    officer = "ministry.officer"
    page = office.start(officer, at_province, "Start a consultation")
    demand_sound(page, "en")
    rows = page.tree.xpath("//input[substring(@name, string-length(@name) - 6) = '.agency']")
    place = {row.get("value"): row.get("name").removesuffix(".agency") for row in rows}
    choice = {f"{place['CMC-EDD']}.consult": "", f"{place['MIIT']}.consult": "1"}
    page = send(office.at(officer), page, choice, "Check")
    assert page.status == 400
    assert len(faulty(page)) == 2
    reasons = {
        f"{place['CMC-EDD']}.reason": "No military use.",
        f"{place['MIIT']}.reason": "Knows the plant.",
    }
    page = office.act(officer, page, reasons, "Start the consultation")
    assert told(page) == "The consultation has started."
    (plan,) = cast.ministry.case(at_province).consultations
    assert {one.agency for one in plan.opinions} == {"MFA", "SASTIND", "MIIT"}


def test_an_agency_answers_and_changes_its_condition(office: Office, cast: Cast, at_province: str) -> None:
    for agency in ("MFA", "SASTIND", "MIIT"):
        cast_task = f"{agency.lower()}.reviewer"
        wait_for_task(cast, agency, at_province)
        assert task_page(office, cast_task, at_province).status == 200
    mfa = "mfa.reviewer"
    page = task_page(office, mfa, at_province)
    demand_sound(page, "en")
    assert office.at("mara.reviewer").get(page.url).status == 404
    form = follow(office.at(mfa), page, "Give the opinion")
    demand_sound(form, "en")
    typed = {
        "opinion": "APPROVE_WITH_CONDITIONS",
        "reasons": "Known end user.",
        "factors[4].comment": "Stable.",
    }
    form = send(office.at(mfa), form, typed, "Check")
    assert form.status == 400
    assert len(faulty(form)) == 9
    assert form.field("factors[4].comment") == "Stable."
    assert form.tree.xpath("//input[@value='APPROVE_WITH_CONDITIONS']/@checked")
    typed = RATED | {"conditions[0].text_zh": "三十日内报告。", "conditions[0].text_en": "Report in 30 days."}
    page = office.act(mfa, form, typed, "Give this opinion")
    assert told(page) == "The opinion is given."
    assert "Report in 30 days." in page.words
    form = follow(office.at(mfa), page, "Change or lift")
    demand_sound(form, "en")
    assert form.field("text_en") == "Report in 30 days."
    change = {
        "what": "rewrite",
        "text_zh": "六十日内报告。",
        "text_en": "Report in 60 days.",
        "reason": "Longer route.",
    }
    page = office.act(mfa, form, change, "Confirm")
    assert told(page) == "The condition was changed."
    assert "Report in 60 days." in page.words
    miit = "miit.reviewer"
    form = follow(office.at(miit), task_page(office, miit, at_province), "Give the opinion")
    page = office.act(miit, form, {"opinion": "NOT_COMPETENT", "reasons": "Not ours."}, "Give this opinion")
    assert "Not competent" in page.words


def test_a_director_does_without_an_opinion_and_nobody_else(
    office: Office, cast: Cast, at_province: str
) -> None:
    director = "ministry.director"
    page = office.start(director, at_province, "Do without an opinion")
    demand_sound(page, "en")
    assert "Ministry of Foreign Affairs" not in page.words
    words = "Do without the opinion of State Administration of Science"
    form = follow(office.at(director), page, words)
    demand_sound(form, "en")
    assert office.at("ministry.officer").get(form.url).status == 403
    page = office.act(director, form, {"reason": "Reminded three times."}, "Do without the opinion")
    assert told(page) == "The opinion is done without."
    case = cast.ministry.wait_for_state(at_province, a.APPLICATION_STATE_READY_FOR_PROPOSAL)
    assert case.consultations[-1].consolidation == "FAVOURABLE_WITH_CONDITIONS"


def test_a_decision_takes_two_pairs_of_eyes(office: Office, cast: Cast, at_province: str) -> None:
    officer, second = "ministry.officer", "ministry.second"
    form = office.start(officer, at_province, "Propose a decision")
    demand_sound(form, "en")
    assert "Report in 60 days." in form.words
    assert "set by Ministry of Foreign Affairs" in form.words
    typed = RATED | {"outcome": "REFUSE", "reasons": "In doubt.", "conditions[0].zh": "只限一次。"}
    form = send(office.at(officer), form, typed, "Check")
    assert faulty(form) == ["#conditions-0-zh", "#conditions-0-en"]
    typed = {"outcome": "GRANT", "conditions[0].en": "Once only."}
    page = office.act(officer, form, typed, "Send to be countersigned")
    assert told(page) == "Proposed; it waits to be countersigned."
    assert "Countersign" not in offered(page)
    assert "another officer must countersign" in page.words
    page = office.at(officer).get(f"/en/cases/{at_province}/actions/countersign")
    assert "another officer must countersign" in page.words
    assert not page.tree.xpath("//main//form")
    form = office.start(second, at_province, "Countersign")
    demand_sound(form, "en")
    for stated in ("Once only.", "Report in 60 days.", "In doubt.", "Known end user."):
        assert stated in form.words
    form = send(office.at(second), form, {"choice": "send_back"}, "Check")
    assert faulty(form) == ["#comment"]
    page = office.act(second, form, {"comment": "Name the plant."}, "Send back")
    assert told(page) == "Sent back for a new proposal."
    form = office.start(officer, at_province, "Propose a decision")
    assert "Name the plant." in form.words
    assert form.field("reasons") == "In doubt."
    assert form.field("conditions[0].en") == "Once only."
    office.act(officer, form, {"reasons": "Civil cutting tools at Daegu."}, "Send to be countersigned")
    form = office.start(second, at_province, "Countersign")
    assert "From the proposal before" in form.words
    demand_sound(form, "en")
    page = office.act(second, form, {"choice": "agree"}, "Agree")
    assert told(page) == "Agreed; the decision has taken effect."
    case = cast.ministry.wait_for_state(at_province, a.APPLICATION_STATE_LICENSED)
    conditions = [one.en for one in case.decision.conditions]
    assert conditions == ["Report in 60 days.", "Once only."]


def changes_of(cast: Cast, number: str) -> list[str]:
    _, feed = customs_call(cast.people, "GET", "/v1/licence-changes?page_size=1000")
    return [change["action"] for change in feed["changes"] if change["number"] == number]


def test_a_licence_is_suspended_resumed_and_handed_back(office: Office, cast: Cast, at_province: str) -> None:
    number = cast.ministry.case(at_province).licence_number
    activate(cast, number)
    path = f"/en/licences/{number}"
    officer, director = "ministry.officer", "ministry.director"
    page = office.at(officer).get(path)
    assert offered(page) == ["Suspend"]
    form = follow(office.at(officer), page, "Suspend")
    demand_sound(form, "en")
    form = send(office.at(officer), form, press="Check")
    assert faulty(form) == ["#reason", "#reasons"]
    typed = {"reason": "REVIEW_FACTORS_CHANGED", "reasons": "New findings."}
    page = office.act(officer, form, typed, "Suspend the licence")
    assert "customs sees it" in told(page)
    assert office.at(officer).get(f"{path}/actions/resume").status == 403
    form = follow(office.at(director), office.at(director).get(path), "Resume")
    demand_sound(form, "en")
    office.act(director, form, {"reasons": "No grave risk."}, "Resume the licence")
    exporter = office.at(EXPORTER)
    form = follow(exporter, exporter.get(path), "Hand the licence back")
    demand_sound(form, "en")
    page = office.act(EXPORTER, form, {"reasons": "Another end user."}, "Hand it back")
    assert "customs sees it" in told(page)
    assert changes_of(cast, number)[-3:] == ["SUSPENDED", "RESUMED", "SURRENDERED"]
    assert offered(page) == []
    assert office.at("guangdong.exporter").get(f"{path}/actions/surrender").status == 404


def test_a_licence_is_revoked_once(office: Office, cast: Cast) -> None:
    _, number = licensed_case(cast, "ZJ-ACTS-REVOKE")
    director = "ministry.director"
    form = office.at(director).get(f"/en/licences/{number}/actions/revoke")
    check = send(office.at(director), form, {"reasons": "Grave risk."}, "Check")
    assert check.tree.xpath("//button[contains(@class, 'govuk-button--warning')]")
    first = send(office.at(director), check, press="Revoke the licence")
    second = send(office.at(director), check, press="Revoke the licence")
    assert first.url == second.url
    assert changes_of(cast, number).count("REVOKED") == 1
