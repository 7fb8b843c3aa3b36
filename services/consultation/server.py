"""The two gRPC services of consultation, and who may call each method."""

from uuid import UUID

import grpc
from xuke.consultation.v1 import consultation_pb2 as messages
from xuke.consultation.v1 import consultation_pb2_grpc as contract

from services.consultation import conversion, service
from services.consultation.domain.agencies import AgencyDirectory
from services.consultation.task_statistics import get_task_statistics
from services.foundation.database import Database, UnitOfWork
from services.foundation.grpc_server import Registration, current_call, transact
from services.foundation.pagination import page_size
from services.foundation.permissions import allow
from services.foundation.principal import Role

_READERS = allow(
    Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR, Role.AGENCY_REVIEWER, Role.AUDITOR, Role.PROCEDURE
)
_REVIEWERS = allow(Role.AGENCY_REVIEWER)
_PROCEDURE = allow(Role.PROCEDURE)


class ConsultationServicer(contract.ConsultationServiceServicer):
    """What agency reviewers, ministry officers and auditors use."""

    def __init__(self, database: Database, agencies: AgencyDirectory) -> None:
        self._database = database
        self._agencies = agencies

    def GetRound(self, request: messages.GetRoundRequest, context: grpc.ServicerContext) -> messages.Round:
        with self._database.begin(current_call()) as work:
            return conversion.round_message(service.get_round(work, UUID(request.round_id)))

    def ListRounds(
        self, request: messages.ListRoundsRequest, context: grpc.ServicerContext
    ) -> messages.ListRoundsResponse:
        with self._database.begin(current_call()) as work:
            rounds = service.list_rounds(work, UUID(request.application_id))
        return messages.ListRoundsResponse(rounds=[conversion.round_message(each) for each in rounds])

    def GetTask(self, request: messages.GetTaskRequest, context: grpc.ServicerContext) -> messages.Task:
        with self._database.begin(current_call()) as work:
            return conversion.task_message(service.get_task(work, UUID(request.task_id)))

    def ListTasks(
        self, request: messages.ListTasksRequest, context: grpc.ServicerContext
    ) -> messages.ListTasksResponse:
        states = conversion.task_states(request.states)
        place = conversion.place_of_token(request.page_token)
        with self._database.begin(current_call()) as work:
            page = service.list_tasks(
                work, self._agencies, request.agency, states, place, page_size(request.page_size)
            )
        return messages.ListTasksResponse(
            tasks=[conversion.task_message(task) for task in page.tasks],
            next_page_token=conversion.token_of_place(page.next_place),
        )

    def GetTaskStatistics(
        self, request: messages.GetTaskStatisticsRequest, context: grpc.ServicerContext
    ) -> messages.TaskStatistics:
        with self._database.begin(current_call()) as work:
            return conversion.task_statistics_message(
                work.call.now, get_task_statistics(work, request.opened_from, request.opened_to)
            )

    def SubmitOpinion(
        self, request: messages.SubmitOpinionRequest, context: grpc.ServicerContext
    ) -> messages.Task:
        def act(work: UnitOfWork) -> messages.Task:
            draft = conversion.draft_opinion(request)
            return conversion.task_message(
                service.submit_opinion(work, UUID(request.task_id), request.etag, draft)
            )

        return transact(self._database, request, messages.Task, act)

    def AmendCondition(
        self, request: messages.AmendConditionRequest, context: grpc.ServicerContext
    ) -> messages.Condition:
        def act(work: UnitOfWork) -> messages.Condition:
            return conversion.condition_message(
                service.amend_condition(
                    work, UUID(request.condition_id), request.etag, conversion.amendment(request)
                )
            )

        return transact(self._database, request, messages.Condition, act)

    def WaiveTask(self, request: messages.WaiveTaskRequest, context: grpc.ServicerContext) -> messages.Task:
        def act(work: UnitOfWork) -> messages.Task:
            return conversion.task_message(
                service.waive_task(work, UUID(request.task_id), request.etag, request.reason)
            )

        return transact(self._database, request, messages.Task, act)


