from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.classification.domain.standings import EntryStatus, Standing, checked, status_on

IN_FORCE, SUSPENDED, UNCONFIRMED = EntryStatus.IN_FORCE, EntryStatus.SUSPENDED, EntryStatus.UNCONFIRMED
TEMPORARY, ANNOUNCED, REPEALED = EntryStatus.TEMPORARY, EntryStatus.ANNOUNCED, EntryStatus.REPEALED


def standing(status: EntryStatus, since: str, until: str = "") -> Standing:
    return Standing(status, date.fromisoformat(since), date.fromisoformat(until) if until else None, "2025-1")


TERMS = (
    standing(ANNOUNCED, "2023-07-31", "2023-08-31"),
    standing(TEMPORARY, "2023-09-01", "2025-08-31"),
    standing(TEMPORARY, "2025-09-01", "2027-08-31"),
    standing(TEMPORARY, "2027-09-01", "2029-08-31"),
)


@pytest.mark.parametrize(
    ("day", "status"),
    [
        ("2023-07-30", ANNOUNCED),
        ("2023-08-31", ANNOUNCED),
        ("2023-09-01", TEMPORARY),
        ("2025-08-31", TEMPORARY),
        ("2025-09-01", TEMPORARY),
        ("2029-08-31", TEMPORARY),
        # 两用物项出口管制条例 Art. 12 asks for a decision before the end; none is stored.
        ("2029-09-01", UNCONFIRMED),
    ],
)
def test_temporary_control_applies_to_the_last_day_of_its_last_term(day: str, status: EntryStatus) -> None:
    assert status_on(checked(TERMS, "x"), date.fromisoformat(day)) is status


def test_temporary_control_is_extended_twice_and_not_three_times() -> None:
    with pytest.raises(ValueError, match="extended at most twice"):
        checked((*TERMS, standing(TEMPORARY, "2029-09-01", "2031-08-31")), "x")


@pytest.mark.parametrize(
    ("since", "until", "fits"),
    [
        ("2023-09-01", "2025-08-31", True),
        ("2023-09-01", "2025-09-01", False),
        ("2024-02-29", "2026-02-28", True),
        ("2024-02-29", "2026-03-01", False),
        ("2023-09-01", "", False),
    ],
)
def test_a_term_of_temporary_control_is_at_most_two_years(since: str, until: str, fits: bool) -> None:
    term = (standing(TEMPORARY, since, until),)
    if fits:
        assert checked(term, "x") == term
    else:
        with pytest.raises(ValueError, match="at most two years"):
            checked(term, "x")


@pytest.mark.parametrize(
    ("standings", "fault"),
    [
        ((), "no standing"),
        ((standing(ANNOUNCED, "2025-01-01"),), "nothing after it"),
        (
            (standing(REPEALED, "2025-01-01", "2025-05-31"), standing(ANNOUNCED, "2025-06-01")),
            "nothing after it",
        ),
        # An entry that is applied cannot be made one that is not by saying that it will be.
        (
            (
                standing(IN_FORCE, "2025-01-01", "2025-05-31"),
                standing(ANNOUNCED, "2025-06-01", "2025-06-30"),
                standing(IN_FORCE, "2025-07-01"),
            ),
            "announced on 2025-06-01",
        ),
        ((standing(IN_FORCE, "2025-01-01"), standing(SUSPENDED, "2025-06-01")), "does not end"),
        (
            (standing(IN_FORCE, "2025-01-01", "2025-05-30"), standing(SUSPENDED, "2025-06-01")),
            "does not end",
        ),
        (
            (standing(IN_FORCE, "2025-01-01", "2025-06-01"), standing(SUSPENDED, "2025-06-01")),
            "does not end",
        ),
    ],
)
def test_standings_neither_overlap_nor_leave_a_hole(standings: tuple[Standing, ...], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        checked(standings, "x")


@given(
    st.lists(st.integers(1, 400), min_size=1, max_size=5),
    st.lists(st.sampled_from([IN_FORCE, SUSPENDED, UNCONFIRMED]), min_size=5, max_size=5),
    st.integers(-500, 3000),
)
def test_a_day_has_the_status_of_the_interval_it_lies_in(
    lengths: list[int], statuses: list[EntryStatus], offset: int
) -> None:
    start = date(2024, 12, 1)
    standings, since = [], start
    for length, status in zip(lengths, statuses, strict=False):
        until = since + timedelta(days=length - 1)
        standings.append(Standing(status, since, until, "x"))
        since = until + timedelta(days=1)
    day = start + timedelta(days=offset)
    lying = [each.status for each in standings if each.since <= day and day <= (each.until or day)]
    # Only the end of what is in force ends the entry; what follows a suspension is not known.
    after = REPEALED if standings[-1].status is IN_FORCE else UNCONFIRMED
    expected = lying[0] if lying else (ANNOUNCED if day < start else after)
    assert status_on(checked(standings[::-1], "x"), day) is expected
