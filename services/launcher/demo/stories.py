"""Plays all four stories and says whether every one of them ended as told."""

import itertools
import random
import time
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from rich.console import Console

from services.foundation.errors import XukeError
from services.foundation.messages import render
from services.launcher.clients import People
from services.launcher.commands.output import ill, well
from services.launcher.demo import story_a, story_b, story_c, story_d
from services.launcher.demo.licensing_a_case import Cast
from services.launcher.demo.narrator import StoryFailed, TerminalNarrator
from services.launcher.demo.people import sign_in

ORGANISATION = "91320100MA1XUKE016"
# Steps that the four stories have together; the bar counts up to it.
_STEPS = 56


def declaration_numbers() -> Iterator[str]:
    """Customs declaration numbers of 18 digits that no earlier demonstration used."""
    prefix = f"2300{datetime.now(UTC):%Y}1"
    # The number only has to be new; it protects nothing.
    start = random.randrange(10**8)  # noqa: S311
    return (f"{prefix}{(start + offset) % 10**9:09d}" for offset in itertools.count())


def play_all(people: People, console: Console) -> list[str]:
    """Plays the stories one after the other; returns what failed, one line each."""
    numbers = declaration_numbers()
    failures: list[str] = []
    with TerminalNarrator(console, _STEPS) as narrator:
        cast = Cast(people, narrator)
        stories: list[tuple[str, Callable[[], object]]] = [
            (
                "A",
                lambda: story_a.play(cast, ORGANISATION, (next(numbers), next(numbers), next(numbers))),
            ),
            ("B", lambda: story_b.play(cast, ORGANISATION)),
            ("C", lambda: story_c.play(cast, ORGANISATION)),
            ("D", lambda: story_d.play(cast, ORGANISATION, next(numbers))),
        ]
        refused = _outcome(lambda: sign_in(people))
        if refused:
            failures.append(f"signing in: {refused}")
        for name, play in stories:
            failure = _outcome(play)
            if failure:
                failures.append(f"story {name}: {failure}")
    return failures


def _outcome(play: Callable[[], object]) -> str:
    try:
        play()
    except (StoryFailed, TimeoutError) as failed:
        return str(failed)
    except XukeError as refused:
        fields = "; ".join(f"{one.field}: {one.reason}" for one in refused.violations)
        return f"{render(refused.reason, refused.metadata).en} [{refused.reason}] {fields}".strip()
    except (KeyError, IndexError, AttributeError, StopIteration) as missing:
        return f"an answer lacked something: {missing!r}\n{traceback.format_exc(limit=-2)}"
    return ""


def run_demo(people: People, console: Console | None = None) -> int:
    """Plays the demonstration on a running platform; 0 only if every story ended as told."""
    console = console or Console()
    started = time.perf_counter()
    failures = play_all(people, console)
    console.print()
    for failure in failures:
        console.print(ill(failure))
    if not failures:
        console.print(well(f"All four stories ended as told, in {time.perf_counter() - started:.1f} s."))
    return 1 if failures else 0
