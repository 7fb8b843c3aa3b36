"""ApplicationService over gRPC: for exporters and their agents."""

from collections.abc import Callable, Iterator

import grpc
from google.protobuf.message import Message
from xuke.licensing.v1 import application_pb2 as messages
from xuke.licensing.v1 import application_pb2_grpc
from xuke.licensing.v1 import dossier_pb2 as dossiers

from services.foundation.database import Database, UnitOfWork
from services.foundation.documents.malware_scanner import MalwareScanner
from services.foundation.documents.receiving import receive
from services.foundation.documents.store import DocumentStore
from services.foundation.errors import invalid_field
from services.foundation.grpc_server import current_call, transact
from services.foundation.permissions import allow
from services.foundation.principal import Role
from services.licensing import application_service
from services.licensing.application_context import ApplicationContext
from services.licensing.application_messages import to_application, to_check
from services.licensing.application_shapes import enum_word, fill, read, require_storable
from services.licensing.application_views import ApplicationView
from services.licensing.domain.dossier import AttachmentKind, Dossier
from services.licensing.domain.public_status import PublicState

_APPLICANT = allow(Role.EXPORTER, Role.AGENT)
APPLICATION_PERMISSIONS = {
    "CreateApplication": _APPLICANT,
    "UpdateApplication": _APPLICANT,
    "UploadAttachment": _APPLICANT,
    "RemoveAttachment": _APPLICANT,
    "SubmitApplication": _APPLICANT,
    "SupplementApplication": _APPLICANT,
    "WithdrawApplication": _APPLICANT,
    "GetApplication": _APPLICANT,
    "ListApplications": _APPLICANT,
    "CheckApplication": _APPLICANT,
    "CopyApplication": _APPLICANT,
}


class ApplicationServicer(application_pb2_grpc.ApplicationServiceServicer):
    """See the contract."""

    def __init__(
        self,
        database: Database,
        context: ApplicationContext,
        documents: DocumentStore,
        scanner: MalwareScanner | None = None,
    ) -> None:
        self._database = database
        self._context = context
        self._documents = documents
        self._scanner = scanner

    def CreateApplication(
        self, request: messages.CreateApplicationRequest, context: grpc.ServicerContext
    ) -> messages.Application:
        dossier = read(Dossier, request.dossier)
        return self._act(request, lambda work: application_service.create(work, self._context, dossier))

    def UpdateApplication(
        self, request: messages.UpdateApplicationRequest, context: grpc.ServicerContext
    ) -> messages.Application:
        dossier = read(Dossier, request.dossier)
        return self._act(
            request,
            lambda work: application_service.update(
                work, self._context, request.application_id, request.etag, dossier
            ),
        )

    def UploadAttachment(
        self, request_iterator: Iterator[messages.UploadAttachmentRequest], context: grpc.ServicerContext
    ) -> dossiers.Attachment:
        """The bytes are stored before the row commits; bytes that no row names do no harm."""
        first = next(request_iterator, None)
        if first is None or first.WhichOneof("part") != "description":
            raise invalid_field("description", "DESCRIPTION_MUST_COME_FIRST")
        description = first.description
        require_storable(description)
        with self._database.begin(current_call()) as work:
            application_service.require_known(work, description.application_id)
        received = receive(
            _contents(request_iterator), description.file_name, self._documents, scanner=self._scanner
        )
        kind = enum_word(AttachmentKind, dossiers.AttachmentKind.DESCRIPTOR, description.kind)

        def attach(work: UnitOfWork) -> dossiers.Attachment:
            attachment = application_service.attach(
                work,
                self._context,
                description.application_id,
                kind,
                description.file_name,
                received.media_type.value,
                received.size,
                received.sha256,
            )
            return fill(dossiers.Attachment(), attachment)

        with self._database.begin(current_call()) as work:
            # The same request id with other bytes is another request.
            identity = messages.UploadAttachmentRequest(
                content=first.SerializeToString(deterministic=True) + bytes.fromhex(received.sha256)
            )
            return work.once(description.request_id, identity, dossiers.Attachment, lambda: attach(work))

    def RemoveAttachment(
        self, request: messages.RemoveAttachmentRequest, context: grpc.ServicerContext
    ) -> messages.Application:
        return self._act(
            request,
            lambda work: application_service.remove_attachment(
                work, self._context, request.application_id, request.etag, request.attachment_id
            ),
        )

    def SubmitApplication(
        self, request: messages.SubmitApplicationRequest, context: grpc.ServicerContext
    ) -> messages.Application:
        return self._act(
            request,
            lambda work: application_service.submit(
                work, self._context, request.application_id, request.etag
            ),
        )

    def SupplementApplication(
        self, request: messages.SupplementApplicationRequest, context: grpc.ServicerContext
    ) -> messages.Application:
        return self._act(
            request,
            lambda work: application_service.supplement(
                work, self._context, request.application_id, request.etag
            ),
        )

    def WithdrawApplication(
        self, request: messages.WithdrawApplicationRequest, context: grpc.ServicerContext
    ) -> messages.Application:
        return self._act(
            request,
            lambda work: application_service.withdraw(
                work, self._context, request.application_id, request.etag, request.reason
            ),
        )

    def GetApplication(
        self, request: messages.GetApplicationRequest, context: grpc.ServicerContext
    ) -> messages.Application:
        with self._database.begin(current_call()) as work:
            return to_application(application_service.get(work, self._context, request.application_id))

    def CheckApplication(
        self, request: messages.CheckApplicationRequest, context: grpc.ServicerContext
    ) -> messages.CheckApplicationResponse:
        with self._database.begin(current_call()) as work:
            return to_check(*application_service.check(work, self._context, request.application_id))

    def ListApplications(
        self, request: messages.ListApplicationsRequest, context: grpc.ServicerContext
    ) -> messages.ListApplicationsResponse:
        words = messages.PublicState.DESCRIPTOR
        states = {enum_word(PublicState, words, number) for number in request.states if number}
        with self._database.begin(current_call()) as work:
            found, token = application_service.list_own(
                work, self._context, states, request.query, request.page_size, request.page_token
            )
            return messages.ListApplicationsResponse(
                applications=[to_application(view) for view in found], next_page_token=token
            )

    def CopyApplication(
        self, request: messages.CopyApplicationRequest, context: grpc.ServicerContext
    ) -> messages.Application:
        return self._act(
            request, lambda work: application_service.copy(work, self._context, request.application_id)
        )

    def _act(
        self, request: Message, use_case: Callable[[UnitOfWork], ApplicationView]
    ) -> messages.Application:
        require_storable(request)
        return transact(
            self._database, request, messages.Application, lambda work: to_application(use_case(work))
        )


def _contents(parts: Iterator[messages.UploadAttachmentRequest]) -> Iterator[bytes]:
    for part in parts:
        if part.WhichOneof("part") != "content":
            raise invalid_field("content", "CONTENT_MUST_FOLLOW")
        yield part.content
