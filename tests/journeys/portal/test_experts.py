"""An expert is asked for an opinion and gives it, in pages."""

import pytest

from services.launcher.demo.dossiers import KOREAN_END_USER, dossier
from services.launcher.demo.filing import PAPERS
from services.launcher.demo.licensing_a_case import Cast, checks_pass, file_application
from services.launcher.demo.stories import ORGANISATION
from tests.journeys.portal.conftest import World
from tests.journeys.portal.office import Office, faulty, offered, told
from tests.journeys.portal.test_pages import demand_sound
from tests.support.form_filling import follow, send

OFFICER, EXPERT = "ministry.officer", "expert"
QUESTION, OPINION = "Does the grain size fit the blades?", "It fits: the size is common for blades."


@pytest.fixture
def office(world: World) -> Office:
    return Office(world.base)


@pytest.fixture
def under_review(cast: Cast) -> str:
    """A case whose review limit runs."""
    application_id = file_application(cast, dossier(ORGANISATION, KOREAN_END_USER, "ZJ-EXPERT"), list(PAPERS))
    checks_pass(cast, application_id)
    cast.province.forward(cast.province.case(application_id), "The province agrees.")
    cast.ministry.accept(cast.ministry.case(application_id))
    return application_id


def test_an_expert_is_asked_and_answers(office: Office, cast: Cast, under_review: str) -> None:
    number = cast.ministry.case(under_review).number
    expert = office.at(EXPERT)
    assert "Ask an expert" not in offered(office.case(OFFICER, under_review))
    assert expert.get(f"/en/cases/{under_review}/dossier").status == 404
    cast.ministry.ask_experts(cast.ministry.case(under_review))

    page = office.start(OFFICER, under_review, "Ask an expert")
    demand_sound(page, "en")
    page = send(office.at(OFFICER), page, {"question": QUESTION}, "Check")
    assert faulty(page) == ["#expert_subject"]
    assert page.field("question") == QUESTION
    page = office.act(OFFICER, page, {"expert_subject": EXPERT}, "Ask the expert")
    assert told(page) == "The expert is asked."
    page = office.start(OFFICER, under_review, "Ask an expert")
    assert "There is nobody to ask" in page.words, page.words

    queue = expert.get("/en/")
    assert queue.url.endswith("/en/experts")
    demand_sound(queue, "en")
    assert QUESTION in queue.words
    dossier_page = follow(expert, queue, number)
    assert dossier_page.status == 200
    for tab, status in (
        ("/attachments", 200),
        ("/classification", 200),
        ("", 403),
        ("/screening", 403),
        ("/consultation", 403),
        ("/decision", 403),
        ("/time", 403),
        ("/history", 403),
        ("/notes", 403),
        ("/print", 403),
    ):
        page = expert.get(f"/en/cases/{under_review}{tab}")
        assert page.status == status, tab
        assert "The province agrees." not in page.words, tab

    (asked,) = cast.expert.requests(under_review)
    address = f"/en/cases/{under_review}/expert-requests/{asked.expert_request_id}"
    page = expert.get(address)
    demand_sound(page, "en")
    assert QUESTION in page.words
    page = send(expert, page, {"opinion": OPINION}, "Check")
    assert faulty(page) == ["#declares_no_conflict_of_interest"]
    assert page.field("opinion") == OPINION
    page = office.act(EXPERT, page, {"declares_no_conflict_of_interest": "1"}, "Submit the opinion")
    assert page.url.endswith("/en/experts")
    assert told(page) == "Your opinion is submitted."
    assert OPINION in page.words
    assert "You have given your opinion." in expert.get(address).words

    assert OPINION in office.at(OFFICER).get(f"/en/cases/{under_review}/time").words
    page = office.start(OFFICER, under_review, "Let the clock run on")
    assert OPINION in page.words
    page = office.act(OFFICER, page, {"result": OPINION}, "Let the clock run on")
    assert told(page) == "The clock runs on."
    history = office.at(OFFICER).get(f"/en/cases/{under_review}/history").words
    assert "An expert was asked for an opinion" in history
    assert "An expert gave an opinion" in history
