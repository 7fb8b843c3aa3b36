"""Small tools to measure with: many calls at once, percentiles, rates."""

import statistics
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """Seconds that each of many calls took, and the seconds that all of them took together."""

    each: Sequence[float]
    together: float

    @property
    def rate(self) -> float:
        return len(self.each) / self.together

    def percentile(self, share: float) -> float:
        ordered = sorted(self.each)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    def __str__(self) -> str:
        return (
            f"p50 {self.percentile(0.50) * 1000:8.2f} ms   p99 {self.percentile(0.99) * 1000:8.2f} ms   "
            f"{self.rate:9.1f}/s   n={len(self.each)}"
        )


def timed(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def concurrently(users: int, acts: Sequence[Callable[[], object]]) -> Timing:
    """Runs the acts with that many users at once."""
    started = time.perf_counter()
    with ThreadPoolExecutor(users) as pool:
        each = list(pool.map(timed, acts))
    return Timing(each, time.perf_counter() - started)


def for_a_while(users: int, seconds: float, make: Callable[[], Callable[[], object]]) -> Timing:
    """Each user repeats an act, made once per user, until the time is over."""
    each: list[list[float]] = [[] for _ in range(users)]
    end = time.perf_counter() + seconds

    def run(mine: list[float]) -> None:
        act = make()
        while time.perf_counter() < end:
            mine.append(timed(act))

    threads = [threading.Thread(target=run, args=(mine,)) for mine in each]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Timing([one for mine in each for one in mine], time.perf_counter() - started)


def median_of(runs: int, measure: Callable[[], float]) -> float:
    return statistics.median(measure() for _ in range(runs))
