"""Due diligence of the holder of a licence before the goods are declared (尽职调查): one form.

A military risk that was found, or cannot be excluded, stops the licence at once; the form says so before it is sent.
"""

from typing import Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from xuke.licensing.v1 import dossier_pb2 as d
from xuke.licensing.v1 import licence_pb2 as li

from services.portal.form_act import FormAct, attempt, opened
from services.portal.form_options import words
from services.portal.forms import Kind, Question
from services.portal.page import APPLICANTS, Page
from services.portal.pages.licences import STOPPABLE, read_licence
from services.portal.services import services

QUESTIONS: Final = (
    Question(
        "concluded_on",
        Kind.DAY,
        "field_DueDiligence.concluded_on",
        "filing.day_hint",
        required=True,
        width=10,
    ),
    Question(
        "conducted_by",
        Kind.TEXT,
        "field_DueDiligence.conducted_by",
        "filing.due_diligence_by_hint",
        required=True,
    ),
    *(
        Question(
            name,
            Kind.LONG_TEXT,
            f"filing.due_diligence_{name}",
            f"filing.due_diligence_{name}_hint",
            required=True,
        )
        for name in ("methods", "end_user_findings", "end_use_findings")
    ),
    Question(
        "military_risk",
        Kind.CHOICE,
        "filing.military_risk",
        options=words(d.MilitaryRisk, hints="licence_military_risk"),
        required=True,
    ),
)


def form(number: str) -> ResponseReturnValue:
    """Asks what was found out; a licence that has ended leads to its page."""
    found = read_licence(number)
    if found.state not in STOPPABLE:
        return redirect(url_for("licence", number=found.number), 303)
    return _page(found, opened(QUESTIONS))


def record(number: str) -> ResponseReturnValue:
    """Records it, once however often the button is pressed. Errors: NOT_FOUND."""
    found = read_licence(number)
    message = li.RecordDueDiligenceRequest(number=found.number, etag=request.form.get("etag", ""))
    message.due_diligence.SetInParent()
    refused = attempt(
        QUESTIONS,
        message,
        lambda: services().ask(services().licences.RecordDueDiligence, message),
        prefix="due_diligence.",
        form=message.due_diligence,
    )
    if refused is not None:
        return _page(read_licence(number), refused), refused.status
    return redirect(url_for("licence", number=found.number, _anchor="due-diligence"), 303)


def _page(licence: li.Licence, act: FormAct) -> str:
    return render_template("licences/due_diligence.html", licence=licence, act=act, faults=act.faults)


_PATH: Final = "/licences/<number>/due-diligence"
PAGES: Final[tuple[Page, ...]] = (
    Page("licence_due_diligence", _PATH, form, APPLICANTS),
    Page("licence_due_diligence_record", _PATH, record, APPLICANTS, methods=("POST",)),
)
