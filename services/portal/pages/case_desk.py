"""What officers of one authority do among themselves: who has a case, and notes that no applicant reads."""

import uuid
from typing import Final

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from xuke.licensing.v1 import application_pb2 as a

from services.foundation.errors import ErrorCode, XukeError
from services.foundation.permissions import allow
from services.foundation.principal import Role
from services.portal.acting import tell
from services.portal.case_frame import OFFICERS, read_case, render_case
from services.portal.forms import Faults, Kind, Option, Question, asked, typed
from services.portal.kept_text import kept_values
from services.portal.language import choose, text
from services.portal.page import Page
from services.portal.services import services

GREATEST_NOTE: Final = 4000
_NOTE: Final = (Question("text", Kind.LONG_TEXT, "case.note_text", "case.note_hint", rows=5),)
_NOBODY: Final = "nobody"


def notes(application_id: uuid.UUID) -> ResponseReturnValue:
    """The notes, and the form for another one."""
    kept = kept_values()
    return _notes_page(read_case(application_id), kept.to_dict(flat=False) if kept else {}, Faults())


def add_note(application_id: uuid.UUID) -> ResponseReturnValue:
    """Adds a note; with a fault, the page again with what was typed."""
    posted = request.form.to_dict(flat=False)
    note = typed(_NOTE, posted)["text"]
    stated = note[0].strip() if note else ""
    faults = {}
    if not stated:
        faults["text"] = text("case.note_missing")
    elif len(stated) > GREATEST_NOTE:
        faults["text"] = text("case.note_long", over=len(stated) - GREATEST_NOTE, limit=GREATEST_NOTE)
    if faults:
        return _notes_page(read_case(application_id), posted, Faults(faults)), 400
    services().ask(
        services().reviews.AddNote,
        a.AddNoteRequest(
            request_id=request.form.get("request_id", ""), application_id=str(application_id), text=stated
        ),
    )
    tell("case.note_done")
    return redirect(url_for("case_notes", application_id=application_id), 303)


def _notes_page(case: a.Case, posted: dict[str, list[str]], faults: Faults) -> str:
    may_write = g.principal.role in OFFICERS
    return render_case(
        "cases/notes.html",
        case,
        "case_notes",
        asked=asked(_NOTE, typed(_NOTE, posted), faults) if may_write else (),
        faults=faults,
        request_id=str(uuid.uuid4()),
    )


def authority_of(role: Role) -> str:
    """The authority for which a role works on cases, as in `Assignment.authority`."""
    return "PROVINCE" if role is Role.PROVINCIAL_OFFICER else "MINISTRY"


def assigned_to(case: a.Case, role: Role) -> str:
    """Whom the authority of a role has given the case to; empty for nobody."""
    authority = authority_of(role)
    return next((one.subject for one in case.assignments if one.authority == authority), "")


def assignment(application_id: uuid.UUID) -> ResponseReturnValue:
    """Asks who is to have the case."""
    return _assignment_page(read_case(application_id), "", Faults())


def assign(application_id: uuid.UUID) -> ResponseReturnValue:
    """Gives the case to an officer, or to nobody; where somebody else was quicker, says so and asks again."""
    to = request.form.get("assign_to", "")
    if not to:
        fault = Faults({"assign_to": text("case.assign_missing")})
        return _assignment_page(read_case(application_id), "", fault), 400
    try:
        services().ask(
            services().reviews.AssignCase,
            a.AssignCaseRequest(
                request_id=request.form.get("request_id", ""),
                application_id=str(application_id),
                seen_assigned_to=request.form.get("seen_assigned_to", ""),
                assign_to="" if to == _NOBODY else to,
            ),
        )
    except XukeError as error:
        if error.reason == "ASSIGNMENT_CHANGED":
            changed = Faults(general=(text("case.assign_changed"),))
            return _assignment_page(read_case(application_id), to, changed), 409
        if error.code is ErrorCode.INVALID_ARGUMENT:
            unknown = Faults({"assign_to": text("case.assign_unknown")})
            return _assignment_page(read_case(application_id), "", unknown), 400
        raise
    tell("case.assign_done")
    return redirect(url_for("case", application_id=application_id), 303)


def _assignment_page(case: a.Case, chosen: str, faults: Faults) -> str:
    officers = services().ask(services().reviews.ListAssignees, a.ListAssigneesRequest()).officers
    holder = assigned_to(case, g.principal.role)

    def options() -> tuple[Option, ...]:
        people = tuple(
            Option(
                one.subject,
                choose(one.name.zh, one.name.en) or one.subject,
                text("case.assign_open_cases", count=one.open_cases),
            )
            for one in officers
        )
        return (*people, Option(_NOBODY, text("case.assign_nobody")))

    question = Question("assign_to", Kind.CHOICE, "case.assign_question", options=options)
    return render_case(
        "cases/assignment.html",
        case,
        "case",
        asked=asked((question,), {"assign_to": (chosen or holder or g.principal.subject,)}, faults),
        faults=faults,
        holder=holder,
        request_id=str(uuid.uuid4()),
    )


_PATH: Final = "/cases/<uuid:application_id>"
_AUTHORITIES: Final = allow(*OFFICERS)
PAGES: Final[tuple[Page, ...]] = (
    Page("case_notes", f"{_PATH}/notes", notes, allow(*OFFICERS, Role.AUDITOR)),
    Page("case_add_note", f"{_PATH}/notes", add_note, _AUTHORITIES, methods=("POST",)),
    Page("case_assignment", f"{_PATH}/assignment", assignment, _AUTHORITIES),
    Page("case_assign", f"{_PATH}/assignment", assign, _AUTHORITIES, methods=("POST",)),
)
