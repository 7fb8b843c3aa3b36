"""The use case of figures about agencies: each agency sees its own, who oversees consultation sees all."""

from datetime import UTC, date, datetime, time, timedelta

from services.consultation.store import statistics
from services.consultation.store.statistics import AgencyStatistics
from services.foundation.clock import SHANGHAI
from services.foundation.database import UnitOfWork
from services.foundation.errors import invalid_field


def get_task_statistics(work: UnitOfWork, opened_from: str, opened_to: str) -> list[AgencyStatistics]:
    """Figures of the tasks that the caller may see, of rounds opened within days of law (empty: no bound).

    Errors: INVALID_ARGUMENT for what is no date.
    """
    last = _day("opened_to", opened_to)
    return statistics.by_agency(
        work.connection,
        _begin(_day("opened_from", opened_from)),
        None if last is None else _begin(last + timedelta(days=1)),
        work.call.now,
    )


def _day(field: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise invalid_field(field, "NOT_A_DATE", value=text) from error


def _begin(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), SHANGHAI).astimezone(UTC)
