"""What is wrong with a file is told at once, each fault with its place."""

import pytest

from services.foundation.errors import ErrorCode, FieldViolation, XukeError
from services.foundation.file_faults import MOST_FAULTS, Faults


def told(faults: Faults) -> list[FieldViolation]:
    with pytest.raises(XukeError) as caught:
        faults.settle()
    assert caught.value.code is ErrorCode.INVALID_ARGUMENT
    return list(caught.value.violations)


def test_without_faults_it_passes() -> None:
    Faults().settle()


def test_a_fault_names_line_and_column_in_both_languages_and_stands_once() -> None:
    faults = Faults()
    for _ in range(2):
        faults.at(12, "quality", "WORD_UNKNOWN", value="Z")
    faults.at(12, "quality", "WORD_UNKNOWN", value="Y")
    faults.at(13, "", "CELLS_DIFFER")
    faults.column("colour", "COLUMN_UNKNOWN")
    first, second, line, column = told(faults)
    assert first.field == second.field == "lines[12].quality"
    assert (first.metadata["value"], second.metadata["value"]) == ("Z", "Y")
    assert (first.metadata["place_zh"], first.metadata["place_en"]) == (
        "第12行“quality”：",
        "Line 12, “quality”: ",
    )
    assert (line.field, line.metadata["place_en"]) == ("lines[13]", "Line 13: ")
    assert (column.field, column.metadata["column"]) == ("columns.colour", "colour")


def test_a_long_value_is_shown_in_part() -> None:
    faults = Faults()
    faults.at(2, "name", "WORD_UNKNOWN", value="名" * 201)
    (fault,) = told(faults)
    assert fault.metadata["value"] == "名" * 200 + "…"


def test_it_ends_where_nothing_can_be_read_any_more_or_nobody_would_read_on() -> None:
    faults = Faults()
    faults.at(2, "name", "VALUE_MISSING")
    with pytest.raises(XukeError) as caught:
        faults.stop(3, "NOT_UTF8")
    assert [each.reason for each in caught.value.violations] == ["VALUE_MISSING", "NOT_UTF8"]
    many = Faults()
    with pytest.raises(XukeError) as caught:
        for line in range(MOST_FAULTS * 2):
            many.at(line, "name", "VALUE_MISSING")
    assert len(caught.value.violations) == MOST_FAULTS
