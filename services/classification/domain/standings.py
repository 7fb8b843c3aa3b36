"""How an entry stands in law over time: intervals of days, each with the announcement that it rests on."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

# 两用物项出口管制条例 Art. 12: each term of temporary control (临时管制) at most two years, extended at most twice.
TEMPORARY_YEARS: Final = 2
TEMPORARY_EXTENSIONS: Final = 2
_DAY: Final = timedelta(days=1)


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
    that 两用物项出口管制条例 Art. 12 asks for is not known. After any other end the entry is repealed.
    """
    if day < standings[0].since:
        return EntryStatus.ANNOUNCED
    current = next(each for each in reversed(standings) if each.since <= day)
    if current.until is None or day <= current.until:
        return current.status
    return EntryStatus.UNCONFIRMED if current.status is EntryStatus.TEMPORARY else EntryStatus.REPEALED


class TemporaryControlError(ValueError):
    """A term of temporary control that 两用物项出口管制条例 Art. 12 does not allow."""


def checked(standings: Sequence[Standing], what: str) -> tuple[Standing, ...]:
    """The standings in order.

    Errors: ValueError where they overlap or leave a hole; TemporaryControlError where they break Art. 12.
    """
    ordered = tuple(sorted(standings, key=lambda each: each.since))
    if not ordered:
        raise ValueError(f"{what}: no standing")
    if all(each.status is EntryStatus.ANNOUNCED for each in ordered):
        raise ValueError(f"{what}: announced and nothing after it")
    for before, after in itertools.pairwise(ordered):
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

    What follows a suspension that ends is unconfirmed until somebody states it: that the entry is applied again
    is not said by its end. After any other end what was stated for those days stands. Days of which nothing was
    stated before the new one stand as they did (see `status_on`).
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
                rest = replace(each, since=max(each.since, next_day))
                if new.status is EntryStatus.SUSPENDED and each.since < next_day:
                    rest = Standing(EntryStatus.UNCONFIRMED, next_day, each.until, new.basis)
                after.append(rest)
    return (*kept, new, *after)


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
