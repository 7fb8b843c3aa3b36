"""The product library in pages: saved, found, brought in with faults by line, printed, chosen as an item."""

import uuid
from collections.abc import Callable

from services.launcher.demo.dossiers import KOREAN_END_USER, dossier
from services.launcher.demo.licensing_a_case import Cast
from services.launcher.demo.stories import ORGANISATION
from tests.journeys.portal.classified import ASKER, KEPT_CODE
from tests.journeys.portal.conftest import World
from tests.support.browsing import Browser
from tests.support.browsing import Page as Answer
from tests.support.form_filling import send
from tests.unit.classification.product_files.workbooks import number, workbook

SignedIn = Callable[[str], Browser]


def bring_in(browser: Browser, content: bytes, name: str = "products.csv") -> Answer:
    page = browser.get("/en/products/import")
    fields = {one: page.field(one) for one in ("csrf_token", "request_id")}
    return browser.post("/en/products/import", fields, files={"file": (name, content, "text/csv")})


def test_a_product_is_saved_changed_and_found(signed_in: SignedIn, world: World) -> None:
    browser, article = signed_in(ASKER), f"T-{uuid.uuid4().hex[:8]}"
    typed = {"article_number": article, "item-kind": "GOODS", "item-name_en": "tungsten carbide die"}
    saved = send(browser, browser.get("/en/products/add"), typed)
    assert "tungsten carbide die" in saved.words
    assert article in browser.get(f"/en/products?query={article}").words
    taken = send(browser, browser.get("/en/products/add"), typed)
    assert taken.status == 400
    assert taken.tree.xpath("//p[@id='article_number-error']")
    assert taken.tree.xpath("//input[@id='item-name_en']/@value") == ["tungsten carbide die"]
    path = saved.url.removeprefix(world.base)
    form, other = browser.get(f"{path}/change"), browser.get(f"{path}/change")
    assert "drawing die" in send(browser, form, {"item-name_en": "drawing die"}).words
    # Who opened the form before that does not undo it.
    assert send(browser, other, {"item-name_en": "another die"}).status in (400, 409)
    assert "drawing die" in browser.get(path).words
    archived = send(browser, browser.get(f"{path}/archive"), {})
    assert "Archived" in archived.words or "archived" in archived.words
    assert article not in browser.get("/en/products").words


def test_a_file_is_brought_in_whole_or_not_at_all(signed_in: SignedIn, world: World) -> None:
    browser, article = signed_in(ASKER), f"F-{uuid.uuid4().hex[:8]}"
    wrong = f"article_number,name_en,hs_code\n{article},a die,8207\n{article}-2,a die,82X\n"
    refused = bring_in(browser, wrong.encode())
    assert refused.status == 400
    (row,) = refused.tree.xpath("//section[@id='faults']//tbody/tr")
    assert "3" in row.text_content()
    assert "hs_code" in row.text_content()
    assert article not in browser.get(f"/en/products?query={article}").words.replace(f"query={article}", "")
    right = wrong.replace("82X", "820720").encode()
    done = bring_in(browser, right)
    assert done.status == 200
    assert "added=2" in done.url
    assert bring_in(browser, b"x", "products.pdf").status == 400


def test_codes_of_a_workbook_stay_text_and_a_family_lends_its_code(signed_in: SignedIn, world: World) -> None:
    browser, article = signed_in(ASKER), f"X-{uuid.uuid4().hex[:8]}"
    family = f"horses {article}"
    head = ("article_number", "family", "name_en", "hs_code")
    content = workbook([[*head], [article, family, "live horse", "0101210010"]])
    done = bring_in(browser, content, "products.xlsx")
    assert "added=1" in done.url, done.words
    lost = bring_in(
        browser, workbook([[*head], [article, family, "live horse", number("101210010")]]), "p.xlsx"
    )
    assert lost.status == 400
    (row,) = lost.tree.xpath("//section[@id='faults']//tbody/tr")
    assert "hs_code" in row.text_content()
    (address,) = browser.get(f"/en/products?query={article}").tree.xpath("//main//td/a/@href")
    assert "0101210010" in browser.get(address).words
    given = {"family-name": family, "family-default_control_code": KEPT_CODE}
    assert send(browser, browser.get("/en/products/families"), given).status == 200
    listed = browser.get(f"/en/products?query={article}")
    assert f"{KEPT_CODE} of the family" in " ".join(listed.words.split())
    statement = browser.get(f"{address}/statement")
    assert f"Default control code {KEPT_CODE}" in " ".join(statement.words.split())


def test_a_comparison_is_a_table_of_every_row_of_any_entry_on_any_day(
    signed_in: SignedIn, world: World
) -> None:
    browser, path = signed_in(ASKER), f"/en/products/{world.product}"
    asked = browser.get(f"{path}/comparison?control_code=2b005")
    assert asked.url.endswith("/comparison/2B005")
    rows = [
        [" ".join(cell.text_content().split()) for cell in row.xpath("td")]
        for row in asked.tree.xpath("//table[contains(@class, 'found-sheet')]//tbody/tr")
    ]
    assert {row[-1] for row in rows} <= {"Met", "Not met", "Unknown"}
    assert ["> 10 kW" in row[3] for row in rows].count(True) == 1
    assert any("microwave power" in row[1] and "微波功率" in row[1] for row in rows)
    assert "Ministry of Commerce (Competent)" in asked.words
    # An entry that decides by description has its rows as well.
    described = browser.get(f"{path}/comparison/{KEPT_CODE}")
    assert described.tree.xpath("//table[contains(@class, 'found-sheet')]//tbody/tr")
    refused = browser.get(f"{path}/comparison?control_code=9A999")
    assert refused.status == 400
    assert refused.tree.xpath("//p[@id='control_code-error']")
    earlier = browser.get(f"{path}/statement?as_of=2025-03-01")
    assert "1 March 2025" in earlier.words
    (link,) = earlier.tree.xpath("//main//a[@download]/@href")
    assert browser.get(link).headers["Content-Disposition"] == (
        'attachment; filename="statement-2025-03-01.pdf"'
    )
    assert "lists-fault" in browser.get(f"{path}/statement?as_of=soon").text


def test_papers_are_pages_and_files(signed_in: SignedIn, world: World) -> None:
    browser = signed_in(ASKER)
    path = f"/en/products/{world.product}"
    assert KEPT_CODE in browser.get(f"{path}/comparison/{KEPT_CODE}").words
    assert browser.get(f"{path}/comparison/9A999").status == 404
    for paper in ("statement.pdf", f"sheet/{KEPT_CODE}"):
        answer = browser.get(f"{path}/{paper}")
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Content-Disposition"].startswith("attachment; ")


def test_a_product_becomes_an_item_once(signed_in: SignedIn, world: World, cast: Cast) -> None:
    browser = signed_in(ASKER)
    draft = cast.exporter.draft(dossier(ORGANISATION, KOREAN_END_USER, "ZJ-PRODUCT-1")).application_id
    before = len(cast.exporter.get(draft).dossier.items)
    path = f"/en/applications/{draft}/items/products"
    page = browser.get(path)
    fields = {one: page.field(one) for one in ("csrf_token", "request_id", "etag")}
    fields["product_id"] = world.product
    assert browser.post(path, fields).status == 200
    assert browser.post(path, fields).status == 409
    items = cast.exporter.get(draft).dossier.items
    assert len(items) == before + 1
    assert items[-1].claimed_control_code == KEPT_CODE
