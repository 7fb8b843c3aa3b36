"""The list of the Security Council, from a file of its structure with invented people in it."""

import io
import pathlib
from collections.abc import Sequence

import pytest

from services.foundation.errors import ErrorCode, XukeError
from services.screening.imports import xml_records
from services.screening.imports.importer import Context, Row
from services.screening.imports.united_nations import read_united_nations
from services.screening.known_lists import known_definitions, united_nations_countries

FILE = pathlib.Path(__file__).with_name("united_nations.xml")
CONTEXT = Context(known_definitions()["un_security_council"])
WHOLE = FILE.read_bytes()


def read(content: bytes) -> Sequence[Row]:
    return read_united_nations(io.BytesIO(content), united_nations_countries(), CONTEXT)


def faults(content: bytes) -> list[tuple[str, str]]:
    with pytest.raises(XukeError) as refused:
        read(content)
    assert refused.value.code is ErrorCode.INVALID_ARGUMENT
    return [(found.field, found.reason) for found in refused.value.violations]


def test_a_person_and_an_entity() -> None:
    person, entity = read(WHOLE)
    assert person == {
        "entry_id": "FXi.001",
        "list_code": "un_security_council",
        "name_en": "TARIQ AHMAD AL-EXAMPLE",
        "aliases": ["طارق أحمد المثال", "Tareq Example"],
        "kind": "PERSON",
        "region": "IR",
        "addresses": ["1 Example Road, Bandar Example, Iran (Islamic Republic of)"],
        "identifiers": ["X1234567"],
        "born": ["1970-05-06", "1971", "1972", "1973"],
        "source": {
            "instrument": "联合国安全理事会综合制裁清单（Fictional）",
            "article": "FXi.001",
            "url": "https://main.un.org/securitycouncil/en/content/un-sc-consolidated-list",
        },
        "effective_from": "2020-02-03",
        "effective_to": None,
    }
    assert (entity["name_en"], entity["kind"], entity["region"], entity["aliases"]) == (
        "EXAMPLE MISSILE TRADING CORPORATION",
        "ORGANISATION",
        "KP",
        ["EMTC"],
    )


def test_a_match_on_the_list_stops_an_export_and_the_list_is_not_required() -> None:
    assert CONTEXT.definition["match_verdict"] == "PROHIBITED"
    assert CONTEXT.definition["required"] is False
    assert [measure["text_zh"] for measure in CONTEXT.definition["measures"]] == ["禁止向其出口"]


def test_other_encodings_that_xml_knows_are_read() -> None:
    text = WHOLE.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
    assert read(text.encode("utf-16")) == read(WHOLE)


def test_small_pieces_of_a_file_read_as_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_records, "_CHUNK", 13)
    assert read(WHOLE) == read(WHOLE)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (b" FXi.001 ", b"", [("lines[4].REFERENCE_NUMBER", "IMPORT_VALUE_MISSING")]),
        (b"FXe.001", b"FXi.001", [("lines[37].REFERENCE_NUMBER", "IMPORT_ENTRY_TWICE")]),
        (b"2020-02-03", b"soon", [("lines[4].LISTED_ON", "IMPORT_DAY_INVALID")]),
        (b"CONSOLIDATED_LIST", b"sdnList", [("lines[2]", "IMPORT_XML_OTHER_KIND")]),
        (b"</ENTITY>", b"", [("lines[47]", "IMPORT_XML_UNREADABLE")]),
        (b"Director", b"\xff\xfe", [("lines[16]", "IMPORT_XML_UNREADABLE")]),
        (b"Director", b"&undeclared;", [("lines[16]", "IMPORT_XML_UNREADABLE")]),
    ],
)
def test_what_is_wrong_names_line_and_element(
    before: bytes, after: bytes, expected: list[tuple[str, str]]
) -> None:
    assert faults(WHOLE.replace(before, after)) == expected


@pytest.mark.parametrize(
    ("before", "after", "element", "reason"),
    [
        (b"FXe.001", b"F" * 101, "REFERENCE_NUMBER", "IMPORT_VALUE_TOO_LONG"),
        (b"EMTC", b"E" * 1001, "ENTITY_ALIAS", "IMPORT_VALUE_TOO_LONG"),
        (b"EMTC", b"E\x7fMTC", "ENTITY_ALIAS", "IMPORT_CONTROL_CHARACTER"),
        (
            b"<ENTITY_ALIAS>",
            b"".join(
                b"<ENTITY_ALIAS><ALIAS_NAME>E%d</ALIAS_NAME></ENTITY_ALIAS>" % number for number in range(200)
            )
            + b"<ENTITY_ALIAS>",
            "ENTITY_ALIAS",
            "IMPORT_TOO_MANY_VALUES",
        ),
    ],
)
def test_an_entry_is_no_larger_than_the_template_takes(
    before: bytes, after: bytes, element: str, reason: str
) -> None:
    assert faults(WHOLE.replace(before, after)) == [(f"lines[37].{element}", reason)]


def test_several_faults_are_told_at_once() -> None:
    spoilt = WHOLE.replace(b"2020-02-03", b"").replace(b"2019-07-08", b"2019-02-30")
    assert faults(spoilt) == [
        ("lines[4].LISTED_ON", "IMPORT_DAY_INVALID"),
        ("lines[37].LISTED_ON", "IMPORT_DAY_INVALID"),
    ]


@pytest.mark.parametrize(
    "declaration",
    [
        "<!DOCTYPE CONSOLIDATED_LIST>",
        '<!DOCTYPE CONSOLIDATED_LIST SYSTEM "http://127.0.0.1:9/list.dtd">',
        '<!DOCTYPE CONSOLIDATED_LIST [<!ENTITY file SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE CONSOLIDATED_LIST [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE CONSOLIDATED_LIST [<!ENTITY % from SYSTEM "http://127.0.0.1:9/x"> %from;]>',
    ],
)
def test_a_file_with_declarations_is_refused_before_anything_is_expanded(declaration: str) -> None:
    head, rest = WHOLE.decode().split("\n", 1)
    spoilt = f"{head}\n{declaration}\n{rest}".replace("Director", "&a;&b;&file;").encode()
    assert faults(spoilt) == [("lines[2]", "IMPORT_XML_DECLARATIONS")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "IMPORT_XML_UNREADABLE"),
        (b"\x00\x01", "IMPORT_XML_UNREADABLE"),
        (b"<CONSOLIDATED_LIST/>", "IMPORT_FILE_EMPTY"),
        (b"<CONSOLIDATED_LIST>" + b"<A>" * 50, "IMPORT_XML_UNREADABLE"),
        (b"<CONSOLIDATED_LIST><ENTITY>" + b"<A/>" * 30_000, "IMPORT_LINE_TOO_LONG"),
        (b"<CONSOLIDATED_LIST><ENTITY><A>" + b"a " * 100_000, "IMPORT_LINE_TOO_LONG"),
    ],
)
def test_what_is_no_such_list_is_refused_within_bounds(content: bytes, reason: str) -> None:
    assert [found for _, found in faults(content)] == [reason]


def test_more_entries_than_any_list_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.screening.imports.united_nations.MOST_ROWS", 1)
    assert faults(WHOLE) == [("lines[37]", "IMPORT_TOO_MANY_ROWS")]
