"""Asking the ministry whether an item is controlled (咨询, Regulation 792 Art. 14)."""

from typing import Final

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from xuke.classification.v1 import inquiry_pb2 as iq

from services.portal import form_act
from services.portal.acting import tell
from services.portal.form_act import FormAct
from services.portal.forms import Kind, Question
from services.portal.item_questions import CLAIMED_CODE, DESCRIPTION
from services.portal.page import APPLICANTS, Page
from services.portal.pages.organisation import find_organisation
from services.portal.services import services

CONTENTS: Final = (
    Question(
        "performance",
        Kind.LONG_TEXT,
        "inquiry.performance",
        "inquiry.performance_hint",
        required=True,
        rows=6,
    ),
    Question(
        "main_uses", Kind.LONG_TEXT, "inquiry.main_uses", "inquiry.main_uses_hint", required=True, rows=4
    ),
    Question(
        "reason_for_doubt",
        Kind.LONG_TEXT,
        "inquiry.reason_for_doubt",
        "inquiry.reason_for_doubt_hint",
        required=True,
        rows=4,
    ),
)
QUESTIONS: Final = (*DESCRIPTION, CLAIMED_CODE, *CONTENTS)


def ask() -> ResponseReturnValue:
    """Asks for the item and the three contents that every inquiry has."""
    if find_organisation() is None:
        return render_template("applications/no_mandate.html")
    return _page(form_act.opened(QUESTIONS))


def send() -> ResponseReturnValue:
    """Asks the ministry, once."""
    organisation = find_organisation()
    if organisation is None:
        return render_template("applications/no_mandate.html")
    message = iq.AskInquiryRequest(
        organisation_name_zh=organisation.particulars.name_zh,
        organisation_name_en=organisation.particulars.name_en,
    )
    asked: list[iq.Inquiry] = []
    refusal = form_act.attempt(
        QUESTIONS,
        message,
        lambda: asked.append(services().ask(services().inquiries.AskInquiry, message)),
    )
    if refusal is not None:
        return _page(refusal), refusal.status
    tell("inquiry.asked_done")
    return redirect(url_for("inquiry", inquiry_id=asked[0].inquiry_id), 303)


def _page(act: FormAct) -> str:
    item, contents = act.asked[: -len(CONTENTS)], act.asked[-len(CONTENTS) :]
    return render_template("inquiries/ask.html", act=act, faults=act.faults, item=item, contents=contents)


PAGES: Final[tuple[Page, ...]] = (
    Page("inquiry_ask", "/inquiries/ask", ask, APPLICANTS),
    Page("inquiry_ask_send", "/inquiries/ask", send, APPLICANTS, methods=("POST",)),
)
