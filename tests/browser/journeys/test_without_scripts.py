"""An exporter files and submits in a browser that runs no script, on a phone."""

from playwright.sync_api import Browser

from services.launcher.demo.filing import PAPERS
from services.launcher.platform import Platform
from tests.browser.journeys import filing
from tests.browser.journeys.filing import Exporter
from tests.browser.looking import Eyes
from tests.browser.person import Person


def test_an_application_is_filed_without_scripts(chromium: Browser, platform: Platform) -> None:
    eyes = Eyes("")
    context = chromium.new_context(java_script_enabled=False)
    person = Person(context, platform.addresses.url("portal"), "en", 390, eyes)
    person.sign_in("jiangsu.exporter")
    exporter = Exporter(person)
    exporter.begin()
    exporter.answer_section("section.applicant", filing.APPLICANT)
    exporter.answer_section("filing.section_contract", filing.contract("ZJ-KR-2026-NO-SCRIPT"))
    exporter.answer_section("filing.section_export", filing.EXPORT)
    exporter.add_item()
    exporter.add_parties(filing.KOREAN_END_USER)
    exporter.answer_section("section.end_use", filing.end_use("88 Techno-ro, Daegu"))
    exporter.answer_section("section.end_user_certificate", filing.CERTIFICATE)
    person.follow(person.words("filing.section_attachments"))
    exporter.attach(PAPERS)
    person.open(exporter.address)
    person.follow(person.words("section.declaration"))
    exporter.answer(filing.DECLARATION[:1])
    person.press("filing.save_on")
    assert person.page.title().startswith("Error: ")
    exporter.answer(filing.DECLARATION[1:])
    exporter.submit()
    person.open("/applications")
    person.reads(exporter.number)
    context.close()
    assert eyes.complaints == []
