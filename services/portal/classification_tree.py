"""The classification of an item as a tree: the item, the entries of the control list, the law's words, the reasons.

What the automatic checks recorded stands in the case. The tree asks the service again, for the same item and the
day of the checks, because the record keeps the result and its reasons but not every entry that was looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from xuke.classification.v1 import classification_pb2 as cl
from xuke.foundation.v1 import foundation_pb2 as foundation
from xuke.licensing.v1 import application_pb2 as a
from xuke.licensing.v1 import dossier_pb2 as d

from services.portal.condition_lines import Line, nested
from services.portal.formats import legal_day_of
from services.portal.language import plain


class Standing(StrEnum):
    """Whether a condition of an entry is met."""

    MET = "MET"
    NOT_MET = "NOT_MET"
    UNKNOWN = "UNKNOWN"


class Claim(StrEnum):
    """How the code that the applicant claims stands to the codes that were found."""

    NONE = "NONE"
    SAME = "SAME"
    RELATED = "RELATED"
    DIFFERENT = "DIFFERENT"


# What decided the outcome of an entry, by the words of classification; whatever else is not settled.
_STANDINGS: Final = {
    "DESCRIPTION_MET": Standing.MET,
    "LIMITS_MET": Standing.MET,
    "LIMITS_NOT_MET": Standing.NOT_MET,
    "ENTRY_ANNOUNCED": Standing.NOT_MET,
    "ENTRY_SUSPENDED": Standing.NOT_MET,
    "ENTRY_REPEALED": Standing.NOT_MET,
}
_NOTABLE: Final = frozenset(
    {
        cl.OUTCOME_CONTROLLED,
        cl.OUTCOME_CONTROLLED_UNLESS_DECONTROL_SHOWN,
        cl.OUTCOME_NEEDS_INFORMATION,
    }
)


@dataclass(frozen=True)
class Condition:
    """A condition of an entry, or a question that must be answered to settle it."""

    standing: Standing
    text: foundation.LocalizedText


@dataclass(frozen=True)
class Branch:
    """An entry that the item may fall under."""

    candidate: cl.Candidate
    # Why the entry was looked at.
    pointers: tuple[cl.Reason, ...]
    conditions: tuple[Condition, ...]
    # The rule of the entry, line by line; empty where it decides by description.
    lines: tuple[Line, ...]
    recorded: bool
    claimed: bool

    @property
    def notable(self) -> bool:
        """Whether a reviewer must look at it."""
        return self.recorded or self.claimed or self.candidate.outcome in _NOTABLE


@dataclass(frozen=True)
class Tree:
    """The tree of one item."""

    branches: tuple[Branch, ...]
    # What must be known whatever the entry.
    questions: tuple[cl.Question, ...]
    outcome: str
    list_versions: tuple[str, ...]
    # Whether the answer is the recorded one.
    as_recorded: bool


def claim_of(claimed: str, found: Sequence[str]) -> Claim:
    """How a claimed code stands to those found; a code above or below in the list is related."""
    if not claimed:
        return Claim.NONE
    if claimed in found:
        return Claim.SAME
    if any(_below(claimed, code) or _below(code, claimed) for code in found):
        return Claim.RELATED
    return Claim.DIFFERENT


def _below(code: str, above: str) -> bool:
    return code.startswith(f"{above}.")


def checks_day(case: a.Case) -> str:
    """The day of law on which the present submission was checked, YYYY-MM-DD; empty if it has not been."""
    checked = [one for one in case.history if one.action in ("pass_checks", "refuse_at_gate")]
    return legal_day_of(checked[-1].occurred_at).isoformat() if checked else ""


def classify_request(item: d.Item, dossier: d.Dossier, as_of: str) -> cl.ClassifyRequest:
    """The question that the automatic checks asked about an item."""
    uses = (dossier.end_use.description_zh, dossier.end_use.description_en)
    return cl.ClassifyRequest(
        item=cl.Item(
            kind=cl.ItemKind.Value(d.ItemKind.Name(item.kind)),
            name_zh=item.name_zh,
            name_en=item.name_en,
            description=item.description,
            hs_code=item.hs_code,
            claimed_control_code=item.claimed_control_code,
            parameters=[
                cl.Parameter(name=one.name, value=one.value, unit=one.unit) for one in item.parameters
            ],
        ),
        as_of=as_of,
        destination=dossier.destination,
        end_use="\n".join(filter(None, uses))[:2000],
    )


def grow(item: d.Item, recorded: a.ItemClassification | None, answer: cl.ClassifyResponse) -> Tree:
    """The tree of an item, the entries that matter most first."""
    codes = tuple(recorded.control_codes) if recorded else ()
    branches = [_branch(item, codes, candidate, answer.questions) for candidate in answer.candidates]
    branches.sort(key=lambda one: (not one.recorded, not one.notable, one.candidate.rank))
    outcome = plain(cl.Outcome, answer.overall)
    return Tree(
        branches=tuple(branches),
        questions=tuple(one for one in answer.questions if not one.control_code),
        outcome=outcome,
        list_versions=tuple(answer.list_versions),
        as_recorded=recorded is not None and recorded.outcome == outcome,
    )


def _branch(
    item: d.Item, recorded: Sequence[str], candidate: cl.Candidate, questions: Sequence[cl.Question]
) -> Branch:
    code = candidate.entry.control_code
    rules = [reason for reason in candidate.reasons if reason.kind == cl.REASON_KIND_RULE]
    asked = [question for question in questions if question.control_code == code]
    return Branch(
        candidate=candidate,
        pointers=tuple(
            {
                reason.text.zh: reason for reason in candidate.reasons if reason.kind != cl.REASON_KIND_RULE
            }.values()
        ),
        conditions=(
            *(Condition(_STANDINGS.get(rule.code, Standing.UNKNOWN), rule.text) for rule in rules),
            *(Condition(Standing.UNKNOWN, question.text) for question in asked),
        ),
        lines=nested(candidate.conditions),
        recorded=code in recorded,
        claimed=bool(item.claimed_control_code) and code == item.claimed_control_code,
    )
