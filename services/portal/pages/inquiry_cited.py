"""Looking up an answer of the consultation desk by its number: for officers to whom somebody shows it."""

from typing import Final

from flask import render_template, request
from flask.typing import ResponseReturnValue
from xuke.classification.v1 import inquiry_pb2 as iq

from services.foundation.errors import ErrorCode, XukeError
from services.foundation.permissions import allow
from services.foundation.principal import Role
from services.portal import forms
from services.portal.forms import Faults, Kind, Question
from services.portal.inquiry_act import WATCHERS
from services.portal.language import choose, text
from services.portal.page import Page
from services.portal.readings import as_text
from services.portal.services import services

# An answer is shown to whoever examines, clears or inspects; it does not bind customs.
SHOWN_CITATIONS: Final = allow(
    *WATCHERS.roles,
    Role.PROVINCIAL_OFFICER,
    Role.AGENCY_REVIEWER,
    Role.CUSTOMS_OFFICER,
    Role.ENFORCEMENT_OFFICER,
)
_LONGEST_NUMBER: Final = 40
_NUMBER: Final = (Question("number", Kind.TEXT, "inquiry.number", "cited.number_hint", width=20),)


def cited_answer(number: str) -> iq.CitedAnswer | None:
    """The answer with a number; None where there is none."""
    typed = as_text(number)
    if not typed or len(typed) > _LONGEST_NUMBER:
        return None
    try:
        return services().ask(services().inquiries.GetCitedAnswer, iq.GetCitedAnswerRequest(number=typed))
    except XukeError as error:
        if error.code not in (ErrorCode.NOT_FOUND, ErrorCode.INVALID_ARGUMENT):
            raise
        return None


def cited() -> ResponseReturnValue:
    """Asks for the number, and shows what was answered under it."""
    typed = request.args.get("number", "")[:200]
    found = cited_answer(typed) if "number" in request.args else None
    missing = "number" in request.args and found is None
    faults = Faults({"number": text("cited.fault_number")}) if missing else Faults()
    page = render_template(
        "inquiries/cited.html",
        asked=forms.asked(_NUMBER, {"number": (typed,)}, faults),
        faults=faults,
        found=found,
        name=choose(found.item_name_zh, found.item_name_en) if found is not None else "",
    )
    return page, 400 if missing else 200


PAGES: Final[tuple[Page, ...]] = (Page("cited_answer", "/inquiries/cited", cited, SHOWN_CITATIONS),)
