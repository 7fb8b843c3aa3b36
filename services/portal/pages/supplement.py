"""Answering a supplement notice (补正, 行政许可法 Art. 32(4)): what is asked, where it is mended, and sending it once."""

import uuid
from dataclasses import dataclass
from typing import Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from xuke.licensing.v1 import application_pb2 as a
from xuke.licensing.v1 import dossier_pb2 as d

from services.foundation.errors import ErrorCode, XukeError
from services.portal.answers import is_under
from services.portal.dossier_summary import Section, dossier_sections
from services.portal.errors import status_of
from services.portal.filing import addresses
from services.portal.form_act import new_request_id, refusal
from services.portal.forms import Faults
from services.portal.language import plain
from services.portal.page import APPLICANTS, Page
from services.portal.pages.application_status import read_application
from services.portal.services import services

_DOSSIER: Final = "dossier."
_ATTACHMENTS: Final = "attachments"


@dataclass(frozen=True)
class Point:
    """One point of the notice, and the page on which it is answered; a document is there or is missing."""

    deficiency: a.Deficiency
    address: str
    is_document: bool
    is_missing: bool


def _points(application: a.Application) -> tuple[Point, ...]:
    kinds = {plain(d.AttachmentKind, file.kind) for file in application.attachments}
    points = []
    for one in application.status.asked_of_you:
        # What names no field is answered with a document.
        path = one.field or f"{_ATTACHMENTS}.OTHER"
        is_document = is_under(path, _ATTACHMENTS)
        missing = is_document and path.partition(".")[2] not in kinds
        points.append(Point(one, addresses.mending(application, path), is_document, missing))
    return tuple(points)


def supplement(application_id: uuid.UUID) -> ResponseReturnValue:
    """Every point of the notice with the way to answer it; leads to the application where none is asked."""
    found = read_application(application_id)
    if not found.status.asked_of_you:
        return _to_application(application_id)
    notice = next((one for one in reversed(found.notices) if one.kind == "SUPPLEMENT"), None)
    return render_template(
        "supplement/supplement.html", application=found, points=_points(found), notice=notice
    )


def supplement_check(application_id: uuid.UUID) -> ResponseReturnValue:
    """The answers as they stand, before they are sent."""
    found = read_application(application_id)
    if not found.status.asked_of_you:
        return _to_application(application_id)
    return _check_page(found, new_request_id())


def supplement_send(application_id: uuid.UUID) -> ResponseReturnValue:
    """Sends the supplement, once."""
    request_id = request.form.get("request_id", "")
    message = a.SupplementApplicationRequest(
        request_id=request_id, application_id=str(application_id), etag=request.form.get("etag", "")
    )
    try:
        services().ask(services().applications.SupplementApplication, message)
    except XukeError as error:
        if error.code in (ErrorCode.NOT_FOUND, ErrorCode.UNAUTHENTICATED):
            raise
        found = read_application(application_id)
        if not found.status.asked_of_you:
            return _to_application(application_id)
        unclear = error.code in (ErrorCode.UNAVAILABLE, ErrorCode.DEADLINE_EXCEEDED)
        page = _check_page(found, request_id if unclear else new_request_id(), refusal(error))
        return page, status_of(error.code)
    return redirect(url_for("application_supplement_sent", application_id=application_id), 303)


def supplement_sent(application_id: uuid.UUID) -> ResponseReturnValue:
    """What was done; leads back to the notice while it is not answered."""
    found = read_application(application_id)
    if found.status.asked_of_you or found.submission_number < 2:
        return redirect(url_for("application_supplement", application_id=application_id), 303)
    return render_template("supplement/sent.html", application=found)


def _to_application(application_id: uuid.UUID) -> ResponseReturnValue:
    return redirect(url_for("application", application_id=application_id), 303)


def _check_page(found: a.Application, request_id: str, faults: Faults | None = None) -> str:
    return render_template(
        "supplement/check.html",
        application=found,
        points=(points := _points(found)),
        missing=sum(one.is_missing for one in points),
        sections=_opened_sections(found),
        files=[
            one
            for one in found.attachments
            if any(is_under(path, _ATTACHMENTS) for path in found.open_fields)
        ],
        request_id=request_id,
        faults=faults,
    )


def _opened_sections(found: a.Application) -> tuple[Section, ...]:
    """What the notice opened of the dossier, with its present values."""
    opened = [one.removeprefix(_DOSSIER) for one in found.open_fields if one.startswith(_DOSSIER)]
    sections = []
    for section in dossier_sections(found.dossier):
        rows = tuple(
            row
            for row in section.rows
            if any(is_under(row.path, one) or is_under(one, row.path) for one in opened)
        )
        if rows:
            sections.append(Section(section.path, section.heading, rows))
    return tuple(sections)


_PATH: Final = "/applications/<uuid:application_id>/supplement"
PAGES: Final[tuple[Page, ...]] = (
    Page("application_supplement", _PATH, supplement, APPLICANTS),
    Page("application_supplement_check", f"{_PATH}/check", supplement_check, APPLICANTS),
    Page("application_supplement_send", f"{_PATH}/check", supplement_send, APPLICANTS, methods=("POST",)),
    Page("application_supplement_sent", f"{_PATH}/sent", supplement_sent, APPLICANTS),
)
