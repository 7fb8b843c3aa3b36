"""Story C in pages: returned once with everything that is missing, supplemented, and forwarded."""

from collections.abc import Callable

import pytest
from xuke.licensing.v1 import dossier_pb2 as d

from services.launcher.demo.filing import PAPERS
from services.launcher.demo.story_c import MISSING
from tests.browser.journeys import filing
from tests.browser.journeys.filing import Exporter
from tests.browser.journeys.reviewing import Reviewer
from tests.browser.person import Person
from tests.browser.screens import DIAGONAL
from tests.journeys.portal.conftest import World

Who = Callable[[str], Person]


@pytest.mark.parametrize("screen", DIAGONAL, indirect=True)
def test_story_c(who: Who, world: World, screen: tuple[str, int]) -> None:
    exporter = Exporter(who("jiangsu.exporter"))
    _file_incompletely(exporter, world.licensed, "ZJ-KR-2026-C-{}-{}".format(*screen))
    province = Reviewer(who("jiangsu.province"), exporter.application_id)
    _return(province, exporter.number)
    _supplement(exporter)
    _forward(province)


def _file_incompletely(exporter: Exporter, earlier: str, contract: str) -> None:
    """A copy of an earlier application, with another contract and four of the six documents."""
    person = exporter.person
    exporter.copy(earlier)
    exporter.answer_section("filing.section_contract", filing.contract(contract))
    person.follow(person.words("filing.section_attachments"))
    exporter.attach([kind for kind in PAPERS if kind not in MISSING])
    person.open(exporter.address)
    exporter.answer_section("section.end_user_certificate", filing.CERTIFICATE)
    exporter.answer_section("section.declaration", filing.DECLARATION)
    person.press("filing.to_check")
    person.reads(person.words("filing.check_missing"), *_missing(person))
    exporter.submit()


def _return(province: Reviewer, number: str) -> None:
    """The province asks for everything that the check found; a point of its own must be complete."""
    person = province.person
    province.find_in_queue(number)
    province.wait_for_offer("panel.case_supplement")
    person.reads(person.words("panel.deficiencies_open", count=len(MISSING)))
    person.press("panel.case_supplement")
    half = {"deficiencies[0].text.zh": "请说明三氧化钨含量的检测方法。"}
    person.fill(half)
    person.press("acting.check")
    person.is_faulted(half)
    province.finish("act_supplement.confirm", {"deficiencies[0].text.zh": ""})
    assert not person.offers("panel.case_supplement")


def _supplement(exporter: Exporter) -> None:
    """The exporter finds it among what is asked, attaches both and sends it back."""
    person = exporter.person
    person.open("/")
    asked = person.words("start.task_supplement", number=exporter.number, count=len(MISSING))
    person.follow(asked)
    for kind in MISSING:
        person.open(f"{exporter.address}/supplement")
        person.follow_to(person.main.locator(f"a[href*='kind={_plain(kind)}']"))
        exporter.attach([kind])
    person.open(f"{exporter.address}/supplement")
    person.press("supplement.to_check")
    person.reads(*(PAPERS[kind][0] for kind in MISSING))
    person.press("supplement.send")
    person.follow(person.words("supplement.to_application"))


def _forward(province: Reviewer) -> None:
    """The province cannot return it again, and forwards it; who held the case how long is told apart."""
    person = province.person
    province.wait_for_offer("panel.case_forward")
    assert not person.offers("panel.case_supplement")
    person.reads(person.words("panel.supplement_asked"))
    person.open(f"{province.address}/actions/supplement")
    person.reads(person.words("acting.not_now"), person.words("panel.supplement_asked"))
    province.forward("补正后材料齐全，拟同意，转报商务部。")
    person.reads(person.called("ApplicationState.MINISTRY_INTAKE"))
    person.follow(person.words("case.tab_time"))
    person.reads(person.called("Holder.PROVINCE"), person.called("Holder.APPLICANT"))


def _missing(person: Person) -> list[str]:
    return [person.called(f"AttachmentKind.{_plain(kind)}") for kind in MISSING]


def _plain(kind: d.AttachmentKind) -> str:
    return d.AttachmentKind.Name(kind).removeprefix("ATTACHMENT_KIND_")
