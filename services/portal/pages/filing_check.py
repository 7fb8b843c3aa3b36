"""Checking the answers, submitting them once, and what happens then."""

import uuid
from collections.abc import Callable, Sequence
from typing import Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from xuke.licensing.v1 import application_pb2 as a
from xuke.licensing.v1 import dossier_pb2 as d

from services.foundation.errors import ErrorCode, XukeError
from services.portal.dossier_summary import dossier_sections
from services.portal.errors import status_of
from services.portal.filing import addresses
from services.portal.filing.openness import is_draft
from services.portal.filing.places import DOSSIER, Place, place_of
from services.portal.filing.progress import Lack, check, lacks, missing_documents
from services.portal.filing.saving import read_application
from services.portal.filing.sections import ATTACHMENTS
from services.portal.form_act import new_request_id, refusal
from services.portal.forms import Faults
from services.portal.language import plain, text
from services.portal.page import APPLICANTS, Page
from services.portal.services import services

_UNCLEAR: Final = frozenset({ErrorCode.UNAVAILABLE, ErrorCode.DEADLINE_EXCEEDED})


def check_answers(application_id: uuid.UUID) -> ResponseReturnValue:
    """Everything that is stated, what keeps it from being submitted, and the button that submits it."""
    application = read_application(application_id)
    if not is_draft(application):
        return redirect(url_for("application", application_id=application_id), 303)
    return _page(application, check(application), new_request_id())


def submit(application_id: uuid.UUID) -> ResponseReturnValue:
    """Submits what the page showed, once however often the button is pressed.

    Errors: NOT_FOUND.
    """
    request_id = request.form.get("request_id", "")
    message = a.SubmitApplicationRequest(
        request_id=request_id, application_id=str(application_id), etag=request.form.get("etag", "")
    )
    try:
        services().ask(services().applications.SubmitApplication, message)
    except XukeError as error:
        if error.code in (ErrorCode.NOT_FOUND, ErrorCode.UNAUTHENTICATED):
            raise
        return _refused(application_id, request_id, error)
    return redirect(url_for("filing_submitted", application_id=application_id), 303)


def submitted(application_id: uuid.UUID) -> ResponseReturnValue:
    """The number, what happens next, and how long it takes; leads to the draft while it is one."""
    application = read_application(application_id)
    if is_draft(application):
        return redirect(url_for("application", application_id=application_id), 303)
    return render_template("filing/submitted.html", application=application)


def _refused(application_id: uuid.UUID, request_id: str, error: XukeError) -> ResponseReturnValue:
    application = read_application(application_id)
    if not is_draft(application):
        # A colleague was faster.
        return redirect(url_for("filing_submitted", application_id=application_id), 303)
    if error.violations:
        page = _page(application, lacks(application, error.violations), new_request_id())
    else:
        stale = error.reason == "STALE_ETAG"
        faults = Faults(general=(text("filing.check_stale"),)) if stale else refusal(error)
        again = request_id if error.code in _UNCLEAR else new_request_id()
        page = _page(application, check(application), again, faults)
    return page, status_of(error.code)


def _page(
    application: a.Application, found: Sequence[Lack], request_id: str, faults: Faults | None = None
) -> str:
    # What keeps it from being submitted is among those, and not among what may come later.
    hindering = {lack.path for lack in found}
    return render_template(
        "filing/check.html",
        application=application,
        sections=dossier_sections(application.dossier),
        change=_changes(application),
        lacks=found,
        missing=[
            kind
            for kind in missing_documents(application)
            if f"{ATTACHMENTS}.{plain(d.AttachmentKind, kind)}" not in hindering
        ],
        request_id=request_id,
        faults=faults,
    )


def _changes(application: a.Application) -> Callable[[str], str]:
    """Tells the page that changes a row; empty for what follows from the others, such as the number of a line."""
    known: dict[Place, str] = {}

    def change(row: str) -> str:
        place = place_of(f"{DOSSIER}{row}")
        if place is None:
            return ""
        if place not in known:
            known[place] = addresses.of_place(application.application_id, place, "check")
        return known[place]

    return change


_PATH: Final = "/applications/<uuid:application_id>"
PAGES: Final[tuple[Page, ...]] = (
    Page("filing_check", f"{_PATH}/check", check_answers, APPLICANTS),
    Page("filing_submit", f"{_PATH}/check", submit, APPLICANTS, methods=("POST",)),
    Page("filing_submitted", f"{_PATH}/submitted", submitted, APPLICANTS),
)
