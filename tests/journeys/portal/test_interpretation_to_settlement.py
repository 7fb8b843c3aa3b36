"""A question of a rule on its way through pages: proposed, previewed, activated by another, and settled.

One editor answers it once for all, the preview names the items that come to another outcome, a second editor has it
count, its exporter finds the product marked, and an officer says what was done about the task.
"""

import uuid
from collections.abc import Callable

import pytest
from xuke.classification.v1 import classification_pb2 as cl

from services.launcher.demo.licensing_a_case import Cast
from services.launcher.demo.people import wait_for
from tests.journeys.portal.classified import ASKER, EDITOR, SECOND_EDITOR, save_product
from tests.journeys.portal.conftest import World
from tests.support.browsing import Browser
from tests.support.browsing import Page as Answer
from tests.support.form_filling import follow, send

SignedIn = Callable[[str], Browser]
PROPOSE = "/en/control-list/interpretations/propose"
# 微波功率10千瓦以上: the item has exactly ten, and the announcement is silent on whether that counts.
CODE, QUESTION = "2B005", "boundary:microwave_power"


@pytest.fixture(scope="module")
def article(cast: Cast, world: World) -> str:
    """A product right on the limit, in the library of the exporter; its article number."""
    number = f"MPCVD-{uuid.uuid4().hex[:6]}"
    save_product(
        cast,
        number,
        cl.Item(
            kind=cl.ITEM_KIND_GOODS,
            name_zh="微波等离子体化学气相沉积（MPCVD）设备",
            name_en=f"MPCVD reactor {number}",
            parameters=[
                cl.Parameter(name="微波功率", value="10", unit="kW"),
                cl.Parameter(name="微波频率", value="2450", unit="MHz"),
            ],
        ),
    )
    return number


def proposed(browser: Browser, answer: str, reason: str) -> Answer:
    typed = {
        "question": QUESTION,
        "answer": answer,
        "valid_from": "2026-01-01",
        "basis": "Civil Code Art. 1259",
        "reason": reason,
    }
    return send(browser, browser.get(f"{PROPOSE}?control_code={CODE}"), typed)


def test_the_entry_shows_its_questions_and_leads_to_the_form(signed_in: SignedIn, world: World) -> None:
    browser = signed_in(EDITOR)
    entry = browser.get(f"/en/control-list/entries/cn_dual_use/{CODE}")
    assert "Does the limit of microwave power include the limit itself" in entry.words
    form = follow(browser, entry, "Propose an interpretation")
    assert form.tree.xpath(f"//input[@name='question'][@value='{QUESTION}'][@checked]")
    # Those who only read are not led there.
    read = signed_in("ministry.officer").get(f"/en/control-list/entries/cn_dual_use/{CODE}")
    assert "include the limit itself" in read.words
    assert not read.tree.xpath("//main//a[contains(@href, '/propose')]")


def test_an_entry_without_questions_is_refused_at_the_field(signed_in: SignedIn, world: World) -> None:
    browser = signed_in(EDITOR)
    assert browser.get(PROPOSE).tree.xpath("//input[@name='control_code']")
    # 1C117.b asks whether the item is for missile parts: a fact of one item.
    for code in ("1C117.d.1", "1C117.b", "no-such"):
        refused = browser.get(f"{PROPOSE}?control_code={code}")
        assert refused.status == 400
        assert refused.tree.xpath("//p[@id='control_code-error']")
        assert refused.tree.xpath("//input[@name='control_code']/@value") == [code]


def test_a_form_with_faults_keeps_what_was_typed(signed_in: SignedIn, world: World) -> None:
    browser = signed_in(EDITOR)
    page = browser.get(f"{PROPOSE}?control_code={CODE}")
    refused = send(browser, page, {"question": QUESTION, "basis": "Civil Code Art. 1259"})
    assert refused.status == 400
    assert refused.tree.xpath("//textarea[@id='basis']")[0].text.strip() == "Civil Code Art. 1259"
    assert refused.tree.xpath(f"//input[@name='question'][@value='{QUESTION}'][@checked]")
    assert refused.tree.xpath("//*[@id='reason-error']")


def test_from_the_proposal_to_the_settled_task(signed_in: SignedIn, world: World, article: str) -> None:
    editor, second, officer = signed_in(EDITOR), signed_in(SECOND_EDITOR), signed_in("ministry.officer")
    exporter = signed_in(ASKER)
    proposal = proposed(editor, "TRUE", f"Ten counts as ten or more ({article}).")
    assert proposal.status == 200, proposal.words
    path = proposal.url.removeprefix(world.base)

    # Before anything counts, everybody concerned reads what it would do.
    for reader in (editor, second, officer):
        preview = reader.get(path)
        (row,) = preview.tree.xpath(f"//h2[@id='outcomes']/following::table[1]//tr[contains(., '{article}')]")
        assert "Needs information" in row.text_content()
        assert "Controlled" in row.text_content()
    assert "Needs information" in exporter.get(f"/en/products?query={article}").words

    # Nothing by one person alone.
    assert not editor.get(f"{path}/activate").tree.xpath("//main//form[@method='post']")
    assert officer.get(f"{path}/activate").status == 403
    check = second.get(f"{path}/activate")
    # What it would do stands on the proposal, to which the check leads; nobody waits for it twice.
    assert check.tree.xpath(f"//main//a[contains(@href, '{path}')]")
    done = send(second, check, {})
    assert "The change was activated." in done.words
    assert "Civil Code Art. 1259" in officer.get("/en/control-list/interpretations").words

    # The task is raised by itself, and its exporter finds the product marked until it is looked at.
    tasks = wait_for(
        "a task of reclassification",
        lambda: [
            link
            for page in officer.pages("/en/control-list/tasks")
            for link in page.tree.xpath(f"//main//td/a[contains(., '{article}')]/@href")
        ],
        bool,
    )
    assert "changed the outcome of products" in exporter.get("/en/").words
    assert article in exporter.get(f"/en/products?query={article}&changed=1").words
    (product,) = exporter.get(f"/en/products?query={article}").tree.xpath("//main//td/a/@href")
    assert exporter.get(f"{product}/change").status == 200
    assert exporter.get(f"{product}/statement").status == 200
    assert "A list changed the outcome" in exporter.get(product).words
    assert article not in exporter.get(f"/en/products?query={article}&changed=1").words.replace(
        f"query={article}", ""
    )

    # An officer says what was done, once.
    (task,) = tasks
    form = officer.get(task)
    assert "product library" in form.words
    assert send(officer, form, {}).status == 400
    check = send(officer, form, {"settlement": "The exporter was told in writing."})
    settled = send(officer, check, {})
    assert "The task was settled." in settled.words
    assert not editor.get(task).tree.xpath("//main//form[@method='post']")
    assert any(
        "The exporter was told in writing." in page.words
        for page in officer.pages("/en/control-list/tasks?state=settled")
    )


def test_the_comparison_says_by_what_the_line_was_settled(
    signed_in: SignedIn, world: World, article: str
) -> None:
    exporter = signed_in(ASKER)
    (product,) = exporter.get(f"/en/products?query={article}").tree.xpath("//main//td/a/@href")
    sheet = exporter.get(f"{product}/comparison/{CODE}")
    assert "Settled by the interpretation: Civil Code Art. 1259" in sheet.words
    before = exporter.get(f"{product}/comparison/{CODE}?as_of=2025-12-31")
    assert "Settled by the interpretation" not in before.words
