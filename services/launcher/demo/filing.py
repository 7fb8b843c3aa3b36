"""What an exporter does: draft, attach, submit, supplement, stop and report."""

from collections.abc import Iterable, Iterator, Mapping

from xuke.licensing.v1 import application_pb2 as a
from xuke.licensing.v1 import application_pb2_grpc, licence_pb2_grpc
from xuke.licensing.v1 import dossier_pb2 as d
from xuke.licensing.v1 import licence_pb2 as li

from services.launcher.clients import People
from services.launcher.demo.papers import paper
from services.launcher.demo.people import ask, new_request_id, stub

_CHUNK_BYTES = 64 * 1024

PAPERS: Mapping[int, tuple[str, str]] = {
    d.ATTACHMENT_KIND_CONTRACT: ("合同.pdf", "出口合同"),
    d.ATTACHMENT_KIND_TECHNICAL_DESCRIPTION: ("技术说明.pdf", "产品技术说明"),
    d.ATTACHMENT_KIND_END_USER_CERTIFICATE: ("最终用户证明.pdf", "最终用户和最终用途证明"),
    d.ATTACHMENT_KIND_LEGAL_REPRESENTATIVE_IDENTITY: ("法定代表人身份证明.pdf", "法定代表人身份证明"),
    d.ATTACHMENT_KIND_MANAGER_IDENTITY: ("主要经营管理人身份证明.pdf", "主要经营管理人身份证明"),
    d.ATTACHMENT_KIND_HANDLER_IDENTITY: ("经办人身份证明.pdf", "经办人身份证明"),
}


class Exporter:
    """An exporter's account and what it does with its applications and licences."""

    def __init__(self, people: People, account: str) -> None:
        self._applications = stub(people, account, "licensing", application_pb2_grpc.ApplicationServiceStub)
        self._licences = stub(people, account, "licensing", licence_pb2_grpc.LicenceServiceStub)

    def draft(self, dossier: d.Dossier) -> a.Application:
        """Creates a draft."""
        return ask(
            self._applications.CreateApplication,
            a.CreateApplicationRequest(request_id=new_request_id(), dossier=dossier),
        )

    def attach(self, application_id: str, kinds: Iterable[int]) -> list[d.Attachment]:
        """Uploads a paper of each kind."""
        return [self._upload(application_id, kind) for kind in kinds]

    def _upload(self, application_id: str, kind: int) -> d.Attachment:
        file_name, title = PAPERS[kind]
        content = paper(title, f"申请 {application_id}", "本文件为演示用。")
        description = a.AttachmentDescription(
            request_id=new_request_id(),
            application_id=application_id,
            kind=d.AttachmentKind.ValueType(kind),
            file_name=file_name,
        )

        def parts() -> Iterator[a.UploadAttachmentRequest]:
            yield a.UploadAttachmentRequest(description=description)
            for start in range(0, len(content), _CHUNK_BYTES):
                yield a.UploadAttachmentRequest(content=content[start : start + _CHUNK_BYTES])

        return ask(self._applications.UploadAttachment, parts)

    def get(self, application_id: str) -> a.Application:
        """Reads the own application as an exporter sees it."""
        return ask(self._applications.GetApplication, a.GetApplicationRequest(application_id=application_id))

    def submit(self, application_id: str) -> a.Application:
        """Submits a draft."""
        return ask(
            self._applications.SubmitApplication,
            a.SubmitApplicationRequest(
                request_id=new_request_id(),
                application_id=application_id,
                etag=self.get(application_id).etag,
            ),
        )

    def supplement(self, application_id: str) -> a.Application:
        """Sends the mended dossier back to who asked for it."""
        return ask(
            self._applications.SupplementApplication,
            a.SupplementApplicationRequest(
                request_id=new_request_id(),
                application_id=application_id,
                etag=self.get(application_id).etag,
            ),
        )

    def stop_and_report(self, number: str, statement: str) -> li.Licence:
        """Stops the export under a licence and reports why (Regulation 792 Art. 25)."""
        return ask(
            self._licences.StopAndReport,
            li.StopAndReportRequest(
                request_id=new_request_id(),
                number=number,
                reason=li.SUSPENSION_REASON_END_USER_CHANGED,
                statement=statement,
            ),
        )

    def record_due_diligence(self, number: str, record: d.DueDiligence) -> li.Licence:
        """Records due diligence before the goods are declared."""
        licence = ask(self._licences.GetLicence, li.GetLicenceRequest(number=number))
        return ask(
            self._licences.RecordDueDiligence,
            li.RecordDueDiligenceRequest(
                request_id=new_request_id(), number=number, etag=licence.etag, due_diligence=record
            ),
        )
