"""Proposing a decision on the eight factors (出口管制法 Art. 13), and countersigning it as another person."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from xuke.consultation.v1 import consultation_pb2 as c
from xuke.foundation.v1 import foundation_pb2
from xuke.licensing.v1 import application_pb2 as a

from services.foundation.permissions import allow
from services.foundation.principal import Role
from services.portal.acting import Answer, Faults, Typed, demand
from services.portal.case_act import LONGEST_REASONS, CaseAct, CaseRead
from services.portal.language import shown, text, word
from services.portal.page import Page
from services.portal.review_sheet import (
    FACTORS,
    RATINGS,
    add_sheet_faults,
    comment_of,
    heard_of,
    owners_of,
    rating_of,
    sheet_answers,
    sheet_as_fields,
    standing_conditions,
)
from services.portal.rows import as_fields, filled_rows
from services.portal.services import services

OUTCOMES: Final = tuple(
    name.removeprefix("DECISION_OUTCOME_") for name, number in a.DecisionOutcome.items() if number
)
_GRANT: Final = "GRANT"
_AGREE, _SEND_BACK = "agree", "send_back"
_GROUP: Final = "conditions"
_LONGEST_CONDITION: Final = 1000


class Propose(CaseAct):
    """Proposes to grant or to refuse."""

    name = "propose"
    endpoint = "case_propose"
    path = "/cases/<uuid:application_id>/actions/propose"
    action = "propose"
    with_rounds = True
    groups = (_GROUP,)

    def context(self, subject: CaseRead) -> dict[str, Any]:
        """Also the sheet, what agencies said on each factor, and the conditions that they set."""
        return {
            **super().context(subject),
            "outcomes": OUTCOMES,
            "factors": FACTORS,
            "ratings": RATINGS,
            "heard": heard_of(subject.rounds),
            "of_agencies": standing_conditions(subject.rounds),
            "sent_back": subject.case.decision if subject.case.decision.outcome else None,
        }

    def initial(self, subject: CaseRead) -> dict[str, str]:
        """The proposal that was sent back, to work on; empty where there was none."""
        before = subject.case.decision
        if not before.outcome:
            return {}
        agencies = {one.text_zh for one in standing_conditions(subject.rounds)}
        own = [{"zh": one.zh, "en": one.en} for one in before.conditions if one.zh not in agencies]
        return {
            "outcome": a.DecisionOutcome.Name(before.outcome).removeprefix("DECISION_OUTCOME_"),
            "reasons": before.reasons,
            **sheet_as_fields([(one.factor, one.rating, one.comment) for one in before.factors]),
            **as_fields(_GROUP, own),
        }

    def faults(self, subject: CaseRead, typed: Typed) -> Faults:
        """Outcome, reasons, every factor; conditions in both languages, and only on a licence."""
        faults: Faults = {}
        if typed.get("outcome") not in OUTCOMES:
            faults["outcome"] = text("act_propose.fault_outcome")
        demand(faults, typed, "reasons", text("act_propose.fault_reasons"), LONGEST_REASONS)
        add_sheet_faults(faults, typed)
        if typed.get("outcome") not in ("", _GRANT, None) and filled_rows(typed, _GROUP):
            faults[f"{_GROUP}[0].zh"] = text("act_propose.fault_refusal_with_conditions")
        add_condition_faults(faults, typed, ("zh", "en"))
        return faults

    def answers(self, subject: CaseRead, typed: Typed) -> Sequence[Answer]:
        """The whole proposal."""
        conditions = list(_conditions(subject.rounds, typed))
        owners = owners_of(subject.rounds)
        return [
            Answer(text("acting.outcome"), shown("DecisionOutcome", typed["outcome"])),
            Answer(text("acting.reasons"), typed["reasons"]),
            *sheet_answers(typed),
            *(
                Answer(
                    text("act_propose.condition", number=number),
                    "\n".join(filter(None, (one.zh, one.en, _of_agency(owners, one.zh)))),
                )
                for number, one in enumerate(conditions, start=1)
            ),
        ]

    def field_of(self, path: str, subject: CaseRead, typed: Typed) -> str:
        """Conditions of agencies come first in the request and have no field of their own in the form."""
        carried = len(standing_conditions(subject.rounds))
        for place in range(len(filled_rows(typed, _GROUP))):
            path = path.replace(f"{_GROUP}[{place + carried}]", f"{_GROUP}[{place}]", 1)
        return path

    def send_act(self, subject: CaseRead, typed: Typed, common: dict[str, str]) -> None:
        """ProposeDecision."""
        services().ask(
            services().reviews.ProposeDecision,
            a.ProposeDecisionRequest(
                **common,
                outcome=a.DecisionOutcome.Value(f"DECISION_OUTCOME_{typed['outcome']}"),
                reasons=typed["reasons"],
                factors=[
                    a.FactorAssessment(
                        factor=factor, rating=rating_of(typed, place), comment=comment_of(typed, place)
                    )
                    for place, factor in enumerate(FACTORS)
                ],
                conditions=_conditions(subject.rounds, typed),
            ),
        )


class Countersign(CaseAct):
    """Agrees to a proposal, which decides the case, or sends it back: never the person who made it.

    A grant whose licence the screening holds back is sent back as a decision.
    """

    name = "countersign"
    endpoint = "case_countersign"
    path = "/cases/<uuid:application_id>/actions/countersign"
    permission = allow(Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR)
    action = "countersign"
    with_rounds = True

    def possible(self, subject: CaseRead) -> bool:
        """Who may not agree may still send back."""
        return bool({"countersign", "send_back"} & set(subject.case.allowed_actions))

    def context(self, subject: CaseRead) -> dict[str, Any]:
        """Also which agency set which condition, and what the person may choose."""
        choices = [
            choice
            for choice, action in ((_AGREE, "countersign"), (_SEND_BACK, "send_back"))
            if action in subject.case.allowed_actions
        ]
        return {**super().context(subject), "choices": choices, "owners": owners_of(subject.rounds)}

    def faults(self, subject: CaseRead, typed: Typed) -> Faults:
        """A choice; sending back needs a comment."""
        faults: Faults = {}
        choice = typed.get("choice")
        if choice not in (_AGREE, _SEND_BACK):
            faults["choice"] = text("act_countersign.fault_choice")
        if choice == _SEND_BACK or typed.get("comment"):
            demand(faults, typed, "comment", text("act_countersign.fault_comment"), LONGEST_REASONS)
        return faults

    def answers(self, subject: CaseRead, typed: Typed) -> Sequence[Answer]:
        """What is proposed, and what the person makes of it."""
        return [
            Answer(text("act_countersign.proposal"), word(a.DecisionOutcome, subject.case.decision.outcome)),
            Answer(text("act_countersign.choice"), _choice_label(typed["choice"])),
            Answer(text("act_countersign.comment"), typed.get("comment", "")),
        ]

    def consequence(self, subject: CaseRead, typed: Typed) -> str:
        """What the applicant is told, or that the proposal goes back."""
        if typed["choice"] == _SEND_BACK:
            return text(f"act_countersign.{'takes_back' if _is_decided(subject) else 'sends_back'}")
        granted = subject.case.decision.outcome == a.DECISION_OUTCOME_GRANT
        return text("act_countersign.grants" if granted else "act_countersign.refuses")

    def confirm_label(self, typed: Typed) -> str:
        """The words of the choice."""
        return _choice_label(typed["choice"])

    def done(self, subject: CaseRead, typed: Typed) -> str:
        """By the choice."""
        if typed["choice"] == _AGREE:
            return "act_countersign.done"
        return f"act_countersign.{'done_take_back' if _is_decided(subject) else 'done_send_back'}"

    def send_act(self, subject: CaseRead, typed: Typed, common: dict[str, str]) -> None:
        """CountersignDecision."""
        services().ask(
            services().reviews.CountersignDecision,
            a.CountersignDecisionRequest(
                **common, agree=typed["choice"] == _AGREE, comment=typed.get("comment", "")
            ),
        )


def add_condition_faults(faults: Faults, typed: Typed, names: tuple[str, str]) -> None:
    """A condition stands in Chinese and in English; `names` are its two fields."""
    for number in range(len(filled_rows(typed, _GROUP))):
        for name, key in zip(names, ("act_sheet.fault_zh", "act_sheet.fault_en"), strict=True):
            demand(
                faults, typed, f"{_GROUP}[{number}].{name}", text(key, number=number + 1), _LONGEST_CONDITION
            )


def _of_agency(owners: Mapping[str, str], words: str) -> str:
    return text("case_conditions.of", agency=shown("Agency", owners[words])) if words in owners else ""


def _is_decided(subject: CaseRead) -> bool:
    return subject.case.state == a.APPLICATION_STATE_APPROVED


def _choice_label(choice: str) -> str:
    return text("act_countersign.agree") if choice == _AGREE else text("act_countersign.send_back")


def _conditions(rounds: Sequence[c.Round], typed: Typed) -> Iterator[foundation_pb2.LocalizedText]:
    """What would stand on the licence: the conditions of agencies, then the officer's; none on a refusal."""
    if typed.get("outcome") != _GRANT:
        return
    for one in standing_conditions(rounds):
        yield foundation_pb2.LocalizedText(zh=one.text_zh, en=one.text_en)
    for row in filled_rows(typed, _GROUP):
        yield foundation_pb2.LocalizedText(zh=row.get("zh", ""), en=row.get("en", ""))


PAGES: Final[tuple[Page, ...]] = (*Propose().pages(), *Countersign().pages())
