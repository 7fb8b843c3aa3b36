"""The page of an application as its applicant sees it, and the files in it."""

import urllib.parse
import uuid
from typing import Final

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from xuke.licensing.v1 import application_pb2 as a
from xuke.licensing.v1 import dossier_pb2 as d

from services.foundation.errors import not_found
from services.portal.dossier_summary import dossier_sections
from services.portal.filing.openness import is_draft
from services.portal.form_act import new_request_id
from services.portal.page import APPLICANTS, Page
from services.portal.pages.filing_tasks import task_list
from services.portal.services import services

# What the applicant can still take back: everything before the decision.
WITHDRAWABLE: Final = frozenset(
    {
        a.PUBLIC_STATE_DRAFT,
        a.PUBLIC_STATE_BEING_CHECKED,
        a.PUBLIC_STATE_UNDER_PROVINCIAL_REVIEW,
        a.PUBLIC_STATE_SUPPLEMENT_ASKED_OF_YOU,
        a.PUBLIC_STATE_AWAITING_ACCEPTANCE,
        a.PUBLIC_STATE_UNDER_MINISTRY_REVIEW,
    }
)


def read_application(application_id: uuid.UUID) -> a.Application:
    """The application. Errors: NOT_FOUND."""
    return services().ask(
        services().applications.GetApplication, a.GetApplicationRequest(application_id=str(application_id))
    )


def application(application_id: uuid.UUID) -> ResponseReturnValue:
    """The tasks of a draft; else phase, state, due date with its reason, what is asked, notices, and the dossier."""
    found = read_application(application_id)
    if is_draft(found):
        return task_list(found)
    return render_template(
        "applications/application.html",
        application=found,
        sections=dossier_sections(found.dossier),
        can_withdraw=found.status.state in WITHDRAWABLE,
        request_id=new_request_id(),
    )


def attachment(application_id: uuid.UUID, attachment_id: uuid.UUID) -> ResponseReturnValue:
    """A file of the application, to be kept; it is never shown within a page."""
    found = read_application(application_id)
    file = next((one for one in found.attachments if one.attachment_id == str(attachment_id)), None)
    if file is None:
        raise not_found("attachment", str(attachment_id))
    return as_download(str(application_id), file)


def as_download(application_id: str, file: d.Attachment) -> Response:
    """The content of a file as an answer. Errors: whatever licensing refuses with."""
    answers = services().receive(
        services().reviews.DownloadAttachment,
        "licensing",
        a.DownloadAttachmentRequest(application_id=application_id, attachment_id=file.attachment_id),
    )
    name = urllib.parse.quote(file.file_name, safe="")
    return Response(
        (answer.content for answer in answers),
        content_type=file.media_type,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
            "Content-Length": str(file.size),
        },
    )


PAGES: Final[tuple[Page, ...]] = (
    Page("application", "/applications/<uuid:application_id>", application, APPLICANTS),
    Page(
        "application_attachment",
        "/applications/<uuid:application_id>/attachments/<uuid:attachment_id>",
        attachment,
        APPLICANTS,
    ),
)
