"""What to ask next: of all that is missing, what settles most.

A figure that five entries wait for is asked once and before one that a single entry waits for; entries that
the item surely is what they describe count more than those that words only point to.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from services.classification.domain.outcomes import (
    Candidate,
    FindingCode,
    Outcome,
    Question,
    QuestionCode,
)

QUESTIONS_KEPT: Final = 5
# How much an entry that describes the item counts beside one that is only proposed.
_IDENTIFIED: Final = 4.0

_ASKED: Final = {
    FindingCode.DESCRIPTION_NOT_SETTLED: QuestionCode.CONFIRM_DESCRIPTION,
    FindingCode.TEXT_NOT_VERIFIED: QuestionCode.CONFIRM_TEXT,
    FindingCode.PARAMETERS_MISSING: QuestionCode.STATE_PARAMETERS,
    FindingCode.PARAMETERS_NOT_COMPARED: QuestionCode.COMPARE_PARAMETERS,
    FindingCode.LIMITS_NOT_SETTLED: QuestionCode.COMPARE_PARAMETERS,
    FindingCode.LIMITS_CONTRADICT_CLAIM: QuestionCode.RESOLVE_CLAIM,
    FindingCode.DECONTROL_POSSIBLE: QuestionCode.SHOW_DECONTROL,
}
# The rule of the entry waits for what it names as missing.
_UNSETTLED: Final = {FindingCode.PARAMETERS_MISSING, FindingCode.LIMITS_NOT_SETTLED}


def next_questions(candidates: Sequence[Candidate], overall: Outcome) -> tuple[Question, ...]:
    """At most five questions about entries that can still change what is said overall, the weightiest first."""
    weights: defaultdict[str, float] = defaultdict(float)
    settles: defaultdict[str, list[str]] = defaultdict(list)
    questions: dict[str, Question] = {}
    open_ones = [candidate for candidate in candidates if _is_open(candidate, overall)]
    for rank, candidate in enumerate(open_ones, start=1):
        weight = (_IDENTIFIED if candidate.identified else 1.0) / (rank + 1)
        for key, question in _asked_of(candidate):
            weights[key] += weight
            settles[key].append(candidate.entry.code)
            questions.setdefault(key, question)
    order = list(questions)
    kept = sorted(order, key=lambda key: (-round(weights[key], 9), order.index(key)))[:QUESTIONS_KEPT]
    return tuple(_with_settled(questions[key], settles[key]) for key in kept)


def _is_open(candidate: Candidate, overall: Outcome) -> bool:
    """Whether an answer about the entry could still matter: nothing outweighs what is controlled."""
    match overall:
        case Outcome.CONTROLLED:
            return False
        case Outcome.CONTROLLED_UNLESS_DECONTROL_SHOWN:
            return candidate.outcome is overall
        case _:
            return candidate.outcome is Outcome.NEEDS_INFORMATION


def _asked_of(candidate: Candidate) -> Iterator[tuple[str, Question]]:
    ruling = candidate.ruling
    if candidate.identified and ruling is not None and _UNSETTLED & set(candidate.findings):
        for missing in ruling.missing:
            code = QuestionCode.ANSWER_QUESTION if missing.is_question else QuestionCode.STATE_QUANTITY
            yield (
                f"{code} {missing.key}",
                Question(
                    code,
                    candidate.entry,
                    item_value=missing.key.partition(" ")[2],
                    quantity_zh=missing.name_zh,
                    quantity_en=missing.name_en,
                    quote=missing.quote,
                ),
            )
        if ruling.missing:
            return
    for finding in candidate.findings:
        if finding in _ASKED:
            code = _ASKED[finding]
            yield f"{code} {candidate.entry.identifier}", Question(code, candidate.entry)


def _with_settled(question: Question, settles: Iterable[str]) -> Question:
    return Question(
        question.code,
        question.entry,
        question.item_value,
        question.quantity_zh,
        question.quantity_en,
        question.quote,
        tuple(dict.fromkeys(settles)),
    )
