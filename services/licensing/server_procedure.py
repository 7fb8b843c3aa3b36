"""ProcedureService over gRPC: for the approval worker alone."""

from collections.abc import Callable
from datetime import UTC

import grpc
from xuke.licensing.v1 import application_pb2 as messages
from xuke.licensing.v1 import application_pb2_grpc

from services.foundation.database import Database, UnitOfWork
from services.foundation.grpc_server import current_call, transact
from services.foundation.permissions import allow
from services.foundation.principal import Role
from services.licensing import procedure_service, rescreening_service
from services.licensing.application_context import ApplicationContext
from services.licensing.application_messages import to_position
from services.licensing.application_shapes import read
from services.licensing.domain.case_parts import AutomaticCheck, Rescreening
from services.licensing.domain.findings import ConsultationSummary, ItemClassification, ScreeningSummary
from services.licensing.domain.position import Position

_PROCEDURE = allow(Role.PROCEDURE)
APPLICATION_PROCEDURE_PERMISSIONS = {
    "GetPosition": _PROCEDURE,
    "RecordAutomaticChecks": _PROCEDURE,
    "RecordWaiting": _PROCEDURE,
    "RecordRescreening": _PROCEDURE,
    "RecordConsultationOpened": _PROCEDURE,
    "RecordConsultationClosed": _PROCEDURE,
    "RecordReminder": _PROCEDURE,
    "RecordOverdueOpinion": _PROCEDURE,
    "ExpireDeadline": _PROCEDURE,
    "IssueLicence": _PROCEDURE,
    "ListOpenSubjects": _PROCEDURE,
}


class ProcedureServicer(application_pb2_grpc.ProcedureServiceServicer):
    """See the contract."""

    def __init__(self, database: Database, context: ApplicationContext) -> None:
        self._database = database
        self._context = context

    def GetPosition(
        self, request: messages.GetPositionRequest, context: grpc.ServicerContext
    ) -> messages.Position:
        with self._database.begin(current_call()) as work:
            return to_position(
                procedure_service.get_position(
                    work, self._context, request.application_id, request.after_sequence
                )
            )

    def RecordAutomaticChecks(
        self, request: messages.RecordAutomaticChecksRequest, context: grpc.ServicerContext
    ) -> messages.Position:
        check = AutomaticCheck(
            request.submission_number,
            tuple(read(ItemClassification, found) for found in request.classifications),
            read(ScreeningSummary, request.screening),
        )
        return self._act(
            request,
            lambda work: procedure_service.record_automatic_checks(
                work, self._context, request.application_id, check
            ),
        )

    def RecordWaiting(
        self, request: messages.RecordWaitingRequest, context: grpc.ServicerContext
    ) -> messages.Position:
        # The first answer is not kept: a reason that comes back in a later attempt must be recorded again. The
        # act is conditional and so harmless to repeat.
        with self._database.begin(current_call()) as work:
            return to_position(
                procedure_service.record_waiting(
                    work, self._context, request.application_id, request.submission_number, request.reason
                )
            )

    def RecordRescreening(
        self, request: messages.RecordRescreeningRequest, context: grpc.ServicerContext
    ) -> messages.RecordRescreeningResponse:
        def act(work: UnitOfWork) -> messages.RecordRescreeningResponse:
            stated = request.rescreening
            rescreening = Rescreening(
                submission_number=request.submission_number,
                screening=read(ScreeningSummary, stated.screening),
                cause=stated.cause,
                cause_version=stated.cause_version,
                screened_at=stated.screened_at.ToDatetime(tzinfo=UTC),
                recorded_at=work.call.now,
            )
            return messages.RecordRescreeningResponse(
                still_concerned=rescreening_service.record_rescreening(
                    work, self._context, request.application_id, rescreening
                )
            )

        return transact(self._database, request, messages.RecordRescreeningResponse, act)

    def RecordConsultationOpened(
        self, request: messages.RecordConsultationOpenedRequest, context: grpc.ServicerContext
    ) -> messages.Position:
        return self._act(
            request,
            lambda work: procedure_service.record_consultation_opened(
                work, self._context, request.application_id, request.round_number, request.round_id
            ),
        )

    def RecordConsultationClosed(
        self, request: messages.RecordConsultationClosedRequest, context: grpc.ServicerContext
    ) -> messages.Position:
        summary = read(ConsultationSummary, request.consultation)
        return self._act(
            request,
            lambda work: procedure_service.record_consultation_closed(
                work, self._context, request.application_id, summary
            ),
        )

    def RecordReminder(
        self, request: messages.RecordReminderRequest, context: grpc.ServicerContext
    ) -> messages.Position:
        return self._act(
            request,
            lambda work: procedure_service.record_reminder(
                work, self._context, request.application_id, request.deadline_id, request.reminder_number
            ),
        )

    def RecordOverdueOpinion(
        self, request: messages.RecordOverdueOpinionRequest, context: grpc.ServicerContext
    ) -> messages.Position:
        return self._act(
            request,
            lambda work: procedure_service.record_overdue_opinion(
                work, self._context, request.application_id, request.task_id, request.agency
            ),
        )

    def ExpireDeadline(
        self, request: messages.ExpireDeadlineRequest, context: grpc.ServicerContext
    ) -> messages.Position:
        return self._act(
            request,
            lambda work: procedure_service.expire_deadline(
                work, self._context, request.application_id, request.deadline_id
            ),
        )

    def IssueLicence(
        self, request: messages.IssueLicenceRequest, context: grpc.ServicerContext
    ) -> messages.IssueLicenceResponse:
        return transact(
            self._database,
            request,
            messages.IssueLicenceResponse,
            lambda work: messages.IssueLicenceResponse(
                licence_number=procedure_service.issue_licence(work, self._context, request.application_id)
            ),
        )

    def ListOpenSubjects(
        self, request: messages.ListOpenSubjectsRequest, context: grpc.ServicerContext
    ) -> messages.ListOpenSubjectsResponse:
        with self._database.begin(current_call()) as work:
            found, token = procedure_service.list_open_subjects(work, request.page_size, request.page_token)
        return messages.ListOpenSubjectsResponse(
            subjects=[
                messages.OpenSubject(kind=kind, id=identifier, sequence=sequence)
                for kind, identifier, sequence in found
            ],
            next_page_token=token,
        )

    def _act(self, request: object, use_case: Callable[[UnitOfWork], Position]) -> messages.Position:
        return transact(self._database, request, messages.Position, lambda work: to_position(use_case(work)))
