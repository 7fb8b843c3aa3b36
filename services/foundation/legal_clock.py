"""The clock of a statutory period: computed from what happened, never counted along.

A period of so many working days (行政许可法 Art. 82) runs from a starting instant, such as the
acceptance (受理) of an application, to the decision. Time the law leaves out, such as that for
identification, expert opinion and on-site verification (两用物项出口管制条例 Art. 17(3)), is given as
intervals with their legal reason. Whatever order the facts are read in, the same facts give the
same reading.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from services.foundation.clock import SHANGHAI, legal_day
from services.foundation.working_days import WorkingDayCalendar

_ONE_DAY: Final = datetime.timedelta(days=1)


class ExclusionReason(StrEnum):
    """Why the law leaves a time out of a period."""

    IDENTIFICATION = "IDENTIFICATION"
    """组织鉴别: 两用物项出口管制条例 Art. 17(3); 行政许可法 Art. 45."""
    EXPERT_OPINION = "EXPERT_OPINION"
    """征询专家意见: 两用物项出口管制条例 Art. 17(3); 行政许可法 Art. 45 (专家评审)."""
    ON_SITE_VERIFICATION = "ON_SITE_VERIFICATION"
    """实地核查 of the exporter or the end user: 两用物项出口管制条例 Art. 17(3)."""
    SUPPLEMENT = "SUPPLEMENT"
    """补正: the file is with the applicant after the one-time notice; 行政许可法 Art. 32(4)."""
    HEARING = "HEARING"
    """听证: 行政许可法 Art. 45."""
    INTERNATIONAL_VERIFICATION = "INTERNATIONAL_VERIFICATION"
    """国际核查: 易制毒化学品管理条例 Art. 29."""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A time left out of the period, from its opening to its closing (None: still open).

    The day it opens still counts and the day it closes does not, so that an exclusion opened and
    closed on one day leaves out nothing.
    """

    reason: ExclusionReason
    opened_at: datetime.datetime
    closed_at: datetime.datetime | None = None

    def __post_init__(self) -> None:
        _require_aware(self.opened_at, self.closed_at)
        if self.closed_at is not None and self.closed_at < self.opened_at:
            raise ValueError(f"{self.reason} closes before it opens")


@dataclass(frozen=True, slots=True)
class DueOn:
    """The last day of the period, which ends as that day ends in China (民法典 Art. 203)."""

    date: datetime.date

    @property
    def ends_at(self) -> datetime.datetime:
        """The first instant after the period, in UTC."""
        midnight = datetime.datetime.combine(self.date + _ONE_DAY, datetime.time(), SHANGHAI)
        return midnight.astimezone(datetime.UTC)


@dataclass(frozen=True, slots=True)
class Paused:
    """No date can be foretold: an exclusion is open. `remaining` working days follow its close."""

    remaining: int


@dataclass(frozen=True, slots=True)
class NotPublished:
    """The period runs into `year`, which has no holiday notice yet.

    The due date is not before `earliest_possible`, reached only if every day from then on were
    worked; it is a bound, not a prediction.
    """

    year: int
    earliest_possible: datetime.date


@dataclass(frozen=True, slots=True)
class NoStatutoryLimit:
    """The law sets no limit (两用物项出口管制条例 Art. 17(2) and 26(2))."""


Due = DueOn | Paused | NotPublished | NoStatutoryLimit


class ClockState(StrEnum):
    """Whether working days are being counted at the instant of the reading."""

    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    STOPPED = "STOPPED"


class Timeliness(StrEnum):
    """Whether the period has been kept so far, or was kept when the clock stopped."""

    IN_TIME = "IN_TIME"
    LATE = "LATE"
    UNDETERMINED = "UNDETERMINED"
    """The answer lies in a year without a holiday notice."""
    NO_LIMIT = "NO_LIMIT"


@dataclass(frozen=True, slots=True)
class ClockReading:
    """What the clock says at one instant.

    `counted` + `excluded` is the number of working days after the starting day through
    `counted_through`, which falls short of the day of the reading only when that day has no
    published calendar. `excluded_by_reason` gives the days each reason covers; where reasons
    overlap a day stands under each of them, so their sum may exceed `excluded`.
    """

    as_of: datetime.datetime
    state: ClockState
    timeliness: Timeliness
    limit: int | None
    counted: int
    excluded: int
    excluded_by_reason: tuple[tuple[ExclusionReason, int], ...]
    counted_through: datetime.date
    due: Due


@dataclass(frozen=True, slots=True)
class _Span:
    """Days left out: those after `after` and through `through` (None: open)."""

    after: datetime.date
    through: datetime.date | None


