"""Saying in pages under which codes an item falls."""

import pytest

from services.launcher.demo.dossiers import KOREAN_END_USER, dossier
from services.launcher.demo.filing import PAPERS
from services.launcher.demo.licensing_a_case import Cast, checks_pass, file_application
from services.launcher.demo.stories import ORGANISATION
from tests.journeys.portal.conftest import HOSTILE, World
from tests.journeys.portal.office import Office, faulty, told
from tests.journeys.portal.test_pages import demand_sound
from tests.support.form_filling import send

PROVINCE = "jiangsu.province"


@pytest.fixture(scope="module")
def office(world: World) -> Office:
    return Office(world.base)


@pytest.fixture(scope="module")
def at_province(cast: Cast, world: World) -> str:
    case = file_application(cast, dossier(ORGANISATION, KOREAN_END_USER, "ZJ-ASSESSED"), list(PAPERS))
    checks_pass(cast, case)
    return case


def test_an_item_is_assessed_and_the_case_says_so(office: Office, cast: Cast, at_province: str) -> None:
    page = office.start(PROVINCE, at_province, "Assess an item")
    demand_sound(page, "en")
    page = send(office.at(PROVINCE), page, {"reason": "", "codes": ""}, "Check")
    assert (page.status, faulty(page)) == (400, ["#held", "#reason"])
    unknown = {"held": "CONTROLLED", "codes": "1C117.c", "reason": "x", "inquiry": "ZX-1999-000001"}
    refused = send(office.at(PROVINCE), page, unknown, "Check")
    assert (refused.status, faulty(refused)) == (400, ["#inquiry"])
    given = {"held": "CONTROLLED", "codes": "1C117.c，1C117.c", "reason": f"By the grain size. {HOSTILE}"}
    page = send(office.at(PROVINCE), page, given, "Check")
    assert page.words.count("1C117.c ") >= 2
    refused = send(office.at(PROVINCE), page, press="Record the assessment")
    assert (refused.status, faulty(refused)) == (400, ["#codes"])
    page = send(office.at(PROVINCE), refused, {"codes": "1C117.c\r\n2B350"}, "Check")
    page = send(office.at(PROVINCE), page, press="Record the assessment")
    assert told(page) == "The assessment is recorded."
    (codes, *_) = cast.province.case(at_province).item_codes
    assert list(codes.assessed_control_codes) == ["1C117.c", "2B350"]
    seen = office.at(PROVINCE).get(f"/en/cases/{at_province}/classification")
    demand_sound(seen, "en")
    assert "Item 1: 1C117.c, 2B350" in seen.words
    assert "<script>alert" not in seen.text
    history = office.at(PROVINCE).get(f"/en/cases/{at_province}/history")
    assert "Item 1 was assessed: 1C117.c 2B350" in history.words


def test_an_item_is_held_not_to_be_controlled(office: Office, cast: Cast, at_province: str) -> None:
    page = office.start(PROVINCE, at_province, "Assess an item")
    given = {"held": "NOT_CONTROLLED", "codes": "1C117.c", "reason": "Below every limit."}
    page = send(office.at(PROVINCE), page, given, "Check")
    page = send(office.at(PROVINCE), page, press="Record the assessment")
    assert told(page) == "The assessment is recorded."
    case = cast.province.case(at_province)
    assert [list(one.control_codes) for one in case.assessments][-1] == []
    seen = office.at(PROVINCE).get(f"/en/cases/{at_province}/classification")
    assert "Item 1: Not controlled" in seen.words
    assert "(counts no longer)" in seen.words
