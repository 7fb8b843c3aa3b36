"""Rounds, tasks and conditions as the rest of the service hands them around."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.consultation.domain.consolidation import Answer
from services.consultation.domain.vocabulary import (
    Consolidation,
    FactorRating,
    Opinion,
    ReviewFactor,
    RoundState,
    TaskState,
)


@dataclass(frozen=True)
class FactorAssessment:
    """What an agency thinks of one factor of review."""

    factor: ReviewFactor
    rating: FactorRating
    comment: str


@dataclass(frozen=True)
class ConditionText:
    """The wording of a condition in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class Condition:
    """A condition that an agency set. `agency` owns it: nobody else changes or lifts it."""

    condition_id: UUID
    task_id: UUID
    agency: str
    text: ConditionText
    lifted: bool
    version: int


@dataclass(frozen=True)
class GivenOpinion:
    """The opinion that stands: the latest that the agency gave."""

    number: int
    opinion: Opinion
    reasons: str
    factors: tuple[FactorAssessment, ...]
    given_by: str
    given_at: datetime


@dataclass(frozen=True)
class Waiver:
    """Why the ministry does without an opinion, and who said so."""

    waived_by: str
    reason: str
    waived_at: datetime


@dataclass(frozen=True)
class NewTask:
    """A request to one agency about to be opened; `due_at` is absent where it cannot be computed."""

    agency: str
    mandatory: bool
    reason: str
    due_at: datetime | None


@dataclass(frozen=True)
class Task:
    """The request to one agency within a round, with what came of it."""

    task_id: UUID
    round_id: UUID
    round_state: RoundState
    application_id: UUID
    agency: str
    mandatory: bool
    reason: str
    state: TaskState
    due_at: datetime | None
    given: GivenOpinion | None
    conditions: tuple[Condition, ...]
    waiver: Waiver | None
    reminders_sent: int
    version: int

    @property
    def opinion(self) -> Opinion | None:
        """The word of the opinion that stands."""
        return self.given.opinion if self.given else None

    @property
    def answer(self) -> Answer:
        """The task as consolidation sees it."""
        return Answer(self.mandatory, self.state, self.opinion)


@dataclass(frozen=True)
class Round:
    """One round of consultation on an application."""

    round_id: UUID
    application_id: UUID
    round_number: int
    state: RoundState
    tasks: tuple[Task, ...]
    consolidation: Consolidation | None
    consolidation_reason: str
    opened_at: datetime
    closed_at: datetime | None
