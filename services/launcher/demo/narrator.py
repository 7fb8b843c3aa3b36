"""Tells a story as it happens: who did what, what changed, how long it took."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table
from rich.text import Text

from services.launcher.commands.output import literal


class StoryFailed(Exception):
    """A story did not go as told; the message says where and what was seen instead."""


@dataclass
class Step:
    """One thing that somebody does; `changed` is filled in while it happens."""

    who: str
    what: str
    changed: str = ""
    facts: list[str] = field(default_factory=list)


class Narrator(Protocol):
    """Where a story is told."""

    def begin(self, title: str) -> None:
        """A story begins."""
        ...

    def step(self, step: Step, seconds: float) -> None:
        """A step is done."""
        ...

    def table(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Something worth looking at."""
        ...


@contextmanager
def telling(narrator: Narrator, who: str, what: str) -> Iterator[Step]:
    """Times one step and tells it when it is done; an error in it is left to the story."""
    step = Step(who, what)
    started = time.perf_counter()
    yield step
    narrator.step(step, time.perf_counter() - started)


def expect(condition: object, told: str, seen: object) -> None:
    """Ends the story unless it goes as told."""
    if not condition:
        raise StoryFailed(f"expected {told}; seen: {str(seen)[:500]}")


class SilentNarrator:
    """Remembers the steps and shows nothing."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def begin(self, title: str) -> None:
        """A story begins."""

    def step(self, step: Step, seconds: float) -> None:
        """A step is done."""
        self.steps.append(step)

    def table(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Something worth looking at."""


class TerminalNarrator:
    """Prints each step to a terminal above a live bar of the whole demonstration."""

    def __init__(self, console: Console, expected_steps: int) -> None:
        self._console = console
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", style="bold", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("steps"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        )
        self._task = self._progress.add_task("starting", total=expected_steps)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def begin(self, title: str) -> None:
        """A story begins."""
        self._progress.update(self._task, description=title.partition(" ")[0])
        self._console.print()
        # A rule would cut a title that is longer than the terminal is wide.
        self._console.print(literal(title, "bold"))
        self._console.rule()

    def step(self, step: Step, seconds: float) -> None:
        """Prints who, what, what changed and how long it took."""
        self._progress.advance(self._task)
        line = Table.grid(padding=(0, 1), expand=True)
        line.add_column(width=20, overflow="fold")
        line.add_column(ratio=1, overflow="fold")
        line.add_column(width=9, justify="right", no_wrap=True)
        told = literal(step.what)
        if step.changed:
            told.append_text(literal(f"  → {step.changed}", "green"))
        line.add_row(literal(step.who, "cyan"), told, Text(f"{seconds * 1000:,.0f} ms", "dim"))
        for fact in step.facts:
            line.add_row("", literal(fact, "dim"), "")
        self._console.print(line)

    def table(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Prints a table."""
        table = Table(title=literal(title, "bold"), title_justify="left", show_edge=False, pad_edge=False)
        for column in columns:
            table.add_column(literal(column), overflow="fold")
        for row in rows:
            table.add_row(*(literal(value) for value in row))
        self._console.print()
        self._console.print(table)
