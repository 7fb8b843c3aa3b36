"""Acts in pages that the rules narrow: objections, refusals, rounds without agencies, sessions that end."""

import pytest
from xuke.licensing.v1 import application_pb2 as a

from services.launcher.demo.dossiers import KOREAN_END_USER, dossier
from services.launcher.demo.filing import PAPERS
from services.launcher.demo.licensing_a_case import Cast, checks_pass, file_application
from services.launcher.demo.stories import ORGANISATION
from tests.journeys.portal.conftest import World
from tests.journeys.portal.office import RATED, Office, faulty, offered, task_page, told, wait_for_task
from tests.support.form_filling import follow, send

OFFICER, SECOND, DIRECTOR = "ministry.officer", "ministry.second", "ministry.director"


@pytest.fixture(scope="module")
def office(world: World) -> Office:
    return Office(world.base)


def at_ministry(cast: Cast, contract: str) -> str:
    case = file_application(cast, dossier(ORGANISATION, KOREAN_END_USER, contract), list(PAPERS))
    cast.province.forward(checks_pass(cast, case), "Complete.")
    return case


def consult_only(office: Office, cast: Cast, application_id: str, agency: str) -> None:
    """Leaves out every agency of the route but one; with "" every one."""
    page = office.start(OFFICER, application_id, "Start a consultation")
    choice = {}
    for place, routed in enumerate(cast.ministry.case(application_id).routed_agencies):
        if routed.agency != agency:
            choice |= {f"agencies[{place}].consult": "", f"agencies[{place}].reason": "Not needed."}
    office.act(OFFICER, page, choice, "Start the consultation")


def test_the_ministry_asks_for_a_supplement_of_its_own(office: Office, cast: Cast) -> None:
    case = at_ministry(cast, "ZJ-RULES-1")
    page = office.start(OFFICER, case, "Request a supplement")
    page = send(office.at(OFFICER), page, press="Check")
    assert faulty(page) == ["#deficiencies-0-field"]
    assert "Name at least one thing" in page.words
    point = {
        "deficiencies[0].field": "attachments.CONTRACT",
        "deficiencies[0].text.zh": "合同缺第三页。",
        "deficiencies[0].text.en": "Page three of the contract is missing.",
    }
    page = send(office.at(OFFICER), page, point, "Add another point")
    page = send(office.at(OFFICER), page, press="Remove Your point 2")
    assert len(page.tree.xpath("//select")) == 1
    page = office.act(OFFICER, page, {}, "Send to the applicant")
    assert told(page) == "The applicant was told what to supplement."
    assert cast.exporter.get(case).open_fields == ["attachments.CONTRACT"]


def test_against_an_objection_only_a_director_agrees(office: Office, cast: Cast) -> None:
    case = at_ministry(cast, "ZJ-RULES-2")
    cast.ministry.accept(cast.ministry.case(case))
    consult_only(office, cast, case, "MFA")
    wait_for_task(cast, "MFA", case)
    mfa = "mfa.reviewer"
    form = follow(office.at(mfa), task_page(office, mfa, case), "Give the opinion")
    conditions = {"conditions[0].text_zh": "不得转让。", "conditions[0].text_en": "No transfer."}
    answer = RATED | {"opinion": "REFUSE", "reasons": "Obligations stand against it."}
    form = send(office.at(mfa), form, answer | conditions, "Check")
    assert faulty(form) == ["#conditions-0-text_zh"]
    form = send(office.at(mfa), form, dict.fromkeys(conditions, ""), "Check")
    send(office.at(mfa), form, press="Give this opinion")
    cast.ministry.wait_for_state(case, a.APPLICATION_STATE_READY_FOR_PROPOSAL)
    form = office.start(OFFICER, case, "Propose a decision")
    office.act(
        OFFICER, form, RATED | {"outcome": "GRANT", "reasons": "Outweighed."}, "Send to be countersigned"
    )
    page = office.case(SECOND, case)
    assert "only a director may agree" in page.words
    form = follow(office.at(SECOND), page, "Countersign")
    assert form.tree.xpath("//input[@name='choice']/@value") == ["send_back"]
    check = send(office.at(SECOND), form, {"choice": "agree"}, "Check")
    page = send(office.at(SECOND), check, press="Agree")
    assert page.status == 409
    assert "An agency objects" in page.words
    form = office.start(DIRECTOR, case, "Countersign")
    page = office.act(DIRECTOR, form, {"choice": "agree"}, "Agree")
    assert told(page) == "Agreed; the decision has taken effect."


