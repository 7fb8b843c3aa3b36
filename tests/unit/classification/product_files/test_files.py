"""Files of products: codes stay text, every fault is named, and a hostile workbook is refused."""

import io
import struct
import time
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.classification.domain.item import Item, Nature
from services.classification.product_files.cells import MOST_ROWS
from services.classification.product_files.csv_lines import csv_lines
from services.classification.product_files.rows import ProductRow, product_rows
from services.classification.product_files.xlsx_lines import xlsx_lines
from services.foundation.errors import FieldViolation, XukeError
from services.foundation.messages import catalogue, render
from tests.unit.classification.product_files.workbooks import Raw, number, shared, workbook

HEADING = ["article_number", "name_zh", "hs_code", "cas_number", "parameters"]


def csv_rows(text: str) -> list[ProductRow]:
    return product_rows(text.encode(), csv_lines)


def xlsx_rows(content: bytes) -> list[ProductRow]:
    return product_rows(content, xlsx_lines)


def faults(act: object, *arguments: object) -> list[FieldViolation]:
    assert callable(act)
    with pytest.raises(XukeError) as refused:
        act(*arguments)
    found = list(refused.value.violations)
    for each in found:
        assert each.reason in catalogue()
        sentence = render(each.reason, each.metadata)
        assert "<" not in sentence.zh + sentence.en, sentence
    return found


def places(found: list[FieldViolation]) -> list[tuple[str, str]]:
    return [(each.field, each.reason) for each in found]


def test_every_column_of_the_template_is_read() -> None:
    text = (
        "article_number,family,kind,name_zh,name_en,description,hs_code,cas_number,control_code,parameters\n"
        '007, 锑制品 ,货物,三氧化二锑,antimony trioxide,"line 1\nline 2",0101.21.0010,1309-64-4,3C003.c,'
        "purity=99.99 %；粒度≤5 μm\n"
    )
    (row,) = csv_rows(text)
    family, item = row.onto(None)
    assert (row.line, row.article_number, family) == (2, "007", "锑制品")
    assert item.nature is Nature.GOODS
    assert item.hs_code == "0101210010"
    assert item.description == "line 1\nline 2"
    assert item.claimed_control_code == "3C003.c"
    assert [(each.name, each.value) for each in item.parameters] == [("purity", "99.99 %"), ("粒度", "≤5 μm")]


def test_headings_may_be_chinese_and_begin_with_a_byte_order_mark() -> None:
    (row,) = product_rows("货号,中文名称,HS\nA,锑,2825800010\n".encode("utf-8-sig"), csv_lines)
    assert row.onto(None) == ("", Item(name_zh="锑", hs_code="2825800010"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("lines[1]", "IMPORT_FILE_EMPTY")]),
        ("article_number\n\n", [("lines[1]", "IMPORT_FILE_EMPTY")]),
        (
            "name,name_zh,name_zh\n",
            [
                ("columns.article_number", "IMPORT_COLUMN_MISSING"),
                ("columns.name", "IMPORT_COLUMN_UNKNOWN"),
                ("columns.name_zh", "IMPORT_COLUMN_TWICE"),
            ],
        ),
        ("article_number,hs_code\nA,101210010\n", [("lines[2].hs_code", "PRODUCT_HS_CODE_ZERO_LOST")]),
        (
            "article_number,name_zh\nA,x\n,y\nA,z\n",
            [
                ("lines[3].article_number", "IMPORT_VALUE_MISSING"),
                ("lines[4].article_number", "IMPORT_ENTRY_TWICE"),
            ],
        ),
        ("article_number,name_zh\nA,x,y\n", [("lines[2]", "IMPORT_CELLS_DIFFER")]),
        ("article_number,kind\nA,thing\n", [("lines[2].kind", "IMPORT_WORD_UNKNOWN")]),
        (
            "article_number,parameters\nA,hard; a=1\n",
            [("lines[2].parameters", "PRODUCT_PARAMETER_UNREADABLE")],
        ),
        ("article_number,name_zh\nA,x\u200by\n", [("lines[2].name_zh", "PRODUCT_CHARACTER_INVISIBLE")]),
        (f"article_number,name_zh\nA,{'x' * 401}\n", [("lines[2].name_zh", "IMPORT_VALUE_TOO_LONG")]),
        ('article_number,name_zh\nA,"x"y\n', [("lines[2]", "IMPORT_ROW_UNREADABLE")]),
    ],
)
def test_every_fault_names_line_and_column(text: str, expected: list[tuple[str, str]]) -> None:
    assert places(faults(csv_rows, text)) == expected


