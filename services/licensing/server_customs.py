"""The customs service over gRPC: status, changes, receipt and write-off."""

import grpc
from xuke.licensing.v1 import licence_pb2 as messages
from xuke.licensing.v1 import licence_pb2_grpc

from services.foundation.database import Database
from services.foundation.grpc_server import current_call, transact
from services.foundation.permissions import Permission, allow
from services.foundation.principal import Role
from services.licensing import customs_service as service
from services.licensing import licence_messages as convert
from services.licensing.domain.licence_account import UsageKind
from services.licensing.usage_service import write_off

_STATUS = allow(Role.CUSTOMS_OFFICER, scopes=("customs:status",))
_WRITE_OFF = allow(Role.CUSTOMS_OFFICER, scopes=("customs:writeoff",))

CUSTOMS_PERMISSIONS: dict[str, Permission] = {
    "GetLicenceStatus": _STATUS,
    "BatchGetLicenceStatuses": _STATUS,
    "ListLicenceChanges": _STATUS,
    "AcknowledgeLicence": _WRITE_OFF,
    "ReserveQuantities": _WRITE_OFF,
    "CommitQuantities": _WRITE_OFF,
    "ReleaseQuantities": _WRITE_OFF,
}


class CustomsServicer(licence_pb2_grpc.CustomsServiceServicer):
    """xuke.licensing.v1.CustomsService."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def GetLicenceStatus(
        self, request: messages.GetLicenceStatusRequest, context: grpc.ServicerContext
    ) -> messages.LicenceStatus:
        with self._database.begin(current_call()) as work:
            status = service.get_status(work, request.number)
        return convert.to_status(status)

    def BatchGetLicenceStatuses(
        self, request: messages.BatchGetLicenceStatusesRequest, context: grpc.ServicerContext
    ) -> messages.BatchGetLicenceStatusesResponse:
        with self._database.begin(current_call()) as work:
            batch = service.get_statuses(work, request.numbers)
        return convert.to_statuses(batch)

    def ListLicenceChanges(
        self, request: messages.ListLicenceChangesRequest, context: grpc.ServicerContext
    ) -> messages.ListLicenceChangesResponse:
        with self._database.begin(current_call()) as work:
            page = service.list_changes(work, request.cursor, request.page_size)
        return convert.to_changes(page)

    def AcknowledgeLicence(
        self, request: messages.AcknowledgeLicenceRequest, context: grpc.ServicerContext
    ) -> messages.LicenceStatus:
        return transact(
            self._database,
            request,
            messages.LicenceStatus,
            lambda work: convert.to_status(
                service.acknowledge_licence(work, request.number, request.customs_reference)
            ),
        )

    def ReserveQuantities(
        self, request: messages.WriteOffRequest, context: grpc.ServicerContext
    ) -> messages.WriteOffResponse:
        return self._write_off(UsageKind.RESERVE, request)

    def CommitQuantities(
        self, request: messages.WriteOffRequest, context: grpc.ServicerContext
    ) -> messages.WriteOffResponse:
        return self._write_off(UsageKind.COMMIT, request)

    def ReleaseQuantities(
        self, request: messages.WriteOffRequest, context: grpc.ServicerContext
    ) -> messages.WriteOffResponse:
        return self._write_off(UsageKind.RELEASE, request)

    def _write_off(self, kind: UsageKind, request: messages.WriteOffRequest) -> messages.WriteOffResponse:
        demands = convert.from_write_off(request)
        with self._database.begin(current_call()) as work:
            outcomes = write_off(work, kind, request.declaration_number, demands)
        return convert.to_write_off(outcomes)
