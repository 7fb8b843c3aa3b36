"""Answers that are costly to compute, kept for a short while, so that several who ask at once cost one computation."""

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Answer = TypeVar("Answer")


@dataclass
class _Kept(Generic[Answer]):
    """The last answer to one question. `asking` counts the threads that hold on to it."""

    computing: threading.Lock = field(default_factory=threading.Lock)
    asking: int = 0
    answer: Answer | None = None
    computed_at: datetime | None = None


class RecentAnswers(Generic[Key, Answer]):
    """The last answer to each question, for threads of one process; a lifetime of zero keeps none.

    Whoever may not get the same answer must ask with another key.
    """

    def __init__(self, lifetime: timedelta) -> None:
        self._lifetime = lifetime
        self._kept: dict[Key, _Kept[Answer]] = {}
        self._lock = threading.Lock()

    def get(self, key: Key, now: datetime, compute: Callable[[], Answer]) -> Answer:
        """The answer kept since less than the lifetime before `now`, else a new one.

        One thread computes the answer to a question while others who ask it wait. What `compute` raises is
        raised, and not kept: the next who waits computes.
        """
        with self._lock:
            kept = self._kept.setdefault(key, _Kept())
            kept.asking += 1
        try:
            with kept.computing:
                if kept.answer is not None and self._is_recent(kept, now):
                    return kept.answer
                kept.answer = compute()
                kept.computed_at = now
                return kept.answer
        finally:
            with self._lock:
                kept.asking -= 1
                self._forget(now)

    def __len__(self) -> int:
        """How many answers are held in memory."""
        return len(self._kept)

    def _is_recent(self, kept: _Kept[Answer], now: datetime) -> bool:
        # A clock that was set back makes an answer of the future, which would never grow old.
        return kept.computed_at is not None and abs(now - kept.computed_at) < self._lifetime

    def _forget(self, now: datetime) -> None:
        for key in [
            key for key, kept in self._kept.items() if not kept.asking and not self._is_recent(kept, now)
        ]:
            del self._kept[key]