def test_all_faults_of_a_file_are_told_at_once() -> None:
    text = "article_number,hs_code,kind\nA,101210010,thing\nB,2825800010,goods\n,123,\n"
    assert places(faults(csv_rows, text)) == [
        ("lines[2].hs_code", "PRODUCT_HS_CODE_ZERO_LOST"),
        ("lines[2].kind", "IMPORT_WORD_UNKNOWN"),
        ("lines[4].hs_code", "PRODUCT_HS_CODE_ZERO_LOST"),
        ("lines[4].article_number", "IMPORT_VALUE_MISSING"),
    ]


def test_a_file_in_another_encoding_and_one_that_is_too_long_are_refused() -> None:
    gbk = "article_number,name_zh\nA,锑\n".encode("gbk")
    assert places(faults(product_rows, gbk, csv_lines)) == [("lines[2]", "IMPORT_NOT_UTF8")]
    many = "article_number\n" + "".join(f"A{at}\n" for at in range(MOST_ROWS + 1))
    assert places(faults(csv_rows, many)) == [(f"lines[{MOST_ROWS + 2}]", "IMPORT_TOO_MANY_ROWS")]
    assert len(csv_rows(many.rsplit("A", 1)[0])) == MOST_ROWS


def test_codes_that_are_text_in_a_workbook_stay_text() -> None:
    content = workbook(
        [
            HEADING,
            ["0017", "马", "0101210010", "1309-64-4", ""],
            [shared(0), shared(1), number("2825800010"), "", "a=1"],
        ],
        strings=["<si><t>00</t></si>", "<si><r><t>三氧化</t></r><r><t>二锑</t></r><rPh><t>xx</t></rPh></si>"],
    )
    first, second = xlsx_rows(content)
    assert (first.article_number, first.values["hs_code"]) == ("0017", "0101210010")
    assert (second.line, second.article_number, second.values["name_zh"]) == (3, "00", "三氧化二锑")
    assert second.values["hs_code"] == "2825800010"


@pytest.mark.parametrize(
    ("cell", "column", "reason"),
    [
        (number("101210010"), 2, "PRODUCT_HS_CODE_ZERO_LOST"),
        (number("46082", style=1), 0, "PRODUCT_CELL_DATE"),
        (number("46082", style=2), 1, "PRODUCT_CELL_DATE"),
        (Raw('<c t="e"><v>#N/A</v></c>'), 1, "PRODUCT_CELL_ERROR"),
        (number("1234567890123456789"), 0, "PRODUCT_CELL_DIGITS_LOST"),
    ],
)
def test_what_a_spreadsheet_made_of_a_code_is_seen(cell: Raw, column: int, reason: str) -> None:
    row: list[str | Raw] = ["A", "x", "2825800010", "", ""]
    row[column] = cell
    assert (f"lines[2].{HEADING[column]}", reason) in places(faults(xlsx_rows, workbook([HEADING, row])))


@pytest.mark.parametrize(
    ("stored", "shown"),
    [("2.8258E9", "2825800000"), ("99.989999999999995", "99.99"), ("17", "17"), ("5", "5")],
)
def test_a_number_is_read_as_it_was_typed(stored: str, shown: str) -> None:
    (row,) = xlsx_rows(workbook([HEADING, ["A", number(stored, style=3)]]))
    assert row.values["name_zh"] == shown


def test_cells_that_are_left_out_and_lines_that_are_skipped_keep_their_places() -> None:
    sheet = (
        '<worksheet><sheetData><row r="3"><c r="A3" t="inlineStr"><is><t>article_number</t></is></c>'
        '<c r="C3" t="inlineStr"><is><t>name_zh</t></is></c></row>'
        '<row r="9"><c r="C9" t="inlineStr"><is><t>锑</t></is></c><c r="A9" t="str"><v>A</v></c></row>'
        "</sheetData></worksheet>"
    )
    found = faults(xlsx_rows, workbook([], parts={"xl/worksheets/sheet1.xml": sheet}))
    assert places(found) == [("columns.", "IMPORT_COLUMN_UNKNOWN")]
    (row,) = xlsx_rows(workbook([], parts={"xl/worksheets/sheet1.xml": sheet.replace('"C', '"B')}))
    assert (row.line, row.article_number, row.values["name_zh"]) == (9, "A", "锑")


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>',
        '<!DOCTYPE x SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://localhost/">%p;]>',
    ],
)
@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml"]
)
def test_a_document_type_is_refused_in_every_part(declaration: str, part: str) -> None:
    hostile = workbook([HEADING, ["A", "x"]], parts={part: f"{declaration}<x>&b;</x>"})
    assert places(faults(xlsx_rows, hostile)) == [("content", "PRODUCT_FILE_XML_REFUSED")]


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = workbook([HEADING], parts={"xl/sharedStrings.xml": "<sst>" + " " * 30_000_000 + "</sst>"})
    assert len(bomb) < 100_000
    started = time.process_time()
    assert places(faults(xlsx_rows, bomb)) == [("content", "PRODUCT_FILE_TOO_PACKED")]
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/sharedStrings.xml", "<sst><si><t>" + "ab" * 20_000 + "</t></si></sst>"),
        ("xl/worksheets/sheet1.xml", "<worksheet><row>" + "<c/>" * 700_000 + "</row></worksheet>"),
    ],
)
def test_what_no_spreadsheet_program_writes_is_refused(part: str, content: str) -> None:
    hostile = workbook([HEADING], parts={part: content}, compression=zipfile.ZIP_STORED)
    assert places(faults(xlsx_rows, hostile)) == [("content", "PRODUCT_FILE_TOO_PACKED")]


