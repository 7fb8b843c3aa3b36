"""Where a case stands in its procedure: what the approval worker needs, ids, words and instants only."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from services.foundation.clock import SHANGHAI, legal_day
from services.foundation.ledger import LedgerEvent
from services.licensing.domain.application import Application
from services.licensing.domain.case_parts import Deadline
from services.licensing.domain.procedure import DeadlineRule

# Instants that could not be named are asked for again at the beginning of the next day of law.
_RECHECK_TIME = time(0, 5)


@dataclass(frozen=True)
class AgencyTask:
    """An agency to consult; `due_at` (UTC) is the first instant after its period, None if not nameable."""

    agency: str
    mandatory: bool
    reason: str
    due_at: datetime | None


@dataclass(frozen=True)
class ConsultationPlan:
    """The round that is to be opened, or is open."""

    round_number: int
    agencies: tuple[AgencyTask, ...]
    round_id: str


@dataclass(frozen=True)
class Position:
    """The position of the procedure.

    `issue_held_because` is the reason for which an approved application gets no licence now, empty for none.
    """

    application: Application
    sequence: int
    events: tuple[LedgerEvent, ...]
    deadlines: tuple[tuple[Deadline, DeadlineRule], ...]
    consultation: ConsultationPlan | None
    recheck_at: datetime | None
    issue_held_because: str = ""


def next_recheck(now: datetime) -> datetime:
    """When to ask again: shortly after the next day of law has begun."""
    tomorrow = legal_day(now) + timedelta(days=1)
    return datetime.combine(tomorrow, _RECHECK_TIME, SHANGHAI).astimezone(UTC)
