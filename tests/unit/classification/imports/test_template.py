"""The documented template, read against the entries that count."""

from collections.abc import Mapping
from datetime import date

import pytest

from services.classification.domain.list_changes import applied, changes_between, field_changes
from services.classification.domain.list_rows import Row, entry_of, list_of, row_of, version_of
from services.classification.imports.template import COLUMNS, read_template
from services.classification.reference_files import read_control_list
from services.foundation.errors import XukeError

EDITION = date(2026, 11, 20)


@pytest.fixture(scope="module")
def known() -> Mapping[str, Row]:
    return {entry.identifier: row_of(entry) for entry in read_control_list().entries}


def lines(*rows: Mapping[str, str]) -> bytes:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = [",".join(columns), *(",".join(f'"{row.get(name, "")}"' for name in columns) for row in rows)]
    return "\n".join(text).encode()


def test_a_list_survives_being_rows() -> None:
    shipped = read_control_list()
    rows = [row_of(entry) for entry in shipped.entries]
    made = list_of(shipped.regime, shipped.edition, shipped.covers_from, rows)
    assert made.entries == shipped.entries
    backwards = version_of(shipped.regime, shipped.edition, shipped.covers_from, reversed(rows))
    assert made.version == backwards
    other = version_of(shipped.regime, shipped.edition, shipped.covers_from, rows[1:])
    assert other != made.version


def test_every_column_of_the_template_is_read() -> None:
    stated = {
        "identifier": "3C909",
        "control_code": "3c909",
        "proposed_code": "",
        "category_zh": "材料",
        "category_en": "Materials",
        "name_zh": "靶材",
        "name_en": "target",
        "parameters_zh": "纯度≥99.9%",
        "parameters_en": "purity >= 99.9 %",
        "decontrol_zh": "样品",
        "decontrol_en": "samples",
        "note_zh": "说明",
        "note_en": "note",
        "announcement": "2026-80",
        "announcement_title": "商务部公告2026年第80号",
        "announcement_url": "https://www.mofcom.gov.cn/80",
        "parameters_complete": "yes",
        "hs_codes": "2825.9020.00; 282590",
        "terms": "溅射靶;sputter target",
        "cas_numbers": "12055-23-1",
        "quality": "A-",
        "status": "TEMPORARY",
        "effective_from": "2026-12-01",
        "effective_to": "2028-11-30",
    }
    assert set(stated) == set(COLUMNS)
    (row,) = read_template(lines(stated), {}, EDITION)
    entry = entry_of(row)
    assert (entry.control_code, entry.kind.value, entry.parameters_complete) == ("3C909", "C", True)
    assert (entry.quality.value, entry.source.announcement) == ("A-", "2026-80")
    assert entry.source.title == "商务部公告2026年第80号"
    assert [(each.code, each.announcement) for each in entry.hs_references] == [
        ("2825902000", "2026-80"),
        ("282590", "2026-80"),
    ]
    assert [(each.text, each.kind.value) for each in entry.terms] == [
        ("靶材", "name"),
        ("target", "name"),
        ("溅射靶", "alias"),
        ("sputter target", "alias"),
        ("12055-23-1", "cas"),
    ]
    (standing,) = entry.standings
    assert (standing.status.value, standing.until, standing.basis) == (
        "TEMPORARY",
        date(2028, 11, 30),
        "2026-80",
    )


def test_an_entry_that_is_stated_as_it_is_does_not_change(known: Mapping[str, Row]) -> None:
    stated = [
        {
            "identifier": identifier,
            "control_code": str(row["control_code"]),
            "name_zh": str(row["name_zh"]),
            "announcement": str(row["announcement"]),
            "quality": str(row["quality"]),
            "hs_codes": ";".join(each["code"] for each in row["hs_references"]),
            "effective_from": row["standings"][-1]["since"],
            "status": row["standings"][-1]["status"],
        }
        for identifier, row in known.items()
    ]
    assert changes_between(known.values(), read_template(lines(*stated), known, EDITION), None) == ()


def test_a_name_that_changes_is_a_term_from_then_on(known: Mapping[str, Row]) -> None:
    stated = {"identifier": "1C117.d.1", "name_zh": "仲钨酸铵（试验）", "announcement": "2025-10"}
    rows = read_template(lines(stated), known, EDITION)
    (change,) = changes_between(known.values(), rows, None)
    assert {field.field for field in field_changes(change)} == {"name_zh", "terms"}
    terms = [each["text"] for each in change.after["terms"]]
    assert "仲钨酸铵（试验）" in terms
    assert "仲钨酸铵" not in terms
    assert "APT" in terms
    assert [row["identifier"] for row in applied(known.values(), [change])] == list(known)


@pytest.mark.parametrize(
    ("fields", "place", "reason"),
    [
        ({"identifier": "a b"}, "lines[2].identifier", "IMPORT_IDENTIFIER_INVALID"),
        ({"name_zh": ""}, "lines[2].name_zh", "IMPORT_ENTRY_UNNAMED"),
        ({"name_zh": "a\x07"}, "lines[2].name_zh", "IMPORT_CONTROL_CHARACTER"),
        ({"name_zh": "a" * 20_001}, "lines[2].name_zh", "IMPORT_VALUE_TOO_LONG"),
        ({"cas_numbers": "12055-23-2"}, "lines[2].cas_numbers", "IMPORT_CAS_NUMBER_INVALID"),
        ({"hs_codes": "12345"}, "lines[2].hs_codes", "IMPORT_HS_CODE_INVALID"),
        ({"hs_codes": ";".join(map(str, range(1000, 1201)))}, "lines[2].hs_codes", "IMPORT_TOO_MANY_VALUES"),
        ({"status": "OVER"}, "lines[2].status", "IMPORT_WORD_UNKNOWN"),
        ({"effective_to": "2026-11-30"}, "lines[2].effective_to", "IMPORT_DAYS_REVERSED"),
        ({"status": "TEMPORARY"}, "lines[2].effective_to", "TEMPORARY_CONTROL_NOT_ALLOWED"),
        ({"status": "ANNOUNCED"}, "lines[2].effective_from", "STANDINGS_NOT_ALLOWED"),
    ],
)
def test_what_cannot_be_read_names_line_and_column(
    fields: Mapping[str, str], place: str, reason: str
) -> None:
    stated = {
        "identifier": "3C909",
        "name_zh": "靶材",
        "announcement": "2026-80",
        "effective_from": "2026-12-01",
    } | dict(fields)
    with pytest.raises(XukeError) as caught:
        read_template(lines(stated), {}, EDITION)
    assert [(each.field, each.reason) for each in caught.value.violations] == [(place, reason)]
