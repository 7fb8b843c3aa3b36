"""Papers as PDF: complete, accessible, the same bytes every time, loud about what they cannot print."""

import hashlib
import io
import json
from dataclasses import replace

import pytest
from pypdf import PdfReader

from services.classification.domain.agencies import Necessity
from services.classification.domain.item import Item, StatedParameter
from services.classification.papers.facts import PaperFacts
from services.classification.papers.rendering import PaperRenderer
from services.classification.papers.wording import WORDING
from services.classification.reference_files import read_agencies
from services.foundation.errors import ErrorCode, XukeError
from tests.unit.classification.papers.samples import (
    ORGANISATION,
    antimony_oxide,
    comparison,
    knowledge,
    renderer,
    rested,
    statement,
)


def rendered(facts: PaperFacts) -> bytes:
    return renderer().render(facts).content


def text_of(pdf: bytes) -> str:
    """All text without spaces and breaks, so that a wrapped sentence is found whole."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("facts", [comparison(antimony_oxide(), "3C003.c"), statement(antimony_oxide())])
def test_the_same_facts_are_the_same_bytes(facts: PaperFacts) -> None:
    first = rendered(facts)
    rendered(statement(antimony_oxide("")))
    assert rendered(facts) == first
    assert PaperRenderer().render(facts).content == first
    other = rendered(replace(facts, rested=replace(facts.rested, interpretations=3)))
    assert other != first


def test_a_comparison_says_each_row_with_the_words_of_the_law() -> None:
    printed = text_of(rendered(comparison(antimony_oxide(), "3C003.c")))
    for expected in (
        "物项逐项比对表",
        "Item-by-Item Comparison Sheet",
        "「纯度大于等于99.99%」",
        "purity",
        "99.5 %",
        "≥ 99.99 %",
        "不符合not met",
        "与限值相差不超过5%",
        "三氧化二锑",
        "SB-2026/017",
        ORGANISATION,
        "2825800010",
        "商务部 海关总署公告2024年第33号",
        "2026年11月21日",
        "1 / 1 / 0",
        *rested().list_versions,
        rested().rules,
    ):
        assert squeezed(expected) in printed, expected


def test_a_statement_says_outcome_entries_questions_and_remark() -> None:
    printed = text_of(rendered(statement(antimony_oxide())))
    for expected in (
        "物项归类说明",
        "3C003.c",
        "不属于管制物项",
        "出口管制法第十二条第三款",
        "不是主管机关的决定",
    ):
        assert squeezed(expected) in printed, expected
    controlled = text_of(rendered(statement(antimony_oxide("99.999 %"))))
    assert squeezed("属于两用物项，管制编码：3C003.c") in controlled
    assert "尚待回答的问题" not in controlled
    assert "适用的管理制度" in controlled
    assert "适用的管理制度" not in printed
    nothing = text_of(rendered(statement(Item(name_en="zzqx vvkp"))))
    assert "未查到与该物项有关的条目" in nothing


def test_papers_name_the_bodies_that_take_part_and_by_what() -> None:
    printed = text_of(rendered(comparison(antimony_oxide(), "3C003.c")))
    assert squeezed("商务部（主管）") in printed
    assert squeezed("Ministry of Commerce (competent)") in printed
    assert squeezed("两用物项出口管制条例第四条") in printed
    # Also where nothing of the item points to the entry.
    missile = text_of(rendered(comparison(antimony_oxide(), "1C117.d.1")))
    assert squeezed("国家国防科技工业局（视需要会商）") in missile
    assert squeezed("商务部（主管）") in text_of(rendered(statement(antimony_oxide())))


def test_every_body_of_the_table_has_a_name() -> None:
    for agency in {agency for rule in read_agencies().rules for agency in rule.agencies}:
        assert WORDING["agencies"][agency]["zh"]
        assert WORDING["agencies"][agency]["en"]
    assert set(WORDING["necessities"]) == {each.value for each in Necessity}


def test_the_default_code_of_a_family_is_not_called_a_claim() -> None:
    own = comparison(replace(antimony_oxide(), claimed_control_code="3C003.c"), "3C003.c")
    of_family = replace(own, described=replace(own.described, code_of_family=True))
    assert "申报的管制编码" in text_of(rendered(own))
    printed = text_of(rendered(of_family))
    assert "产品族默认编码" in printed
    assert "申报的管制编码" not in printed


def test_the_digest_at_the_foot_is_of_the_record_that_the_file_carries() -> None:
    item = replace(antimony_oxide(), description="很长的说明。" * 600)
    reader = PdfReader(io.BytesIO(rendered(comparison(item, "3C003.c"))))
    (record,) = reader.attachments["comparison.json"]
    assert json.loads(record)["rows"][2]["given"] == "99.5 %"
    assert len(reader.pages) > 1
    for page in reader.pages:
        printed = squeezed(page.extract_text())
        assert hashlib.sha256(record).hexdigest() in printed
        assert squeezed(rested().list_versions[0]) in printed


def test_the_file_keeps_its_standards() -> None:
    catalog = PdfReader(io.BytesIO(rendered(statement(antimony_oxide())))).root_object
    metadata = catalog["/Metadata"].get_object().get_data().decode()
    for declaration in ("<pdfaid:part>3<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<"):
        assert declaration in metadata
    assert catalog["/Lang"] == "zh-CN"
    assert catalog["/MarkInfo"]["/Marked"]


def test_a_missing_glyph_is_an_error_that_names_the_place() -> None:
    item = replace(antimony_oxide(), description="𠮷 oxide")
    for facts in (comparison(item, "3C003.c"), statement(item)):
        with pytest.raises(XukeError) as refused:
            rendered(facts)
        assert refused.value.code is ErrorCode.INVALID_ARGUMENT
        assert [
            (each.field, each.reason, each.metadata["code_point"]) for each in refused.value.violations
        ] == [("product.description", "PAPER_MISSING_GLYPH", "U+20BB7")]


def test_every_character_of_the_law_can_be_printed() -> None:
    examination = knowledge().examination
    texts = [text.text for text in examination.book.legal_texts.values()]
    for entry in knowledge().indexes[0].control_list.entries:
        texts += (entry.name_zh, entry.name_en, entry.parameters_zh, entry.parameters_en, entry.source.title)
        texts += (entry.decontrol_zh, entry.decontrol_en, entry.note_zh, entry.note_en)
    characters = "".join(sorted({character for text in texts for character in text if character > " "}))
    assert len(characters) > 1000
    assert rendered(statement(replace(antimony_oxide(), description=characters)))


def test_long_words_and_many_parameters_stay_on_the_page() -> None:
    parameters = tuple(StatedParameter(f"parameter-{at}", "9" * 40, "mm", "20 ℃") for at in range(60))
    item = replace(antimony_oxide(), description="x" * 3000, parameters=parameters, name_en="W" * 400)
    for facts in (comparison(item, "3C003.c"), statement(item)):
        for page in PdfReader(io.BytesIO(rendered(facts))).pages:
            ends: list[float] = []

            def place(
                text: str, cm: list[float], tm: list[float], _: object, size: float, ends: list[float] = ends
            ) -> None:
                if text.strip():
                    # No character of these texts is narrower than a quarter of its height.
                    ends.append(tm[4] * cm[0] + cm[4] + len(text.strip()) * size * 0.25)

            page.extract_text(visitor_text=place)
            assert 300 < max(ends) < float(page.mediabox.width)


def test_an_entry_that_nothing_points_to_is_compared_and_unknown() -> None:
    printed = text_of(rendered(comparison(antimony_oxide(), "1C117.d.1")))
    assert "0/0/1" in printed
    assert squeezed("尚不能确定物项是否符合该条目的描述") in printed


def test_an_entry_that_is_not_there_cannot_be_compared() -> None:
    with pytest.raises(XukeError) as refused:
        comparison(antimony_oxide(), "9E999.z")
    assert refused.value.code is ErrorCode.NOT_FOUND
