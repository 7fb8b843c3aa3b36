"""Figures of the consultation desk, computed from the event ledger and nothing else."""

import statistics
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.classification.domain.inquiry import AnswerKind, DeskPolicy, InquiryState
from services.classification.domain.inquiry_state import InquiryAction
from services.foundation.clock import legal_day
from services.foundation.ledger import LedgerEvent
from services.foundation.working_days import CalendarNotPublished, WorkingDayCalendar

NONE_ANSWERED = -1
# Acts after which the ministry is to answer.
_STARTS_WAITING = (InquiryAction.ASK, InquiryAction.SUPPLEMENT)


@dataclass(frozen=True, slots=True)
class InquiryStatistics:
    """Of the inquiries asked within a time: how many, how fast, what was answered.

    `median_working_days` counts from the day of asking to that of the answer, waiting for the asker included;
    NONE_ANSWERED where none was. An inquiry is overdue while the ministry's target has passed without an answer.
    """

    asked: int
    answered: int
    overdue: int
    median_working_days: int
    by_answer: Sequence[tuple[str, int]]
    by_control_code: Sequence[tuple[str, int]]


def desk_statistics(
    histories: Collection[Sequence[LedgerEvent]],
    since: date | None,
    until: date | None,
    now: datetime,
    policy: DeskPolicy,
    calendar: WorkingDayCalendar,
) -> InquiryStatistics:
    """Figures of the inquiries asked from one day to another (Asia/Shanghai, inclusive; None is open).

    Errors: CALENDAR_NOT_PUBLISHED where an answer was given in a year without a calendar.
    """
    within = [
        events
        for events in histories
        if (since is None or legal_day(events[0].occurred_at) >= since)
        and (until is None or legal_day(events[0].occurred_at) <= until)
    ]
    answers = [
        (events[0], event) for events in within for event in events if event.action == InquiryAction.ANSWER
    ]
    days = [
        calendar.count_between(legal_day(asked.occurred_at), legal_day(answered.occurred_at))
        for asked, answered in answers
    ]
    kinds = Counter(str(answered.payload["answer"]) for _, answered in answers)
    codes = Counter(
        code for _, answered in answers for code in str(answered.payload["control_codes"]).split()
    )
    return InquiryStatistics(
        asked=len(within),
        answered=len(answers),
        overdue=sum(_is_overdue(events, legal_day(now), policy, calendar) for events in within),
        # The lower of the two in the middle: whole working days, and never more than half took longer.
        median_working_days=statistics.median_low(days) if days else NONE_ANSWERED,
        by_answer=[(kind.value, kinds[kind.value]) for kind in AnswerKind],
        by_control_code=sorted(codes.items(), key=lambda each: (-each[1], each[0])),
    )


def _is_overdue(
    events: Sequence[LedgerEvent], today: date, policy: DeskPolicy, calendar: WorkingDayCalendar
) -> bool:
    if events[-1].state != InquiryState.ASKED:
        return False
    waiting = next(event for event in reversed(events) if event.action in _STARTS_WAITING)
    try:
        due = calendar.add_working_days(legal_day(waiting.occurred_at), policy.target_working_days)
    except CalendarNotPublished:
        return False
    return today > due
