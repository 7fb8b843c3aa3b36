"""What a proposal changes: rows held against rows."""

from collections.abc import Sequence

import pytest

from services.foundation.proposed_changes import Change, ChangeKind, Row, applied, changes_between


def key(row: Row) -> str:
    return str(row["key"])


def stated(old: Row | None, new: Row) -> Row:
    """A field that is not stated stays as it is."""
    return {**(old or {}), **new}


def ended(row: Row) -> Row:
    return {**row, "ended": True}


BEFORE: Sequence[Row] = ({"key": "c", "says": "1"}, {"key": "a", "says": "1"})


@pytest.mark.parametrize(
    ("given", "whole", "changes"),
    [
        ([], False, []),
        ([{"key": "a", "says": "1"}], False, []),
        ([{"key": "b", "says": "2"}, {"key": "a", "says": "2"}], False, [("a", "CHANGED"), ("b", "ADDED")]),
        ([{"key": "a"}], True, [("c", "ENDED")]),
        ([{"key": "c", "says": "9"}], True, [("a", "ENDED"), ("c", "CHANGED")]),
    ],
)
def test_changes_stand_in_order_of_their_keys(
    given: Sequence[Row], whole: bool, changes: Sequence[tuple[str, str]]
) -> None:
    found = changes_between(BEFORE, given, key, stated, ended if whole else None)
    assert [(each.key, each.kind.value) for each in found] == changes
    assert found == changes_between(BEFORE[::-1], given[::-1], key, stated, ended if whole else None)


def test_what_ended_before_does_not_end_again() -> None:
    over = {"key": "a", "ended": True}
    assert changes_between([over], [], key, stated, ended) == ()


def test_nothing_is_removed_and_what_is_new_comes_last() -> None:
    changes = (
        Change("a", ChangeKind.CHANGED, BEFORE[1], {"key": "a", "says": "2"}),
        Change("b", ChangeKind.ADDED, None, {"key": "b", "says": "3"}),
    )
    assert [row["says"] for row in applied(BEFORE, changes, key)] == ["1", "2", "3"]
    assert [row["key"] for row in applied(BEFORE, changes, key)] == ["c", "a", "b"]
