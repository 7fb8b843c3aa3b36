"""What reviewers read and do among themselves: the queue, the case in tabs, documents in place, notes and desks."""

import uuid
from collections.abc import Callable

import pytest
from xuke.licensing.v1 import application_pb2 as a

from services.launcher.demo.dossiers import dossier
from services.launcher.demo.filing import PAPERS
from services.launcher.demo.licensing_a_case import Cast, file_application
from services.launcher.demo.stories import ORGANISATION
from services.launcher.demo.story_b import LISTED_PARTY
from tests.journeys.portal.conftest import EXPORTER, World
from tests.support.browsing import Browser, Page

OFFICER = "ministry.officer"
SECOND = "ministry.second"
PROVINCE = "jiangsu.province"
SignedIn = Callable[[str], Browser]


@pytest.fixture
def officer(signed_in: SignedIn) -> Browser:
    return signed_in(OFFICER)


def links(page: Page) -> list[str]:
    return page.tree.xpath("//main//table//a/@href")


def send(browser: Browser, path: str, **fields: str) -> Page:
    """Opens the page of a form and sends it with its hidden fields, as a browser does."""
    form = browser.get(path).tree.xpath("//main//form[@method='post']")[0]
    hidden = {one.get("name"): one.get("value") or "" for one in form.xpath(".//input[@type='hidden']")}
    return browser.post(form.get("action"), {**hidden, **fields})


def test_the_queue_is_searched_and_filtered(world: World, officer: Browser) -> None:
    case = f"/zh/cases/{world.licensed}"
    for found in ("query=钨", "query=ZJ-none&state=every", "destination=KR", "state=LICENSED", "province=32"):
        address = f"/zh/cases?{found}" if "state=" in found else f"/zh/cases?{found}&state=every"
        assert (case in links(officer.get(address))) == ("none" not in found), found
    for other in ("state=REFUSED", "destination=JP&state=every", "province=44&state=every", "overdue=1"):
        assert case not in links(officer.get(f"/zh/cases?{other}")), other
    page = officer.get("/zh/cases?query=nothing-is-called-so&state=every")
    assert "没有符合条件的案件" in page.words
    assert page.field("query") == "nothing-is-called-so"


def test_an_address_of_the_queue_that_means_nothing_shows_its_beginning(officer: Browser) -> None:
    for address in ("page=%00%00", "page=bm9uc2Vuc2U", "state=<script>&province=xx", "trail=~~~"):
        page = officer.get(f"/zh/cases?{address}")
        assert page.status == 200, address
        assert page.tree.findtext(".//h1") == "待办案件"


def test_counts_stand_on_the_chips(officer: Browser) -> None:
    tree = officer.get("/zh/cases?state=every").tree
    counts = {
        one.text.strip(): int(one.find("span").text)
        for one in tree.xpath("//a[contains(@class, 'case-chip')][span]")
    }
    assert counts["全部"] == sum(n for name, n in counts.items() if name not in ("全部", "等我办理"))
    assert counts["全部"] >= 2


def test_the_search_of_the_header_leads_to_what_is_searched(world: World, signed_in: SignedIn) -> None:
    spaced = f"{world.licence[:3]} {world.licence[3:]}".lower()
    for account, query, there in (
        (OFFICER, spaced, f"/zh/licences/{world.licence}"),
        (EXPORTER, world.licence, f"/zh/licences/{world.licence}"),
        (OFFICER, "钨", "/zh/cases?query="),
        (PROVINCE, "XKA20269900000011", "/zh/cases?query=XKA20269900000011"),
        (EXPORTER, "钨", "/zh/applications?query="),
        ("mfa.reviewer", "SQ32", "/zh/tasks?query=SQ32"),
        ("guangdong.province", world.licence, "/zh/cases?query="),
    ):
        answer = signed_in(account).get("/zh/search", params={"query": query}, follow=False)
        assert answer.status == 303
        assert answer.headers["Location"].startswith(there), (account, query)
    page = signed_in("enforcement.officer").get("/zh/search", params={"query": "<b>x</b>"})
    assert "没有找到“<b>x</b>”" in page.words


def test_an_agency_finds_what_it_is_asked(world: World, signed_in: SignedIn) -> None:
    reviewer = signed_in("mfa.reviewer")
    case = f"/zh/cases/{world.licensed}"
    assert case in links(reviewer.get("/zh/tasks?state=done"))
    assert case in links(reviewer.get("/zh/tasks?query=钨"))
    assert case not in links(reviewer.get("/zh/tasks"))
    assert links(signed_in("mara.reviewer").get("/zh/tasks?query=钨")) == []
    board = reviewer.get(f"{case}/consultation").words
    assert "外交部" in board
    assert "国家国防科技工业局" not in board
    assert "case_notes" not in reviewer.get(case).text
    assert reviewer.get(f"{case}/notes").status == 403