class ConsultationProcedureServicer(contract.ConsultationProcedureServiceServicer):
    """What the procedure uses; each call may be repeated."""

    def __init__(self, database: Database, agencies: AgencyDirectory) -> None:
        self._database = database
        self._agencies = agencies

    def OpenRound(self, request: messages.OpenRoundRequest, context: grpc.ServicerContext) -> messages.Round:
        def act(work: UnitOfWork) -> messages.Round:
            return conversion.round_message(
                service.open_round(
                    work,
                    self._agencies,
                    UUID(request.application_id),
                    request.round_number,
                    conversion.new_tasks(request.tasks),
                )
            )

        return transact(self._database, request, messages.Round, act)

    def ExpireTask(self, request: messages.ExpireTaskRequest, context: grpc.ServicerContext) -> messages.Task:
        # The first answer is not kept: asked too early it would say "open" for ever. The act is conditional
        # and so harmless to repeat.
        with self._database.begin(current_call()) as work:
            return conversion.task_message(service.expire_task(work, UUID(request.task_id)))

    def RecordTaskReminder(
        self, request: messages.RecordTaskReminderRequest, context: grpc.ServicerContext
    ) -> messages.Task:
        def act(work: UnitOfWork) -> messages.Task:
            return conversion.task_message(service.record_task_reminder(work, UUID(request.task_id)))

        return transact(self._database, request, messages.Task, act)

    def CloseRound(
        self, request: messages.CloseRoundRequest, context: grpc.ServicerContext
    ) -> messages.Round:
        def act(work: UnitOfWork) -> messages.Round:
            return conversion.round_message(service.close_round(work, UUID(request.round_id)))

        return transact(self._database, request, messages.Round, act)

    def AbandonRound(
        self, request: messages.AbandonRoundRequest, context: grpc.ServicerContext
    ) -> messages.Round:
        def act(work: UnitOfWork) -> messages.Round:
            return conversion.round_message(service.abandon_round(work, UUID(request.round_id)))

        return transact(self._database, request, messages.Round, act)

    def ListEvents(
        self, request: messages.ListEventsRequest, context: grpc.ServicerContext
    ) -> messages.ListEventsResponse:
        with self._database.begin(current_call()) as work:
            events = service.list_events(work, UUID(request.application_id), request.after_sequence)
        return messages.ListEventsResponse(events=[conversion.event_message(event) for event in events])


def registrations(database: Database, agencies: AgencyDirectory) -> list[Registration]:
    """Both services with the permission of each method."""
    services = messages.DESCRIPTOR.services_by_name
    return [
        Registration(
            services["ConsultationService"],
            contract.add_ConsultationServiceServicer_to_server,
            ConsultationServicer(database, agencies),
            {
                "GetRound": _READERS,
                "ListRounds": _READERS,
                "GetTask": _READERS,
                "ListTasks": _READERS,
                "SubmitOpinion": _REVIEWERS,
                "AmendCondition": _REVIEWERS,
                "WaiveTask": allow(Role.MINISTRY_DIRECTOR),
                "GetTaskStatistics": allow(
                    Role.AGENCY_REVIEWER, Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR, Role.AUDITOR
                ),
            },
        ),
        Registration(
            services["ConsultationProcedureService"],
            contract.add_ConsultationProcedureServiceServicer_to_server,
            ConsultationProcedureServicer(database, agencies),
            {
                "OpenRound": _PROCEDURE,
                "ExpireTask": _PROCEDURE,
                "RecordTaskReminder": _PROCEDURE,
                "CloseRound": _PROCEDURE,
                "AbandonRound": _PROCEDURE,
                "ListEvents": allow(Role.PROCEDURE, Role.AUDITOR),
            },
        ),
    ]
