"""Changing one entry of a list, or adding one: names, days, suspension, measures. It becomes a proposal."""

from typing import Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from xuke.screening.v1 import list_pb2 as pl

from services.foundation.errors import ErrorCode, FieldViolation, XukeError
from services.portal import answers, forms
from services.portal.errors import may_be_done, status_of
from services.portal.form_act import FormAct, new_request_id, opened, refusal
from services.portal.forms import Faults, Question, Typed
from services.portal.list_entry_questions import ENTRY_ID, GROUPS, QUESTIONS, REASON
from services.portal.page import Page
from services.portal.pages.lists import PATH, read_entry
from services.portal.party_lists import EDITORS, find_list
from services.portal.services import services

# Where the entry stands in the request that proposes it.
_PLACE: Final = "entries[0]."


def change(list_code: str, entry_id: str) -> ResponseReturnValue:
    """The entry as it stands, to be changed."""
    find_list(list_code)
    entry, version = read_entry(list_code, entry_id)
    act = opened((*QUESTIONS, REASON), answers.stated(QUESTIONS, entry))
    return _page(list_code, version, act, entry_id)


def change_send(list_code: str, entry_id: str) -> ResponseReturnValue:
    """Proposes the entry as it was typed, once."""
    find_list(list_code)
    entry, version = read_entry(list_code, entry_id)
    return _propose(list_code, version, entry, entry_id)


def add(list_code: str) -> ResponseReturnValue:
    """An empty entry."""
    version = find_list(list_code).list.version
    return _page(list_code, version, opened((ENTRY_ID, *QUESTIONS, REASON)), "")


def add_send(list_code: str) -> ResponseReturnValue:
    """Proposes the new entry, once."""
    return _propose(list_code, find_list(list_code).list.version, pl.ListEntry(), "")


def _propose(list_code: str, version: str, entry: pl.ListEntry, entry_id: str) -> ResponseReturnValue:
    of_entry = QUESTIONS if entry_id else (ENTRY_ID, *QUESTIONS)
    asked = (*of_entry, REASON)
    typed = forms.typed(asked, request.form.to_dict(flat=False))
    seen = request.form.get("base_version", "") or version
    request_id = request.form.get("request_id", "") or new_request_id()
    message = pl.ProposeEntryChangesRequest(request_id=request_id, list_code=list_code, base_version=seen)
    entry.ClearField("standing")
    wrong = answers.write(of_entry, typed, entry, complete=True)
    unsaid = answers.write((REASON,), typed, message, complete=True)
    faults = Faults({**wrong.at, **unsaid.at})
    if faults:
        return _page(list_code, seen, _again(asked, typed, faults, request_id, 400), entry_id), 400
    message.entries.append(entry)
    try:
        proposed = services().ask(services().lists.ProposeEntryChanges, message)
    except XukeError as error:
        if error.code in (ErrorCode.NOT_FOUND, ErrorCode.UNAUTHENTICATED):
            raise
        again = request_id if may_be_done(error) else new_request_id()
        act = _again(asked, typed, _faults(error, of_entry), again, status_of(error.code))
        return _page(list_code, seen, act, entry_id), act.status
    return redirect(url_for("list_proposal", proposal_id=proposed.proposal_id), 303)


def _again(
    asked: tuple[Question, ...], typed: Typed, faults: Faults, request_id: str, status: int
) -> FormAct:
    return FormAct(forms.asked(asked, typed, faults), faults, request_id, status)


def _faults(error: XukeError, of_entry: tuple[Question, ...]) -> Faults:
    if not error.violations:
        return refusal(error)
    within = tuple(
        FieldViolation(one.field.removeprefix(_PLACE), one.reason, one.metadata) for one in error.violations
    )
    return answers.placed(within, (*of_entry, REASON))


def _page(list_code: str, version: str, act: FormAct, entry_id: str) -> str:
    asked = {one.question.path: one for one in act.asked}
    return render_template(
        "lists/entry_change.html",
        known=find_list(list_code),
        entry_id=entry_id,
        base_version=version,
        act=act,
        faults=act.faults,
        first=asked.get(ENTRY_ID.path),
        reason=asked[REASON.path],
        groups=[(group.key, [asked[one.path] for one in group.questions]) for group in GROUPS],
    )


PAGES: Final[tuple[Page, ...]] = (
    Page("list_entry_add", f"{PATH}/add", add, EDITORS),
    Page("list_entry_add_send", f"{PATH}/add", add_send, EDITORS, methods=("POST",)),
    Page("list_entry_change", f"{PATH}/change/<path:entry_id>", change, EDITORS),
    Page("list_entry_change_send", f"{PATH}/change/<path:entry_id>", change_send, EDITORS, methods=("POST",)),
)
