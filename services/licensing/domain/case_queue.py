"""What the work queue is asked for, and what one line of it tells."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.foundation.messages import LocalizedText
from services.licensing.domain.application_state import ApplicationState


class AssignmentFilter(StrEnum):
    """Whose cases are asked for, within the caller's authority."""

    UNSPECIFIED = "UNSPECIFIED"
    MINE = "MINE"
    NOBODYS = "NOBODYS"


@dataclass(frozen=True)
class CaseFilters:
    """What the cases of the queue have in common; what is empty or false holds for all."""

    states: frozenset[ApplicationState] = frozenset()
    number: str = ""
    searched: str = ""
    province: str = ""
    destination: str = ""
    assignment: AssignmentFilter = AssignmentFilter.UNSPECIFIED
    overdue: bool = False
    application_ids: frozenset[uuid.UUID] = frozenset()


@dataclass(frozen=True)
class QueueLine:
    """One case in the queue; `due_at` is None where no deadline runs or its day cannot be named."""

    application_id: uuid.UUID
    number: str
    state: ApplicationState
    applicant_name: str
    province: str
    destination: str
    submitted_at: datetime
    due_at: datetime | None
    due_kind: str
    overdue: bool
    assigned_to: str
    assigned_name: LocalizedText
    items: tuple[LocalizedText, ...]


@dataclass(frozen=True)
class QueuePosition:
    """The place of a line in the order of the queue."""

    due_at: datetime | None
    submitted_at: datetime
    application_id: uuid.UUID


@dataclass(frozen=True)
class StateTally:
    """How many cases are in a state, and how many of these have a passed deadline."""

    cases: int
    overdue: int
