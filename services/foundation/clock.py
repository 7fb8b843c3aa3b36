"""Time: instants in UTC, days of law in Asia/Shanghai."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Protocol

# Eight hours ahead of UTC all year since 1992; no time-zone database is needed.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


class Clock(Protocol):
    """Tells the present instant; handed in, so that nothing reads the wall clock in passing."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)


def legal_day(instant: datetime) -> date:
    """The day of law (Asia/Shanghai) on which an aware instant falls."""
    return instant.astimezone(SHANGHAI).date()
