"""Answers kept for a while: one computation for many who ask, each question for itself."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from services.licensing.recent_answers import RecentAnswers

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
LIFETIME = timedelta(seconds=30)


class Counting:
    """Gives another number each time it is computed."""

    def __init__(self) -> None:
        self.computed = 0

    def __call__(self) -> int:
        self.computed += 1
        return self.computed


@pytest.mark.parametrize(
    ("later", "answer"),
    [(0, 1), (29.9, 1), (30, 2), (3600, 2), (-29.9, 1), (-3600, 2)],
)
def test_an_answer_lives_for_its_time(later: float, answer: int) -> None:
    recent, compute = RecentAnswers[str, int](LIFETIME), Counting()
    assert recent.get("all", NOW, compute) == 1
    assert recent.get("all", NOW + timedelta(seconds=later), compute) == answer


def test_an_answer_is_not_kept_longer_for_being_asked_for() -> None:
    recent, compute = RecentAnswers[str, int](LIFETIME), Counting()
    asked = [recent.get("all", NOW + timedelta(seconds=second), compute) for second in (0, 20, 40, 60)]
    assert asked == [1, 1, 2, 2]


def test_no_lifetime_keeps_nothing() -> None:
    recent, compute = RecentAnswers[str, int](timedelta()), Counting()
    assert [recent.get("all", NOW, compute) for _ in range(3)] == [1, 2, 3]
    assert len(recent) == 0


def test_questions_do_not_mix_and_old_answers_leave_memory() -> None:
    recent, compute = RecentAnswers[tuple[str, str], int](LIFETIME), Counting()
    questions = [("ministry", ""), ("ministry", "32"), ("province", "32")]
    assert [recent.get(question, NOW, compute) for question in questions] == [1, 2, 3]
    assert [recent.get(question, NOW, compute) for question in questions] == [1, 2, 3]
    assert len(recent) == 3
    recent.get(("ministry", ""), NOW + LIFETIME, compute)
    assert len(recent) == 1


def test_what_fails_is_raised_and_not_kept() -> None:
    recent, compute = RecentAnswers[str, int](LIFETIME), Counting()

    def fail() -> int:
        raise ValueError("no date")

    with pytest.raises(ValueError, match="no date"):
        recent.get("all", NOW, fail)
    assert len(recent) == 0
    assert recent.get("all", NOW, compute) == 1


def test_those_who_ask_at_once_wait_for_one_computation() -> None:
    recent, compute = RecentAnswers[str, int](LIFETIME), Counting()
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> int:
        begun.set()
        assert go_on.wait(10)
        return compute()

    with ThreadPoolExecutor(5) as people:
        first = people.submit(recent.get, "all", NOW, slow)
        assert begun.wait(10)
        others = [people.submit(recent.get, "all", NOW, compute) for _ in range(4)]
        # Another question does not wait for this one.
        assert recent.get("other", NOW, lambda: 100) == 100
        assert not any(one.done() for one in (first, *others))
        go_on.set()
        assert [one.result(10) for one in (first, *others)] == [1] * 5
    assert compute.computed == 1
