"""Checking and submitting: everything stated is shown, what is missing leads to its step, and it is submitted once."""

import uuid

import pytest
from google.protobuf.descriptor import Descriptor
from xuke.licensing.v1 import application_pb2 as a
from xuke.licensing.v1 import application_pb2_grpc
from xuke.licensing.v1 import dossier_pb2 as d

from services.launcher.demo.dossiers import KOREAN_END_USER, dossier
from services.launcher.demo.filing import PAPERS
from services.launcher.demo.licensing_a_case import Cast, checks_pass, file_application
from services.launcher.demo.people import ask, stub
from services.launcher.demo.stories import ORGANISATION
from services.portal.language import catalogue
from tests.journeys.portal.conftest import EXPORTER, World
from tests.journeys.portal.filling_in import fault_links, send, sent
from tests.support.browsing import Browser


@pytest.fixture
def exporter(browser: Browser) -> Browser:
    browser.sign_in(EXPORTER, "en")
    return browser


def complete(cast: Cast, contract: str) -> str:
    """The path of a draft that lacks nothing."""
    application = cast.exporter.draft(dossier(ORGANISATION, KOREAN_END_USER, contract)).application_id
    cast.exporter.attach(application, list(PAPERS))
    return f"/en/applications/{application}"


def test_every_field_of_the_dossier_is_shown(exporter: Browser, cast: Cast) -> None:
    page = exporter.get(complete(cast, "ZJ-CHECK-1") + "/check")
    sections = page.tree.xpath("//main//section[.//dl]")
    shown = [label.strip() for section in sections for label in section.xpath(".//dt/text()")]

    def label(message: Descriptor, field: str) -> str:
        return catalogue("texts")[f"field_{message.name}.{field}"][1]

    def demand(message: Descriptor, times: int, whose: str = "") -> None:
        for field in message.fields:
            if field.message_type is None or field.message_type.name in (
                "Parameter",
                "Owner",
                "CatchAllKnowledge",
            ):
                wanted = label(message, field.name)
                assert shown.count(f"{whose}{wanted}") >= times, field.full_name
            elif message.name == "Dossier":
                demand(field.message_type, {"items": 1, "parties": 4}.get(field.name, 1))
            else:
                demand(field.message_type, times, f"{label(message, field.name)}: ")

    demand(d.Dossier.DESCRIPTOR, 1)
    for file, _ in PAPERS.values():
        assert file in page.words


def test_every_row_that_is_asked_for_can_be_changed(exporter: Browser, cast: Cast) -> None:
    page = exporter.get(complete(cast, "ZJ-CHECK-2") + "/check")
    unchangeable = [
        row.findtext("dt").strip()
        for row in page.tree.xpath("//main//section//dl/div")
        if not row.xpath("./dd//a")
    ]
    assert unchangeable == ["Line"]
    for address in sorted(set(page.tree.xpath("//main//dl//dd//a/@href"))):
        assert "?back=check" in address
        assert exporter.get(address).status == 200, address


def test_what_is_missing_leads_to_the_step_that_mends_it(exporter: Browser, cast: Cast) -> None:
    lacking = dossier(ORGANISATION, KOREAN_END_USER, "")
    lacking.items[0].hs_code = "9999999999"
    lacking.destination = ""
    del lacking.parties[0]
    application = cast.exporter.draft(lacking).application_id
    path = f"/en/applications/{application}"
    page = exporter.get(f"{path}/check")
    links = page.tree.xpath("//section[@aria-labelledby='lacking']//a/@href")
    assert links == [
        f"{path}/steps/destination?back=check",
        f"{path}/steps/contract?back=check",
        f"{path}/items/1/hs-code?back=check",
        f"{path}/parties",
        f"{path}/attachments?kind=END_USER_CERTIFICATE",
    ]
    assert "Item 1: HS code" in page.words
    mending = exporter.get(links[2])
    assert fault_links(mending) == ["#hs_code"]
    assert "9999999999 are not in the Harmonized System" in mending.words
    assert not fault_links(exporter.get(links[1]))
    assert not page.tree.xpath("//main//form")
    # The certificate hinders; the contract is among what may be asked for later.
    later = [one.text for one in page.tree.xpath("//div[@class='portal-note']//li")]
    assert "Contract" in later
    assert "End-user and end-use certificate" not in later
    token = {"csrf_token": page.field("csrf_token"), "request_id": str(uuid.uuid4())}
    refused = exporter.post(f"{path}/check", {**token, "etag": "1"})
    assert refused.status == 400
    assert refused.tree.xpath("//section[@aria-labelledby='lacking']//a/@href") == links


