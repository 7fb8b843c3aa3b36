"""The review clock of an application, read from its event ledger alone (两用物项出口管制条例 Art. 17).

It starts at acceptance (受理), leaves out identification, expert opinion and on-site verification, and stops
at the decision, unless that is taken back: then it has run all the while. How long each side held the case is
computed from the same events.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from services.foundation.clock import legal_day
from services.foundation.ledger import LedgerEvent
from services.foundation.legal_clock import (
    ClockReading,
    Exclusion,
    ExclusionReason,
    LegalClock,
)
from services.foundation.working_days import WorkingDayCalendar
from services.licensing.domain.application_state import CONCLUDED, Action, ApplicationState
from services.licensing.domain.findings import ScreeningVerdict
from services.licensing.domain.procedure import DeadlineRule, Holder

# Reasons for which an officer may stop the clock (条例 Art. 17(3)).
EXCLUSION_REASONS = (
    ExclusionReason.IDENTIFICATION,
    ExclusionReason.EXPERT_OPINION,
    ExclusionReason.ON_SITE_VERIFICATION,
)
_STARTS = (Action.ACCEPT.value, Action.DEEM_ACCEPTED.value)


@dataclass(frozen=True)
class RecordedExclusion:
    """An exclusion with its id; `working_days` left out by it so far."""

    exclusion_id: str
    exclusion: Exclusion
    working_days: int


@dataclass(frozen=True)
class HolderTime:
    """How long one side held the case; `unpublished_year` is the year whose days could not be counted."""

    holder: Holder
    working_days: int
    seconds: float
    unpublished_year: int | None


@dataclass(frozen=True)
class ReviewClock:
    """The clock at one instant; `reading` is None before acceptance."""

    as_of: datetime
    started_at: datetime | None
    reading: ClockReading | None
    exclusions: tuple[RecordedExclusion, ...]
    holder_times: tuple[HolderTime, ...]


def exclusions_of(events: Sequence[LedgerEvent]) -> dict[str, Exclusion]:
    """The exclusions that the events tell of, by id."""
    found: dict[str, Exclusion] = {}
    for event in events:
        exclusion_id = str(event.payload.get("exclusion_id", ""))
        if event.action == Action.START_EXCLUSION:
            found[exclusion_id] = Exclusion(ExclusionReason(str(event.payload["reason"])), event.occurred_at)
        elif event.action == Action.END_EXCLUSION:
            opened = found[exclusion_id]
            # The clocks of two machines may differ by a little; an exclusion never closes before it opens.
            closed_at = max(opened.opened_at, event.occurred_at)
            found[exclusion_id] = Exclusion(opened.reason, opened.opened_at, closed_at)
    return found


def read_clock(
    events: Sequence[LedgerEvent], rule: DeadlineRule, as_of: datetime, calendar: WorkingDayCalendar
) -> ReviewClock:
    """The clock as of an instant, from the events up to then."""
    known = [event for event in events if event.occurred_at <= as_of]
    holder_times = _holder_times(known, as_of, calendar)
    start = next((event for event in known if event.action in _STARTS), None)
    if start is None:
        return ReviewClock(as_of, None, None, (), holder_times)
    started_at = datetime.fromisoformat(str(start.payload["accepted_as_of"]))
    stopped_at = _stopped_at([event for event in known if event.sequence > start.sequence])
    exclusions = exclusions_of(known)
    restricted = rule.no_limit_for is not None and _verdict(known) is rule.no_limit_for
    clock = LegalClock(
        None if restricted else rule.working_days, started_at, stopped_at, tuple(exclusions.values())
    )
    recorded = tuple(
        RecordedExclusion(
            key,
            exclusion,
            _working_days(exclusion.opened_at, exclusion.closed_at or stopped_at or as_of, calendar)[0],
        )
        for key, exclusion in exclusions.items()
    )
    return ReviewClock(as_of, started_at, clock.read(as_of, calendar), recorded, holder_times)


def _stopped_at(events: Sequence[LedgerEvent]) -> datetime | None:
    """When the review ended, by the events since the acceptance; a decision taken back did not end it."""
    stopped_at: datetime | None = None
    for event in events:
        if event.action == Action.SEND_BACK:
            stopped_at = None
        elif stopped_at is None and ApplicationState(event.state) in (ApplicationState.APPROVED, *CONCLUDED):
            stopped_at = event.occurred_at
    return stopped_at


def accepted_as_of(events: Sequence[LedgerEvent]) -> datetime | None:
    """The instant from which the review limit runs; None before acceptance."""
    start = next((event for event in events if event.action in _STARTS), None)
    return None if start is None else datetime.fromisoformat(str(start.payload["accepted_as_of"]))


def _verdict(events: Sequence[LedgerEvent]) -> ScreeningVerdict | None:
    for event in reversed(events):
        if "verdict" in event.payload:
            return ScreeningVerdict(str(event.payload["verdict"]))
    return None


def holder_of(state: ApplicationState) -> Holder | None:
    """Who has the case in hand in a state; None before submission and after the end."""
    match state:
        case ApplicationState.SUBMITTED:
            return Holder.SYSTEM
        case ApplicationState.PROVINCIAL_REVIEW:
            return Holder.PROVINCE
        case ApplicationState.SUPPLEMENT_REQUESTED:
            return Holder.APPLICANT
        case (
            ApplicationState.MINISTRY_INTAKE
            | ApplicationState.ACCEPTED
            | ApplicationState.IN_CONSULTATION
            | ApplicationState.READY_FOR_PROPOSAL
            | ApplicationState.PROPOSED
            | ApplicationState.APPROVED
        ):
            return Holder.MINISTRY
        case (
            ApplicationState.DRAFT
            | ApplicationState.GATE_REFUSED
            | ApplicationState.NOT_ACCEPTED
            | ApplicationState.REFUSED
            | ApplicationState.LICENSED
            | ApplicationState.WITHDRAWN
            | ApplicationState.LAPSED
        ):
            return None
        case _:
            assert_never(state)


def _holder_times(
    events: Sequence[LedgerEvent], as_of: datetime, calendar: WorkingDayCalendar
) -> tuple[HolderTime, ...]:
    held: dict[Holder, HolderTime] = {}
    for event, following in zip(events, [*events[1:], None], strict=True):
        holder = holder_of(ApplicationState(event.state))
        if holder is None:
            continue
        end = max(event.occurred_at, following.occurred_at if following else as_of)
        days, missing = _working_days(event.occurred_at, end, calendar)
        before = held.get(holder, HolderTime(holder, 0, 0.0, None))
        held[holder] = HolderTime(
            holder,
            before.working_days + days,
            before.seconds + (end - event.occurred_at).total_seconds(),
            before.unpublished_year or missing,
        )
    return tuple(held[holder] for holder in Holder if holder in held)


def _working_days(start: datetime, end: datetime, calendar: WorkingDayCalendar) -> tuple[int, int | None]:
    """Working days after the day of `start` through that of `end`, and the year that could not be counted."""
    first, last = legal_day(start), legal_day(end)
    if last <= calendar.horizon:
        return calendar.count_between(first, last), None
    known = calendar.count_between(first, calendar.horizon) if first < calendar.horizon else 0
    return known, calendar.horizon.year + 1
