"""The documents of an application: attaching, looking at what is attached, and taking away."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage
from xuke.licensing.v1 import application_pb2 as a
from xuke.licensing.v1 import dossier_pb2 as d

from services.foundation.errors import ErrorCode, XukeError
from services.portal.answers import sentence
from services.portal.errors import status_of
from services.portal.filing import addresses
from services.portal.filing.openness import is_editable, is_open
from services.portal.filing.progress import DEMANDED
from services.portal.filing.saving import read_application
from services.portal.filing.sections import ATTACHMENTS
from services.portal.form_act import new_request_id, refusal
from services.portal.form_options import words
from services.portal.forms import Faults, Kind, Option, Question, asked
from services.portal.language import plain, text
from services.portal.page import APPLICANTS, Page
from services.portal.services import services

# A document may have 20 MB, which licensing sees to; of more than this nothing is read at all.
GREATEST_UPLOAD_BYTES: Final = 48 * 1024 * 1024
_CHUNK_BYTES: Final = 1024 * 1024


@dataclass(frozen=True)
class Shelf:
    """The documents of one kind: whether every application needs one, and whether one may be attached now."""

    kind: int
    word: str
    files: tuple[d.Attachment, ...]
    demanded: bool
    open: bool


def attachments(application_id: uuid.UUID) -> ResponseReturnValue:
    """The documents by their kinds, and the form to attach one."""
    application = read_application(application_id)
    if not is_editable(application):
        return redirect(addresses.overview(application), 303)
    return _page(application, request.args.get("kind", ""))


def upload(application_id: uuid.UUID) -> ResponseReturnValue:
    """Attaches a document: its bytes go on to licensing as they come, which looks at what they are.

    Errors: NOT_FOUND.
    """
    application = read_application(application_id)
    kind = request.form.get("kind", "")
    file = request.files.get("file")
    faults: dict[str, str] = {}
    if kind not in {option.value for option in _kinds(application)}:
        faults["kind"] = text("filing.fault_kind")
    if file is None or not file.filename:
        faults["file"] = text("filing.fault_file")
    if faults or file is None:
        return _page(application, kind, Faults(faults)), 400
    try:
        services().send(
            services().applications.UploadAttachment,
            "licensing",
            _parts(application.application_id, kind, file),
        )
    except XukeError as error:
        if error.code in (ErrorCode.NOT_FOUND, ErrorCode.UNAUTHENTICATED):
            raise
        return _page(application, kind, _faults(error)), status_of(error.code)
    return redirect(url_for("filing_attachments", application_id=application_id), 303)


def remove(application_id: uuid.UUID, attachment_id: uuid.UUID) -> ResponseReturnValue:
    """Takes a document away; what was submitted with it keeps it."""
    application = read_application(application_id)
    if any(file.attachment_id == str(attachment_id) for file in application.attachments):
        try:
            services().ask(
                services().applications.RemoveAttachment,
                a.RemoveAttachmentRequest(
                    request_id=request.form.get("request_id", ""),
                    application_id=application.application_id,
                    attachment_id=str(attachment_id),
                    etag=application.etag,
                ),
            )
        except XukeError as error:
            if error.code not in (ErrorCode.ABORTED, ErrorCode.FAILED_PRECONDITION):
                raise
            return _page(read_application(application_id), "", refusal(error)), 409
    return redirect(url_for("filing_attachments", application_id=application_id), 303)


def _parts(application_id: str, kind: str, file: FileStorage) -> Iterator[a.UploadAttachmentRequest]:
    # Browsers of old send the whole path.
    name = (file.filename or "").replace("\\", "/").rpartition("/")[2]
    yield a.UploadAttachmentRequest(
        description=a.AttachmentDescription(
            request_id=request.form.get("request_id", ""),
            application_id=application_id,
            kind=d.AttachmentKind.Value(f"ATTACHMENT_KIND_{kind}"),
            file_name=name,
        )
    )
    while chunk := file.stream.read(_CHUNK_BYTES):
        yield a.UploadAttachmentRequest(content=chunk)


def _faults(error: XukeError) -> Faults:
    """What licensing found wrong with the document, all of which stands at the file."""
    if not error.violations:
        return refusal(error)
    return Faults({"file": sentence(error.violations[0])})


def _kinds(application: a.Application) -> tuple[Option, ...]:
    """The kinds that may be attached now."""
    return tuple(
        option
        for option in words(d.AttachmentKind)()
        if is_open(application, f"{ATTACHMENTS}.{option.value}")
    )


def _questions(application: a.Application) -> tuple[Question, ...]:
    return (
        Question("kind", Kind.SELECTION, "filing.attachment_kind", options=lambda: _kinds(application)),
        Question("file", Kind.FILE, "filing.attachment_file", "filing.attachment_file_hint"),
    )


def _page(application: a.Application, kind: str, faults: Faults | None = None) -> str:
    # A kind that cannot be attached is nothing to go on with.
    known = kind if kind in {option.value for option in _kinds(application)} else ""
    return render_template(
        "filing/attachments.html",
        application=application,
        shelves=[_shelf(application, kind) for kind in d.AttachmentKind.values() if kind],
        asked=asked(_questions(application), {"kind": (known,)}, faults),
        faults=faults,
        request_id=new_request_id(),
        new_request_id=new_request_id,
        overview=addresses.overview(application),
    )


def _shelf(application: a.Application, kind: int) -> Shelf:
    word = plain(d.AttachmentKind, kind)
    return Shelf(
        kind,
        word,
        tuple(file for file in application.attachments if file.kind == kind),
        kind in DEMANDED,
        is_open(application, f"{ATTACHMENTS}.{word}"),
    )


_PATH: Final = "/applications/<uuid:application_id>/attachments"
PAGES: Final[tuple[Page, ...]] = (
    Page("filing_attachments", _PATH, attachments, APPLICANTS),
    Page(
        "filing_upload",
        _PATH,
        upload,
        APPLICANTS,
        methods=("POST",),
        body_limit=GREATEST_UPLOAD_BYTES,
    ),
    Page(
        "filing_attachment_remove",
        f"{_PATH}/<uuid:attachment_id>/remove",
        remove,
        APPLICANTS,
        methods=("POST",),
    ),
)
