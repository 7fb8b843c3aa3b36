"""How an entry stands in law over time: intervals of days, each with the announcement that it rests on."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

# 两用物项出口管制条例 Art. 12: each term of temporary control (临时管制) at most two years, extended at most twice.
TEMPORARY_YEARS: Final = 2
TEMPORARY_EXTENSIONS: Final = 2
_DAY: Final = timedelta(days=1)
# A day outside of these is a slip of the pen; no law on export control is older, and nobody legislates so far ahead.
EARLIEST_DAY: Final = date(1949, 10, 1)
LATEST_DAY: Final = date(2199, 12, 31)


class EntryStatus(StrEnum):
    """How an entry stands on a legal day."""

    ANNOUNCED = "ANNOUNCED"
    IN_FORCE = "IN_FORCE"
    TEMPORARY = "TEMPORARY"
    UNCONFIRMED = "UNCONFIRMED"
    SUSPENDED = "SUSPENDED"
    REPEALED = "REPEALED"

    @property
    def applies(self) -> bool:
        """Whether the entry is applied. One of unconfirmed standing is, and is marked: fail closed."""
        return self in (EntryStatus.IN_FORCE, EntryStatus.TEMPORARY, EntryStatus.UNCONFIRMED)


# What follows these is known only once somebody states it with a legal basis: their end releases nothing.
_UNDECIDED: Final = frozenset({EntryStatus.TEMPORARY, EntryStatus.SUSPENDED, EntryStatus.UNCONFIRMED})


@dataclass(frozen=True, slots=True)
class Standing:
    """A status from one day to another, both inclusive; None is open. `basis` names the announcement."""

    status: EntryStatus
    since: date
    until: date | None
    basis: str


def status_on(standings: Sequence[Standing], day: date) -> EntryStatus:
    """The status on a day of law.

    After the last term of temporary control without a stored decision the status is unconfirmed: the decision
    that 两用物项出口管制条例 Art. 12 asks for is not known. So it is after a suspension that ends. After any other end
    the entry is repealed.
    """
    if day < standings[0].since:
        return EntryStatus.ANNOUNCED
    current = next(each for each in reversed(standings) if each.since <= day)
    if current.until is None or day <= current.until:
        return current.status
    return EntryStatus.UNCONFIRMED if current.status in _UNDECIDED else EntryStatus.REPEALED


def is_over(standings: Sequence[Standing]) -> bool:
    """Whether they say that the entry ends for good on some day."""
    last = standings[-1]
    return last.status is EntryStatus.REPEALED or (last.until is not None and last.status not in _UNDECIDED)


def is_ended(standings: Sequence[Standing], day: date) -> bool:
    """Whether the entry has ended on a day and none of them lets it begin again."""
    later = [each.status for each in standings if each.since > day]
    return {status_on(standings, day), *later} == {EntryStatus.REPEALED}


# An entry is announced before it is applied for the first time, or after it has ended.
_BEFORE_ANNOUNCED: Final = frozenset({EntryStatus.ANNOUNCED, EntryStatus.REPEALED})


class TemporaryControlError(ValueError):
    """A term of temporary control that 两用物项出口管制条例 Art. 12 does not allow."""


def checked(standings: Sequence[Standing], what: str) -> tuple[Standing, ...]:
    """The standings in order.

    Errors: ValueError where they overlap or leave a hole, or where an entry that is applied would only be announced
    again or is announced for ever; TemporaryControlError where they break Art. 12.
    """
    ordered = tuple(sorted(standings, key=lambda each: each.since))
    if not ordered:
        raise ValueError(f"{what}: no standing")
    if ordered[-1].status is EntryStatus.ANNOUNCED:
        raise ValueError(f"{what}: announced and nothing after it")
    for before, after in itertools.pairwise(ordered):
        if after.status is EntryStatus.ANNOUNCED and before.status not in _BEFORE_ANNOUNCED:
            raise ValueError(f"{what}: announced on {after.since} although {before.status} before")
        if before.until is None or (after.since - before.until).days != 1:
            raise ValueError(f"{what}: {before.status} does not end on the day before {after.since}")
    terms = [each for each in ordered if each.status is EntryStatus.TEMPORARY]
    if len(terms) > 1 + TEMPORARY_EXTENSIONS:
        raise TemporaryControlError(f"{what}: temporary control is extended at most twice")
    for term in terms:
        if term.until is None or term.until >= _years_after(term.since, TEMPORARY_YEARS):
            raise TemporaryControlError(f"{what}: a term of temporary control is at most two years")
    return ordered


def with_standing(standings: Sequence[Standing], new: Standing) -> tuple[Standing, ...]:
    """The standings with a new one in place of whatever they said of its days.

    What follows a suspension or a term of temporary control that is laid over others is unconfirmed until somebody
    states it: neither that the entry is applied again nor that it is not is said by their end. Only an entry that
    is listed anyway stays listed after a term. After any other end what was stated for those days stands. Days of
    which nothing was stated before the new one stand as they did (see `status_on`).
    """
    kept = [_until(each, new.since - _DAY) for each in standings if each.since < new.since]
    last = kept[-1].until if kept else None
    if last is not None and last < new.since - _DAY:
        first = last + _DAY
        kept.append(Standing(status_on(kept, first), first, new.since - _DAY, kept[-1].basis))
    after: list[Standing] = []
    if new.until is not None:
        next_day = new.until + _DAY
        for each in standings:
            if each.until is None or each.until >= next_day:
                after.extend(_rest(each, new, next_day, is_last=each is standings[-1]))
    return (*kept, new, *after)


def _rest(under: Standing, new: Standing, next_day: date, *, is_last: bool) -> Iterator[Standing]:
    """What is left after a new standing of one that goes on for longer."""
    rest = replace(under, since=max(under.since, next_day))
    if under.since >= next_day or not _hides(new.status, under.status):
        yield rest
        return
    yield Standing(EntryStatus.UNCONFIRMED, next_day, under.until, new.basis)
    if is_last and under.until is not None and under.status not in _UNDECIDED:
        # Its end was stated, whatever came in between.
        yield Standing(EntryStatus.REPEALED, under.until + _DAY, None, under.basis)


def _hides(new: EntryStatus, under: EntryStatus) -> bool:
    """Whether after the end of a new standing it is not known what was stated before it."""
    if new is EntryStatus.TEMPORARY:
        return under is not EntryStatus.IN_FORCE
    return new is EntryStatus.SUSPENDED


def ended(standings: Sequence[Standing], day: date, basis: str) -> tuple[Standing, ...]:
    """The standings of an entry that is repealed from a day on; one that was to begin later never begins."""
    first = max(day, standings[0].since)
    return with_standing(standings, Standing(EntryStatus.REPEALED, first, None, basis))


def _until(standing: Standing, day: date) -> Standing:
    ends = day if standing.until is None else min(standing.until, day)
    return replace(standing, until=ends)


def _years_after(day: date, years: int) -> date:
    """The same day of a later year; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
