"""Proposing a change of control lists: a file, or the standing of an entry with its legal basis."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage
from xuke.classification.v1 import classification_pb2 as cl
from xuke.classification.v1 import control_list_pb2 as ct

from services.foundation.errors import FieldViolation, XukeError
from services.portal import answers, form_act, forms
from services.portal.control_proposal_act import EDITORS
from services.portal.form_act import FormAct
from services.portal.form_options import words
from services.portal.forms import Faults, Kind, Option, Question
from services.portal.language import shown, text
from services.portal.list_faults import FileFaults, faults_of_file
from services.portal.page import Page
from services.portal.services import services

# As the service takes it; the European list has about 2 MB.
GREATEST_UPLOAD_BYTES: Final = 17 * 1024 * 1024
_CHUNK_BYTES: Final = 512 * 1024
_BETWEEN_CODES: Final = re.compile(r"[\s,;，；、]+")
_OF_OTHERS: Final = re.compile(r"standings\[([1-9][0-9]*)\]")
_FORMATS: Final = ("XUKE_CSV", "EU_ANNEX_CSV")
REASON: Final = Question(
    "reason", Kind.LONG_TEXT, "control_propose.reason", "control_propose.reason_hint", required=True, rows=3
)
FILE: Final = (
    Question("regime", Kind.TEXT, "control.regime", "control_propose.regime_hint", required=True, width=20),
    Question(
        "format",
        Kind.CHOICE,
        "control_propose.format",
        options=lambda: tuple(Option(one, shown("ControlListFormat", one)) for one in _FORMATS),
        required=True,
    ),
    Question(
        "edition",
        Kind.DAY,
        "control_propose.edition",
        "control_propose.edition_hint",
        required=True,
        width=10,
    ),
    Question("file", Kind.FILE, "control_propose.file", "control_propose.file_hint", accept=".csv"),
    REASON,
)
STANDING: Final = (
    Question("status", Kind.CHOICE, "control_propose.status", options=words(cl.EntryStatus), required=True),
    Question("since", Kind.DAY, "control_propose.since", required=True, width=10),
    Question("until", Kind.DAY, "control_propose.until", "control_propose.until_hint", width=10),
    Question(
        "basis", Kind.TEXT, "control_propose.announcement", "control_propose.announcement_hint", width=20
    ),
)
# An announcement mostly says the same of many entries.
ALSO: Final = Question(
    "others", Kind.LONG_TEXT, "control_propose.others", "control_propose.others_hint", rows=3
)
BASIS: Final = (
    Question(
        "legal_basis",
        Kind.TEXT,
        "control_propose.legal_basis",
        "control_propose.legal_basis_hint",
        required=True,
    ),
    Question("url", Kind.TEXT, "control_propose.url"),
    REASON,
)


def file_form() -> ResponseReturnValue:
    """Asks for the file, its regime and edition, and why it is brought in."""
    stated = {"regime": (request.args.get("regime", "")[:60],), "format": (_FORMATS[0],)}
    return _file_page(form_act.opened(FILE, stated), FileFaults())


def file_send() -> ResponseReturnValue:
    """Has the file read, once; leads to the proposal, or shows the faults by line and column."""
    file = request.files.get("file")
    # Browsers of old send the whole path.
    name = ((file.filename if file else "") or "").replace("\\", "/").rpartition("/")[2][:255]
    if not name:
        typed = forms.typed(FILE, request.form.to_dict(flat=False))
        faults = Faults({"file": text("list_import.fault_file")})
        act = FormAct(forms.asked(FILE, typed, faults), faults, form_act.new_request_id(), 400)
        return _file_page(act, FileFaults()), act.status
    message = ct.ControlListFile(file_name=name)
    proposed: list[ct.ControlListProposal] = []
    refused: list[XukeError] = []

    def propose() -> None:
        try:
            proposed.append(
                services().send(
                    services().control_lists.ProposeControlList, "classification", _parts(message, file)
                )
            )
        except XukeError as error:
            refused.append(error)
            raise

    refusal = form_act.attempt(FILE, message, propose)
    if refusal is None:
        return to_proposal(proposed[0])
    found, others = faults_of_file(refused[0].violations if refused else ())
    if found.count:
        typed = forms.typed(FILE, request.form.to_dict(flat=False))
        rest = answers.placed(others, FILE)
        faults = Faults({**rest.at, "file": text("list_import.fault_lines", count=found.count)}, rest.general)
        refusal = replace(refusal, asked=forms.asked(FILE, typed, faults), faults=faults)
    return _file_page(refusal, found), refusal.status


def standing_form(regime: str, control_code: str) -> ResponseReturnValue:
    """Asks how the entry is to stand from a day on, and by what law, and which others stand the same."""
    return _standing_page(form_act.opened((*STANDING, ALSO, *BASIS)), _entry(regime, control_code))


def standing_send(regime: str, control_code: str) -> ResponseReturnValue:
    """Proposes it, once."""
    entry = _entry(regime, control_code)
    message = ct.ProposeStandingsRequest(
        regime=entry.regime, base_version=request.form.get("base_version", "")
    )
    stated = message.standings.add(control_code=entry.control_code)
    typed = forms.typed((*STANDING, ALSO, *BASIS), request.form.to_dict(flat=False))
    at_fault = dict(answers.write(STANDING, typed, stated.standing, complete=True).at)
    for code in other_codes(typed["others"][0] if typed["others"] else "", entry.control_code):
        message.standings.add(control_code=code, standing=stated.standing)
    proposed: list[ct.ControlListProposal] = []
    unplaced: list[XukeError] = []

    def propose() -> None:
        if at_fault:
            return
        try:
            proposed.append(services().ask(services().control_lists.ProposeStandings, message))
        except XukeError as error:
            unplaced.append(error)
            raise

    refusal = form_act.attempt(BASIS, message, propose)
    if proposed:
        return to_proposal(proposed[0])
    if unplaced and unplaced[0].violations:
        prefix = "standings[0].standing."
        own = [one for one in unplaced[0].violations if one.field.startswith(prefix)]
        of_others = {one.field: one for one in unplaced[0].violations if _OF_OTHERS.match(one.field)}
        rest = [one for one in unplaced[0].violations if one not in own and one.field not in of_others]
        at_fault |= answers.placed(own, STANDING, prefix).at
        if of_others:
            at_fault["others"] = "\n".join(_of_code(one, message) for one in of_others.values())
        faults = answers.placed(rest, BASIS)
    else:
        faults = refusal.faults if refusal else Faults()
    faults = Faults({**at_fault, **faults.at}, faults.general)
    act = FormAct(
        forms.asked((*STANDING, ALSO, *BASIS), typed, faults),
        faults,
        refusal.request_id if refusal else form_act.new_request_id(),
        refusal.status if refusal else 400,
    )
    return _standing_page(act, entry), act.status


def other_codes(typed: str, own: str) -> list[str]:
    """The further codes of a form, each once and without the one that it is about."""
    codes = dict.fromkeys(filter(None, _BETWEEN_CODES.split(typed)))
    return [code for code in codes if code != own]


def _of_code(violation: FieldViolation, message: ct.ProposeStandingsRequest) -> str:
    """What is wrong with one of the other entries, with its code."""
    found = _OF_OTHERS.match(violation.field)
    code = message.standings[int(found[1])].control_code if found else ""
    return text("control_propose.of_code", code=code, said=answers.sentence(violation))


def _entry(regime: str, control_code: str) -> cl.Entry:
    return services().ask(
        services().classification.GetEntry,
        cl.GetEntryRequest(regime=regime[:60], control_code=control_code[:40]),
    )


def to_proposal(proposal: ct.ControlListProposal) -> ResponseReturnValue:
    """To what was proposed."""
    return redirect(url_for("control_proposal", proposal_id=proposal.proposal_id), 303)


def _parts(message: ct.ControlListFile, file: FileStorage | None) -> Iterator[ct.ProposeControlListRequest]:
    yield ct.ProposeControlListRequest(description=message)
    while file is not None and (chunk := file.stream.read(_CHUNK_BYTES)):
        yield ct.ProposeControlListRequest(content=chunk)


def _file_page(act: FormAct, file_faults: FileFaults) -> str:
    return render_template("control/import.html", act=act, faults=act.faults, file_faults=file_faults)


def _standing_page(act: FormAct, entry: cl.Entry) -> str:
    base_version = request.form.get("base_version", entry.list_version)
    return render_template(
        "control/standing.html", act=act, faults=act.faults, entry=entry, base_version=base_version
    )


_STANDING: Final = "/control-list/standing/<regime>/<path:control_code>"
PAGES: Final[tuple[Page, ...]] = (
    Page("control_import", "/control-list/import", file_form, EDITORS),
    Page(
        "control_import_send",
        "/control-list/import",
        file_send,
        EDITORS,
        methods=("POST",),
        body_limit=GREATEST_UPLOAD_BYTES,
    ),
    Page("control_standing", _STANDING, standing_form, EDITORS),
    Page("control_standing_send", _STANDING, standing_send, EDITORS, methods=("POST",)),
)
