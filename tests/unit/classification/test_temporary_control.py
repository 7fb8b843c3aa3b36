"""Temporary controls: who has to evaluate which of them, and from which day on."""

from dataclasses import replace
from datetime import date

import pytest

from services.classification.domain.entries import ControlEntry
from services.classification.domain.standings import EntryStatus, Standing
from services.classification.domain.temporary_control import TemporaryState, temporary_controls
from services.classification.reference_files import read_control_list


@pytest.fixture(scope="module")
def entry() -> ControlEntry:
    return read_control_list().entries[0]


def term(since: str, until: str) -> Standing:
    return Standing(EntryStatus.TEMPORARY, date.fromisoformat(since), date.fromisoformat(until), "2024-1")


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
        assert (control.since, control.until) == (standings[0].since, standings[-1].until)
