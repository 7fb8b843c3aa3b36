"""Answering a supplement notice in pages: exactly what is asked, where it is mended, and sent once."""

import uuid

import pytest
from xuke.licensing.v1 import application_pb2 as a
from xuke.licensing.v1 import application_pb2_grpc
from xuke.licensing.v1 import dossier_pb2 as d

from services.launcher.demo.dossiers import KOREAN_END_USER, dossier
from services.launcher.demo.filing import PAPERS
from services.launcher.demo.licensing_a_case import Cast, checks_pass, file_application
from services.launcher.demo.people import ask, stub
from services.launcher.demo.stories import ORGANISATION
from tests.journeys.portal.conftest import EXPORTER, World
from tests.support.browsing import Browser, Page


@pytest.fixture
def returned(cast: Cast, world: World) -> str:
    kinds = [
        d.ATTACHMENT_KIND_CONTRACT,
        d.ATTACHMENT_KIND_TECHNICAL_DESCRIPTION,
        d.ATTACHMENT_KIND_END_USER_CERTIFICATE,
        d.ATTACHMENT_KIND_LEGAL_REPRESENTATIVE_IDENTITY,
        d.ATTACHMENT_KIND_MANAGER_IDENTITY,
    ]
    application = file_application(cast, dossier(ORGANISATION, KOREAN_END_USER, "ZJ-SUPPLEMENT"), kinds)
    cast.province.request_supplement(checks_pass(cast, application))
    return application


@pytest.fixture
def exporter(browser: Browser) -> Browser:
    browser.sign_in(EXPORTER, "en")
    return browser


def sending(page: Page) -> dict[str, str]:
    return {name: page.field(name) for name in ("csrf_token", "request_id", "etag")}


def test_a_notice_is_answered_point_by_point_and_sent_once(
    exporter: Browser, cast: Cast, returned: str
) -> None:
    base = f"/en/applications/{returned}/supplement"
    page = exporter.get(base)
    (link,) = page.tree.xpath("//ol[@class='portal-points']//a/@href")
    assert "HANDLER_IDENTITY" in link
    assert exporter.get(link).status == 200
    assert "两用物项出口管制条例 Art. 16(1)(1)" in page.words
    assert "Documents not uploaded yet: 1." in exporter.get(f"{base}/check").words
    cast.exporter.attach(returned, [d.ATTACHMENT_KIND_HANDLER_IDENTITY])
    check = exporter.get(f"{base}/check")
    assert "经办人身份证明.pdf" in check.words
    assert "not uploaded" not in check.words
    sent = exporter.post(f"{base}/check", sending(check))
    assert sent.url.endswith("/supplement/sent")
    assert "The supplement was sent" in sent.words
    again = exporter.post(f"{base}/check", sending(check))
    assert again.url == sent.url
    # Nothing more is asked.
    assert exporter.get(base).url.endswith(f"/en/applications/{returned}")
    assert "Times submitted 2" in exporter.get(f"/en/applications/{returned}").words


def test_a_field_that_is_asked_for_leads_to_its_question_and_its_answer_is_checked(
    exporter: Browser, cast: Cast
) -> None:
    application = file_application(cast, dossier(ORGANISATION, KOREAN_END_USER, "ZJ-FIELD"), list(PAPERS))
    case = checks_pass(cast, application)
    review = stub(cast.people, "jiangsu.province", "licensing", application_pb2_grpc.ReviewServiceStub)
    asked = a.Deficiency(code="OTHER", field="dossier.contract.number")
    asked.text.zh, asked.text.en = "请更正合同编号", "Mend the number of the contract"
    request = a.RequestSupplementRequest(
        request_id=str(uuid.uuid4()), application_id=application, etag=case.etag, deficiencies=[asked]
    )
    ask(review.RequestSupplement, request)
    page = exporter.get(f"/en/applications/{application}/supplement")
    assert "Mend the number of the contract" in page.words
    links = page.tree.xpath("//ol[@class='portal-points']//a/@href")
    assert links == [f"/en/applications/{application}/steps/contract"]
    step = exporter.get(links[0])
    assert step.status == 200
    assert step.tree.xpath("//input[@name='contract-number']")
    check = exporter.get(f"/en/applications/{application}/supplement/check")
    labels = [one.text_content().strip() for one in check.tree.xpath("//main//dl//dt")]
    assert labels == ["Number"]
    assert "ZJ-FIELD" in check.words


def test_a_change_meanwhile_is_told(exporter: Browser, cast: Cast, returned: str) -> None:
    base = f"/en/applications/{returned}/supplement"
    check = exporter.get(f"{base}/check")
    cast.exporter.attach(returned, [d.ATTACHMENT_KIND_HANDLER_IDENTITY])
    page = exporter.post(f"{base}/check", sending(check))
    assert page.status == 409
    assert "Something changed since you opened the page" in page.words
    assert exporter.post(f"{base}/check", sending(page)).url.endswith("/supplement/sent")


def test_what_is_not_asked_leads_to_the_application(exporter: Browser, world: World) -> None:
    for path in ("supplement", "supplement/check"):
        page = exporter.get(f"/en/applications/{world.licensed}/{path}")
        assert page.url.endswith(f"/en/applications/{world.licensed}")
    assert exporter.get(f"/en/applications/{uuid.uuid4()}/supplement").status == 404
