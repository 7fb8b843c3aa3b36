"""Standings with a new one in place of what they said of its days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.classification.domain.standings import (
    EntryStatus,
    Standing,
    checked,
    ended,
    status_on,
    with_standing,
)

DAY = timedelta(days=1)
FIRST = date(2025, 1, 1)


def standing(status: str, since: str, until: str = "", basis: str = "2025-1") -> Standing:
    return Standing(
        EntryStatus(status), date.fromisoformat(since), date.fromisoformat(until) if until else None, basis
    )


IN_FORCE = (standing("IN_FORCE", "2025-01-01"),)
SUSPENDED = (
    standing("ANNOUNCED", "2025-10-09", "2025-11-07"),
    standing("SUSPENDED", "2025-11-08", "2026-11-10", "2025-70"),
    standing("UNCONFIRMED", "2026-11-11", basis="2025-70"),
)
TEMPORARY = (standing("TEMPORARY", "2024-01-01", "2025-12-31"),)


@pytest.mark.parametrize(
    ("before", "new", "after"),
    [
        (
            SUSPENDED,
            standing("IN_FORCE", "2026-11-11", basis="2026-70"),
            (*SUSPENDED[:2], standing("IN_FORCE", "2026-11-11", basis="2026-70")),
        ),
        # A suspension that is extended: what follows it is not known again.
        (
            SUSPENDED,
            standing("SUSPENDED", "2026-11-11", "2027-11-10", "2026-70"),
            (
                *SUSPENDED[:2],
                standing("SUSPENDED", "2026-11-11", "2027-11-10", "2026-70"),
                standing("UNCONFIRMED", "2027-11-11", basis="2026-70"),
            ),
        ),
        (
            IN_FORCE,
            standing("SUSPENDED", "2026-01-01", "2026-06-30", "2026-1"),
            (
                standing("IN_FORCE", "2025-01-01", "2025-12-31"),
                standing("SUSPENDED", "2026-01-01", "2026-06-30", "2026-1"),
                standing("UNCONFIRMED", "2026-07-01", basis="2026-1"),
            ),
        ),
        # A decision that comes late: the days after the term stay unconfirmed.
        (
            TEMPORARY,
            standing("IN_FORCE", "2026-03-01", basis="2026-9"),
            (
                *TEMPORARY,
                standing("UNCONFIRMED", "2026-01-01", "2026-02-28"),
                standing("IN_FORCE", "2026-03-01", basis="2026-9"),
            ),
        ),
        ((), standing("IN_FORCE", "2026-03-01"), (standing("IN_FORCE", "2026-03-01"),)),
        # An end that was stated stands, whatever came in between.
        (
            (standing("IN_FORCE", "2025-01-01", "2026-12-31"),),
            standing("SUSPENDED", "2026-01-01", "2026-06-30", "2026-1"),
            (
                standing("IN_FORCE", "2025-01-01", "2025-12-31"),
                standing("SUSPENDED", "2026-01-01", "2026-06-30", "2026-1"),
                standing("UNCONFIRMED", "2026-07-01", "2026-12-31", "2026-1"),
                standing("REPEALED", "2027-01-01"),
            ),
        ),
        # What is listed anyway stays listed after a term; what was repealed does not end unseen.
        (
            IN_FORCE,
            standing("TEMPORARY", "2026-01-01", "2027-12-31"),
            (
                standing("IN_FORCE", "2025-01-01", "2025-12-31"),
                standing("TEMPORARY", "2026-01-01", "2027-12-31"),
                standing("IN_FORCE", "2028-01-01"),
            ),
        ),
        (
            (standing("IN_FORCE", "2024-01-01", "2024-12-31"), standing("REPEALED", "2025-01-01")),
            standing("TEMPORARY", "2026-01-01", "2027-12-31", "2026-1"),
            (
                standing("IN_FORCE", "2024-01-01", "2024-12-31"),
                standing("REPEALED", "2025-01-01", "2025-12-31"),
                standing("TEMPORARY", "2026-01-01", "2027-12-31", "2026-1"),
                standing("UNCONFIRMED", "2028-01-01", basis="2026-1"),
            ),
        ),
    ],
)
def test_a_new_standing_takes_the_place_of_what_was_said_of_its_days(
    before: tuple[Standing, ...], new: Standing, after: tuple[Standing, ...]
) -> None:
    assert with_standing(before, new) == after
    assert checked(after, "x") == after


def test_an_entry_that_was_to_begin_later_and_ends_before_never_begins() -> None:
    before = (standing("IN_FORCE", "2027-01-01"),)
    after = ended(before, date(2026, 6, 1), "2026-6")
    assert after == (standing("REPEALED", "2027-01-01", basis="2026-6"),)


SAMPLED = [each for each in EntryStatus if each not in (EntryStatus.TEMPORARY, EntryStatus.ANNOUNCED)]


@st.composite
def stated(draw: st.DrawFn) -> tuple[Standing, ...]:
    """Standings without holes; announcements and temporary terms have rules of their own (see the tables)."""
    statuses = st.sampled_from(SAMPLED)
    lengths = draw(st.lists(st.integers(1, 400), min_size=1, max_size=5))
    since, found = FIRST, []
    for length in lengths:
        until = since + length * DAY
        found.append(Standing(draw(statuses), since, until, "before"))
        since = until + DAY
    if draw(st.booleans()):
        found[-1] = Standing(found[-1].status, found[-1].since, None, "before")
    return tuple(found)


@given(
    stated(),
    st.sampled_from(SAMPLED),
    st.integers(-10, 2000),
    st.none() | st.integers(0, 700),
    st.integers(0, 3000),
)
def test_only_the_days_of_a_new_standing_change(
    before: tuple[Standing, ...], status: EntryStatus, begins: int, length: int | None, at: int
) -> None:
    since = FIRST + begins * DAY
    new = Standing(status, since, None if length is None else since + length * DAY, "new")
    after = with_standing(before, new)
    day = FIRST + at * DAY
    found = status_on(after, day)
    if day < since:
        assert found is status_on(before, day)
    elif new.until is None or day <= new.until:
        assert found is status
    elif found is not status_on(before, day):
        if status in (EntryStatus.SUSPENDED, EntryStatus.UNCONFIRMED):
            # Only the end of a suspension, or of what is not confirmed, leaves anything open.
            assert found is EntryStatus.UNCONFIRMED
        else:
            # Nothing had been stated of that day: what is in force to a day ends with it.
            assert found is EntryStatus.REPEALED
            assert before[-1].until is not None
            assert day > before[-1].until
    held = checked(after, "x") if since <= (before[-1].until or since) + DAY else after
    assert list(held) == sorted(after, key=lambda each: each.since)
