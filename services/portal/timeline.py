"""The time of a case as intervals, to be drawn as a bar: who held it, and what counts towards the review limit.

The intervals come from the events of the case and from the exclusions of the review clock; nothing is counted
here, for working days are counted by the service alone (两用物项出口管制条例 Art. 17).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from services.portal.formats import SHANGHAI


class Span(StrEnum):
    """What an interval is."""

    CHECKS = "CHECKS"
    PROVINCE = "PROVINCE"
    APPLICANT = "APPLICANT"
    INTAKE = "INTAKE"
    # Counts towards the review limit.
    COUNTED = "COUNTED"
    # Does not: identification, expert opinion, on-site verification (条例 Art. 17(3)).
    EXCLUDED = "EXCLUDED"


_BY_STATE: Final = {
    "SUBMITTED": Span.CHECKS,
    "PROVINCIAL_REVIEW": Span.PROVINCE,
    "SUPPLEMENT_REQUESTED": Span.APPLICANT,
    "MINISTRY_INTAKE": Span.INTAKE,
    "ACCEPTED": Span.COUNTED,
    "IN_CONSULTATION": Span.COUNTED,
    "READY_FOR_PROPOSAL": Span.COUNTED,
    "PROPOSED": Span.COUNTED,
}
# Narrower than this share of the bar nothing can be seen.
_NARROWEST: Final = 0.004


@dataclass(frozen=True)
class Step:
    """From an instant on the case is in a state."""

    at: datetime
    state: str


@dataclass(frozen=True)
class Pause:
    """The review limit does not run; `ended_at` is None while it lasts."""

    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class Interval:
    """Part of the life of the case."""

    span: Span
    start: datetime
    end: datetime
    running: bool = False


@dataclass(frozen=True)
class Mark:
    """A place on the bar, between 0 and 1."""

    name: str
    place: float


@dataclass(frozen=True)
class Piece:
    """An interval as it is drawn: where it begins and how wide it is, as shares of the bar."""

    interval: Interval
    place: float
    width: float


@dataclass(frozen=True)
class Timeline:
    """The bar."""

    start: datetime
    end: datetime
    pieces: tuple[Piece, ...]
    marks: tuple[Mark, ...]

    @property
    def spans(self) -> tuple[Span, ...]:
        """The kinds of intervals that occur, in order."""
        present = {piece.interval.span for piece in self.pieces}
        return tuple(span for span in Span if span in present)


def intervals(steps: Sequence[Step], pauses: Iterable[Pause], now: datetime) -> tuple[Interval, ...]:
    """The life of a case from its submission on; what follows each other and is alike is one interval."""
    found: list[Interval] = []
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        span = _BY_STATE.get(step.state)
        end = max(step.at, following.at if following else now)
        if span is None:
            continue
        running = following is None
        if found and found[-1].span is span and found[-1].end == step.at:
            found[-1] = Interval(span, found[-1].start, end, running)
        else:
            found.append(Interval(span, step.at, end, running))
    ordered = sorted(pauses, key=lambda pause: pause.started_at)
    return tuple(part for interval in found for part in _divided(interval, ordered))


def _divided(interval: Interval, pauses: Sequence[Pause]) -> list[Interval]:
    """A counted interval with what is excluded taken out of it."""
    if interval.span is not Span.COUNTED:
        return [interval]
    parts: list[Interval] = []
    place = interval.start
    for pause in pauses:
        start = max(pause.started_at, place)
        end = min(pause.ended_at or interval.end, interval.end)
        if start > end or start > interval.end:
            continue
        if start > place:
            parts.append(Interval(Span.COUNTED, place, start))
        parts.append(Interval(Span.EXCLUDED, start, end, interval.running and pause.ended_at is None))
        place = end
    if place < interval.end or not parts:
        parts.append(Interval(Span.COUNTED, place, interval.end, interval.running))
    return parts


def timeline(parts: Sequence[Interval], now: datetime, due: date | None) -> Timeline | None:
    """The bar of some intervals, with today and the due day marked; None where there is nothing to draw."""
    if not parts:
        return None
    start = parts[0].start
    due_at = datetime.combine(due + timedelta(days=1), time(), SHANGHAI) if due else None
    running = parts[-1].running
    last = now if running else parts[-1].end
    end = max([last, *([due_at] if due_at else [])])
    whole = (end - start).total_seconds() or 1.0

    def place_of(instant: datetime) -> float:
        return min(max((instant - start).total_seconds() / whole, 0.0), 1.0)

    pieces = tuple(
        Piece(part, place_of(part.start), max(place_of(part.end) - place_of(part.start), _NARROWEST))
        for part in parts
    )
    marks = [Mark("today", place_of(now))] if running else []
    if due_at:
        marks.append(Mark("due", place_of(due_at)))
    return Timeline(start, end, pieces, tuple(marks))
