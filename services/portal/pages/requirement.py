"""What an export needs: the rows of the table of licence requirements that apply, the most severe first."""

import re
from typing import Final

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from xuke.classification.v1 import requirement_pb2 as rq

from services.foundation.errors import ErrorCode, XukeError
from services.portal import forms
from services.portal.answers import placed
from services.portal.control_proposal_act import EVERYBODY
from services.portal.form_options import codes
from services.portal.forms import Faults, Kind, Option, Question
from services.portal.language import catalogue, shown, text
from services.portal.page import Page
from services.portal.readings import as_control_code, as_day, as_number, as_text
from services.portal.services import services

# Words for what is in another list or in none, beside codes of the list.
OTHER_ITEMS: Final = (
    "NOT_LISTED",
    "UNMANNED_AIRCRAFT",
    "NUCLEAR_LIST",
    "NUCLEAR_SENSITIVE",
    "MISSILE_LIST_PART_1",
    "PRECURSOR_CHEMICAL",
)
# Facts of the item that rows ask for; that of the destination is for the table to know.
FACTS: Final = ("REGISTRABLE_ITEM", "MASS_MARKET_CRYPTOGRAPHY")
_MOST_CODES: Final = 200
_LONGEST_WORDS: Final = 400
_SEPARATORS: Final = re.compile(r"[\s,;，；、]+")


def _worded(section: str) -> tuple[Option, ...]:
    """Every word of a section of the catalogue, in its order."""
    keys = (key for key in catalogue("words") if key.startswith(f"{section}."))
    return tuple(Option(key.partition(".")[2], shown(section, key.partition(".")[2])) for key in keys)


QUESTIONS: Final = (
    Question("control_codes", Kind.TEXT, "requirement.codes", "requirement.codes_hint"),
    Question("mode", Kind.SELECTION, "requirement.mode", options=lambda: _worded("RequirementMode")),
    Question("destination", Kind.SELECTION, "requirement.destination", options=codes("country")),
    Question(
        "content_percent",
        Kind.NUMBER,
        "requirement.content",
        "requirement.content_hint",
        width=10,
    ),
    Question("as_of", Kind.DAY, "requirement.as_of", "requirement.as_of_hint", width=10),
)
_ANSWER: Final = {"yes": "facts_that_hold", "no": "facts_that_do_not_hold"}


def requirement() -> ResponseReturnValue:
    """The form, and the answer once something is asked; faults stand at their fields."""
    typed = forms.typed(QUESTIONS, request.args.to_dict(flat=False))
    found, faults = None, Faults()
    if "ask" in request.args:
        message, faults = message_of(request.args)
        if not faults:
            try:
                found = services().ask(services().requirements.DetermineRequirement, message)
            except XukeError as error:
                if error.code is not ErrorCode.INVALID_ARGUMENT:
                    raise
                faults = placed(error.violations, QUESTIONS)
    page = render_template(
        "requirement/requirement.html",
        asked=forms.asked(QUESTIONS, typed, faults),
        faults=faults,
        found=found,
        others=OTHER_ITEMS,
        facts=FACTS,
        end_uses=_worded("RequirementEndUse"),
        statuses=_worded("RequirementEndUserStatus"),
        chosen={name: request.args.getlist(name) for name in ("other", "end_use", "end_user_status")},
        answered={name: request.args.get(name, "") for name in FACTS},
    )
    return page, 400 if faults else 200


def message_of(fields: MultiDict[str, str]) -> tuple[rq.DetermineRequirementRequest, Faults]:
    """The question out of the fields of the form, and what cannot be read."""
    at: dict[str, str] = {}
    typed_codes = [one for one in _SEPARATORS.split(as_text(fields.get("control_codes", ""))) if one]
    control_codes = list(
        dict.fromkeys(
            [
                *(as_control_code(one)[:40] for one in typed_codes),
                *(one for one in fields.getlist("other") if one in OTHER_ITEMS),
            ]
        )
    )
    if len(control_codes) > _MOST_CODES:
        at["control_codes"] = text("requirement.fault_many", most=_MOST_CODES)
    message = rq.DetermineRequirementRequest(
        control_codes=control_codes[:_MOST_CODES],
        mode=fields.get("mode", "")[:60],
    )
    general = []
    for name in ("end_use", "end_user_status"):
        joined = ";".join(fields.getlist(name))
        if len(joined) > _LONGEST_WORDS:
            general.append(text("requirement.fault_many_words"))
        else:
            setattr(message, name, joined)
    destination = fields.get("destination", "")
    message.destination = destination if re.fullmatch("[A-Z]{2}", destination) else ""
    content = as_number(fields.get("content_percent", "")).removesuffix("%")
    if content and not re.fullmatch(r"100(\.0{1,4})?|\d{1,2}(\.\d{1,4})?", content, re.ASCII):
        at["content_percent"] = text("requirement.fault_content")
    else:
        message.content_percent = content
    try:
        message.as_of = as_day(fields.get("as_of", ""))
    except ValueError:
        at["as_of"] = text("form.fault_day")
    for fact in FACTS:
        if (answer := fields.get(fact, "")) in _ANSWER:
            getattr(message, _ANSWER[answer]).append(fact)
    return message, Faults(at, tuple(dict.fromkeys(general)))


PAGES: Final[tuple[Page, ...]] = (Page("requirement", "/requirement", requirement, EVERYBODY),)