def test_it_is_submitted_once_however_often_the_button_is_pressed(exporter: Browser, cast: Cast) -> None:
    path = complete(cast, "ZJ-SUBMIT-1")
    page = exporter.get(f"{path}/check")
    fields = sent(page, "/check")
    first = exporter.post(f"{path}/check", fields)
    second = exporter.post(f"{path}/check", fields)
    assert first.url == second.url
    assert first.url.endswith("/submitted")
    application = cast.exporter.get(path.rpartition("/")[2])
    assert application.submission_number == 1
    assert application.number in first.words
    assert "45 working days" in first.words
    assert exporter.get(f"{path}/submitted").words == second.words
    assert exporter.get(f"{path}/check").url.endswith(path)


def test_what_a_colleague_changed_after_the_check_is_checked_again(exporter: Browser, cast: Cast) -> None:
    path = complete(cast, "ZJ-SUBMIT-2")
    page = exporter.get(f"{path}/check")
    send(exporter, exporter.get(f"{path}/steps/delivery"), delivery_schedule="one lot in January")
    refused = send(exporter, page)
    assert refused.status == 409
    assert "A colleague changed the application" in refused.words
    assert "one lot in January" in refused.words
    assert send(exporter, refused).url.endswith("/submitted")


def test_what_is_not_submitted_has_no_confirmation(exporter: Browser, cast: Cast) -> None:
    path = complete(cast, "ZJ-SUBMIT-3")
    page = exporter.get(f"{path}/submitted")
    assert page.url.endswith(path)
    assert "Prepare the application" in page.words


def test_a_supplement_changes_what_was_asked_for_and_nothing_else(
    exporter: Browser, cast: Cast, world: World
) -> None:
    path = f"/en/applications/{world.returned}"
    found = cast.exporter.get(world.returned)
    assert found.status.state == a.PUBLIC_STATE_SUPPLEMENT_ASKED_OF_YOU
    assert "attachments.TECHNICAL_DESCRIPTION" in found.open_fields
    assert exporter.get(f"{path}/steps/contract").url.endswith("/supplement")
    page = exporter.get(f"{path}/attachments")
    kinds = page.tree.xpath("//select[@id='kind']/option/@value")
    assert "TECHNICAL_DESCRIPTION" in kinds
    assert "CONTRACT" not in kinds
    assert not [one for one in page.tree.xpath("//main//form/@action") if one.endswith("/remove")]


def test_a_step_of_a_supplement_asks_the_open_question_and_shows_the_others(
    exporter: Browser, cast: Cast, world: World
) -> None:
    application = file_application(cast, dossier(ORGANISATION, KOREAN_END_USER, "ZJ-OPEN"), list(PAPERS))
    case = checks_pass(cast, application)
    review = stub(cast.people, "jiangsu.province", "licensing", application_pb2_grpc.ReviewServiceStub)
    deficiency = a.Deficiency(code="OTHER", field="dossier.items[0].name_en")
    deficiency.text.zh, deficiency.text.en = "请更正英文名称", "Mend the name in English"
    ask(
        review.RequestSupplement,
        a.RequestSupplementRequest(
            request_id=str(uuid.uuid4()),
            application_id=application,
            etag=case.etag,
            deficiencies=[deficiency],
        ),
    )
    path = f"/en/applications/{application}"
    page = exporter.get(f"{path}/items/1/names")
    assert not page.tree.xpath("//input[@name='name_zh']")
    assert "仲钨酸铵" in page.words
    page = send(exporter, page, name_en="ammonium paratungstate, APT-0", name_zh="别的")
    assert page.url.endswith("/supplement")
    item = cast.exporter.get(application).dossier.items[0]
    assert (item.name_zh, item.name_en) == ("仲钨酸铵", "ammonium paratungstate, APT-0")
    assert exporter.get(f"{path}/items/1/value").url.endswith("/supplement")
    assert exporter.get(f"{path}/items/2/kind").url.endswith("/supplement")
    entries = exporter.get(f"{path}/items")
    assert entries.tree.xpath("//main//dl//a/@href") == [f"{path}/items/1/names?back=list"]
    assert not entries.tree.xpath("//main//a[contains(@href, '/kind') or contains(@href, '/remove')]")
    assert exporter.get(f"{path}/items/1/remove").url.endswith("/supplement")
