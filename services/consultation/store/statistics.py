"""How agencies answer: their open and overdue tasks, and the days from the opening of a round to the answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, func, or_, select

from services.consultation.domain.vocabulary import TaskState
from services.consultation.store.tables import consultation_round, opinion, task

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class AgencyStatistics:
    """Tasks of an agency; days of 24 hours, over its answered tasks, by nearest rank; `late` after the due time."""

    agency: str
    open: int
    overdue: int
    answered: int
    unanswered: int
    median_days: float
    ninetieth_percentile_days: float
    late: int


def by_agency(
    connection: Connection, opened_from: datetime | None, opened_before: datetime | None, now: datetime
) -> list[AgencyStatistics]:
    """The tasks that the caller may see, of rounds opened from an instant until before another (None: no bound).

    An agency answers with its first opinion, whatever it changes afterwards. A task is overdue from its due time
    on, whether or not the procedure has marked it yet.
    """
    answered = task.c.state == TaskState.ANSWERED
    overdue = or_(
        task.c.state == TaskState.OVERDUE, and_(task.c.state == TaskState.OPEN, task.c.due_at <= now)
    )
    still_open = and_(task.c.state == TaskState.OPEN, or_(task.c.due_at.is_(None), task.c.due_at > now))
    taken = opinion.c.given_at - consultation_round.c.opened_at
    query = (
        select(
            task.c.agency,
            func.count().filter(still_open).label("open"),
            func.count().filter(overdue).label("overdue"),
            func.count().filter(answered).label("answered"),
            func.count()
            .filter(task.c.state.in_((TaskState.WAIVED, TaskState.CLOSED_UNANSWERED)))
            .label("unanswered"),
            func.percentile_disc(0.5).within_group(taken).filter(answered).label("median"),
            func.percentile_disc(0.9).within_group(taken).filter(answered).label("ninetieth"),
            func.count().filter(answered, opinion.c.given_at >= task.c.due_at).label("late"),
        )
        .join(consultation_round, consultation_round.c.round_id == task.c.round_id)
        .outerjoin(opinion, and_(opinion.c.task_id == task.c.task_id, opinion.c.opinion_number == 1))
        .group_by(task.c.agency)
        .order_by(task.c.agency)
    )
    if opened_from is not None:
        query = query.where(consultation_round.c.opened_at >= opened_from)
    if opened_before is not None:
        query = query.where(consultation_round.c.opened_at < opened_before)
    return [
        AgencyStatistics(
            agency=row.agency,
            open=row.open,
            overdue=row.overdue,
            answered=row.answered,
            unanswered=row.unanswered,
            median_days=_days(row.median),
            ninetieth_percentile_days=_days(row.ninetieth),
            late=row.late,
        )
        for row in connection.execute(query)
    ]


def _days(taken: timedelta | None) -> float:
    return 0.0 if taken is None else taken / _DAY
