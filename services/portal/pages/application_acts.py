"""Taking an application back, and beginning a new one with the contents of another."""

import uuid
from typing import Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from xuke.licensing.v1 import application_pb2 as a

from services.portal import form_act
from services.portal.acting import tell
from services.portal.filing.openness import is_draft
from services.portal.form_act import FormAct
from services.portal.forms import Kind, Question
from services.portal.page import APPLICANTS, Page
from services.portal.pages.application_status import WITHDRAWABLE, read_application
from services.portal.services import services

WITHDRAWAL: Final = (
    Question("reason", Kind.LONG_TEXT, "withdraw.reason", hint="withdraw.reason_hint", required=True),
)


def withdraw(application_id: uuid.UUID) -> ResponseReturnValue:
    """Asks for the reason and says what follows; an application that cannot be taken back leads to its page."""
    found = read_application(application_id)
    if found.status.state not in WITHDRAWABLE:
        return redirect(url_for("application", application_id=application_id), 303)
    return _withdrawal_page(found, form_act.opened(_questions(found)))


def _questions(found: a.Application) -> tuple[Question, ...]:
    """Nobody has to say why a draft is given up."""
    return () if is_draft(found) else WITHDRAWAL


def withdraw_confirm(application_id: uuid.UUID) -> ResponseReturnValue:
    """Takes it back, once."""
    questions = _questions(read_application(application_id))
    message = a.WithdrawApplicationRequest(
        application_id=str(application_id), etag=request.form.get("etag", "")
    )
    act = form_act.attempt(
        questions, message, lambda: services().ask(services().applications.WithdrawApplication, message)
    )
    if act is None:
        tell("withdraw.done" if questions else "withdraw.discarded")
        return redirect(url_for("application", application_id=application_id), 303)
    return _withdrawal_page(read_application(application_id), act), act.status


def _withdrawal_page(found: a.Application, act: FormAct) -> str:
    return render_template(
        "applications/withdraw.html",
        application=found,
        act=act,
        faults=act.faults,
        is_draft=is_draft(found),
        still_possible=found.status.state in WITHDRAWABLE,
    )


def copy(application_id: uuid.UUID) -> ResponseReturnValue:
    """Begins a new draft with the contents of this application, once however often the button is pressed."""
    draft = services().ask(
        services().applications.CopyApplication,
        a.CopyApplicationRequest(
            request_id=request.form.get("request_id", ""), application_id=str(application_id)
        ),
    )
    tell("application.copied")
    return redirect(url_for("application", application_id=draft.application_id), 303)


_PATH: Final = "/applications/<uuid:application_id>"
PAGES: Final[tuple[Page, ...]] = (
    Page("application_withdraw", f"{_PATH}/withdraw", withdraw, APPLICANTS),
    Page(
        "application_withdraw_confirm", f"{_PATH}/withdraw", withdraw_confirm, APPLICANTS, methods=("POST",)
    ),
    Page("application_copy", f"{_PATH}/copy", copy, APPLICANTS, methods=("POST",)),
)
