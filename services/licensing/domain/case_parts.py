"""The parts of a case that are kept beside the application: checks, notices, deadlines, rounds, decisions."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from services.foundation.messages import LocalizedText
from services.licensing.domain.application_state import Outcome
from services.licensing.domain.deadlines import DeadlineState
from services.licensing.domain.findings import (
    ConsultationSummary,
    Deficiency,
    FactorAssessment,
    ItemClassification,
    LegalSource,
    NoticeKind,
    ScreeningSummary,
)


@dataclass(frozen=True)
class AutomaticCheck:
    """What the automatic checks found about one submission; `screening` is the newest result of all."""

    submission_number: int
    classifications: tuple[ItemClassification, ...]
    screening: ScreeningSummary


@dataclass(frozen=True)
class Rescreening:
    """A later screening of a submission that differs from the one before, and what brought it about.

    `cause` is a word of the screening service, `cause_version` the version or day that it names. Of several
    the one screened last counts, in whatever order they are recorded.
    """

    submission_number: int
    screening: ScreeningSummary
    cause: str
    cause_version: str
    screened_at: datetime
    recorded_at: datetime


@dataclass(frozen=True)
class Notice:
    """A notice to the applicant with legal effect."""

    notice_id: uuid.UUID
    kind: NoticeKind
    issued_at: datetime
    text: LocalizedText
    deficiencies: tuple[Deficiency, ...] = ()
    sources: tuple[LegalSource, ...] = ()


@dataclass(frozen=True)
class ExclusionRemark:
    """Why an officer stopped the review limit, and what came of it; the second is empty while it lasts."""

    note: str
    result: str


@dataclass(frozen=True)
class Deadline:
    """A deadline of the procedure file that was opened for a case; instants in UTC.

    `due_at` is the first instant after the period, None where it cannot be named.
    """

    deadline_id: uuid.UUID
    kind: str
    state: DeadlineState
    started_at: datetime
    due_at: datetime | None
    reminders_at: tuple[datetime, ...]
    reminders_sent: int


@dataclass(frozen=True)
class Escalation:
    """A passed deadline in the queue of a supervisor: "province:32" or "ministry"."""

    escalation_id: uuid.UUID
    application_id: uuid.UUID
    application_number: str
    deadline_kind: str
    queue: str
    raised_at: datetime


@dataclass(frozen=True)
class PlannedAgency:
    """What the officer decided about one agency of a round; `reason` where it departs from the route."""

    agency: str
    mandatory: bool
    consult: bool
    reason: str = ""


@dataclass(frozen=True)
class ConsultationRound:
    """A round of consultation from the side of the application."""

    round_number: int
    plan: tuple[PlannedAgency, ...]
    round_id: str
    summary: ConsultationSummary | None
    started_at: datetime
    closed_at: datetime | None

    @property
    def agencies(self) -> tuple[PlannedAgency, ...]:
        """The agencies that are consulted."""
        return tuple(planned for planned in self.plan if planned.consult)


@dataclass(frozen=True)
class ClassifiedLine:
    """What the classification said of one item."""

    line_number: int
    outcome: str
    control_codes: tuple[str, ...]


@dataclass(frozen=True)
class AssessedLine:
    """What a reviewer held one item to be; none means that it is not controlled."""

    line_number: int
    control_codes: tuple[str, ...]


@dataclass(frozen=True)
class ScreenedFinding:
    """One finding of the screening and its verdict."""

    finding_id: str
    verdict: str


@dataclass(frozen=True)
class AgencyOpinion:
    """What stands for an agency: its last opinion, or the state of its task while it has given none."""

    agency: str
    opinion: str


@dataclass(frozen=True)
class Basis:
    """What a proposal rests on, as it was when it was made; no words of the dossier."""

    submission_number: int
    classifications: tuple[ClassifiedLine, ...] = ()
    verdict: str = ""
    findings: tuple[ScreenedFinding, ...] = ()
    opinions: tuple[AgencyOpinion, ...] = ()
    assessments: tuple[AssessedLine, ...] = ()


@dataclass(frozen=True)
class Decision:
    """A proposal and what the countersigning officer made of it; `agreed` is None until then.

    A grant that was agreed to and taken back before its licence was issued keeps who agreed to it.
    """

    proposal_number: int
    outcome: Outcome
    reasons: str
    factors: tuple[FactorAssessment, ...]
    conditions: tuple[LocalizedText, ...]
    proposed_by: str
    proposed_at: datetime
    countersigned_by: str = ""
    countersigned_at: datetime | None = None
    agreed: bool | None = None
    comment: str = ""
    # None for a proposal of before this was kept.
    basis: Basis | None = None
    taken_back_by: str = ""
    taken_back_at: datetime | None = None
    taken_back_because: str = ""
