"""Shareholders, what is known of risks, and due diligence in pages: asked where it matters, kept, shown to officers."""

import pytest
from xuke.licensing.v1 import application_pb2 as a
from xuke.licensing.v1 import dossier_pb2 as d

from services.foundation.clock import SystemClock, legal_day
from services.launcher.demo.dossiers import JAPANESE_END_USER, KOREAN_END_USER, dossier
from services.launcher.demo.filing import PAPERS
from services.launcher.demo.licensing_a_case import (
    Cast,
    activate,
    checks_pass,
    file_application,
    review_and_grant,
)
from services.launcher.demo.stories import ORGANISATION
from tests.journeys.portal.conftest import EXPORTER, HOSTILE
from tests.journeys.portal.filling_in import fault_links, send
from tests.support.browsing import Browser

OFFICER = "ministry.officer"
FORM = {
    "conducted_by": "合规部",
    "methods": "visit of the works",
    "end_user_findings": f"a maker of cutting tools {HOSTILE}",
    "end_use_findings": "car parts",
}


@pytest.fixture
def exporter(browser: Browser) -> Browser:
    browser.sign_in(EXPORTER, "en")
    return browser


def draft_for(cast: Cast, end_user: d.Party, contract: str) -> tuple[str, str]:
    """A draft without due diligence: its id and its path."""
    content = dossier(ORGANISATION, end_user, contract)
    content.ClearField("due_diligence")
    content.declaration.ClearField("catch_all")
    application = cast.exporter.draft(content).application_id
    return application, f"/en/applications/{application}"


def test_shareholders_stand_in_rows(exporter: Browser, cast: Cast) -> None:
    application, path = draft_for(cast, KOREAN_END_USER, "ZJ-RISK-1")
    page = exporter.get(f"{path}/parties/1/owners")
    wrong = send(
        exporter,
        page,
        owners__name_en=["Hangang Holding", ""],
        owners__name_zh=["", "某某基金"],
        owners__country=["KR", "Korea"],
        owners__percent=["50.5", "12"],
    )
    assert wrong.status == 400
    assert fault_links(wrong) == ["#owners-name_en-1"]
    assert "Hangang Holding" in wrong.text
    assert "某某基金" in wrong.text
    saved = send(exporter, wrong, owners__country=["KR", "CN"])
    assert saved.status == 200
    owners = cast.exporter.get(application).dossier.parties[0].owners
    assert [(each.name_en, each.name_zh, each.country, each.percent) for each in owners] == [
        ("Hangang Holding", "", "KR", "50.5"),
        ("", "某某基金", "CN", "12"),
    ]
    check = exporter.get(f"{path}/check")
    assert "50.5%" in check.words


def test_whoever_knows_of_a_risk_is_asked_how(exporter: Browser, cast: Cast) -> None:
    application, path = draft_for(cast, KOREAN_END_USER, "ZJ-RISK-2")
    known = {
        "declaration__catch_all__NATIONAL_SECURITY__knowledge": "NO_INDICATION",
        "declaration__catch_all__TERRORISM__knowledge": "SHOULD_KNOW",
    }
    onward = send(exporter, exporter.get(f"{path}/steps/risks"), **known)
    assert onward.url.endswith("/steps/risk-basis")
    stated = cast.exporter.get(application).dossier.declaration.catch_all
    assert [(each.limb, each.knowledge) for each in stated] == [
        (d.CATCH_ALL_LIMB_NATIONAL_SECURITY, d.STATE_OF_KNOWLEDGE_NO_INDICATION),
        (d.CATCH_ALL_LIMB_TERRORISM, d.STATE_OF_KNOWLEDGE_SHOULD_KNOW),
    ]
    check = exporter.get(f"{path}/check")
    assert f"{path}/steps/risk-basis?back=check" in check.tree.xpath("//main//a/@href")
    assert "Terrorist purposes: Should know" in check.words
    send(exporter, onward, declaration__catch_all_basis="a report in the press")
    assert cast.exporter.get(application).dossier.declaration.catch_all_basis == "a report in the press"