def test_the_case_shows_what_was_found_and_said(world: World, officer: Browser) -> None:
    case = f"/en/cases/{world.licensed}"
    for tab, *said in (
        ("", "Jiangsu Xuke Tungsten", "Review clock", world.licence),
        ("/dossier", "ZJ-PORTAL-1", "88 Techno-ro, Daegu"),
        ("/attachments", "合同.pdf", "The dossier is complete."),
        ("/classification", "1C117.d.1", "The same", "仲钨酸铵", "The law's words", "Met"),
        ("/screening", "No party resembles an entry of a list.", "Hangang Hardmetal Tools", "No rule bites."),
        ("/consultation", "3 of 3 answered", "Ministry of Foreign Affairs", "Report the actual arrival"),
        ("/decision", "Grant", "Countersigned", "International obligations"),
        ("/time", "Review, counted", "Provincial review", "行政许可法"),
        ("/history", "The application was submitted (submission 1", "Notice of acceptance"),
    ):
        page = officer.get(case + tab)
        for words in said:
            assert words in page.words, (tab, words)
    printed = officer.get(f"{case}/print")
    for words in ("ZJ-PORTAL-1", "1C117.d.1", "Report the actual arrival", "Notice of acceptance"):
        assert words in printed.words
    assert not printed.tree.xpath("//nav")


def test_why_a_case_was_refused_at_the_gate_stands_where_it_is_shown(
    cast: Cast, signed_in: SignedIn, officer: Browser
) -> None:
    content = dossier(ORGANISATION, LISTED_PARTY, "ZJ-PORTAL-GATE")
    application_id = file_application(cast, content, list(PAPERS))
    refused = cast.province.wait_for_state(application_id, a.APPLICATION_STATE_GATE_REFUSED)
    (notice,) = [each for each in refused.notices if each.kind == "GATE_REFUSAL"]
    reasons = " ".join(notice.text.en.split())
    for page in ("", "/history", "/print"):
        assert reasons in officer.get(f"/en/cases/{application_id}{page}").words, page
    assert reasons in signed_in(EXPORTER).get(f"/en/applications/{application_id}").words


def test_people_stand_in_a_case_by_their_names(world: World, signed_in: SignedIn, officer: Browser) -> None:
    for account in (SECOND, PROVINCE, "mfa.reviewer"):
        signed_in(account)
    case = f"/zh/cases/{world.licensed}"
    for tab, names in (
        ("/history", ("赵敏", "江苏省商务厅 孙涛", "商务部 周洋", "商务部 吴静", "审批流程")),
        ("/decision", ("商务部 周洋", "商务部 吴静")),
        ("/consultation", ("外交部 王芳",)),
        ("/print", ("江苏省商务厅 孙涛", "商务部 吴静", "外交部 王芳")),
    ):
        words = officer.get(case + tab).words
        for name in names:
            assert name in words, (tab, name)
        for subject in (OFFICER, SECOND, PROVINCE, EXPORTER, "mfa.reviewer", "service:"):
            assert subject not in words, (tab, subject)
    # The exporter reads of authorities, and of no officer.
    words = signed_in(EXPORTER).get(f"/zh/applications/{world.licensed}").words
    assert not [name for name in ("孙涛", "周洋", "吴静", "王芳", OFFICER) if name in words]


def test_a_province_sees_the_summary_of_the_consultation(world: World, signed_in: SignedIn) -> None:
    words = signed_in(PROVINCE).get(f"/zh/cases/{world.licensed}/consultation").words
    assert "省级只能查看会商概况" in words
    assert "无不同意见" in words
    assert "未发现风险" not in words


def test_a_document_is_shown_in_place_and_can_do_nothing(world: World, officer: Browser) -> None:
    path = f"/zh/cases/{world.licensed}/attachments/{world.attachment}"
    page = officer.get(path)
    assert page.tree.xpath("//object/@type") == ["application/pdf"]
    assert page.tree.xpath("//object/@data")[0].startswith(f"{path}/content")
    assert "object-src 'self'; frame-src 'self'" in page.headers["Content-Security-Policy"]
    shown = officer.get(f"{path}/content")
    assert shown.response.content.startswith(b"%PDF-")
    assert shown.headers["Content-Type"] == "application/pdf"
    assert shown.headers["Content-Disposition"].startswith("inline; filename=")
    policy = shown.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert policy.endswith("frame-ancestors 'self'; sandbox")
    assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    kept = officer.get(f"{path}/content?keep=1")
    assert kept.headers["Content-Disposition"].startswith("attachment; filename=")
    assert "filename*=UTF-8''%" in kept.headers["Content-Disposition"]
    assert kept.response.content == shown.response.content


