"""Reads where an application or a licence stands, reduced to ids, words and instants."""

from datetime import UTC, datetime

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from temporalio import activity
from xuke.consultation.v1 import consultation_pb2 as consultation
from xuke.licensing.v1 import application_pb2 as licensing
from xuke.licensing.v1 import licence_pb2 as licence

from services.approval.activities.calls import reading
from services.approval.activities.services import Services
from services.approval.domain.position import (
    AgencyTask,
    ApplicationPosition,
    ApplicationState,
    ConsultationRound,
    Deadline,
    DeadlineState,
    LicencePosition,
    LicenceState,
    RoundState,
    TaskState,
)
from services.approval.workflows.execution import LOAD_APPLICATION_POSITION, LOAD_LICENCE_POSITION


class Positions:
    """The two pulls, run as local activities."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @activity.defn(name=LOAD_APPLICATION_POSITION)
    @reading
    def load_application_position(self, application_id: str, known: dict[str, int]) -> ApplicationPosition:
        """The position of an application after the known sequences.

        Consultation is asked only while a round matters, so that its outage holds up no other stage. It matters
        too where the application was withdrawn in its course, even if its id never reached licensing.
        """
        request = licensing.GetPositionRequest(
            application_id=application_id, after_sequence=known.get("licensing", 0)
        )
        position = self._services.procedure.GetPosition(request)
        consultation_sequence, current = known.get("consultation", 0), None
        if position.state == licensing.APPLICATION_STATE_IN_CONSULTATION and position.round_id:
            # The events first: the round then reflects at least those.
            consultation_sequence = self._consultation_sequence(application_id, consultation_sequence)
            current = self._services.consultation.GetRound(
                consultation.GetRoundRequest(round_id=position.round_id)
            )
        elif position.state == licensing.APPLICATION_STATE_WITHDRAWN and position.HasField("consultation"):
            current = self._left_round(application_id, position.consultation.round_number)
        return to_application_position(position, current, consultation_sequence)

    def _left_round(self, application_id: str, round_number: int) -> consultation.Round | None:
        request = consultation.ListRoundsRequest(application_id=application_id)
        rounds = self._services.consultation.ListRounds(request).rounds
        return next((one for one in rounds if one.round_number == round_number), None)

    def _consultation_sequence(self, application_id: str, after: int) -> int:
        request = consultation.ListEventsRequest(application_id=application_id, after_sequence=after)
        events = self._services.consultation_procedure.ListEvents(request).events
        return events[-1].sequence if events else after

    @activity.defn(name=LOAD_LICENCE_POSITION)
    @reading
    def load_licence_position(self, number: str, known: dict[str, int]) -> LicencePosition:
        """The position of a licence after the known sequence."""
        request = licence.GetLicencePositionRequest(number=number, after_sequence=known.get("licensing", 0))
        return to_licence_position(self._services.licence.GetLicencePosition(request))


def to_application_position(
    position: licensing.Position, current: consultation.Round | None, consultation_sequence: int
) -> ApplicationPosition:
    """The position without anything that may not stand in a history."""
    state = licensing.ApplicationState.Name(position.state).removeprefix("APPLICATION_STATE_")
    return ApplicationPosition(
        application_id=position.application_id,
        state=ApplicationState(state),
        sequence=position.sequence,
        consultation_sequence=consultation_sequence,
        submission_number=position.submission_number,
        deadlines=tuple(_deadline(deadline) for deadline in position.deadlines),
        planned_round=position.consultation.round_number,
        round=_round(current) if current is not None else None,
        recheck_at=_instant(position, "recheck_at"),
        issue_held_because=position.issue_held_because,
    )


def to_licence_position(position: licence.LicencePosition) -> LicencePosition:
    """The position of a licence."""
    return LicencePosition(
        number=position.number,
        state=LicenceState(licence.LicenceState.Name(position.state).removeprefix("LICENCE_STATE_")),
        sequence=position.sequence,
        document_prepared=position.document_prepared,
        expires_at=_instant(position, "expires_at"),
    )


def _deadline(deadline: licensing.Deadline) -> Deadline:
    state = licensing.DeadlineState.Name(deadline.state).removeprefix("DEADLINE_STATE_")
    return Deadline(
        deadline_id=deadline.deadline_id,
        kind=deadline.kind,
        state=DeadlineState(state),
        due_at=_instant(deadline, "due_at"),
        reminders_at=tuple(sorted(_utc(instant) for instant in deadline.reminders_at)),
        reminders_sent=deadline.reminders_sent,
    )


def _round(current: consultation.Round) -> ConsultationRound:
    return ConsultationRound(
        round_id=current.round_id,
        round_number=current.round_number,
        state=RoundState(consultation.RoundState.Name(current.state).removeprefix("ROUND_STATE_")),
        opened_at=_utc(current.opened_at),
        tasks=tuple(_task(task) for task in current.tasks),
    )


def _task(task: consultation.Task) -> AgencyTask:
    return AgencyTask(
        task_id=task.task_id,
        mandatory=task.mandatory,
        state=TaskState(consultation.TaskState.Name(task.state).removeprefix("TASK_STATE_")),
        due_at=_instant(task, "due_at"),
        reminders_sent=task.reminders_sent,
        competent=task.opinion != consultation.OPINION_NOT_COMPETENT,
    )


def _instant(message: Message, field: str) -> datetime | None:
    return _utc(getattr(message, field)) if message.HasField(field) else None


def _utc(instant: Timestamp) -> datetime:
    return instant.ToDatetime(tzinfo=UTC)
