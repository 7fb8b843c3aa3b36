"""Story A in pages: from an exporter's first page to the balance after customs' write-off."""

from collections.abc import Callable, Iterator

from services.launcher.demo.customs_office import CustomsOffice
from services.launcher.demo.filing import PAPERS
from services.launcher.demo.licensing_a_case import Cast
from services.launcher.demo.people import wait_for
from tests.browser.journeys import filing
from tests.browser.journeys.filing import Exporter
from tests.browser.journeys.reviewing import review_and_grant
from tests.browser.person import Person
from tests.browser.readme import keep_for_readme

Who = Callable[[str], Person]


def test_story_a(who: Who, cast: Cast, declarations: Iterator[str], screen: tuple[str, int]) -> None:
    exporter = Exporter(who("jiangsu.exporter"))
    _prepare(exporter, "ZJ-KR-2026-{}-{}".format(*screen))
    exporter.submit()
    number = review_and_grant(who, exporter.application_id, exporter.number, thoroughly=True)
    _read_what_was_decided(exporter, number)
    _draw_down(cast.customs, exporter.person, number, (next(declarations), next(declarations)))


def _prepare(exporter: Exporter, contract: str) -> None:
    """The exporter answers every section, with a mistake of each kind, and once beside another tab."""
    person, mistakes = exporter.person, filing.MISTAKES
    exporter.begin()
    exporter.answer_section("section.applicant", filing.APPLICANT, mistakes)
    exporter.answer_section("filing.section_contract", filing.contract(contract), mistakes)
    _answer_the_same_question_twice(exporter)
    exporter.answer_section("filing.section_export", filing.EXPORT, mistakes)
    exporter.add_item(mistakes)
    keep_for_readme(person, "tasks")
    exporter.add_parties(filing.KOREAN_END_USER)
    exporter.answer_section("section.end_use", filing.end_use("88 Techno-ro, Daegu"), mistakes)
    exporter.answer_section("section.end_user_certificate", filing.CERTIFICATE, mistakes)
    person.press("filing.to_check")
    person.open(exporter.address)
    person.follow(person.words("filing.section_attachments"))
    person.press("filing.attach")
    person.is_faulted({})
    person.fill({"kind": "CONTRACT"})
    person.attach("file", "合同.pdf", b"<!doctype html><script>alert(1)</script>")
    person.press("filing.attach")
    person.is_faulted({})
    exporter.attach(PAPERS)
    person.open(exporter.address)
    exporter.answer_section("section.declaration", filing.DECLARATION, mistakes)


def _answer_the_same_question_twice(exporter: Exporter) -> None:
    """Both tabs show the question; the second to save sees what the first one saved, and takes it."""
    question = f"{exporter.address}/steps/delivery"
    exporter.person.open(question)
    other = exporter.person.another_tab()
    other.open(question)
    exporter.person.fill({"delivery_schedule": "2026年12月上旬"})
    exporter.person.press("filing.save_on")
    other.fill({"delivery_schedule": "2027年1月"})
    other.press("filing.save_on")
    other.reads("2026年12月上旬")
    assert other.main.locator("[name='delivery_schedule']").input_value() == "2027年1月"
    other.fill({"choice-delivery_schedule": "theirs"})
    other.press("filing.save_on")
    other.page.close()
    exporter.person.open(f"{exporter.address}/check")
    exporter.person.reads("2026年12月上旬")
    exporter.person.open(exporter.address)


def _read_what_was_decided(exporter: Exporter, number: str) -> None:
    """The exporter reads the notifications, the application and the licence, which customs does not know yet."""
    person = exporter.person
    person.open("/notifications")
    person.reads(exporter.number)
    person.open(exporter.address)
    person.follow(number)
    person.reads(person.words("licence.not_acknowledged"))


def _draw_down(customs: CustomsOffice, person: Person, number: str, declarations: tuple[str, str]) -> None:
    """Customs, which has no pages, uses its interface; the exporter sees what that leaves."""
    address = f"/licences/{number}"
    customs.find_in_changes(number)
    assert customs.acknowledge(number)["usable"]
    first, second = declarations
    for action, declaration, quantity in (
        ("reserve", first, "12000"),
        ("release", first, ""),
        ("reserve", second, "11980"),
    ):
        _, result = customs.write_off(action, declaration, number, quantity)
        assert result["accepted"], result
    person.open(address)
    person.reads(person.called("LicenceState.ACTIVE"), "11,980", "12,000")
    _, result = customs.write_off("commit", second, number)
    assert result["licence_state"] == "LICENCE_STATE_COMPLETED"
    person.open(address)
    keep_for_readme(person, "licence")
    person.reads(
        person.called("LicenceState.COMPLETED"),
        f"20 {person.words('licence.available')} / 12,000",
        *(person.called(f"UsageKind.{kind}") for kind in ("RESERVE", "RELEASE", "COMMIT")),
    )
    _download(person)
    person.follow(person.words("licence.verify"))
    person.reads(person.called("LicenceState.COMPLETED"))


def _download(person: Person) -> None:
    link = person.main.get_by_role("button", name=person.words("licence.download"))
    address = person.base + str(link.get_attribute("href"))
    wait_for("the document", lambda: person.page.request.get(address), lambda answer: answer.ok)
    with person.page.expect_download() as download:
        link.click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")
