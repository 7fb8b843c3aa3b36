"""From which days on a proposal changes what the law says: an announcement is mostly made before it takes effect."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

from services.classification.domain.list_rows import Row, standings_of
from services.classification.domain.standings import Standing, status_on
from services.foundation.proposed_changes import Change

_DAY: Final = timedelta(days=1)


def days_of_effect(changes: Iterable[Change], today: date) -> tuple[date, ...]:
    """Today, and every later day of law on which a change begins or ceases to make a difference, in order."""
    found = {today}
    for change in changes:
        before = standings_of(change.before) if change.before is not None else ()
        after = standings_of(change.after)
        amends = change.before is not None and _words(change.before) != _words(change.after)
        so_far: tuple[bool, bool] | None = None
        for day in sorted({today, *(day for day in _turns((*before, *after)) if day > today)}):
            applies = (_applies(before, day), _applies(after, day))
            differs = applies[0] is not applies[1] or (amends and applies[1])
            if differs and applies != so_far:
                found.add(day)
            so_far = applies
    return tuple(sorted(found))


def restood(changes: Iterable[Change]) -> frozenset[str] | None:
    """The entries that change, where of none anything but its standings does; None otherwise."""
    found = set()
    for change in changes:
        if change.before is None or _words(change.before) != _words(change.after):
            return None
        found.add(change.key)
    return frozenset(found)


def _turns(standings: Sequence[Standing]) -> Iterable[date]:
    """The days on which one standing follows another, or nothing."""
    for each in standings:
        yield each.since
        if each.until is not None:
            yield each.until + _DAY


def _applies(standings: Sequence[Standing], day: date) -> bool:
    return bool(standings) and status_on(standings, day).applies


def _words(row: Row) -> dict[str, object]:
    return {name: value for name, value in row.items() if name != "standings"}
