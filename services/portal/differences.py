"""What changed in a case, in the words of people."""

from typing import Final

from xuke.licensing.v1 import application_pb2 as a

from services.portal.language import plain, shown, text

# The words that the value of a difference is one of, by its kind; other values are texts of people.
_WORDS: Final = {
    "SCREENING": ("ScreeningVerdict",),
    # Codes stay as they are.
    "ASSESSMENT": ("Assessment",),
    # An agency that gave no opinion is shown by the state of its task.
    "OPINION": ("Opinion", "TaskState"),
    "OUTCOME": ("DecisionOutcome",),
    "FACTOR": ("FactorRating",),
}
_COMMENT: Final = ".comment"
_VERDICT: Final = "VERDICT"


def difference_subject(difference: a.Difference) -> str:
    """Which thing changed; empty where there is only one such thing."""
    subject = difference.subject
    match plain(a.DifferenceKind, difference.kind):
        case "CLASSIFICATION" | "ASSESSMENT":
            return text("acting.item", number=subject)
        case "SCREENING":
            return "" if subject == _VERDICT else text("act_differences.finding")
        case "OPINION":
            return shown("Agency", subject)
        case "FACTOR":
            factor = shown("ReviewFactor", subject.removesuffix(_COMMENT))
            comment = subject.endswith(_COMMENT)
            return text("act_differences.comment", factor=factor) if comment else factor
        case _:
            return subject


def difference_word(difference: a.Difference, value: str) -> str:
    """A value before or after; empty where there was none."""
    kind = plain(a.DifferenceKind, difference.kind)
    if kind == "SUBMISSION":
        return text("act_differences.submission", number=value)
    if kind == "CLASSIFICATION":
        outcome, _, codes = value.partition(" ")
        return " ".join(filter(None, (shown("Outcome", outcome), codes)))
    if kind == "FACTOR" and difference.subject.endswith(_COMMENT):
        return value
    for enumeration in _WORDS.get(kind, ()):
        word = shown(enumeration, value)
        if word != value:
            return word
    return value
