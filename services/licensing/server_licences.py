"""The licence services over gRPC: what holders and officers use, and what the procedure uses."""

import grpc
from xuke.licensing.v1 import licence_pb2 as messages
from xuke.licensing.v1 import licence_pb2_grpc

from services.foundation.database import Database
from services.foundation.grpc_server import current_call, transact
from services.foundation.permissions import Permission, allow
from services.foundation.principal import Role
from services.licensing import licence_messages as convert
from services.licensing import licence_procedure_service as procedure
from services.licensing import licence_service as service
from services.licensing.application_shapes import read
from services.licensing.domain.dossier import DueDiligence
from services.licensing.due_diligence_service import record_due_diligence
from services.licensing.licence_procedure_service import LicencePress

_HOLDER = (Role.EXPORTER, Role.AGENT)
_READERS = allow(
    *_HOLDER,
    Role.PROVINCIAL_OFFICER,
    Role.MINISTRY_OFFICER,
    Role.MINISTRY_DIRECTOR,
    Role.ENFORCEMENT_OFFICER,
    Role.AUDITOR,
)

LICENCE_PERMISSIONS: dict[str, Permission] = {
    "GetLicence": _READERS,
    "ListLicences": _READERS,
    "GetLicenceDocument": _READERS,
    "StopAndReport": allow(*_HOLDER),
    "SuspendLicence": allow(Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR, Role.ENFORCEMENT_OFFICER),
    "ResumeLicence": allow(Role.MINISTRY_DIRECTOR),
    "RevokeLicence": allow(Role.MINISTRY_DIRECTOR),
    "SurrenderLicence": allow(*_HOLDER),
    "ListUsage": _READERS,
    "RecordDueDiligence": allow(*_HOLDER),
}

PROCEDURE_PERMISSIONS: dict[str, Permission] = {
    "GetLicencePosition": allow(Role.PROCEDURE),
    "PrepareLicenceDocument": allow(Role.PROCEDURE),
    "ExpireLicence": allow(Role.PROCEDURE),
}


class LicenceServicer(licence_pb2_grpc.LicenceServiceServicer):
    """xuke.licensing.v1.LicenceService."""

    def __init__(self, database: Database, press: LicencePress) -> None:
        self._database = database
        self._press = press

    def GetLicence(
        self, request: messages.GetLicenceRequest, context: grpc.ServicerContext
    ) -> messages.Licence:
        with self._database.begin(current_call()) as work:
            return convert.to_licence(service.get_licence(work, request.number))

    def ListLicences(
        self, request: messages.ListLicencesRequest, context: grpc.ServicerContext
    ) -> messages.ListLicencesResponse:
        states = [convert.from_state(state) for state in request.states]
        with self._database.begin(current_call()) as work:
            page = service.list_licences(work, states, request.page_size, request.page_token)
            return convert.to_licences(page)

    def GetLicenceDocument(
        self, request: messages.GetLicenceDocumentRequest, context: grpc.ServicerContext
    ) -> messages.LicenceDocument:
        with self._database.begin(current_call()) as work:
            number, sha256 = procedure.document_digest(work, request.number)
        content = self._press.fetch(sha256)
        return messages.LicenceDocument(
            number=number, media_type="application/pdf", sha256=sha256, content=content
        )

    def StopAndReport(
        self, request: messages.StopAndReportRequest, context: grpc.ServicerContext
    ) -> messages.Licence:
        reason = convert.from_suspension_reason(request.reason)
        return transact(
            self._database,
            request,
            messages.Licence,
            lambda work: convert.to_licence(
                service.stop_and_report(work, request.number, reason, request.statement)
            ),
        )

    def SuspendLicence(
        self, request: messages.SuspendLicenceRequest, context: grpc.ServicerContext
    ) -> messages.Licence:
        reason = convert.from_suspension_reason(request.reason)
        return transact(
            self._database,
            request,
            messages.Licence,
            lambda work: convert.to_licence(
                service.suspend_licence(work, request.number, request.etag, reason, request.statement)
            ),
        )

    def ResumeLicence(
        self, request: messages.ResumeLicenceRequest, context: grpc.ServicerContext
    ) -> messages.Licence:
        return transact(
            self._database,
            request,
            messages.Licence,
            lambda work: convert.to_licence(
                service.resume_licence(work, request.number, request.etag, request.reasons)
            ),
        )

    def RevokeLicence(
        self, request: messages.RevokeLicenceRequest, context: grpc.ServicerContext
    ) -> messages.Licence:
        return transact(
            self._database,
            request,
            messages.Licence,
            lambda work: convert.to_licence(
                service.revoke_licence(work, request.number, request.etag, request.reasons)
            ),
        )

    def SurrenderLicence(
        self, request: messages.SurrenderLicenceRequest, context: grpc.ServicerContext
    ) -> messages.Licence:
        return transact(
            self._database,
            request,
            messages.Licence,
            lambda work: convert.to_licence(
                service.surrender_licence(work, request.number, request.etag, request.reasons)
            ),
        )

    def RecordDueDiligence(
        self, request: messages.RecordDueDiligenceRequest, context: grpc.ServicerContext
    ) -> messages.Licence:
        record = read(DueDiligence, request.due_diligence)
        return transact(
            self._database,
            request,
            messages.Licence,
            lambda work: convert.to_licence(record_due_diligence(work, request.number, request.etag, record)),
        )

    def ListUsage(
        self, request: messages.ListUsageRequest, context: grpc.ServicerContext
    ) -> messages.ListUsageResponse:
        with self._database.begin(current_call()) as work:
            return convert.to_usage(service.list_usage(work, request.number))


class LicenceProcedureServicer(licence_pb2_grpc.LicenceProcedureServiceServicer):
    """xuke.licensing.v1.LicenceProcedureService."""

    def __init__(self, database: Database, press: LicencePress) -> None:
        self._database = database
        self._press = press

    def GetLicencePosition(
        self, request: messages.GetLicencePositionRequest, context: grpc.ServicerContext
    ) -> messages.LicencePosition:
        with self._database.begin(current_call()) as work:
            return convert.to_position(procedure.get_position(work, request.number, request.after_sequence))

    def PrepareLicenceDocument(
        self, request: messages.PrepareLicenceDocumentRequest, context: grpc.ServicerContext
    ) -> messages.LicencePosition:
        with self._database.begin(current_call()) as work:
            canonical = procedure.facts_to_print(work, request.number)
        # Between two transactions: nothing is locked while the document is rendered, signed and stored.
        sha256 = None if canonical is None else self._press.print(canonical, current_call().now)
        return transact(
            self._database,
            request,
            messages.LicencePosition,
            lambda work: convert.to_position(procedure.note_document(work, request.number, sha256)),
        )

    def ExpireLicence(
        self, request: messages.ExpireLicenceRequest, context: grpc.ServicerContext
    ) -> messages.LicencePosition:
        return transact(
            self._database,
            request,
            messages.LicencePosition,
            lambda work: convert.to_position(procedure.expire_licence(work, request.number)),
        )