@dataclass(frozen=True, slots=True)
class LegalClock:
    """A statutory period: its limit in working days (None: the law sets none) and its facts."""

    limit: int | None
    started_at: datetime.datetime
    stopped_at: datetime.datetime | None = None
    exclusions: tuple[Exclusion, ...] = ()

    def __post_init__(self) -> None:
        _require_aware(self.started_at, self.stopped_at)
        if self.limit is not None and self.limit < 1:
            raise ValueError("a statutory limit is at least one working day")
        if self.stopped_at is not None and self.stopped_at < self.started_at:
            raise ValueError("the clock stops before it starts")

    def read(self, as_of: datetime.datetime, calendar: WorkingDayCalendar) -> ClockReading:
        """The reading at an instant, from the facts known by then: later facts are not yet seen.

        Raises ValueError for an instant before the start, CalendarNotPublished when the period
        began before the first year of the calendar.
        """
        if as_of < self.started_at:
            raise ValueError("the clock has not started at that instant")
        stopped = self.stopped_at is not None and self.stopped_at <= as_of
        end = self.stopped_at if self.stopped_at is not None and stopped else as_of
        first, last = legal_day(self.started_at), legal_day(end)
        known = [exclusion for exclusion in self.exclusions if exclusion.opened_at <= end]
        spans = [(exclusion.reason, _known_span(exclusion, end, stopped)) for exclusion in known]
        merged = _merge(span for _, span in spans)

        through = max(first, min(last, calendar.horizon))
        total = calendar.count_between(first, through)
        excluded = _covered(merged, first, through, calendar)
        by_reason = tuple(
            (
                reason,
                _covered(_merge(span for other, span in spans if other is reason), first, through, calendar),
            )
            for reason in ExclusionReason
            if any(other is reason for other, _ in spans)
        )
        due = _due(self.limit, first, merged, calendar)
        if stopped:
            state = ClockState.STOPPED
        elif merged and merged[-1].through is None:
            state = ClockState.PAUSED
        else:
            state = ClockState.RUNNING
        return ClockReading(
            as_of=as_of,
            state=state,
            timeliness=_timeliness(due, last),
            limit=self.limit,
            counted=total - excluded,
            excluded=excluded,
            excluded_by_reason=tuple(by_reason),
            counted_through=through,
            due=due,
        )


def _require_aware(*instants: datetime.datetime | None) -> None:
    if any(instant is not None and instant.tzinfo is None for instant in instants):
        raise ValueError("an instant without a time zone falls on no day of law")


def _known_span(exclusion: Exclusion, end: datetime.datetime, stopped: bool) -> _Span:
    """The days left out as known at `end`; what is open when the clock stops closes with it."""
    opened = legal_day(exclusion.opened_at)
    if exclusion.closed_at is not None and exclusion.closed_at <= end:
        return _Span(opened, legal_day(exclusion.closed_at))
    return _Span(opened, legal_day(end) if stopped else None)


def _merge(spans: Iterable[_Span]) -> list[_Span]:
    """The same days as disjoint spans in order; an open span can only be the last."""
    merged: list[_Span] = []
    for span in sorted(spans, key=lambda span: span.after):
        previous = merged[-1] if merged else None
        if previous is None or (previous.through is not None and span.after > previous.through):
            merged.append(span)
        elif previous.through is not None:
            through = None if span.through is None else max(previous.through, span.through)
            merged[-1] = _Span(previous.after, through)
    return merged


def _covered(
    merged: list[_Span], first: datetime.date, through: datetime.date, calendar: WorkingDayCalendar
) -> int:
    """The working days after `first` and through `through` that lie in the merged spans."""
    number = 0
    for span in merged:
        left = max(first, span.after)
        right = through if span.through is None else min(through, span.through)
        if left < right:
            number += calendar.count_between(left, right)
    return number


def _due(limit: int | None, first: datetime.date, merged: list[_Span], calendar: WorkingDayCalendar) -> Due:
    """Walk from one exclusion to the next until the limit is used up.

    Days after the horizon are walked as if each were worked. A date found within the horizon used
    none of them and is exact; one beyond it is the earliest that any notice could make it.
    """
    if limit is None:
        return NoStatutoryLimit()
    position, remaining = first, limit
    for span in merged:
        if span.through is not None and span.through <= position:
            continue
        available = _count_at_most(position, max(position, span.after), calendar)
        if available >= remaining:
            break
        remaining -= available
        if span.through is None:
            if max(position, span.after) > calendar.horizon:
                return NotPublished(
                    calendar.horizon.year + 1, max(position, span.after) + _ONE_DAY * remaining
                )
            return Paused(remaining)
        position = span.through
    used = calendar.count_between(position, calendar.horizon) if position < calendar.horizon else 0
    if used >= remaining:
        return DueOn(calendar.add_working_days(position, remaining))
    earliest = max(position, calendar.horizon) + _ONE_DAY * (remaining - used)
    return NotPublished(calendar.horizon.year + 1, earliest)


def _count_at_most(after: datetime.date, through: datetime.date, calendar: WorkingDayCalendar) -> int:
    """The working days of a stretch, every day beyond the horizon taken as worked."""
    known_through = min(through, calendar.horizon)
    known = calendar.count_between(after, known_through) if after < known_through else 0
    return known + max(0, (through - max(after, calendar.horizon)).days)


def _timeliness(due: Due, last: datetime.date) -> Timeliness:
    match due:
        case NoStatutoryLimit():
            return Timeliness.NO_LIMIT
        case Paused():
            return Timeliness.IN_TIME
        case DueOn(date):
            return Timeliness.LATE if last > date else Timeliness.IN_TIME
        case NotPublished(_, earliest_possible):
            return Timeliness.UNDETERMINED if last > earliest_possible else Timeliness.IN_TIME
