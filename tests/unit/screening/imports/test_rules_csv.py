"""The templates of rules and of destinations: read whole, or every fault named with line and column."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.foundation.errors import XukeError
from services.foundation.messages import catalogue
from services.screening.domain.screen import Basis
from services.screening.imports.destinations_csv import DestinationsImporter
from services.screening.imports.importer import Context, Importer
from services.screening.imports.rules_csv import RulesImporter
from services.screening.rule_rows import (
    DESTINATION_COLUMNS,
    RULE_COLUMNS,
    destination_row,
    register,
    rule_row,
    rule_set,
)

COUNTRIES = frozenset({"JP", "US", "KR"})
RULES, DESTINATIONS = RulesImporter(COUNTRIES), DestinationsImporter(COUNTRIES)
RULE = dict.fromkeys(RULE_COLUMNS, "") | {
    "rule_id": "JP-USER",
    "destination": "JP",
    "end_user_kinds": "MILITARY",
    "verdict": "PROHIBITED",
    "instrument": "公告",
    "article": "para. 1",
    "effective_from": "2026-01-06",
    "confidence": "high",
    "enabled": "yes",
    "text_zh": "禁止",
    "text_en": "Banned",
}
GRADE = dict.fromkeys(DESTINATION_COLUMNS, "") | {
    "country": "JP",
    "grade": "HIGH",
    "instrument": "条例",
    "article": "Art. 10",
    "effective_from": "2026-01-06",
    "confidence": "medium",
    "reason_zh": "原因",
    "reason_en": "Because",
}


def file_of(columns: Sequence[str], *rows: Mapping[str, str]) -> io.BytesIO:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(rows)
    return io.BytesIO(text.getvalue().encode("utf-8-sig"))


def faults(importer: Importer, columns: Sequence[str], *rows: Mapping[str, str]) -> list[tuple[str, str]]:
    with pytest.raises(XukeError) as caught:
        importer.read(file_of(columns, *rows), Context({}))
    for violation in caught.value.violations:
        assert violation.reason in catalogue()
    return [(violation.field, violation.reason) for violation in caught.value.violations]


def test_what_is_shipped_can_be_brought_in_as_it_is(basis: Basis) -> None:
    every = basis.comparison.countries
    rules = [rule_row(rule) for rule in basis.rules.rules]
    read = RulesImporter(every).read(file_of(RULE_COLUMNS, *rules), Context({}))
    assert read == rules
    assert rule_set(read) == basis.rules
    grades = [destination_row(each) for each in basis.destinations.destinations]
    assert register(DestinationsImporter(every).read(file_of(DESTINATION_COLUMNS, *grades), Context({}))) == (
        basis.destinations
    )


@given(st.data())
def test_the_order_of_the_rows_does_not_matter(basis: Basis, data: st.DataObject) -> None:
    rules = data.draw(st.permutations([rule_row(rule) for rule in basis.rules.rules]))
    assert rule_set(rules) == basis.rules
    grades = data.draw(st.permutations([destination_row(each) for each in basis.destinations.destinations]))
    assert register(grades) == basis.destinations


def test_a_change_of_a_word_is_another_version(basis: Basis) -> None:
    rows = [rule_row(rule) for rule in basis.rules.rules]
    rows[0] = rows[0] | {"enabled": "no"}
    assert rule_set(rows).version != basis.rules.version


@pytest.mark.parametrize(
    ("changes", "column", "reason"),
    [
        ({"rule_id": ""}, "rule_id", "IMPORT_VALUE_MISSING"),
        ({"rule_id": "jp user"}, "rule_id", "IMPORT_RULE_NAME_INVALID"),
        ({"destination": "XX"}, "destination", "IMPORT_DESTINATION_UNKNOWN"),
        ({"end_user_kinds": "MILITARY;SOLDIER"}, "end_user_kinds", "IMPORT_WORD_UNKNOWN"),
        ({"verdict": ""}, "verdict", "IMPORT_VALUE_MISSING"),
        ({"verdict": "FORBIDDEN"}, "verdict", "IMPORT_WORD_UNKNOWN"),
        ({"demands": "TEA"}, "demands", "IMPORT_WORD_UNKNOWN"),
        ({"instrument": ""}, "instrument", "IMPORT_VALUE_MISSING"),
        ({"article": " "}, "article", "IMPORT_VALUE_MISSING"),
        ({"url": "mofcom"}, "url", "IMPORT_URL_INVALID"),
        ({"effective_from": "2026-02-30"}, "effective_from", "IMPORT_DAY_INVALID"),
        ({"effective_to": "2026-01-05"}, "effective_to", "IMPORT_DAYS_REVERSED"),
        ({"suspended_to": "2026-11-27"}, "suspended_to", "IMPORT_DAY_WITHOUT_BEGIN"),
        ({"confidence": "sure"}, "confidence", "IMPORT_WORD_UNKNOWN"),
        ({"enabled": ""}, "enabled", "IMPORT_VALUE_MISSING"),
        ({"confidence": "low"}, "enabled", "IMPORT_UNCERTAIN_ENABLED"),
        ({"text_en": ""}, "text_en", "IMPORT_VALUE_MISSING"),
        ({"knowledge": "KNOWS"}, "catch_all_limbs", "IMPORT_KNOWLEDGE_INCOMPLETE"),
        ({"catch_all_limbs": "TERRORISM"}, "knowledge", "IMPORT_KNOWLEDGE_INCOMPLETE"),
        ({"destination": "*", "end_user_kinds": ""}, "destination", "IMPORT_RULE_WITHOUT_CONDITION"),
    ],
)
def test_a_fault_of_a_rule_is_named_with_line_and_column(
    changes: dict[str, str], column: str, reason: str
) -> None:
    good = RULE | {"rule_id": "US-USER", "destination": "US"}
    assert faults(RULES, RULE_COLUMNS, good, RULE | changes) == [(f"lines[3].{column}", reason)]


def test_every_fault_of_a_file_is_told_at_once() -> None:
    assert faults(RULES, RULE_COLUMNS, RULE, RULE | {"text_zh": "", "enabled": "maybe"}) == [
        ("lines[3].rule_id", "IMPORT_ENTRY_TWICE"),
        ("lines[3].enabled", "IMPORT_WORD_UNKNOWN"),
        ("lines[3].text_zh", "IMPORT_VALUE_MISSING"),
    ]
    assert faults(RULES, RULE_COLUMNS[:-1], {name: RULE[name] for name in RULE_COLUMNS[:-1]}) == [
        ("columns.text_en", "IMPORT_COLUMN_MISSING")
    ]


@pytest.mark.parametrize(
    ("changes", "column", "reason"),
    [
        ({"country": "XX"}, "country", "IMPORT_COUNTRY_UNKNOWN"),
        ({"grade": "TALL"}, "grade", "IMPORT_WORD_UNKNOWN"),
        ({"reason_zh": ""}, "reason_zh", "IMPORT_VALUE_MISSING"),
        ({"country": "JP", "effective_from": "2026-06-01"}, "effective_from", "IMPORT_GRADES_OVERLAP"),
    ],
)
def test_a_fault_of_a_destination_is_named_with_line_and_column(
    changes: dict[str, str], column: str, reason: str
) -> None:
    other = GRADE | {"country": "US"}
    assert faults(DESTINATIONS, DESTINATION_COLUMNS, GRADE, other | changes) == [
        (f"lines[3].{column}", reason)
    ]


def test_grades_of_a_country_follow_one_another() -> None:
    ended = GRADE | {"effective_to": "2026-05-31"}
    later = GRADE | {"effective_from": "2026-06-01", "grade": "LOW"}
    rows = DESTINATIONS.read(file_of(DESTINATION_COLUMNS, later, ended), Context({}))
    assert [DESTINATIONS.key(row) for row in rows] == ["JP 2026-06-01", "JP 2026-01-06"]


def test_what_a_file_leaves_out_ends_and_what_has_not_begun_never_does() -> None:
    assert RULES.left_out(RULE, date(2026, 11, 20))["effective_to"] == "2026-11-20"
    future = GRADE | {"effective_from": "2027-01-01"}
    assert DESTINATIONS.left_out(future, date(2026, 11, 20))["effective_to"] == "2026-12-31"
