"""Story D in pages: the end user in Japan turns out to be military after the licence is active."""

from collections.abc import Callable, Iterator

import pytest

from services.foundation.clock import SystemClock, legal_day
from services.launcher.demo.filing import PAPERS
from services.launcher.demo.licensing_a_case import Cast
from tests.browser.journeys import filing
from tests.browser.journeys.filing import Exporter
from tests.browser.journeys.reviewing import review_and_grant
from tests.browser.person import Person
from tests.browser.screens import DIAGONAL
from tests.journeys.portal.conftest import World

Who = Callable[[str], Person]


@pytest.mark.parametrize("screen", DIAGONAL, indirect=True)
def test_story_d(
    who: Who, cast: Cast, world: World, declarations: Iterator[str], screen: tuple[str, int]
) -> None:
    exporter = Exporter(who("jiangsu.exporter"))
    _prepare(exporter, world.licensed, "ZJ-JP-2026-{}-{}".format(*screen))
    exporter.submit()
    number = review_and_grant(who, exporter.application_id, exporter.number)
    cast.customs.find_in_changes(number)
    assert not cast.customs.acknowledge(number)["usable"]
    _look_again(exporter.person, number)
    assert cast.customs.status(number)["usable"]
    _stop_and_report(exporter.person, number)
    code, result = cast.customs.write_off("reserve", next(declarations), number, "100")
    assert (code, result["accepted"], result["reason"]) == (409, False, "LICENCE_SUSPENDED")
    status = cast.customs.status(number)
    assert (status["usable"], status["state"]) == (False, "LICENCE_STATE_SUSPENDED")
    _look_into_it(who("ministry.director"), number)


def _prepare(exporter: Exporter, earlier: str, contract: str) -> None:
    """A copy of an earlier application for an end user in another country."""
    person = exporter.person
    exporter.copy(earlier)
    exporter.answer_section("filing.section_contract", filing.contract(contract))
    person.open(f"{exporter.address}/steps/destination")
    person.fill({"destination": "JP"})
    person.press("filing.save_back")
    exporter.replace_parties(filing.JAPANESE_END_USER)
    person.open(f"{exporter.address}/steps/place-of-use")
    person.fill({"end_use-place_of_use": filing.JAPANESE_END_USER["address"]})
    person.press("filing.save_back")
    person.follow(person.words("filing.section_attachments"))
    exporter.attach(PAPERS)
    person.open(exporter.address)
    exporter.answer_section("section.end_user_certificate", filing.CERTIFIED)
    exporter.answer_section("section.due_diligence", filing.DUE_DILIGENCE)
    exporter.answer_section("section.declaration", filing.DECLARATION)


def _look_again(person: Person, number: str) -> None:
    """Before the goods are declared the holder looks into end user and end use once more."""
    person.open(f"/licences/{number}")
    person.reads(person.words("licence.diligence_owed"))
    person.press("licence.diligence_title")
    person.press("licence.diligence_record")
    person.is_faulted({})
    person.fill({**filing.DILIGENCE, "concluded_on": legal_day(SystemClock().now()).isoformat()})
    person.press("licence.diligence_record")
    person.reads(filing.DILIGENCE["end_user_findings"])


def _stop_and_report(person: Person, number: str) -> None:
    """Pressed without a word it says what is missing; then the licence is suspended at once."""
    person.open(f"/licences/{number}")
    person.follow(person.words("licence.stop"))
    person.press("stop.next")
    person.is_faulted({})
    statement = "获悉最终用户承接日本防卫省订单，立即停止出口并报告。"
    person.fill({"reason": "END_USER_CHANGED", "statement": statement})
    person.press("stop.next")
    person.reads(statement)
    person.press("stop.confirm")
    person.follow(person.words("stop.done_link"))
    person.reads(person.called("LicenceState.SUSPENDED"), person.called("SuspensionReason.END_USER_CHANGED"))
    person.open("/")
    person.reads(person.words("start.task_suspended", number=number))


def _look_into_it(director: Person, number: str) -> None:
    """The director reads the report; to resume, a reason must be given."""
    director.find(number)
    director.open(f"/licences/{number}")
    director.reads(director.called("LicenceState.SUSPENDED"))
    director.press("panel.licence_resume")
    director.press("acting.check")
    director.is_faulted({})
