"""The steps of the procedure as values: what to call, and with which ids.

Each is one activity of the worker, idempotent by the business key that its fields make up. They are written
to Temporal's history; a field added later needs a default.
"""

from dataclasses import dataclass
from enum import StrEnum


class StepResult(StrEnum):
    """What came of a step."""

    DONE = "DONE"
    SUPERSEDED = "SUPERSEDED"
    """The record no longer allows it: somebody got there first. The position tells what is next."""


@dataclass(frozen=True)
class RunAutomaticChecks:
    """Classify the items, screen the parties, and record both for one frozen dossier."""

    application_id: str
    submission_number: int


@dataclass(frozen=True)
class OpenConsultationRound:
    """Ask the planned agencies, each with its own due time."""

    application_id: str
    round_number: int


@dataclass(frozen=True)
class RemindAgency:
    """Remind the agency of one task; 1 is the first reminder."""

    task_id: str
    reminder_number: int


@dataclass(frozen=True)
class ExpireAgencyTask:
    """Mark a task overdue if it is still open and past due: visible, never consent."""

    task_id: str


@dataclass(frozen=True)
class CloseConsultationRound:
    """Consolidate the opinions and record the result with the application."""

    application_id: str
    round_id: str


@dataclass(frozen=True)
class AbandonConsultationRound:
    """Ask nobody any more about an application that has ended."""

    application_id: str
    round_id: str


@dataclass(frozen=True)
class RecordReminder:
    """Remind whoever holds the case of a deadline; 1 is the first reminder."""

    application_id: str
    deadline_id: str
    reminder_number: int


@dataclass(frozen=True)
class ExpireDeadline:
    """Escalate, or whatever the procedure says of this deadline, if it is still open and past due."""

    application_id: str
    deadline_id: str


@dataclass(frozen=True)
class IssueLicence:
    """Issue the licence of an approved application."""

    application_id: str


@dataclass(frozen=True)
class PrepareLicenceDocument:
    """Render, sign and store the document of a licence."""

    number: str


@dataclass(frozen=True)
class ExpireLicence:
    """Expire a licence if its validity has passed."""

    number: str


@dataclass(frozen=True)
class StopWatching:
    """Look no more at an application that ended without a licence."""

    application_id: str


@dataclass(frozen=True)
class StopWatchingLicence:
    """Look no more at the application whose licence has ended."""

    number: str


@dataclass(frozen=True)
class SettleClassification:
    """Keep what was decided about the items of a concluded application, and hold no later list against them."""

    application_id: str


ApplicationStep = (
    RunAutomaticChecks
    | OpenConsultationRound
    | RemindAgency
    | ExpireAgencyTask
    | CloseConsultationRound
    | AbandonConsultationRound
    | RecordReminder
    | ExpireDeadline
    | IssueLicence
    | StopWatching
    | SettleClassification
)
LicenceStep = PrepareLicenceDocument | ExpireLicence | StopWatchingLicence
Step = ApplicationStep | LicenceStep
