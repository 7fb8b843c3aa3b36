"""What is wrong with a file, apart from what is wrong with the form."""

from collections.abc import Iterator

import pytest
from flask import Flask

from services.foundation.errors import FieldViolation
from services.portal.list_faults import FAULTS_SHOWN, faults_of_file


@pytest.fixture(autouse=True)
def _page() -> Iterator[None]:
    with Flask("faults").app_context():
        yield


def violation(field: str) -> FieldViolation:
    return FieldViolation(field, "SCREENING_DAY_INVALID", {"value": "2026-13-01"})


def test_faults_stand_at_their_line_and_column_in_the_order_of_the_file() -> None:
    found, others = faults_of_file(
        [
            violation("lines[12].effective_from"),
            violation("lines[3]"),
            violation("columns.nmae"),
            violation("definition.list_code"),
        ]
    )
    assert [(one.line, one.column) for one in found.shown] == [(0, "nmae"), (3, ""), (12, "effective_from")]
    assert all("2026-13-01" in one.said for one in found.shown)
    assert [one.field for one in others] == ["definition.list_code"]


def test_only_the_first_are_shown_and_all_are_counted() -> None:
    found, others = faults_of_file(violation(f"lines[{number}].name_zh") for number in range(200, 0, -1))
    assert (len(found.shown), found.count, others) == (FAULTS_SHOWN, 200, [])
    assert found.shown[0].line == 1
