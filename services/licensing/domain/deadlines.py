"""When a deadline of the procedure falls due, and when to remind of it.

Computed from what happened and the published calendar each time it is asked; a date that lies in a year
without a holiday notice is not guessed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from services.foundation.clock import SHANGHAI
from services.foundation.legal_clock import (
    Due,
    DueOn,
    Exclusion,
    LegalClock,
    NoStatutoryLimit,
    NotPublished,
    Paused,
)
from services.foundation.working_days import WorkingDayCalendar
from services.licensing.domain.application_state import ApplicationState
from services.licensing.domain.findings import ScreeningVerdict
from services.licensing.domain.procedure import DeadlineRule, Procedure

# Reminders arrive at the beginning of office hours.
_REMINDER_TIME = time(9, 0)


class DeadlineState(StrEnum):
    """Whether a deadline runs, was kept, or passed."""

    OPEN = "OPEN"
    MET = "MET"
    EXPIRED = "EXPIRED"


@dataclass(frozen=True)
class Times:
    """The instants of a deadline (UTC); `due_at` is the first instant after the period, if it can be named."""

    due: Due
    due_at: datetime | None
    reminders_at: tuple[datetime, ...]


def times(
    rule: DeadlineRule,
    started_at: datetime,
    exclusions: Sequence[Exclusion],
    now: datetime,
    calendar: WorkingDayCalendar,
) -> Times:
    """The instants of a deadline that began at `started_at`, from the facts known now."""
    pauses = tuple(exclusions) if rule.exclusions_pause else ()
    clock = LegalClock(rule.working_days, started_at, exclusions=pauses)
    due = clock.read(max(now, started_at), calendar).due
    if not isinstance(due, DueOn):
        return Times(due, None, ())
    reminders = (_remind_at(due.date, days, calendar) for days in rule.reminders)
    return Times(due, due.ends_at, tuple(instant for instant in reminders if instant > started_at))


def opinion_due_at(
    working_days: int, started_at: datetime, now: datetime, calendar: WorkingDayCalendar
) -> datetime | None:
    """The first instant after the period in which an agency is asked to answer; None if not nameable."""
    due = LegalClock(working_days, started_at).read(max(now, started_at), calendar).due
    return due.ends_at if isinstance(due, DueOn) else None


def _remind_at(due: date, working_days: int, calendar: WorkingDayCalendar) -> datetime:
    """The beginning of the working day that lies so many working days before the due date."""
    day = due
    while working_days and day > calendar.first_day:
        day -= timedelta(days=1)
        working_days -= calendar.is_working_day(day)
    return datetime.combine(day, _REMINDER_TIME, SHANGHAI).astimezone(UTC)


@dataclass(frozen=True)
class Movement:
    """Kinds of deadlines that a change of state opens and that it meets."""

    opened: tuple[str, ...]
    met: tuple[str, ...]


def movement(
    procedure: Procedure,
    before: ApplicationState,
    after: ApplicationState,
    verdict: ScreeningVerdict | None,
) -> Movement:
    """What a change of state does to the deadlines of the procedure."""
    opened, met = [], []
    for rule in procedure.deadlines:
        if before in rule.states and after not in rule.states:
            met.append(rule.kind)
        elif after in rule.states and before not in rule.states:
            without_limit = rule.no_limit_for is not None and rule.no_limit_for is verdict
            if not without_limit:
                opened.append(rule.kind)
    return Movement(tuple(opened), tuple(met))


def change_of_limits(
    procedure: Procedure, state: ApplicationState, before: ScreeningVerdict, now: ScreeningVerdict
) -> Movement:
    """What another verdict of the screening does to the limits that run in a state, and those that do not."""
    running = [rule for rule in procedure.deadlines if state in rule.states and rule.no_limit_for is not None]
    return Movement(
        opened=tuple(rule.kind for rule in running if rule.no_limit_for is before is not now),
        met=tuple(rule.kind for rule in running if rule.no_limit_for is now is not before),
    )


def explanation(due: Due) -> tuple[str, dict[str, str]]:
    """Why the due date is what it is, as a reason code of the catalogue with its values."""
    match due:
        case DueOn(day):
            return "DUE_ON", {"date": day.isoformat()}
        case Paused(remaining):
            return "DUE_PAUSED", {"remaining": str(remaining)}
        case NotPublished(year, earliest):
            return "DUE_YEAR_NOT_PUBLISHED", {"year": str(year), "earliest": earliest.isoformat()}
        case NoStatutoryLimit():
            return "DUE_NO_STATUTORY_LIMIT", {}