def test_due_diligence_is_asked_for_where_the_destination_demands_it(exporter: Browser, cast: Cast) -> None:
    _, korean = draft_for(cast, KOREAN_END_USER, "ZJ-RISK-3")
    assert "Due diligence" not in exporter.get(korean).words
    application, path = draft_for(cast, JAPANESE_END_USER, "ZJ-RISK-4")
    page = exporter.get(path)
    assert "Due diligence" in page.words
    links = exporter.get(f"{path}/check").tree.xpath("//section[@aria-labelledby='lacking']//a/@href")
    assert f"{path}/steps/due-diligence-military-risk?back=check" in links
    page = exporter.get(f"{path}/steps/due-diligence")
    page = send(
        exporter, page, due_diligence__concluded_on="2026-10-28", due_diligence__conducted_by="compliance"
    )
    for name in ("methods", "end_user_findings", "end_use_findings"):
        page = send(exporter, page, **{f"due_diligence__{name}": FORM[name]})
    assert page.url.endswith("/steps/due-diligence-military-risk")
    send(exporter, page, due_diligence__military_risk="FOUND")
    page = exporter.get(f"{path}/steps/due-diligence-military-risk?back=check")
    assert fault_links(page) == ["#due_diligence-military_risk"]
    assert "must not be exported" in page.words
    send(exporter, page, due_diligence__military_risk="NONE_FOUND")
    stated = cast.exporter.get(application).dossier.due_diligence
    assert (stated.conducted_by, stated.military_risk) == ("compliance", d.MILITARY_RISK_NONE_FOUND)
    check = exporter.get(f"{path}/check")
    assert "Due diligence" not in check.tree.xpath("string(//section[@aria-labelledby='lacking'])")


@pytest.fixture(scope="module")
def japanese(cast: Cast) -> tuple[str, str]:
    """An application for a flagged destination and its active licence."""
    content = dossier(ORGANISATION, JAPANESE_END_USER, "ZJ-RISK-5")
    owner = d.Owner(name_en="Kitahama Holdings", country="JP", percent="60")
    content.parties[2].owners.append(owner)
    application = file_application(cast, content, list(PAPERS))
    checks_pass(cast, application, a.SCREENING_VERDICT_REVIEW)
    number = review_and_grant(cast, application, with_experts=False).licence_number
    activate(cast, number, usable=False)
    return application, number


def test_officers_read_what_was_found_out_and_what_the_destination_demands(
    browser: Browser, japanese: tuple[str, str]
) -> None:
    browser.sign_in(OFFICER, "en")
    application, _ = japanese
    read = browser.get(f"/en/cases/{application}/dossier").words
    assert "未见与军方或者军工企业往来" in read
    assert "Kitahama Holdings" in read
    assert "60%" in read
    screening = browser.get(f"/en/cases/{application}/screening").words
    assert "certificate certified by the government" in screening
    assert "due diligence" in screening.lower()


def test_the_holder_records_due_diligence_once_and_faults_keep_what_was_typed(
    exporter: Browser, cast: Cast, japanese: tuple[str, str]
) -> None:
    _, number = japanese
    licence = exporter.get(f"/en/licences/{number}")
    assert "customs takes no declaration under this licence" in licence.words
    path = f"/en/licences/{number}/due-diligence"
    assert path in exporter.get("/en/").tree.xpath("//main//a/@href")
    form = exporter.get(path)
    early = send(exporter, form, **FORM, concluded_on="2026-01-07", military_risk="NONE_FOUND")
    assert early.status == 400
    assert fault_links(early) == ["#concluded_on"]
    assert early.field("end_user_findings") == FORM["end_user_findings"]
    today = legal_day(SystemClock().now()).isoformat()
    done = send(exporter, early, concluded_on=today)
    assert done.url.endswith(f"/licences/{number}#due-diligence")
    again = send(exporter, early, concluded_on=today)
    assert again.url.split("#")[0] == done.url.split("#")[0]
    assert HOSTILE in done.words
    assert "<script>alert" not in done.text
    assert "customs takes no declaration" not in done.words
    assert cast.customs.status(number)["usable"]
    assert path not in exporter.get("/en/").tree.xpath("//main//a/@href")
    assert done.words.count("Findings on the end user") == 1


def test_an_officer_reads_the_record_and_gives_none(browser: Browser, japanese: tuple[str, str]) -> None:
    browser.sign_in(OFFICER, "en")
    _, number = japanese
    assert "a maker of cutting tools" in browser.get(f"/en/licences/{number}").words
    assert browser.get(f"/en/licences/{number}/due-diligence").status in (403, 404)


def test_a_risk_that_cannot_be_excluded_suspends_at_once(
    exporter: Browser, cast: Cast, japanese: tuple[str, str]
) -> None:
    _, number = japanese
    form = exporter.get(f"/en/licences/{number}/due-diligence")
    assert "suspended at once" in form.words
    today = legal_day(SystemClock().now()).isoformat()
    done = send(exporter, form, **FORM, concluded_on=today, military_risk="CANNOT_BE_EXCLUDED")
    assert "Suspended" in done.words
    assert cast.customs.status(number)["state"] == "LICENCE_STATE_SUSPENDED"
