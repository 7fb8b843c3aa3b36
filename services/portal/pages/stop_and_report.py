"""Stop and report (立即停止并报告, Regulation 792 Art. 25): a form, a page to check it on, and what was done.

The request id is made with the page on which the answers are checked, so that the report is made once however
often the button is pressed.
"""

from typing import Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from xuke.licensing.v1 import licence_pb2 as li

from services.portal import answers
from services.portal.form_act import new_request_id
from services.portal.form_options import words
from services.portal.forms import Faults, Kind, Question, Typed, asked, typed
from services.portal.kept_text import kept_values
from services.portal.page import APPLICANTS, Page
from services.portal.pages.licences import STOPPABLE, read_licence
from services.portal.services import services

QUESTIONS: Final = (
    Question(
        "reason",
        Kind.CHOICE,
        "stop.reason",
        options=words(li.SuspensionReason, without=(li.SUSPENSION_REASON_AMENDMENT_PENDING,)),
        required=True,
    ),
    Question("statement", Kind.LONG_TEXT, "stop.statement", "stop.statement_hint", required=True, rows=8),
)


def _sent() -> Typed:
    return typed(QUESTIONS, request.form.to_dict(flat=False))


def _read(number: str, sent: Typed) -> tuple[li.StopAndReportRequest, Faults]:
    message = li.StopAndReportRequest(number=number)
    return message, answers.write(QUESTIONS, sent, message, complete=True)


def _form_page(licence: li.Licence, sent: Typed, faults: Faults | None = None) -> str:
    return render_template(
        "stop_and_report/form.html", licence=licence, asked=asked(QUESTIONS, sent, faults), faults=faults
    )


def form(number: str) -> ResponseReturnValue:
    """Asks why and what happened; a licence that can no longer be stopped leads to its page."""
    found = read_licence(number)
    if found.state not in STOPPABLE:
        return redirect(url_for("licence", number=found.number), 303)
    kept = kept_values()
    return _form_page(found, typed(QUESTIONS, kept.to_dict(flat=False)) if kept is not None else {})


def check(number: str) -> ResponseReturnValue:
    """Shows the answers before they are sent, or the form again with what was typed and what is wrong."""
    found = read_licence(number)
    sent = _sent()
    if "change" in request.form:
        return _form_page(found, sent)
    _, faults = _read(number, sent)
    if faults:
        return _form_page(found, sent, faults), 400
    return render_template(
        "stop_and_report/check.html",
        licence=found,
        asked=asked(QUESTIONS, sent),
        request_id=new_request_id(),
    )


def confirm(number: str) -> ResponseReturnValue:
    """Makes the report. Errors: whatever licensing refuses with."""
    sent = _sent()
    message, faults = _read(number, sent)
    if faults:
        return _form_page(read_licence(number), sent, faults), 400
    message.request_id = request.form.get("request_id", "")
    services().ask(services().licences.StopAndReport, message)
    return redirect(url_for("stopped", number=number), 303)


def stopped(number: str) -> ResponseReturnValue:
    """What was done; leads to the licence if nothing was."""
    found = read_licence(number)
    if found.state != li.LICENCE_STATE_SUSPENDED:
        return redirect(url_for("licence", number=found.number), 303)
    return render_template("stop_and_report/stopped.html", licence=found)


_PATH: Final = "/licences/<number>/stop-and-report"
PAGES: Final[tuple[Page, ...]] = (
    Page("stop_and_report", _PATH, form, APPLICANTS),
    Page("stop_and_report_check", _PATH, check, APPLICANTS, methods=("POST",)),
    Page("stop_and_report_confirm", f"{_PATH}/confirm", confirm, APPLICANTS, methods=("POST",)),
    Page("stopped", f"{_PATH}/done", stopped, APPLICANTS),
)
