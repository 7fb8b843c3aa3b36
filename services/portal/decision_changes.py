"""What changed since a proposal, and from the proposal before, in words: a table of before and after."""

from dataclasses import dataclass

from xuke.licensing.v1 import application_pb2 as a

from services.portal.language import shown, text, word

_SINCE_PROPOSAL = frozenset(
    {
        a.DIFFERENCE_KIND_SUBMISSION,
        a.DIFFERENCE_KIND_CLASSIFICATION,
        a.DIFFERENCE_KIND_ASSESSMENT,
        a.DIFFERENCE_KIND_SCREENING,
        a.DIFFERENCE_KIND_OPINION,
    }
)


@dataclass(frozen=True)
class Change:
    """One thing that changed, as people read it."""

    what: str
    before: str
    after: str
    since_proposal: bool


def changed_since_proposal(case: a.Case) -> int:
    """How many things are different from what the present proposal rested on."""
    return sum(one.kind in _SINCE_PROPOSAL for one in case.differences)


def changes(case: a.Case) -> tuple[Change, ...]:
    """The differences of a case."""
    return tuple(
        Change(
            _what(one),
            _value(one.kind, one.subject, one.before),
            _value(one.kind, one.subject, one.after),
            one.kind in _SINCE_PROPOSAL,
        )
        for one in case.differences
    )


def _what(one: a.Difference) -> str:
    kind = word(a.DifferenceKind, one.kind)
    match one.kind:
        case a.DIFFERENCE_KIND_CLASSIFICATION | a.DIFFERENCE_KIND_ASSESSMENT:
            return text("case.change_line", what=kind, number=one.subject)
        case a.DIFFERENCE_KIND_SCREENING if one.subject != "VERDICT":
            return text("case.change_of", what=kind, subject=one.subject)
        case a.DIFFERENCE_KIND_OPINION:
            return text("case.change_of", what=kind, subject=shown("Agency", one.subject))
        case a.DIFFERENCE_KIND_FACTOR:
            factor, _, comment = one.subject.partition(".")
            name = shown("ReviewFactor", factor)
            return text("case.change_comment", subject=name) if comment else name
        case a.DIFFERENCE_KIND_CONDITION:
            return text("case.change_line", what=kind, number=one.subject)
        case _:
            return kind


def _value(kind: int, subject: str, value: str) -> str:
    """A value of a difference; words of enumerations are translated, texts stay."""
    if not value:
        return ""
    match kind:
        case a.DIFFERENCE_KIND_SUBMISSION:
            return text("case.submission_number", number=value)
        case a.DIFFERENCE_KIND_CLASSIFICATION:
            outcome, *codes = value.split(" ")
            return " ".join((shown("Outcome", outcome), *codes))
        case a.DIFFERENCE_KIND_ASSESSMENT:
            return shown("Assessment", value)
        case a.DIFFERENCE_KIND_SCREENING:
            return shown("ScreeningVerdict", value)
        case a.DIFFERENCE_KIND_OPINION:
            return shown("Opinion" if value in _OPINIONS else "TaskState", value)
        case a.DIFFERENCE_KIND_OUTCOME:
            return shown("DecisionOutcome", value)
        case a.DIFFERENCE_KIND_FACTOR if not subject.endswith(".comment"):
            return shown("FactorRating", value)
        case _:
            return value


_OPINIONS = frozenset({"APPROVE", "APPROVE_WITH_CONDITIONS", "REFUSE", "NO_OBJECTION", "NOT_COMPETENT"})
