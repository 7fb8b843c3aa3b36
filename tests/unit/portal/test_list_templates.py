"""The templates that the pages hand out, against what the screening service reads."""

import csv
from pathlib import Path

import pytest

from services.portal.language import catalogue
from services.portal.list_templates import TEMPLATES
from services.portal.pages.list_import import UNITED_NATIONS
from services.screening import known_lists
from services.screening.imports.parties import COLUMNS, NEEDED_COLUMNS
from services.screening.known_lists import known_definitions
from services.screening.rule_rows import DESTINATION_COLUMNS, RULE_COLUMNS

REFERENCE = Path(known_lists.__file__).parent / "reference"


@pytest.mark.parametrize(
    ("name", "read"), [("parties", COLUMNS), ("rules", RULE_COLUMNS), ("destinations", DESTINATION_COLUMNS)]
)
def test_a_template_has_the_columns_that_are_read(name: str, read: tuple[str, ...]) -> None:
    assert tuple(column.name for column in TEMPLATES[name]) == read


def test_what_a_list_cannot_do_without_is_needed() -> None:
    assert tuple(column.name for column in TEMPLATES["parties"] if column.needed) == NEEDED_COLUMNS


def test_the_list_that_is_known_beforehand_needs_no_definition() -> None:
    assert UNITED_NATIONS in known_definitions()


def test_every_measure_has_a_name() -> None:
    with (REFERENCE / "measures.csv").open(encoding="utf-8", newline="") as file:
        measures = {row["measure"] for row in csv.DictReader(file)}
    measures |= {f"MATCH_{verdict}" for verdict in ("PROHIBITED", "RESTRICTED", "REVIEW")}
    assert {one for one in measures if f"Measure.{one}" not in catalogue("words")} == set()


def test_every_column_says_what_it_means_and_has_a_name() -> None:
    columns = {column.name for template in TEMPLATES.values() for column in template}
    assert {
        key.removeprefix("list_column.") for key in catalogue("texts") if key.startswith("list_column.")
    } == columns
    assert {name for name in columns if f"ListColumn.{name}" not in catalogue("words")} == set()
