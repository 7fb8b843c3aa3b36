"""The delivery of an e-mail: tried again with growing pauses, and given up after so many attempts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
MAXIMUM_ATTEMPTS = 10


class EmailState(StrEnum):
    """Where an e-mail stands."""

    PENDING = "PENDING"
    SENT = "SENT"
    # Given up; the notification itself stays on the page of its addressee.
    FAILED = "FAILED"


@dataclass(frozen=True)
class Delivery:
    """Where an e-mail stands after its attempts; `next_attempt_at` counts only while it is pending."""

    state: EmailState
    attempts: int
    next_attempt_at: datetime
    last_failure: str = ""


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many failures (at least one): doubled each time, up to the longest."""
    # More doublings than these exceed the longest pause anyhow.
    return min(FIRST_PAUSE * (1 << min(attempts - 1, 16)), LONGEST_PAUSE)


def attempted(before: Delivery, delivered: bool, failure: str, now: datetime) -> Delivery:
    """The delivery after an attempt; one that has ended stays as it is."""
    if before.state is not EmailState.PENDING:
        return before
    attempts = before.attempts + 1
    if delivered:
        return Delivery(EmailState.SENT, attempts, before.next_attempt_at)
    state = EmailState.FAILED if attempts >= MAXIMUM_ATTEMPTS else EmailState.PENDING
    return Delivery(state, attempts, now + pause_after(attempts), failure)
