"""Where a case or a licence stands, as the services that own the facts report it.

A position is the fold of the event ledger of its subject, made by the service that owns it, and `sequence` is
the last event in it: the procedure decides from the position alone, so that a lost, repeated or reordered kick
changes nothing. It holds ids, words and instants (UTC) only, because it is written to Temporal's history; a
field added later needs a default, or the histories recorded before can no longer be read.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ApplicationState(StrEnum):
    """The states of an application (xuke.licensing.v1.ApplicationState)."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    GATE_REFUSED = "GATE_REFUSED"
    PROVINCIAL_REVIEW = "PROVINCIAL_REVIEW"
    SUPPLEMENT_REQUESTED = "SUPPLEMENT_REQUESTED"
    MINISTRY_INTAKE = "MINISTRY_INTAKE"
    NOT_ACCEPTED = "NOT_ACCEPTED"
    ACCEPTED = "ACCEPTED"
    IN_CONSULTATION = "IN_CONSULTATION"
    READY_FOR_PROPOSAL = "READY_FOR_PROPOSAL"
    PROPOSED = "PROPOSED"
    APPROVED = "APPROVED"
    REFUSED = "REFUSED"
    LICENSED = "LICENSED"
    WITHDRAWN = "WITHDRAWN"
    LAPSED = "LAPSED"


class LicenceState(StrEnum):
    """The states of a licence (xuke.licensing.v1.LicenceState)."""

    ISSUED = "ISSUED"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    COMPLETED = "COMPLETED"
    EXHAUSTED = "EXHAUSTED"
    EXPIRED = "EXPIRED"
    SURRENDERED = "SURRENDERED"
    REVOKED = "REVOKED"


class DeadlineState(StrEnum):
    """The states of a deadline (xuke.licensing.v1.DeadlineState)."""

    OPEN = "OPEN"
    MET = "MET"
    EXPIRED = "EXPIRED"


class TaskState(StrEnum):
    """The states of an agency's task (xuke.consultation.v1.TaskState)."""

    OPEN = "OPEN"
    OVERDUE = "OVERDUE"
    ANSWERED = "ANSWERED"
    WAIVED = "WAIVED"
    CLOSED_UNANSWERED = "CLOSED_UNANSWERED"


class RoundState(StrEnum):
    """The states of a consultation round (xuke.consultation.v1.RoundState)."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"


@dataclass(frozen=True)
class Deadline:
    """A deadline of a stage. `due_at` is None where it cannot be computed now: paused, or no calendar."""

    deadline_id: str
    kind: str
    state: DeadlineState
    due_at: datetime | None = None
    reminders_at: tuple[datetime, ...] = ()
    reminders_sent: int = 0


@dataclass(frozen=True)
class AgencyTask:
    """What one agency is asked in a round. `mandatory` is 会同, else 视情会同.

    `competent` is False where the agency answered that it is not: that is no opinion.
    """

    task_id: str
    mandatory: bool
    state: TaskState
    due_at: datetime | None = None
    reminders_sent: int = 0
    competent: bool = True


@dataclass(frozen=True)
class ConsultationRound:
    """An opened round of consultation (会商)."""

    round_id: str
    round_number: int
    state: RoundState
    opened_at: datetime
    tasks: tuple[AgencyTask, ...] = ()


@dataclass(frozen=True)
class ApplicationPosition:
    """Where an application stands.

    `consultation_sequence` is the last event of the consultation ledger that `round` reflects.
    `planned_round` is the number of the round to be opened or open, 0 where none is. `recheck_at` is when
    the instants should be asked for again although nothing happened.
    """

    application_id: str
    state: ApplicationState
    sequence: int
    consultation_sequence: int = 0
    submission_number: int = 0
    deadlines: tuple[Deadline, ...] = ()
    planned_round: int = 0
    round: ConsultationRound | None = None
    recheck_at: datetime | None = None
    # Reason code of why the licence of an approved application is held back; empty where it is not.
    issue_held_because: str = ""


@dataclass(frozen=True)
class LicencePosition:
    """Where a licence stands. `expires_at` is the first instant after the last day of validity."""

    number: str
    state: LicenceState
    sequence: int
    document_prepared: bool
    expires_at: datetime | None = None
