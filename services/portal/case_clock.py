"""The review clock of a case as a bar and a table."""

from datetime import UTC, date, datetime

from google.protobuf.timestamp_pb2 import Timestamp
from xuke.licensing.v1 import application_pb2 as a

from services.portal.timeline import Interval, Pause, Step, Timeline, intervals, timeline


def case_intervals(case: a.Case, now: datetime) -> tuple[Interval, ...]:
    """Who held the case when, from its history and its exclusions."""
    steps = [Step(_instant(entry.occurred_at), entry.state) for entry in case.history]
    pauses = [
        Pause(_instant(one.started_at), _instant(one.ended_at) if one.HasField("ended_at") else None)
        for one in case.clock.exclusions
    ]
    return intervals(steps, pauses, now)


def case_timeline(case: a.Case, now: datetime) -> Timeline | None:
    """The bar of a case; None before its submission."""
    due = date.fromisoformat(case.clock.due_date) if case.clock.due_date else None
    return timeline(case_intervals(case, now), now, due)


def _instant(stamp: Timestamp) -> datetime:
    return stamp.ToDatetime(UTC)
