"""How far a list may be relied on, by the day of law."""

from datetime import date

import pytest
from xuke.screening.v1 import screening_pb2 as s

from services.portal.party_lists import ReadList, Reliance, reliance


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ("2026-10-01", Reliance.CURRENT),
        ("2026-10-02", Reliance.CURRENT),
        ("2026-10-03", Reliance.DUE),
        ("2026-11-01", Reliance.DUE),
        ("2026-11-02", Reliance.PAST),
    ],
)
def test_the_review_day_is_the_last_on_which_a_list_counts(today: str, expected: Reliance) -> None:
    found = s.PartyList(entry_count=1, review_by="2026-11-01")
    assert reliance(found, date.fromisoformat(today)) is expected


def test_a_list_without_entries_is_relied_on_never_and_one_without_a_review_day_always() -> None:
    assert reliance(s.PartyList(review_by="2026-11-01"), date(2026, 1, 1)) is Reliance.EMPTY
    assert reliance(s.PartyList(entry_count=1), date(2036, 1, 1)) is Reliance.CURRENT


@pytest.mark.parametrize("required", [True, False])
@pytest.mark.parametrize("state", Reliance)
def test_an_old_list_stops_the_checks_and_so_does_an_empty_one_that_is_required(
    required: bool, state: Reliance
) -> None:
    found = ReadList(s.PartyList(required=required), state)
    assert found.stops == (state is Reliance.PAST or (required and state is Reliance.EMPTY))