def test_a_format_of_millions_of_brackets_takes_no_time() -> None:
    styles = (
        f'<styleSheet><numFmts><numFmt numFmtId="170" formatCode="{"[" * 2_000_000}"/></numFmts></styleSheet>'
    )
    started = time.process_time()
    (row,) = xlsx_rows(
        workbook([HEADING, ["A"]], parts={"xl/styles.xml": styles}, compression=zipfile.ZIP_STORED)
    )
    assert row.article_number == "A"
    assert time.process_time() - started < 2


@pytest.mark.parametrize("written", ["1e999", "nan", "-inf", "x"])
def test_what_is_no_number_is_shown_as_it_stands(written: str) -> None:
    (row,) = xlsx_rows(workbook([HEADING, ["A", number(written)]]))
    assert row.values["name_zh"] == written


def test_an_archive_that_lies_about_its_sizes_is_refused() -> None:
    honest = workbook(
        [HEADING, ["A", "x"]], parts={"xl/sharedStrings.xml": "<sst>" + " " * 90_000 + "</sst>"}
    )
    size = len("<sst></sst>") + 90_000
    assert honest.count(struct.pack("<I", size)) == 2
    lying = honest.replace(struct.pack("<I", size), struct.pack("<I", 500))
    assert places(faults(xlsx_rows, lying)) == [("content", "PRODUCT_FILE_NOT_XLSX")]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"article_number\nA\n",
        b"PK\x03\x04" + b"\0" * 100,
        workbook([HEADING])[:-40],
        workbook([HEADING], parts={"xl/worksheets/sheet1.xml": "<worksheet><sheetData>"}),
        workbook([HEADING], parts={"xl/_rels/workbook.xml.rels": "<Relationships/>"}),
        workbook([["article_number"], [shared(5)]]),
        workbook([HEADING], parts={"xl/workbook.xml": "<a>" * 40 + "</a>" * 40}),
    ],
)
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    (found,) = faults(xlsx_rows, content)
    assert found.reason in ("PRODUCT_FILE_NOT_XLSX", "PRODUCT_FILE_XML_REFUSED")


def test_a_workbook_behind_a_password_is_refused() -> None:
    content = bytearray(workbook([HEADING]))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        offsets = [part.header_offset for part in archive.infolist()]
    for offset in offsets:
        content[offset + 6] |= 1
    at = 0
    while (at := content.find(b"PK\x01\x02", at)) >= 0:
        content[at + 8] |= 1
        at += 4
    assert places(faults(xlsx_rows, bytes(content))) == [("content", "PRODUCT_FILE_NOT_XLSX")]


@given(st.binary(max_size=400))
def test_any_bytes_have_a_defined_answer(content: bytes) -> None:
    for lines in (csv_lines, xlsx_lines):
        with pytest.raises(XukeError) as refused:
            # Without the column of article numbers there is no product in it.
            product_rows(b"x," + content if lines is csv_lines else content, lines)
        assert refused.value.violations


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20),
            st.text(st.sampled_from("0123456789"), min_size=10, max_size=10),
        ),
        min_size=1,
        max_size=8,
        unique_by=lambda pair: pair[0].strip(),
    )
)
def test_csv_and_workbook_say_the_same(pairs: list[tuple[str, str]]) -> None:
    quoted = "".join('"{}",{}\n'.format(name.replace('"', '""'), code) for name, code in pairs)
    from_csv = csv_rows(f"article_number,hs_code\n{quoted}")
    from_xlsx = xlsx_rows(workbook([["article_number", "hs_code"], *([name, code] for name, code in pairs)]))
    assert from_csv == from_xlsx
    assert [row.values["hs_code"] for row in from_xlsx] == [code for _, code in pairs]
