"""A progress bar on the error output for commands that read large files; the output stays for results."""

import pathlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn


@contextmanager
def reading(path: pathlib.Path) -> Iterator[Callable[[int], None]]:
    """Shows how much of a file has been read; yields the function that is told of each piece."""
    size = path.stat().st_size if path.is_file() else None
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), refresh_per_second=2) as progress:
        task = progress.add_task(path.name, total=size)
        yield lambda read: progress.advance(task, read)
