"""The documented template of parties: what a file states, over what the list says already."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.foundation.errors import ErrorCode, XukeError
from services.foundation.file_faults import MOST_FAULTS
from services.foundation.messages import render
from services.screening.domain.lists import entry_of_content, list_of_definition, version_of
from services.screening.domain.proposal_changes import ChangeKind, applied, changes_between
from services.screening.imports.importer import Context, Row
from services.screening.imports.parties import COLUMNS, left_out, merged, read_parties
from services.screening.known_lists import known_definitions

DEFINITION = {
    **known_definitions()["un_security_council"],
    "list_code": "trial_list",
    "label": "TRIAL-LIST",
    "read_on": "2026-11-20",
    "source": {"instrument": "试行办法", "article": "Art. 1", "url": "https://example.org/notice"},
}
CONTEXT = Context(DEFINITION, frozenset({("control_list", "CONTROL-1")}))
COUNTRIES = frozenset({"KR", "JP"})


def file_of(*rows: dict[str, str], columns: Sequence[str] = COLUMNS) -> bytes:
    lines = [",".join(columns)]
    lines += [",".join(f'"{row.get(column, "")}"' for column in columns) for row in rows]
    return "\n".join(lines).encode()


def read(content: bytes) -> Sequence[Row]:
    return read_parties(io.BytesIO(content), COUNTRIES, CONTEXT)


def violations(content: bytes) -> Sequence[Any]:
    with pytest.raises(XukeError) as refused:
        read(content)
    assert refused.value.code is ErrorCode.INVALID_ARGUMENT
    for found in refused.value.violations:
        sentence = render(found.reason, found.metadata)
        assert "<" not in sentence.zh + sentence.en
        assert sentence.zh != found.reason
    return refused.value.violations


def faults(content: bytes) -> list[tuple[str, str]]:
    return [(found.field, found.reason) for found in violations(content)]


ROW = {
    "entry_id": "A-1",
    "name_zh": "阿尔法公司",
    "name_en": "Alpha Works",
    "aliases": "Alpha; ALPHA;Alpha ; A.W.",
    "kind": "ORGANISATION",
    "country": "KR",
    "addresses": "1 Road, Seoul; 2 Road, Busan",
    "identifiers": "110111-1234567",
    "born": "",
    "measures": "LISTED",
    "holders": "control_list:CONTROL-1:50.50; trial_list:A-2:25",
    "announcement": "Notice 1",
    "article": "3",
    "url": "https://example.org/1",
    "effective_from": "2026-01-01",
    "suspended_from": "2026-02-01",
    "suspended_to": "2026-03-01",
    "standing_basis": "Notice 2",
}
OTHER = {"entry_id": "A-2", "name_en": "Second Works", "effective_from": "2026-01-01"}


def test_a_whole_row_is_read_as_stated() -> None:
    first, second = (merged(None, stated) for stated in read(file_of(ROW, OTHER)))
    entry = entry_of_content(first)
    assert entry.content == first
    assert entry.aliases == ("Alpha", "ALPHA", "A.W.")
    assert entry.addresses == ("1 Road, Seoul", "2 Road, Busan")
    assert [(holder.entry_id, str(holder.percent)) for holder in entry.holders] == [
        ("CONTROL-1", "50.5"),
        ("A-2", "25"),
    ]
    assert (entry.source.instrument, entry.source.article) == ("Notice 1", "3")
    assert entry.standing_on(date(2026, 2, 10)).value == "SUSPENDED"
    # What names no announcement of its own rests on that of the list.
    assert second["source"] == DEFINITION["source"]


def test_what_a_file_has_no_column_for_stands_as_it_was() -> None:
    before = merged(None, read(file_of(ROW, OTHER))[0])
    few = file_of(
        {
            "entry_id": "A-1",
            "name_en": "Alpha New",
            "announcement": "Notice 9",
            "effective_from": "2026-01-01",
        },
        columns=("entry_id", "name_en", "announcement", "effective_from"),
    )
    after = merged({**before, "effective_to": "2026-05-01"}, read(few)[0])
    assert after["name_en"] == "Alpha New"
    assert after["source"]["instrument"] == "Notice 9"
    # Whoever is in the file is listed.
    assert after["effective_to"] is None
    for kept in ("name_zh", "aliases", "holders", "suspended_from", "standing_basis", "measures"):
        assert after[kept] == before[kept]


def test_with_a_mark_of_byte_order_windows_lines_and_quotes_a_file_reads_the_same() -> None:
    plain = file_of(ROW, OTHER)
    assert read(b"\xef\xbb\xbf" + plain.replace(b"\n", b"\r\n") + b"\r\n\r\n") == read(plain)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"entry_id": ""}, [("lines[2].entry_id", "IMPORT_VALUE_MISSING")]),
        ({"name_zh": " ", "name_en": ""}, [("lines[2].name_en", "IMPORT_ENTRY_UNNAMED")]),
        ({"kind": "FIRM"}, [("lines[2].kind", "IMPORT_WORD_UNKNOWN")]),
        ({"country": "Korea"}, [("lines[2].country", "IMPORT_COUNTRY_UNKNOWN")]),
        ({"born": "1970-1-1;1970"}, [("lines[2].born", "IMPORT_BIRTH_INVALID")]),
        ({"measures": "NONE_SUCH"}, [("lines[2].measures", "IMPORT_WORD_UNKNOWN")]),
        ({"holders": "control_list:CONTROL-1"}, [("lines[2].holders", "IMPORT_HOLDER_INVALID")]),
        ({"holders": "control_list:CONTROL-1:0"}, [("lines[2].holders", "IMPORT_HOLDER_INVALID")]),
        ({"holders": "control_list:CONTROL-9:50"}, [("lines[2].holders", "IMPORT_HOLDER_UNKNOWN")]),
        (
            {"holders": "control_list:CONTROL-1:60;trial_list:A-2:41"},
            [("lines[2].holders", "IMPORT_HOLDINGS_EXCEED")],
        ),
        ({"url": "javascript:alert(1)"}, [("lines[2].url", "IMPORT_URL_INVALID")]),
        ({"effective_from": ""}, [("lines[2].effective_from", "IMPORT_VALUE_MISSING")]),
        ({"effective_from": "20260101"}, [("lines[2].effective_from", "IMPORT_DAY_INVALID")]),
        ({"effective_to": "2025-12-31"}, [("lines[2].effective_to", "IMPORT_DAYS_REVERSED")]),
        ({"suspended_from": ""}, [("lines[2].suspended_to", "IMPORT_DAY_WITHOUT_BEGIN")]),
        ({"name_en": "A" * 1001}, [("lines[2].name_en", "IMPORT_VALUE_TOO_LONG")]),
        ({"name_en": "A\u0000B"}, [("lines[2].name_en", "IMPORT_CONTROL_CHARACTER")]),
        ({"aliases": ";".join(map(str, range(201)))}, [("lines[2].aliases", "IMPORT_TOO_MANY_VALUES")]),
    ],
)
def test_each_fault_names_line_and_column(changes: dict[str, str], expected: list[tuple[str, str]]) -> None:
    assert faults(file_of(ROW | changes, OTHER)) == expected


def test_the_sentence_says_where_and_what_to_do() -> None:
    (found,) = violations(file_of(OTHER, ROW | {"country": "Korea"}))
    sentence = render(found.reason, found.metadata)
    assert sentence.zh.startswith("第3行“country”：“Korea”不是")
    assert sentence.en.startswith("Line 3, “country”: “Korea” is not a country or region; use")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", [("lines[1]", "IMPORT_FILE_EMPTY")]),
        (b"\n", [("columns.entry_id", "IMPORT_COLUMN_MISSING")]),
        (
            b"entry_id,name,effective_from,name\n",
            [
                ("columns.announcement", "IMPORT_COLUMN_MISSING"),
                ("columns.name", "IMPORT_COLUMN_UNKNOWN"),
            ],
        ),
        (
            b"entry_id,announcement,effective_from,entry_id\n",
            [("columns.entry_id", "IMPORT_COLUMN_TWICE")],
        ),
        (file_of() + b"\nA-1,too few\n", [("lines[2]", "IMPORT_CELLS_DIFFER")]),
        (file_of() + b'\n"A-1', [("lines[2]", "IMPORT_ROW_UNREADABLE")]),
        (file_of(OTHER) + "\n名".encode("gb18030"), [("lines[3]", "IMPORT_NOT_UTF8")]),
        (file_of() + b"\n" + b"A" * 200_000, [("lines[2]", "IMPORT_LINE_TOO_LONG")]),
    ],
)
def test_a_file_that_is_no_such_table(content: bytes, expected: list[tuple[str, str]]) -> None:
    found = faults(content)
    assert found[: len(expected)] == expected


def test_all_faults_are_told_at_once_up_to_a_bound() -> None:
    some = [{"entry_id": f"A-{at}", "effective_from": "soon"} for at in range(30)]
    assert len(faults(file_of(*some))) == 60
    many = [{"entry_id": f"A-{at}", "effective_from": "soon"} for at in range(500)]
    assert len(faults(file_of(*many))) == MOST_FAULTS


def contents(rows: Sequence[dict[str, str]]) -> list[Row]:
    return [merged(None, stated) for stated in read(file_of(*rows))]


ENTRIES = st.lists(
    st.fixed_dictionaries(
        {
            "entry_id": st.integers(0, 12).map(lambda number: f"A-{number}"),
            "name_en": st.sampled_from(["Alpha", "Beta", "Gamma Works"]),
            "country": st.sampled_from(["KR", "JP", ""]),
            "effective_from": st.sampled_from(["2026-01-01", "2026-12-01"]),
            "effective_to": st.sampled_from(["", "2026-12-31"]),
        }
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda row: row["entry_id"],
)


@settings(max_examples=60, deadline=None)
@given(ENTRIES, ENTRIES, st.randoms(use_true_random=False))
def test_order_of_import_changes_neither_version_nor_changes(
    before: list[dict[str, str]], after: list[dict[str, str]], random: Any
) -> None:
    base, stated = contents(before), read(file_of(*after))
    last_day = date(2026, 11, 19)

    def proposed(base: Sequence[Row], stated: Sequence[Row]) -> tuple[Any, str]:
        changes = changes_between(
            base, stated, lambda row: row["entry_id"], merged, lambda row: left_out(row, last_day)
        )
        rows = applied(base, changes, lambda row: row["entry_id"])
        return changes, version_of(DEFINITION, rows)

    changes, version = proposed(base, stated)
    shuffled = list(base), list(stated)
    for one in shuffled:
        random.shuffle(one)
    assert proposed(*shuffled) == (changes, version)
    rows = applied(shuffled[0], changes, lambda row: row["entry_id"])
    entries = [entry_of_content(row) for row in rows]
    random.shuffle(entries)
    party_list = list_of_definition(DEFINITION, entries)
    assert (party_list.version, party_list.versioned()) == (version, party_list)

    # Nothing is ever removed, and what is left out is no longer in force after its last day.
    assert {entry.entry_id for entry in party_list.entries} == {row["entry_id"] for row in (*before, *after)}
    listed = {row["entry_id"] for row in after}
    for entry in party_list.entries:
        if entry.entry_id not in listed:
            for day in (date(2026, 11, 20), date(2026, 12, 15)):
                assert entry.standing_on(day).value in ("ANNOUNCED", "DELISTED")
            assert entry.standing_on(date(2027, 6, 1)).value == "DELISTED"
    # Told once, a file says nothing new.
    again = changes_between(
        rows, stated, lambda row: row["entry_id"], merged, lambda row: left_out(row, last_day)
    )
    assert again == ()
    assert {change.kind for change in changes} <= set(ChangeKind)
