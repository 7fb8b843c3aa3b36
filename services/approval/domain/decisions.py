"""The three things a procedure can decide, and the pause when a step changed nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.approval.domain.steps import Step


@dataclass(frozen=True)
class Proceed:
    """Take these steps, in any order, then look at the record again. Never empty."""

    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Await:
    """Nothing to do before this instant unless a kick comes."""

    until: datetime


@dataclass(frozen=True)
class Conclude:
    """The subject has reached a state that nothing leads out of."""

    state: str


Decision = Proceed | Await | Conclude

FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(minutes=5)


class Patience:
    """How long to pause when the record demands steps that were just taken without effect.

    A conditional step has no effect while the database's clock is behind Temporal's; others while something
    that a person must mend stands in the way. Pauses double from one second to five minutes.
    """

    def __init__(self) -> None:
        self._last: tuple[Step, ...] = ()
        self._repetitions = 0

    def before(self, steps: tuple[Step, ...]) -> timedelta:
        """Time to wait before taking the steps: none unless they are those taken last."""
        if steps != self._last:
            self._last, self._repetitions = steps, 0
            return timedelta(0)
        self._repetitions += 1
        # Beyond ten doublings the longest pause applies anyway.
        pause: timedelta = FIRST_PAUSE * (1 << min(self._repetitions - 1, 10))
        return min(pause, LONGEST_PAUSE)

    def reset(self) -> None:
        """Forgets the steps: nothing was due for a while."""
        self._last, self._repetitions = (), 0


def next_instant(now: datetime, latest: datetime, instants: Iterable[datetime | None]) -> datetime:
    """The first of the instants that lies ahead, at the latest `latest`."""
    return min([latest, *(instant for instant in instants if instant is not None and instant > now)])
