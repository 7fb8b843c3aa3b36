"""From which days on a proposal makes a difference, and what an edition does to an entry that it leaves out."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest

from services.classification.domain.effects import days_of_effect
from services.classification.domain.list_changes import left_out
from services.foundation.proposed_changes import Change, ChangeKind

TODAY = date(2026, 11, 21)
Stated = Sequence[tuple[str, str, str]]


def row(standings: Stated, words: str = "") -> Mapping[str, Any]:
    return {
        "identifier": "1C001",
        "parameters_zh": words,
        "standings": [
            {"status": status, "since": since, "until": until or None, "basis": "2026-1"}
            for status, since, until in standings
        ],
    }


IN_FORCE: Stated = [("IN_FORCE", "2025-01-01", "")]
COMING: Stated = [("ANNOUNCED", "2026-11-01", "2026-12-14"), ("IN_FORCE", "2026-12-15", "")]
SUSPENDED: Stated = [
    ("IN_FORCE", "2025-01-01", "2026-12-31"),
    ("SUSPENDED", "2027-01-01", "2027-12-31"),
    ("UNCONFIRMED", "2028-01-01", ""),
]
TEMPORARY: Stated = [("TEMPORARY", "2026-11-01", "2028-10-31")]


@pytest.mark.parametrize(
    ("before", "after", "later"),
    [
        (None, row(IN_FORCE), []),
        (None, row(COMING), ["2026-12-15"]),
        (row(IN_FORCE), row(SUSPENDED), ["2027-01-01"]),
        # An end that was stated and is stated no longer.
        (row([("IN_FORCE", "2025-01-01", "2026-12-31")]), row(IN_FORCE), ["2027-01-01"]),
        # It is applied again after it, as it would have been without.
        (row(SUSPENDED), row(IN_FORCE), ["2027-01-01"]),
        # After a term it is applied as before, only marked.
        (None, row(TEMPORARY), []),
        # Other words make a difference from the day on which the entry is applied.
        (row(COMING), row(COMING, "more"), ["2026-12-15"]),
        (row(IN_FORCE), row(IN_FORCE, "more"), []),
        (row(SUSPENDED), row(SUSPENDED, "more"), ["2028-01-01"]),
    ],
)
def test_today_and_the_later_days_on_which_a_change_makes_a_difference(
    before: Mapping[str, Any] | None, after: Mapping[str, Any], later: Sequence[str]
) -> None:
    kind = ChangeKind.ADDED if before is None else ChangeKind.CHANGED
    found = days_of_effect([Change("1C001", kind, before, after)], TODAY)
    assert [day.isoformat() for day in found] == [TODAY.isoformat(), *later]


@pytest.mark.parametrize(
    ("standings", "ends"),
    [
        (IN_FORCE, True),
        ([("IN_FORCE", "2025-01-01", "2030-12-31")], True),
        ([("SUSPENDED", "2025-01-01", "2026-06-30")], True),
        ([("IN_FORCE", "2025-01-01", "2026-05-31")], False),
        ([("IN_FORCE", "2025-01-01", "2026-05-31"), ("REPEALED", "2026-06-01", "")], False),
    ],
)
def test_an_edition_ends_what_it_leaves_out_unless_that_has_ended(standings: Stated, ends: bool) -> None:
    before = row(standings)
    after = left_out(before, date(2026, 7, 1), "2026-7")
    if not ends:
        assert after == before
    else:
        assert after["standings"][-1] == {
            "status": "REPEALED",
            "since": "2026-07-01",
            "until": None,
            "basis": "2026-7",
        }