def test_other_pages_are_in_no_frame(world: World, officer: Browser) -> None:
    page = officer.get(f"/zh/cases/{world.licensed}/attachments")
    assert page.headers["X-Frame-Options"] == "DENY"
    assert "frame-src" not in page.headers["Content-Security-Policy"]


def test_a_document_of_another_case_is_not_found(world: World, officer: Browser) -> None:
    for path in (
        f"/zh/cases/{world.returned}/attachments/{world.attachment}",
        f"/zh/cases/{world.returned}/attachments/{world.attachment}/content",
        f"/zh/cases/{world.licensed}/attachments/{uuid.uuid4()}",
    ):
        assert officer.get(path).status == 404


def test_a_note_is_kept_for_colleagues(world: World, signed_in: SignedIn, officer: Browser) -> None:
    notes = f"/zh/cases/{world.licensed}/notes"
    text = f"请核对产能。\n<b class=x>{uuid.uuid4()}</b>"
    page = send(officer, notes, text=text)
    assert page.status == 200
    assert "备注已保存" in page.words
    first, second = text.split("\n")
    assert first in page.words
    assert second in page.words
    assert second in signed_in(SECOND).get(notes).words
    assert second in signed_in("auditor").get(notes).words
    assert second not in signed_in(PROVINCE).get(notes).words
    assert second not in signed_in(EXPORTER).get(f"/zh/applications/{world.licensed}").words
    assert "添加内部备注" in officer.get(f"/zh/cases/{world.licensed}/history").words


def test_a_note_sent_twice_is_one_note(world: World, officer: Browser) -> None:
    notes = f"/zh/cases/{world.licensed}/notes"
    page = officer.get(notes)
    mark = str(uuid.uuid4())
    fields = {name: page.field(name) for name in ("csrf_token", "request_id")}
    for _ in range(2):
        assert officer.post(notes, {**fields, "text": mark}).status == 200
    assert officer.get(notes).words.count(mark) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [("  \n ", "请填写备注内容"), ("长" * 4001, "备注超出 1 字")],
    ids=["nothing", "too long"],
)
def test_a_faulty_note_is_not_lost(world: World, officer: Browser, text: str, said: str) -> None:
    page = send(officer, f"/zh/cases/{world.licensed}/notes", text=text)
    assert page.status == 400
    assert page.tree.findtext(".//title").startswith("错误：")
    summary = page.tree.xpath("//main//*[contains(@class, 'govuk-error-summary')]")[0]
    assert said in summary.text_content()
    assert summary.xpath(".//a/@href") == ["#text"]
    assert page.field("text") == text


def test_a_case_is_given_to_somebody_and_taken_back(world: World, officer: Browser) -> None:
    assignment = f"/zh/cases/{world.returned}/assignment"
    page = send(officer, assignment, assign_to=OFFICER)
    assert page.url.endswith(f"/zh/cases/{world.returned}")
    assert "承办人已更新" in page.words
    mine = officer.get("/zh/cases?assignment=mine&state=every")
    assert f"/zh/cases/{world.returned}" in links(mine)
    assert f"/zh/cases/{world.returned}" not in links(officer.get("/zh/cases?assignment=nobodys&state=every"))
    page = send(officer, assignment, assign_to="nobody")
    assert f"/zh/cases/{world.returned}" in links(officer.get("/zh/cases?assignment=nobodys&state=every"))


def test_who_was_quicker_is_told(world: World, signed_in: SignedIn, officer: Browser) -> None:
    assignment = f"/zh/cases/{world.returned}/assignment"
    page = officer.get(assignment)
    fields = {name: page.field(name) for name in ("csrf_token", "request_id", "seen_assigned_to")}
    second = signed_in(SECOND)
    assert send(second, assignment, assign_to=SECOND).status == 200
    page = officer.post(assignment, {**fields, "assign_to": OFFICER})
    assert page.status == 409
    assert page.tree.findtext(".//title").startswith("错误：")
    assert "承办人刚刚由同事更改" in page.words
    assert page.tree.xpath("//input[@name='assign_to'][@checked]/@value") == [OFFICER]
    assert page.field("seen_assigned_to") == SECOND
    assert send(second, assignment, assign_to="nobody").status == 200


@pytest.mark.parametrize("to", ["", "nobody.of.that.name", PROVINCE])
def test_a_case_is_given_to_officers_of_the_authority_alone(world: World, officer: Browser, to: str) -> None:
    page = send(officer, f"/zh/cases/{world.returned}/assignment", assign_to=to)
    assert page.status == 400
    assert page.tree.xpath("//main//*[contains(@class, 'govuk-error-summary')]")
    assert page.tree.xpath("//*[@id='assign_to-error']")
