"""Groups of fields that repeat: nothing typed is lost, and what stays closes up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.portal.rows import (
    as_fields,
    filled_rows,
    identifier,
    rows,
    rows_to_show,
    without_empty_rows,
)

_ROW = st.fixed_dictionaries({"zh": st.text(max_size=3), "en": st.text(max_size=3)})


@given(st.lists(_ROW, max_size=12))
def test_what_was_typed_is_read_back_in_order(content: list[dict[str, str]]) -> None:
    typed = as_fields("conditions", content) | {"reasons": "x", "agencies[0].zh": "y"}
    assert rows(typed, "conditions") == content
    closed_up = without_empty_rows(typed, ("conditions",))
    assert rows(closed_up, "conditions") == filled_rows(typed, "conditions")
    assert rows(closed_up, "conditions") == [row for row in content if any(row.values())]
    assert closed_up["reasons"] == "x"
    assert closed_up["agencies[0].zh"] == "y"


def test_rows_are_in_the_order_of_their_numbers_whatever_the_order_of_the_fields() -> None:
    typed = {"conditions[10].zh": "last", "conditions[2].zh": "first"}
    assert [row["zh"] for row in rows(typed, "conditions")] == ["first", "last"]


@pytest.mark.parametrize(
    ("to_add", "to_remove", "shown"),
    [
        ("", "", ["a", "b"]),
        ("conditions", "", ["a", "b", ""]),
        ("agencies", "", ["a", "b"]),
        ("", "conditions:0", ["b"]),
        ("", "conditions:7", ["a", "b"]),
        ("", "conditions:x", ["a", "b"]),
        ("", "agencies:0", ["a", "b"]),
    ],
)
def test_a_button_adds_or_removes_one_row(to_add: str, to_remove: str, shown: list[str]) -> None:
    typed = {"conditions[0].zh": "a", "conditions[1].zh": "b"}
    found = rows_to_show(typed, "conditions", to_add, to_remove)
    assert [row.get("zh", "") for row in found] == shown


def test_there_is_always_a_row_to_type_into() -> None:
    assert rows_to_show({}, "conditions") == [{}]
    assert rows_to_show({"conditions[0].zh": "a"}, "conditions", "", "conditions:0") == [{}]


@given(st.integers(0, 99), st.sampled_from(["zh", "text.en", "agency"]))
def test_an_identifier_can_stand_in_an_address(place: int, name: str) -> None:
    assert identifier(f"conditions[{place}].{name}") == f"conditions-{place}-{name.replace('.', '-')}"
