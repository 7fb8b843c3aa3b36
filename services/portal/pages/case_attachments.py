"""The documents of a case, shown in place: PDF, JPEG and PNG as licensing recognised them, and nothing else."""

import urllib.parse
import uuid
from typing import Final

from flask import Response, request
from flask.typing import ResponseReturnValue
from xuke.licensing.v1 import application_pb2 as a
from xuke.licensing.v1 import dossier_pb2 as d

from services.foundation.errors import not_found
from services.portal.case_frame import DOSSIER_READERS, read_case, render_case
from services.portal.page import Page
from services.portal.security_headers import allow_frames_of_ourselves, serve_in_frames
from services.portal.services import services

PDF: Final = "application/pdf"
IMAGES: Final = frozenset({"image/jpeg", "image/png"})


def attachments(application_id: uuid.UUID) -> ResponseReturnValue:
    """The documents with what they are, their size and their digest."""
    return render_case("cases/attachments.html", read_case(application_id), "case_attachments")


def attachment(application_id: uuid.UUID, attachment_id: uuid.UUID) -> ResponseReturnValue:
    """A document to look at, with the way to the one before and after it. Errors: NOT_FOUND."""
    found = read_case(application_id)
    place = _place_of(found, attachment_id)
    shown = found.attachments[place]
    allow_frames_of_ourselves()
    return render_case(
        "cases/attachment.html",
        found,
        "case_attachments",
        attachment=shown,
        image=shown.media_type in IMAGES,
        pdf=shown.media_type == PDF,
        number=place + 1,
        before=found.attachments[place - 1] if place else None,
        after=found.attachments[place + 1] if place + 1 < len(found.attachments) else None,
    )


def content(application_id: uuid.UUID, attachment_id: uuid.UUID) -> ResponseReturnValue:
    """The bytes of a document: to be shown if it is of a kind that is, to be kept if asked for so or it is not."""
    found = read_case(application_id)
    wanted = found.attachments[_place_of(found, attachment_id)]
    parts = services().receive(
        services().reviews.DownloadAttachment,
        "licensing",
        a.DownloadAttachmentRequest(application_id=str(application_id), attachment_id=str(attachment_id)),
    )
    return document_answer(
        wanted, b"".join(part.content for part in parts), keep=request.args.get("keep") == "1"
    )


def document_answer(document: d.Attachment, bytes_of_it: bytes, *, keep: bool) -> Response:
    """An answer with a document of an application, which is shown in place unless it is to be kept.

    The media type is the one that licensing recognised from the bytes; a document of any other kind is only ever
    kept, so that nothing that a person uploaded can act as a page.
    """
    shown = document.media_type == PDF or document.media_type in IMAGES
    serve_in_frames()
    return Response(
        bytes_of_it,
        content_type=document.media_type if shown else "application/octet-stream",
        headers={"Content-Disposition": _disposition(document.file_name, inline=shown and not keep)},
    )


def _disposition(file_name: str, *, inline: bool) -> str:
    """Content-Disposition with the name of the file as RFC 6266 and RFC 8187 say it, whatever its characters."""
    plain = "".join(one if one.isascii() and (one.isalnum() or one in "-._") else "_" for one in file_name)
    encoded = urllib.parse.quote(file_name, safe="")
    return f"{'inline' if inline else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{encoded}"


def _place_of(case: a.Case, attachment_id: uuid.UUID) -> int:
    for place, one in enumerate(case.attachments):
        if one.attachment_id == str(attachment_id):
            return place
    raise not_found("attachment", str(attachment_id))


_PATH: Final = "/cases/<uuid:application_id>/attachments"
PAGES: Final[tuple[Page, ...]] = (
    Page("case_attachments", _PATH, attachments, DOSSIER_READERS),
    Page("case_attachment", f"{_PATH}/<uuid:attachment_id>", attachment, DOSSIER_READERS),
    Page("case_attachment_content", f"{_PATH}/<uuid:attachment_id>/content", content, DOSSIER_READERS),
)
