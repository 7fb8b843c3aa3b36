"""Screens the rows of a file in several processes, in the order of the file, a bounded number of rows at a time."""

import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Final

from services.screening.batch import Target, screen_rows
from services.screening.batch_files import Row

Result = tuple[str, ...]
Chunk = list[tuple[int, Row]]

_ROWS_AT_A_TIME: Final = 200
_CHUNKS_AHEAD: Final = 3
_WORTH_WORKERS: Final = 500_000
_MOST_WORKERS: Final = 8


class Screener:
    """Screens rows here, or in worker processes that share the index they were started with."""

    def __init__(self, target: Target, workers: int) -> None:
        self._target: Final = target
        self._workers: Final = workers
        self._pool: Final = (
            multiprocessing.get_context("fork").Pool(workers, _remember, (target,)) if workers > 1 else None
        )

    def screen(self, rows: Iterable[tuple[int, Row]]) -> Iterator[Result]:
        """The results of the rows, in their order. Errors of the rows and of a worker end it."""
        if self._pool is None:
            yield from screen_rows(rows, self._target)
            return
        waiting = iter(rows)
        under_way = deque(
            self._pool.apply_async(_screen, (chunk,))
            for chunk in islice(_chunks(waiting), self._workers * _CHUNKS_AHEAD)
        )
        while under_way:
            yield from under_way.popleft().get()
            under_way.extend(
                self._pool.apply_async(_screen, (chunk,)) for chunk in islice(_chunks(waiting), 1)
            )

    def close(self) -> None:
        """Ends the workers."""
        if self._pool is not None:
            self._pool.terminate()
            self._pool.join()


@contextmanager
def screener(target: Target, size: int) -> Iterator[Screener]:
    """A screener for a file of `size` bytes; a small file is not worth further processes."""
    can_share = "fork" in multiprocessing.get_all_start_methods()
    workers = min(os.cpu_count() or 1, _MOST_WORKERS) if can_share and size >= _WORTH_WORKERS else 1
    opened = Screener(target, workers)
    try:
        yield opened
    finally:
        opened.close()


def _chunks(rows: Iterator[tuple[int, Row]]) -> Iterator[Chunk]:
    while chunk := list(islice(rows, _ROWS_AT_A_TIME)):
        yield chunk


_TARGETS: Final[list[Target]] = []


def _remember(target: Target) -> None:
    _TARGETS.append(target)


def _screen(chunk: Chunk) -> list[Result]:
    return list(screen_rows(chunk, _TARGETS[-1]))
