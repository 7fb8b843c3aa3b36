"""Proposing an interpretation: the answer, once for all, to a question of the rule of an entry."""

from collections.abc import Sequence
from typing import Final

from flask import render_template, request
from flask.typing import ResponseReturnValue
from xuke.classification.v1 import control_list_pb2 as ct

from services.portal import form_act, forms
from services.portal.control_proposal_act import EDITORS
from services.portal.form_act import FormAct
from services.portal.forms import Faults, Kind, Option, Question
from services.portal.language import choose, shown, text
from services.portal.page import Page
from services.portal.pages.control_propose import REASON, to_proposal
from services.portal.readings import as_text
from services.portal.services import services

_LONGEST_CODE: Final = 40
CODE: Final = (Question("control_code", Kind.TEXT, "control.code", required=True, width=20),)
_ANSWER: Final = (
    Question(
        "answer",
        Kind.CHOICE,
        "control_propose.answer",
        options=lambda: tuple(
            Option(one, shown("InterpretationAnswer", one)) for one in ("TRUE", "FALSE", "UNKNOWN")
        ),
        required=True,
    ),
    Question("valid_from", Kind.DAY, "control_propose.valid_from", required=True, width=10),
    Question(
        "basis", Kind.LONG_TEXT, "control_propose.basis", "control_propose.basis_hint", required=True, rows=3
    ),
    REASON,
)


def form() -> ResponseReturnValue:
    """Asks for the entry, then for the answer to one of the questions of its rule."""
    typed = request.args.get("control_code", "")[:200]
    if not typed.strip():
        return _which(typed, Faults())
    questions = _questions_of(typed)
    if not questions:
        faults = Faults({"control_code": text("control_propose.fault_no_question")})
        return _which(typed, faults), 400
    chosen = request.args.get("question", "")[:200]
    stated = {"question": (chosen if len(questions) > 1 else questions[0].question,)}
    return _page(typed, questions, form_act.opened(_asked(questions), stated))


def send() -> ResponseReturnValue:
    """Proposes it, once."""
    typed = request.form.get("control_code", "")[:200]
    questions = _questions_of(typed) if typed.strip() else ()
    if not questions:
        faults = Faults({"control_code": text("control_propose.fault_no_question")})
        return _which(typed, faults), 400
    message = ct.ProposeInterpretationRequest(control_code=as_text(typed)[:_LONGEST_CODE])
    proposed: list[ct.ControlListProposal] = []
    refusal = form_act.attempt(
        _asked(questions),
        message,
        lambda: proposed.append(services().ask(services().control_lists.ProposeInterpretation, message)),
    )
    if refusal is not None:
        return _page(typed, questions, refusal), refusal.status
    return to_proposal(proposed[0])


def _questions_of(typed: str) -> Sequence[ct.RuleQuestion]:
    """The questions of the rule of an entry; none where it has none, or there is no such entry."""
    return (
        services()
        .ask(
            services().control_lists.ListInterpretations,
            ct.ListInterpretationsRequest(control_code=as_text(typed)[:_LONGEST_CODE]),
        )
        .questions
    )


def _asked(questions: Sequence[ct.RuleQuestion]) -> tuple[Question, ...]:
    options = tuple(Option(one.question, choose(one.asked.zh, one.asked.en)) for one in questions)
    which = Question(
        "question", Kind.CHOICE, "control_propose.question", options=lambda: options, required=True
    )
    return (which, *_ANSWER)


def _which(typed: str, faults: Faults) -> str:
    return render_template(
        "control/interpretation_entry.html",
        asked=forms.asked(CODE, {"control_code": (typed,)}, faults),
        faults=faults,
    )


def _page(typed: str, questions: Sequence[ct.RuleQuestion], act: FormAct) -> str:
    return render_template(
        "control/interpretation.html",
        act=act,
        faults=act.faults,
        control_code=as_text(typed),
        questions=questions,
    )


_PATH: Final = "/control-list/interpretations/propose"
PAGES: Final[tuple[Page, ...]] = (
    Page("control_interpretation", _PATH, form, EDITORS),
    Page("control_interpretation_send", _PATH, send, EDITORS, methods=("POST",)),
)
