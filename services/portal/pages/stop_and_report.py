"""Stop and report (立即停止并报告, Regulation 792 Art. 25): a form, a page to check it on, and what was done.

The request id is made with the page on which the answers are checked, so that the report is made once however
often the button is pressed.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from xuke.licensing.v1 import licence_pb2 as li

from services.portal.kept_text import kept_values
from services.portal.language import text
from services.portal.page import APPLICANTS, Page
from services.portal.pages.licences import STOPPABLE, read_licence
from services.portal.services import services

GREATEST_STATEMENT = 4000
REASONS = tuple(
    name.removeprefix("SUSPENSION_REASON_")
    for name, number in li.SuspensionReason.items()
    if number not in (li.SUSPENSION_REASON_UNSPECIFIED, li.SUSPENSION_REASON_AMENDMENT_PENDING)
)


@dataclass(frozen=True)
class Report:
    """What the person typed, and what is wrong with it by the name of the field."""

    reason: str = ""
    statement: str = ""
    faults: dict[str, str] = field(default_factory=dict)


def _typed(form: Mapping[str, str]) -> Report:
    reason = form.get("reason", "")
    # Browsers send line ends as two characters, which nobody counts.
    statement = form.get("statement", "").replace("\r\n", "\n").strip()
    faults: dict[str, str] = {}
    if reason not in REASONS:
        faults["reason"] = text("stop.fault_reason")
    if not statement:
        faults["statement"] = text("stop.fault_statement_missing")
    elif len(statement) > GREATEST_STATEMENT:
        over = len(statement) - GREATEST_STATEMENT
        faults["statement"] = text("stop.fault_statement_long", over=over, limit=GREATEST_STATEMENT)
    return Report(reason, statement, faults)


def _form_page(licence: li.Licence, report: Report) -> str:
    return render_template("stop_and_report/form.html", licence=licence, report=report, reasons=REASONS)


def form(number: str) -> ResponseReturnValue:
    """Asks why and what happened; a licence that can no longer be stopped leads to its page."""
    found = read_licence(number)
    if found.state not in STOPPABLE:
        return redirect(url_for("licence", number=found.number), 303)
    kept = _typed(kept_values() or {})
    return _form_page(found, Report(kept.reason, kept.statement))


def check(number: str) -> ResponseReturnValue:
    """Shows the answers before they are sent, or the form again with what was typed and what is wrong."""
    found = read_licence(number)
    report = _typed(request.form)
    if "change" in request.form:
        return _form_page(found, Report(report.reason, report.statement))
    if report.faults:
        return _form_page(found, report), 400
    return render_template(
        "stop_and_report/check.html", licence=found, report=report, request_id=str(uuid.uuid4())
    )


def confirm(number: str) -> ResponseReturnValue:
    """Makes the report. Errors: whatever licensing refuses with."""
    report = _typed(request.form)
    if report.faults:
        return _form_page(read_licence(number), report), 400
    services().ask(
        services().licences.StopAndReport,
        li.StopAndReportRequest(
            request_id=request.form.get("request_id", ""),
            number=number,
            reason=li.SuspensionReason.Value(f"SUSPENSION_REASON_{report.reason}"),
            statement=report.statement,
        ),
    )
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
