"""The licence as a PDF: complete, accessible, the same every time, and loud about what it cannot print."""

import io
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest
from pypdf import PdfReader

from services.foundation.errors import ErrorCode, XukeError
from services.foundation.messages import catalogue
from services.licensing.document.canonical import (
    BilingualText,
    Exporter,
    LicenceFacts,
    canonical_bytes,
    digest,
)
from services.licensing.document.pades import FIELD_NAME
from services.licensing.document.pdf import LicenceRenderer
from services.licensing.document.presentation import money_text, quantity_text
from services.licensing.document.signing import SignerStanding
from services.licensing.document.verify import Finding
from services.licensing.domain.licence_number import Instrument, LicenceNumber
from tests.unit.licensing.licence_samples import (
    CONDITIONS,
    PUBLIC_URL,
    document,
    facts,
    line,
    long_facts,
    renderer,
)
from tests.unit.licensing.tiny_font import tiny_font

STATEMENT = "header.payload.signature"


def rendered(of: LicenceFacts, standing: SignerStanding = SignerStanding.OFFICIAL) -> bytes:
    return renderer().render(of, STATEMENT, standing, PUBLIC_URL)


def text_of(pdf: bytes) -> str:
    """All text, with the breaks of lines taken out, so that a wrapped name is found whole."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return "".join(page.extract_text() for page in pages).replace("\n", "").replace(" ", "")


def page_count(pdf: bytes) -> int:
    return len(PdfReader(io.BytesIO(pdf)).pages)


def test_the_same_licence_is_the_same_bytes() -> None:
    first = rendered(facts())
    rendered(long_facts(2))
    assert rendered(facts()) == first
    assert LicenceRenderer().render(facts(), STATEMENT, SignerStanding.OFFICIAL, PUBLIC_URL) == first


def test_threads_share_a_renderer() -> None:
    expected = rendered(facts())
    with ThreadPoolExecutor(4) as pool:
        results = pool.map(lambda _: rendered(facts()), range(8))
    assert set(results) == {expected}


@pytest.mark.parametrize(
    ("of", "pages"),
    [
        (facts(), 1),
        (facts(conditions=CONDITIONS), 1),
        (facts(lines=tuple(line(number) for number in range(1, 13))), 2),
        (long_facts(20), 4),
    ],
)
def test_a_licence_fits_its_pages(of: LicenceFacts, pages: int) -> None:
    assert page_count(rendered(of, SignerStanding.DEVELOPMENT)) == pages


@pytest.mark.parametrize("of", [facts(conditions=CONDITIONS), long_facts(3)])
def test_every_fact_is_on_the_page(of: LicenceFacts) -> None:
    printed = text_of(rendered(of))
    expected = [
        of.number.display,
        of.application_number,
        of.exporter.name.zh,
        of.exporter.name.en,
        of.exporter.unified_social_credit_code,
        *(
            text
            for party in (of.end_user, of.importer, of.consignee)
            for text in (party.name.zh, party.address)
        ),
        of.destination.name.en,
        of.end_use.zh,
        of.end_use.en,
        of.contract_number,
        of.transfer_mode.name.zh,
        of.customs_office.name.zh,
        *(text for item in of.lines for text in (item.item.zh, item.control_code, item.hs_code)),
        *(quantity_text(item.quantity) for item in of.lines),
        *(condition.en for condition in of.conditions),
        "2026年11月21日",
        "20November2027",
        of.issuing_authority.zh,
        of.legal_basis.zh,
    ]
    for text in expected:
        assert text is not None
        assert text.replace(" ", "") in printed


def test_every_page_carries_number_and_digests() -> None:
    of = long_facts(20)
    digests = digest(canonical_bytes(of))
    for page in PdfReader(io.BytesIO(rendered(of))).pages:
        printed = page.extract_text()
        assert of.number.display in printed
        assert digests.sha256 in printed
        assert digests.sm3 in printed


@pytest.mark.parametrize(
    ("instrument", "title", "article"),
    [
        (Instrument.SINGLE, "两用物项出口许可证", "第十五条第二款"),
        (Instrument.GENERAL, "两用物项出口通用许可证", "第十五条第三款"),
        (Instrument.CERTIFICATE, "两用物项出口凭证", "第十五条第四款"),
    ],
)
def test_each_instrument_cites_its_paragraph(instrument: Instrument, title: str, article: str) -> None:
    printed = text_of(rendered(facts(number=LicenceNumber(instrument, 2026, "32", 7))))
    assert title in printed
    assert article in printed
    assert "第十八条第一款" in printed


def test_what_a_development_key_signs_is_a_specimen() -> None:
    assert "样本，无法律效力" in text_of(rendered(facts(), SignerStanding.DEVELOPMENT))
    assert "样本" not in text_of(rendered(facts(), SignerStanding.OFFICIAL))


def test_the_file_declares_and_keeps_its_standards_when_signed() -> None:
    """Typst checks PDF/A-3a and PDF/UA-1 as it writes; the signature adds nothing that breaks them."""
    signed = PdfReader(io.BytesIO(document().pdf))
    catalog = signed.root_object
    metadata = catalog["/Metadata"].get_object().get_data().decode()
    for declaration in ("<pdfaid:part>3<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<"):
        assert declaration in metadata
    assert signed.pdf_header == "%PDF-1.7"
    assert "/Version" not in catalog
    assert catalog["/Lang"] == "zh-CN"
    assert catalog["/MarkInfo"]["/Marked"]
    (annotation,) = (reference.get_object() for reference in signed.pages[0]["/Annots"])
    assert annotation["/T"] == FIELD_NAME
    assert annotation["/F"] & 0b100, "PDF/A: every annotation prints"
    assert not annotation["/F"] & 0b10, "PDF/A: no annotation is hidden"
    assert max(annotation["/Rect"]) < 0, "PDF/UA: an untagged annotation lies outside the page"
    assert signed.pages[0]["/Tabs"] == "/S"


def test_the_code_has_a_description() -> None:
    """A reader that cannot see the code is told what it is (PDF/UA-1, 7.3)."""
    reader = PdfReader(io.BytesIO(rendered(facts())))
    alternatives = [
        str(element["/Alt"])
        for element in (reader.get_object(number) for number in range(1, len(reader.xref[0]) + 1))
        if isinstance(element, dict) and "/Alt" in element
    ]
    assert any("XKA20260000001233" in alternative and "QR" in alternative for alternative in alternatives)


def test_the_file_carries_its_facts_and_statement() -> None:
    attached = PdfReader(io.BytesIO(document().pdf)).attachments
    assert attached["licence.json"] == [canonical_bytes(facts())]
    assert attached["licence.jws"] == [document().statement.encode()]


def test_a_missing_glyph_names_the_field_and_the_character() -> None:
    rare = facts(
        exporter=Exporter(BilingualText("𠮷野钨业有限公司", "Yoshino"), "91320594MA1WX2Y30K"),
        end_use=BilingualText("民用", "civil 𪚥 use 𠮷"),
    )
    with pytest.raises(XukeError) as refused:
        rendered(rare)
    assert refused.value.code is ErrorCode.INVALID_ARGUMENT
    assert {
        (found.field, found.reason, found.metadata["code_point"]) for found in refused.value.violations
    } == {
        ("exporter.name.zh", "MISSING_GLYPH", "U+20BB7"),
        ("end_use.en", "MISSING_GLYPH", "U+20BB7"),
        ("end_use.en", "MISSING_GLYPH", "U+2A6A5"),
    }


def test_a_font_of_ones_own_supplies_the_missing_glyph(tmp_path: Path) -> None:
    (tmp_path / "tiny.ttf").write_bytes(tiny_font("𠮷"))
    rare = facts(exporter=Exporter(BilingualText("𠮷野钨业有限公司"), "91320594MA1WX2Y30K"))
    pdf = LicenceRenderer([tmp_path]).render(rare, STATEMENT, SignerStanding.OFFICIAL, PUBLIC_URL)
    assert "𠮷野钨业有限公司" in text_of(pdf)


def test_a_folder_of_fonts_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(NotADirectoryError, match="missing"):
        LicenceRenderer([tmp_path / "missing"])


@pytest.mark.parametrize(
    "text",
    ["#let x = 1", "*民用* _a_ $x$ `b` <c> @d // e", '"quoted" \\n \\u{41}', "it’s “so” — …", "两行\n文字"],
)
def test_marks_of_the_typesetter_are_only_text(text: str) -> None:
    printed = text_of(rendered(facts(end_use=BilingualText(text))))
    assert text.replace(" ", "").replace("\n", "") in printed


def test_a_name_in_english_only_is_printed() -> None:
    assert "OnlyinEnglish" in text_of(rendered(facts(end_use=BilingualText(None, "Only in English"))))


def test_an_unbroken_string_wraps_and_can_still_be_copied() -> None:
    contract = "HW-" + "0123456789" * 8
    printed = text_of(rendered(facts(contract_number=contract)))
    assert contract in printed
    assert "\u200b" not in printed


@pytest.mark.parametrize(
    ("value", "quantity", "money"),
    [
        ("1234567.125", "1,234,567.125", "1,234,567.125"),
        ("1000", "1,000", "1,000.00"),
        ("0.5", "0.5", "0.50"),
        ("12500.00", "12,500", "12,500.00"),
    ],
)
def test_figures_are_grouped(value: str, quantity: str, money: str) -> None:
    assert quantity_text(Decimal(value)) == quantity
    assert money_text(Decimal(value)) == money


def test_totals_are_by_currency() -> None:
    lines = (line(1), line(2))
    assert "USD775,000.00" in text_of(rendered(facts(lines=lines))).replace("\xa0", "")


def test_the_time_of_signing_is_what_was_said() -> None:
    (field,) = PdfReader(io.BytesIO(document().pdf)).root_object["/AcroForm"]["/Fields"]
    assert field.get_object()["/V"]["/M"] in {"D:20261121030405Z", "D:20261121030405+00'00'"}


def test_every_reason_has_its_sentence() -> None:
    reasons = {*Finding, "MISSING_GLYPH", "UNPRINTABLE_CHARACTER", "LICENCE_NUMBER_CHECK"}
    assert reasons <= set(catalogue())
