"""Bringing in a file: a list of parties, the rules, or the register of destinations. It becomes a proposal."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage
from xuke.screening.v1 import list_pb2 as pl
from xuke.screening.v1 import screening_pb2 as s

from services.foundation.errors import XukeError, not_found
from services.portal import answers, form_act, forms
from services.portal.form_act import FormAct
from services.portal.form_options import words
from services.portal.forms import Faults, Kind, Question
from services.portal.language import text
from services.portal.list_faults import FileFaults, faults_of_file
from services.portal.page import Page
from services.portal.party_lists import EDITORS, ReadList, find_list, legal_today, read_lists
from services.portal.services import services

# The consolidated list of the Security Council has about 3 MB.
GREATEST_UPLOAD_BYTES: Final = 48 * 1024 * 1024
_CHUNK_BYTES: Final = 512 * 1024
NEW_LIST: Final = "new-list"
UN_LIST: Final = "un-list"
# The code under which screening knows the list before it is brought in.
UNITED_NATIONS: Final = "un_security_council"
_TABLES: Final = {
    "rule-table": pl.LIST_FORMAT_RULES_CSV,
    "destination-register": pl.LIST_FORMAT_DESTINATIONS_CSV,
}
_TABLE_FORMATS: Final = frozenset(_TABLES.values())

_FORMAT: Final = Question(
    "format",
    Kind.CHOICE,
    "list_import.format",
    options=words(pl.ListFormat, without=_TABLE_FORMATS, hints="list_format"),
    required=True,
)
_FILE: Final = Question("file", Kind.FILE, "list_import.file", "list_import.file_hint", accept=".csv,.xml")
_READ_ON: Final = Question(
    "read_on", Kind.DAY, "list_import.read_on", "list_import.read_on_hint", required=True, width=10
)
_REASON: Final = Question(
    "reason", Kind.LONG_TEXT, "list_import.reason", "list_import.reason_hint", required=True, rows=3
)
_VERDICTS: Final = words(s.Verdict, without=(s.VERDICT_CLEAR,))
DEFINITION: Final = (
    Question(
        "definition.list_code",
        Kind.TEXT,
        "list_import.list_code",
        "list_import.list_code_hint",
        required=True,
        width=20,
    ),
    Question("definition.name.zh", Kind.TEXT, "list_import.name_zh", required=True),
    Question("definition.name.en", Kind.TEXT, "list_import.name_en", required=True),
    Question(
        "definition.match_verdict",
        Kind.CHOICE,
        "list_import.match_verdict",
        "list_import.match_verdict_hint",
        options=_VERDICTS,
        required=True,
    ),
    Question(
        "definition.likeness_verdict",
        Kind.CHOICE,
        "list_import.likeness_verdict",
        "list_import.likeness_verdict_hint",
        options=_VERDICTS,
        required=True,
    ),
    Question("definition.source.instrument", Kind.TEXT, "list_import.instrument", required=True),
    Question("definition.source.article", Kind.TEXT, "list_import.article", width=20),
    Question("definition.source.url", Kind.TEXT, "list_import.url", "list_import.url_hint"),
    Question(
        "definition.effective_from",
        Kind.DAY,
        "list_import.effective_from",
        "list_import.effective_from_hint",
        required=True,
        width=10,
    ),
    Question(
        "definition.maximum_age_days",
        Kind.NUMBER,
        "list_import.maximum_age_days",
        "list_import.maximum_age_days_hint",
        required=True,
        width=10,
    ),
)


@dataclass(frozen=True)
class Target:
    """What the file is about: a list that is there, a new one, or one of the tables."""

    what: str
    known: ReadList | None = None

    @property
    def questions(self) -> tuple[Question, ...]:
        """What is asked beside the file."""
        if self.what in _TABLES or self.what == UN_LIST:
            return (_FILE, _READ_ON, _REASON)
        if self.known is None:
            return (*DEFINITION, _FORMAT, _FILE, _READ_ON, _REASON)
        return (_FORMAT, _FILE, _READ_ON, _REASON)

    def description(self) -> pl.ImportDescription:
        """The description as far as it is known before anything is typed."""
        if self.what == UN_LIST:
            return pl.ImportDescription(format=pl.LIST_FORMAT_UNITED_NATIONS_XML, list_code=UNITED_NATIONS)
        return pl.ImportDescription(
            format=_TABLES.get(self.what, pl.LIST_FORMAT_UNSPECIFIED),
            list_code=self.known.list.list_code if self.known else "",
        )


def choose() -> ResponseReturnValue:
    """What can be brought in."""
    lists = read_lists()
    return render_template(
        "lists/import_choice.html",
        lists=lists,
        new_list=NEW_LIST,
        un_list="" if any(one.list.list_code == UNITED_NATIONS for one in lists) else UN_LIST,
        tables=tuple(_TABLES),
    )


def form(what: str) -> ResponseReturnValue:
    """Asks for the file, the day on which it was read at its source, and why it is brought in."""
    target = _target(what)
    stated = {"read_on": (legal_today().isoformat(),), "format": ("PARTIES_CSV",)}
    return _page(target, form_act.opened(target.questions, stated), FileFaults())


def send(what: str) -> ResponseReturnValue:
    """Has the file read, once; leads to the proposal, or shows the faults by line and column."""
    target = _target(what)
    message = target.description()
    file = request.files.get("file")
    message.file_name = _name_of(file)
    proposed: list[pl.Proposal] = []
    refused: list[XukeError] = []

    def propose() -> None:
        if target.what == NEW_LIST:
            message.list_code = message.definition.list_code
        try:
            proposed.append(
                services().send(services().lists.ProposeImport, "screening", _parts(message, file))
            )
        except XukeError as error:
            refused.append(error)
            raise

    if not message.file_name:
        typed = forms.typed(target.questions, request.form.to_dict(flat=False))
        others = answers.write(target.questions, typed, message, complete=True)
        faults = Faults({**others.at, "file": text("list_import.fault_file")})
        act = FormAct(forms.asked(target.questions, typed, faults), faults, form_act.new_request_id(), 400)
        return _page(target, act, FileFaults()), act.status
    refusal = form_act.attempt(target.questions, message, propose)
    if refusal is None:
        return redirect(url_for("list_proposal", proposal_id=proposed[0].proposal_id), 303)
    return _with_file_faults(target, refusal, refused)


def _with_file_faults(target: Target, act: FormAct, refused: list[XukeError]) -> ResponseReturnValue:
    """The form again; what is wrong with the file stands in a table below it and once in the summary."""
    found, others = faults_of_file(refused[0].violations if refused else ())
    if found.count:
        typed = forms.typed(target.questions, request.form.to_dict(flat=False))
        rest = answers.placed(others, target.questions)
        faults = Faults({**rest.at, "file": text("list_import.fault_lines", count=found.count)}, rest.general)
        act = replace(act, asked=forms.asked(target.questions, typed, faults), faults=faults)
    return _page(target, act, found), act.status


def _parts(message: pl.ImportDescription, file: FileStorage | None) -> Iterator[pl.ProposeImportRequest]:
    yield pl.ProposeImportRequest(description=message)
    while file is not None and (chunk := file.stream.read(_CHUNK_BYTES)):
        yield pl.ProposeImportRequest(content=chunk)


def _name_of(file: FileStorage | None) -> str:
    # Browsers of old send the whole path.
    return ((file.filename if file else "") or "").replace("\\", "/").rpartition("/")[2][:255]


def _target(what: str) -> Target:
    """Errors: NOT_FOUND."""
    if what in (NEW_LIST, UN_LIST) or what in _TABLES:
        return Target(what)
    if not what.startswith("list."):
        raise not_found("list", what)
    return Target(what, find_list(what.removeprefix("list.")))


def _page(target: Target, act: FormAct, file_faults: FileFaults) -> str:
    return render_template(
        "lists/import.html",
        target=target,
        act=act,
        faults=act.faults,
        file_faults=file_faults,
        title=_title(target),
    )


def _title(target: Target) -> str:
    match target.what:
        case "rule-table":
            return text("list_import.title_rules")
        case "destination-register":
            return text("list_import.title_destinations")
        case "new-list":
            return text("list_import.title_new")
        case "un-list":
            return text("list_import.title_un")
        case _:
            return text("list_import.title_list")


PAGES: Final[tuple[Page, ...]] = (
    Page("list_import", "/lists/import", choose, EDITORS),
    Page("list_import_file", "/lists/import/<what>", form, EDITORS),
    Page(
        "list_import_send",
        "/lists/import/<what>",
        send,
        EDITORS,
        methods=("POST",),
        body_limit=GREATEST_UPLOAD_BYTES,
    ),
)
