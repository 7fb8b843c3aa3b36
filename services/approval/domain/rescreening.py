"""When the re-screening looks again although nobody woke it, and what one look leaves to do."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from services.foundation.clock import SHANGHAI, legal_day

# A lost kick costs no more than this.
LONGEST_REST = timedelta(minutes=2)


@dataclass(frozen=True)
class Looked:
    """What one look at the watched exports left: more of them, and results to be delivered.

    Written to Temporal's history; a field added later needs a default.
    """

    more: bool = False
    undelivered: bool = False


def next_look(now: datetime) -> datetime:
    """When to look again at the latest: soon, and as the next day of law begins (Asia/Shanghai)."""
    tomorrow = legal_day(now) + timedelta(days=1)
    return min(now + LONGEST_REST, datetime.combine(tomorrow, time(), SHANGHAI).astimezone(now.tzinfo))
