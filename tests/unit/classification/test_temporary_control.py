"""Temporary controls: who has to evaluate which of them, and from which day on."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.classification.domain.entries import ControlEntry
from services.classification.domain.standings import EntryStatus, Standing, checked, with_standing
from services.classification.domain.temporary_control import TemporaryState, temporary_controls
from services.classification.reference_files import read_control_list


@pytest.fixture(scope="module")
def entry() -> ControlEntry:
    return read_control_list().entries[0]


def term(since: str, until: str) -> Standing:
    return Standing(EntryStatus.TEMPORARY, date.fromisoformat(since), date.fromisoformat(until), "2024-1")


def standing(status: str, since: str, until: str = "") -> Standing:
    return Standing(
        EntryStatus(status), date.fromisoformat(since), date.fromisoformat(until) if until else None, "2026-9"
    )


FIRST, SECOND, THIRD = (
    term("2024-09-01", "2026-08-31"),
    term("2026-09-01", "2028-08-31"),
    term("2028-09-01", "2030-08-31"),
)
IN_FORCE = Standing(EntryStatus.IN_FORCE, date(2026, 9, 1), None, "2026-9")


@pytest.mark.parametrize(
    ("standings", "day", "state", "extensions"),
    [
        ((FIRST,), "2024-08-31", None, 0),
        ((FIRST,), "2024-09-01", "RUNNING", 0),
        ((FIRST,), "2026-06-02", "RUNNING", 0),
        ((FIRST,), "2026-06-03", "EVALUATION_DUE", 0),
        ((FIRST,), "2026-08-31", "EVALUATION_DUE", 0),
        # Day 731 of a term of 730 days.
        ((FIRST,), "2026-09-01", "EVALUATION_OVERDUE", 0),
        ((FIRST, SECOND), "2026-08-31", "RUNNING", 1),
        ((FIRST, SECOND, THIRD), "2030-09-01", "EVALUATION_OVERDUE", 2),
        # Somebody has decided: nothing is left to evaluate.
        ((FIRST, IN_FORCE), "2026-08-31", None, 0),
        ((IN_FORCE,), "2026-10-01", None, 0),
        # That nothing is confirmed, or that the control was suspended meanwhile, is no decision.
        ((FIRST, standing("UNCONFIRMED", "2026-09-01")), "2026-09-01", "EVALUATION_OVERDUE", 0),
        ((FIRST, standing("SUSPENDED", "2026-09-01", "2027-02-28")), "2027-03-01", "EVALUATION_OVERDUE", 0),
        ((FIRST, standing("REPEALED", "2026-09-01")), "2026-09-01", None, 0),
    ],
)
def test_the_state_of_a_temporary_control(
    entry: ControlEntry, standings: tuple[Standing, ...], day: str, state: str | None, extensions: int
) -> None:
    found = list(temporary_controls([replace(entry, standings=standings)], date.fromisoformat(day)))
    if state is None:
        assert found == []
    else:
        (control,) = found
        assert (control.state, control.extensions) == (TemporaryState(state), extensions)
        assert control.since == standings[0].since


@pytest.mark.parametrize(
    ("before", "days_after"),
    [
        # Whatever was said of the entry before, nothing but a decision follows a term.
        ((standing("REPEALED", "2020-01-01"),), 730),
        ((standing("UNCONFIRMED", "2020-01-01"),), 730),
        ((standing("SUSPENDED", "2020-01-01", "2029-12-31"), standing("UNCONFIRMED", "2030-01-01")), 730),
    ],
)
def test_a_term_laid_over_other_standings_is_evaluated_too(
    entry: ControlEntry, before: tuple[Standing, ...], days_after: int
) -> None:
    laid = replace(entry, standings=checked(with_standing(before, FIRST), "x"))
    day_731 = FIRST.since + timedelta(days=days_after)
    assert day_731 == date(2026, 9, 1)
    (control,) = temporary_controls([laid], day_731)
    assert (control.state, control.until) == (TemporaryState.EVALUATION_OVERDUE, FIRST.until)
    assert laid.status_on(day_731) is EntryStatus.UNCONFIRMED


def test_a_term_that_is_suspended_in_its_course_ends_when_it_was_to_end(entry: ControlEntry) -> None:
    suspension = standing("SUSPENDED", "2025-03-01", "2025-12-31")
    suspended = replace(entry, standings=checked(with_standing((FIRST,), suspension), "x"))
    for day, state in (
        ("2026-06-02", TemporaryState.RUNNING),
        ("2026-08-31", TemporaryState.EVALUATION_DUE),
        ("2026-09-01", TemporaryState.EVALUATION_OVERDUE),
    ):
        (control,) = temporary_controls([suspended], date.fromisoformat(day))
        assert (control.state, control.until, control.extensions) == (state, FIRST.until, 0)
    assert suspended.status_on(date(2026, 9, 1)) is EntryStatus.UNCONFIRMED
