"""Temporary control (临时管制): how far its terms have run, and when somebody has to evaluate it.

两用物项出口管制条例 Art. 12: a term is at most two years; before it ends the item is evaluated, and the control is
lifted, extended (at most twice), or the item is listed for good. The day after a term without a decision raises
an alarm; the entry is applied and marked unconfirmed until somebody decides.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from services.classification.domain.entries import ControlEntry
from services.classification.domain.standings import EntryStatus

# How long before the end of a term the evaluation is due; what several bodies have to agree on takes months.
EVALUATION_DAYS: Final = timedelta(days=90)


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
    """Those that have begun on a day and end in a term of temporary control, by what is known then."""
    for entry in entries:
        terms = [each for each in entry.standings if each.status is EntryStatus.TEMPORARY]
        last = entry.standings[-1]
        if last.status is not EntryStatus.TEMPORARY or last.until is None or terms[0].since > day:
            continue
        yield TemporaryControl(entry, terms[0].since, last.until, len(terms) - 1, _state(last.until, day))


def _state(until: date, day: date) -> TemporaryState:
    if day > until:
        return TemporaryState.EVALUATION_OVERDUE
    if day > until - EVALUATION_DAYS:
        return TemporaryState.EVALUATION_DUE
    return TemporaryState.RUNNING
