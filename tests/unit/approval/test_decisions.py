from datetime import UTC, datetime, timedelta

from services.approval.domain.decisions import FIRST_PAUSE, LONGEST_PAUSE, Patience, next_instant
from services.approval.domain.steps import ExpireDeadline, IssueLicence

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ISSUE = (IssueLicence("a"),)


def test_new_steps_are_taken_at_once_and_repeated_ones_ever_later() -> None:
    patience = Patience()
    pauses = [patience.before(ISSUE) for _ in range(14)]
    assert pauses[:4] == [timedelta(0), FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE


def test_other_steps_or_a_quiet_time_start_anew() -> None:
    patience = Patience()
    patience.before(ISSUE)
    assert patience.before((ExpireDeadline("a", "d"),)) == timedelta(0)
    assert patience.before(ISSUE) == timedelta(0)
    patience.reset()
    assert patience.before(ISSUE) == timedelta(0)


def test_the_next_instant_is_ahead_and_not_beyond_the_latest() -> None:
    hour = timedelta(hours=1)
    instants = [None, NOW - hour, NOW, NOW + 2 * hour, NOW + hour]
    assert next_instant(NOW, NOW + 12 * hour, instants) == NOW + hour
    assert next_instant(NOW, NOW + hour / 2, instants) == NOW + hour / 2
