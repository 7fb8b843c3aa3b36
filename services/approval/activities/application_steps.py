"""The steps of an application's procedure, apart from the automatic checks."""

from temporalio import activity
from xuke.consultation.v1 import consultation_pb2 as consultation
from xuke.licensing.v1 import application_pb2 as licensing

from services.approval.activities.calls import acting, identified
from services.approval.activities.rescreening import refresh
from services.approval.activities.services import Services
from services.approval.activities.waiting import made_to_wait
from services.approval.domain.steps import (
    AbandonConsultationRound,
    CloseConsultationRound,
    ExpireAgencyTask,
    ExpireDeadline,
    IssueLicence,
    OpenConsultationRound,
    RecordReminder,
    RemindAgency,
)
from services.foundation.errors import XukeError


class ApplicationSteps:
    """Each step calls the service that owns the fact; a crash between two calls is mended by the retry."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @activity.defn(name="open_consultation_round")
    @acting
    def open_consultation_round(self, step: OpenConsultationRound) -> None:
        """Opens the planned round with consultation, then tells licensing its id.

        The plan is read here and not handed in: the reasons for asking an agency are no matter for a history.
        """
        position = self._services.procedure.GetPosition(
            licensing.GetPositionRequest(application_id=step.application_id)
        )
        plan = position.consultation
        if position.state != licensing.APPLICATION_STATE_IN_CONSULTATION or (
            plan.round_number != step.round_number
        ):
            # Withdrawn or replanned since the decision; the next pull sees it.
            return
        opening = consultation.OpenRoundRequest(
            application_id=step.application_id,
            round_number=step.round_number,
            tasks=[
                consultation.NewTask(
                    agency=planned.agency,
                    mandatory=planned.mandatory,
                    reason=planned.reason,
                    due_at=planned.due_at if planned.HasField("due_at") else None,
                )
                for planned in plan.agencies
            ],
        )
        opened = self._services.consultation_procedure.OpenRound(identified(opening))
        self._services.procedure.RecordConsultationOpened(
            identified(
                licensing.RecordConsultationOpenedRequest(
                    application_id=step.application_id,
                    round_number=step.round_number,
                    round_id=opened.round_id,
                )
            )
        )

    @activity.defn(name="remind_agency")
    @acting
    def remind_agency(self, step: RemindAgency) -> None:
        """Reminds the agency of a task."""
        request = consultation.RecordTaskReminderRequest(task_id=step.task_id)
        self._services.consultation_procedure.RecordTaskReminder(identified(request))

    @activity.defn(name="expire_agency_task")
    @acting
    def expire_agency_task(self, step: ExpireAgencyTask) -> None:
        """Marks a task overdue if consultation finds it open and past due, and tells the ministry's supervisor."""
        request = consultation.ExpireTaskRequest(task_id=step.task_id)
        task = self._services.consultation_procedure.ExpireTask(identified(request))
        if task.state != consultation.TASK_STATE_OVERDUE:
            return
        self._services.procedure.RecordOverdueOpinion(
            identified(
                licensing.RecordOverdueOpinionRequest(
                    application_id=task.application_id, task_id=task.task_id, agency=task.agency
                )
            )
        )

    @activity.defn(name="close_consultation_round")
    @acting
    def close_consultation_round(self, step: CloseConsultationRound) -> None:
        """Closes the round by consultation's truth table, then records its result with the application."""
        closing = consultation.CloseRoundRequest(round_id=step.round_id)
        closed = self._services.consultation_procedure.CloseRound(identified(closing))
        self._services.procedure.RecordConsultationClosed(
            identified(
                licensing.RecordConsultationClosedRequest(
                    application_id=step.application_id, consultation=to_summary(closed)
                )
            )
        )

    @activity.defn(name="abandon_consultation_round")
    @acting
    def abandon_consultation_round(self, step: AbandonConsultationRound) -> None:
        """Closes the round of an application that was withdrawn, without a result."""
        abandoning = consultation.AbandonRoundRequest(round_id=step.round_id)
        self._services.consultation_procedure.AbandonRound(identified(abandoning))

    @activity.defn(name="record_reminder")
    @acting
    def record_reminder(self, step: RecordReminder) -> None:
        """Reminds whoever holds the case."""
        request = licensing.RecordReminderRequest(
            application_id=step.application_id,
            deadline_id=step.deadline_id,
            reminder_number=step.reminder_number,
        )
        self._services.procedure.RecordReminder(identified(request))

    @activity.defn(name="expire_deadline")
    @acting
    def expire_deadline(self, step: ExpireDeadline) -> None:
        """Expires a deadline if licensing finds it open and past due."""
        request = licensing.ExpireDeadlineRequest(
            application_id=step.application_id, deadline_id=step.deadline_id
        )
        self._services.procedure.ExpireDeadline(identified(request))

    @activity.defn(name="issue_licence")
    @acting
    def issue_licence(self, step: IssueLicence) -> None:
        """Issues the licence on a screening of now; licensing gives the same one however often it is asked.

        While screening cannot answer, the case says why its licence is not issued.
        """
        try:
            refresh(self._services, step.application_id)
        except XukeError as error:
            position = self._services.procedure.GetPosition(
                licensing.GetPositionRequest(application_id=step.application_id)
            )
            raise made_to_wait(
                self._services, step.application_id, position.submission_number, error
            ) from None
        request = licensing.IssueLicenceRequest(application_id=step.application_id)
        self._services.procedure.IssueLicence(identified(request))


def to_summary(closed: consultation.Round) -> licensing.ConsultationSummary:
    """What the application keeps of a closed round: who was asked, what became of it, in words."""
    return licensing.ConsultationSummary(
        round_id=closed.round_id,
        round_number=closed.round_number,
        consolidation=consultation.Consolidation.Name(closed.consolidation).removeprefix("CONSOLIDATION_"),
        opinions=[
            licensing.OpinionSummary(
                agency=task.agency,
                mandatory=task.mandatory,
                task_state=consultation.TaskState.Name(task.state).removeprefix("TASK_STATE_"),
                opinion=(
                    consultation.Opinion.Name(task.opinion).removeprefix("OPINION_") if task.opinion else ""
                ),
                task_id=task.task_id,
            )
            for task in closed.tasks
        ],
    )
