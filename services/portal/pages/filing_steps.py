"""The steps of filing: one page with one question, or a few that belong together, saved at every step."""

import uuid
from collections.abc import Mapping
from typing import Final

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound
from xuke.classification.v1 import classification_pb2
from xuke.licensing.v1 import application_pb2 as a
from xuke.licensing.v1 import dossier_pb2 as d

from services.foundation.errors import ErrorCode, XukeError
from services.portal.answers import digest, is_under, stated
from services.portal.errors import status_of
from services.portal.filing import addresses
from services.portal.filing.classification import Advice, advice
from services.portal.filing.openness import is_editable, open_questions
from services.portal.filing.places import Place, entry_place, following, general_place
from services.portal.filing.progress import check
from services.portal.filing.saving import NEW, Refused, Sent, entry_digest, read_application, save
from services.portal.filing.sections import PARTIES, section_of
from services.portal.form_act import new_request_id, refusal
from services.portal.forms import Asked, Faults, Typed, asked, typed
from services.portal.kept_text import kept_values
from services.portal.language import text
from services.portal.page import APPLICANTS, Page

# Where a step was opened from, if not from the one before: the answers being checked, or the list of entries.
CHECK: Final = "check"
LIST: Final = "list"


def step(application_id: uuid.UUID, step: str) -> ResponseReturnValue:
    """A question about the dossier as a whole."""
    return _show(application_id, general_place(step))


def step_save(application_id: uuid.UUID, step: str) -> ResponseReturnValue:
    """Saves its answer."""
    return _save(application_id, general_place(step))


def entry_step(application_id: uuid.UUID, part: str, number: int, step: str) -> ResponseReturnValue:
    """A question about an item or a party; the number after the last one adds one."""
    return _show(application_id, entry_place(part, number, step))


def entry_step_save(application_id: uuid.UUID, part: str, number: int, step: str) -> ResponseReturnValue:
    """Saves its answer."""
    return _save(application_id, entry_place(part, number, step))


def _show(application_id: uuid.UUID, place: Place | None) -> ResponseReturnValue:
    application = read_application(application_id)
    if place is None or place.number > _entries(application, place) + 1:
        raise NotFound
    if not is_editable(application) or not open_questions(application, place):
        return redirect(addresses.overview(application), 303)
    kept = kept_values()
    if kept is not None:
        return _page(application, place, typed(place.step.questions, kept.to_dict(flat=False)))
    shown = stated(place.step.questions, place.message(application.dossier))
    return _page(application, place, shown, _to_be_mended(application, place))


def _to_be_mended(application: a.Application, place: Place) -> Faults | None:
    """What is wrong with what is stated here, for whoever was led here by it; what is missing is seen anyway."""
    if not _back():
        return None
    wrong = [lack for lack in check(application) if not lack.is_missing]
    return Faults(
        {
            question.name: lack.sentence
            for question in place.step.questions
            for lack in wrong
            if is_under(lack.path, f"{place.prefix}{question.path}")
        }
    )


def _save(application_id: uuid.UUID, place: Place | None) -> ResponseReturnValue:
    if place is None:
        raise NotFound
    sent = _sent(place)
    try:
        outcome = save(application_id, place, sent)
    except XukeError as error:
        if error.code in (ErrorCode.NOT_FOUND, ErrorCode.UNAUTHENTICATED):
            raise
        overtaken = error.code in (ErrorCode.FAILED_PRECONDITION, ErrorCode.ABORTED)
        faults = Faults(general=(text("filing.closed"),)) if overtaken else refusal(error)
        return _page(read_application(application_id), place, sent.typed, faults), status_of(error.code)
    if isinstance(outcome, Refused):
        page = _page(
            outcome.application, outcome.place, sent.typed, outcome.faults, outcome.theirs, sent.seen
        )
        return page, 400 if outcome.faults else 409
    return redirect(_onward(outcome.application, outcome.place, copied=sent.same_as > 0), 303)


