"""Temporary control (临时管制): how far its terms have run, and when somebody has to evaluate it.

两用物项出口管制条例 Art. 12: a term is at most two years; before it ends the item is evaluated, and the control is
lifted, extended (at most twice), or the item is listed for good. The day after a term without a decision raises
an alarm; the entry is applied and marked unconfirmed until somebody decides.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from services.classification.domain.entries import ControlEntry
from services.classification.domain.standings import EntryStatus, Standing

# How long before the end of a term the evaluation is due; what several bodies have to agree on takes months.
EVALUATION_DAYS: Final = timedelta(days=90)
_DECIDES_NOTHING: Final = frozenset({EntryStatus.SUSPENDED, EntryStatus.UNCONFIRMED})


class TemporaryState(StrEnum):
    """Where a temporary control stands on a day."""

    RUNNING = "RUNNING"
    EVALUATION_DUE = "EVALUATION_DUE"
    EVALUATION_OVERDUE = "EVALUATION_OVERDUE"


@dataclass(frozen=True, slots=True)
class TemporaryControl:
    """An entry under temporary control that no decision follows yet; days of law, inclusive."""

    entry: ControlEntry
    since: date
    until: date
    extensions: int
    state: TemporaryState


def temporary_controls(entries: Iterable[ControlEntry], day: date) -> Iterator[TemporaryControl]:
    """Those that have begun on a day and that no decision ends, by what is known then.

    That the control was suspended, or that it is applied although nothing is confirmed, decides nothing.
    """
    for entry in entries:
        standings = list(entry.standings)
        while standings and standings[-1].status in _DECIDES_NOTHING:
            standings.pop()
        terms = [each for each in standings if each.status is EntryStatus.TEMPORARY]
        if not terms or standings[-1] is not terms[-1] or terms[0].since > day:
            continue
        until = _ends(terms[-1], entry.standings[len(standings) :])
        yield TemporaryControl(entry, terms[0].since, until, len(terms) - 1, _state(until, day))


def _ends(term: Standing, after: Sequence[Standing]) -> date:
    """The last day of a term; where it was suspended in its course, of what was suspended."""
    ends = [term.until]
    if any(each.status is EntryStatus.SUSPENDED for each in after):
        ends.extend(each.until for each in after)
    return max(each for each in ends if each is not None)


def _state(until: date, day: date) -> TemporaryState:
    if day > until:
        return TemporaryState.EVALUATION_OVERDUE
    if day > until - EVALUATION_DAYS:
        return TemporaryState.EVALUATION_DUE
    return TemporaryState.RUNNING