def test_without_an_agency_the_case_goes_on_and_can_be_refused(office: Office, cast: Cast) -> None:
    case = at_ministry(cast, "ZJ-RULES-3")
    cast.ministry.accept(cast.ministry.case(case))
    consult_only(office, cast, case, "")
    form = office.start(OFFICER, case, "Propose a decision")
    typed = RATED | {"outcome": "REFUSE", "reasons": "The end use is not proven.", "conditions[0].zh": "无"}
    form = send(office.at(OFFICER), form, typed | {"conditions[0].en": "None"}, "Check")
    assert faulty(form) == ["#conditions-0-zh"]
    form = send(office.at(OFFICER), form, {"conditions[0].zh": "", "conditions[0].en": ""}, "Check")
    send(office.at(OFFICER), form, press="Send to be countersigned")
    form = office.start(SECOND, case, "Countersign")
    check = send(office.at(SECOND), form, {"choice": "agree"}, "Check")
    assert "the right to reconsideration" in check.words
    send(office.at(SECOND), check, press="Agree")
    decided = cast.ministry.case(case)
    assert decided.state == a.APPLICATION_STATE_REFUSED
    assert "The end use is not proven." in decided.notices[-1].text.en
    assert offered(office.case(OFFICER, case)) == []


def test_an_agency_lifts_its_condition(office: Office, cast: Cast) -> None:
    case = at_ministry(cast, "ZJ-RULES-4")
    cast.ministry.accept(cast.ministry.case(case))
    cast.ministry.consult(cast.ministry.case(case))
    wait_for_task(cast, "MFA", case)
    mfa = "mfa.reviewer"
    page = task_page(office, mfa, case)
    form = follow(office.at(mfa), page, "Give the opinion")
    typed = {"opinion": "APPROVE_WITH_CONDITIONS", "reasons": "Known."}
    missing = send(office.at(mfa), form, RATED | typed, "Check")
    assert faulty(missing) == ["#conditions-0-text_zh"]
    conditions = {"conditions[0].text_zh": "不得转让。", "conditions[0].text_en": "No transfer."}
    page = office.act(mfa, missing, conditions, "Give this opinion")
    form = follow(office.at(mfa), page, "Change or lift")
    page = office.act(mfa, form, {"what": "lift", "reason": "Covered elsewhere."}, "Confirm")
    assert told(page) == "The condition was lifted."
    again = office.at(mfa).get(form.url)
    assert not again.tree.xpath("//main//form[@method='post']")


def test_a_session_that_ends_while_an_opinion_is_written_loses_nothing(office: Office, cast: Cast) -> None:
    case = at_ministry(cast, "ZJ-RULES-5")
    browser = office.at(OFFICER)
    form = office.start(OFFICER, case, "Decline acceptance")
    check = send(browser, form, {"reasons": "Another authority is competent."}, "Check")
    browser.post("/en/sign-out", {"csrf_token": check.field("csrf_token")})
    page = send(browser, check, press="Decline acceptance")
    page = browser.choose_account(page, OFFICER)
    assert page.url == form.url
    assert page.field("reasons") == "Another authority is competent."
    assert cast.ministry.case(case).state == a.APPLICATION_STATE_MINISTRY_INTAKE
    page = office.act(OFFICER, page, {}, "Decline acceptance")
    assert told(page).startswith("Acceptance is declined")
    assert cast.ministry.case(case).state == a.APPLICATION_STATE_NOT_ACCEPTED