def _sent(place: Place) -> Sent:
    posted = request.form.to_dict(flat=False)
    names = [question.name for question in place.step.questions]
    same_as = request.form.get("same_as", "")
    return Sent(
        typed=typed(place.step.questions, posted),
        seen={name: request.form.get(f"seen-{name}", "") for name in names},
        entry=request.form.get("entry", ""),
        choices={name: request.form.get(f"choice-{name}", "") for name in names},
        request_id=request.form.get("request_id", ""),
        complete="later" not in request.form,
        same_as=int(same_as) if same_as.isdecimal() and place.part == PARTIES else 0,
    )


def _onward(application: a.Application, place: Place, *, copied: bool) -> str:
    """Where a saved step leads: to the next of its section, or back to where the person came from."""
    back = "" if _is_being_added(place) else _back()
    if back == CHECK:
        return addresses.checking(application)
    if "later" in request.form or copied or back == LIST:
        return addresses.section(application, place.part)
    after = following(place, application.dossier)
    while after is not None and not open_questions(application, after):
        after = following(after, application.dossier)
    if after is None:
        return addresses.section(application, place.part)
    return addresses.of_place(application.application_id, after)


def _back() -> str:
    back = request.args.get("back", "")
    return back if back in (CHECK, LIST) else ""


def _is_being_added(place: Place) -> bool:
    return bool(place.part) and request.form.get("entry") == NEW


def _entries(application: a.Application, place: Place) -> int:
    return len(getattr(application.dossier, place.part)) if place.part else 0


def _page(
    application: a.Application,
    place: Place,
    shown: Typed,
    faults: Faults | None = None,
    theirs: Mapping[str, Typed] | None = None,
    seen: Mapping[str, str] | None = None,
) -> str:
    message = place.message(application.dossier)
    questions = open_questions(application, place) or place.step.questions
    conflicts = {
        question.name: Asked(question, theirs[question.name])
        for question in questions
        if theirs and question.name in theirs
    }
    # What the person has not been shown yet is not seen: the next answer is held against it again.
    present = {question.name: digest((question,), message) for question in questions}
    entry = entry_digest(place, application)
    return render_template(
        "filing/step.html",
        application=application,
        place=place,
        section=section_of(place.step),
        asked=asked(questions, shown, faults),
        closed=asked(
            [question for question in place.step.questions if question not in questions],
            stated(place.step.questions, message),
        ),
        faults=faults,
        conflicts=conflicts,
        seen=present
        | {name: known for name, known in (seen or {}).items() if known and name not in conflicts},
        entry=entry,
        request_id=new_request_id() if entry == NEW else "",
        same_as=request.form.get("same_as", ""),
        advice=_advice(application, place),
        cl=classification_pb2,
        back=_back(),
        back_address=_back_address(application, place),
    )


def _advice(application: a.Application, place: Place) -> Advice | None:
    message = place.message(application.dossier)
    if not place.step.classifies or not isinstance(message, d.Item):
        return None
    return advice(message, application.dossier)


def _back_address(application: a.Application, place: Place) -> str:
    """The page before this one; the answers of it are saved."""
    if _back() == CHECK:
        return addresses.checking(application)
    if _back() == LIST:
        return addresses.section(application, place.part)
    before = section_of(place.step).steps[: section_of(place.step).steps.index(place.step)]
    message = place.message(application.dossier)
    for step in reversed(before):
        earlier = Place(step, place.part, place.number)
        if step.applies(message) and open_questions(application, earlier):
            return addresses.of_place(application.application_id, earlier)
    return addresses.section(application, place.part)


_PATH: Final = "/applications/<uuid:application_id>"
_ENTRY_PATH: Final = f"{_PATH}/<any(items, parties):part>/<int:number>/<step>"
PAGES: Final[tuple[Page, ...]] = (
    Page("filing_step", f"{_PATH}/steps/<step>", step, APPLICANTS),
    Page("filing_step_save", f"{_PATH}/steps/<step>", step_save, APPLICANTS, methods=("POST",)),
    Page("filing_entry_step", _ENTRY_PATH, entry_step, APPLICANTS),
    Page("filing_entry_step_save", _ENTRY_PATH, entry_step_save, APPLICANTS, methods=("POST",)),
)
