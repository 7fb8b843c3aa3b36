"""What an opinion must contain to be one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.consultation.domain.records import ConditionText, FactorAssessment
from services.consultation.domain.vocabulary import Opinion, ReviewFactor
from services.foundation.errors import FieldViolation, invalid_argument


@dataclass(frozen=True)
class DraftOpinion:
    """An opinion as the agency sends it."""

    opinion: Opinion
    reasons: str
    factors: tuple[FactorAssessment, ...]
    conditions: tuple[ConditionText, ...]


def check_opinion(draft: DraftOpinion) -> None:
    """Passes if the opinion is complete.

    Reasons are always demanded; the eight factors (出口管制法 Art. 13) each exactly once, which an agency that
    is not competent may leave out; conditions with APPROVE_WITH_CONDITIONS, at least one, and with no other
    opinion. Errors: INVALID_ARGUMENT naming every field at fault.
    """
    violations = [
        *_reasons(draft.reasons),
        *_factors(draft.opinion, draft.factors),
        *_conditions(draft.opinion, draft.conditions),
    ]
    if violations:
        raise invalid_argument(*violations)


def _reasons(reasons: str) -> Iterator[FieldViolation]:
    if not reasons.strip():
        yield FieldViolation("reasons", "TEXT_BLANK")


def _factors(opinion: Opinion, factors: Sequence[FactorAssessment]) -> Iterator[FieldViolation]:
    seen: set[ReviewFactor] = set()
    for index, assessment in enumerate(factors):
        if assessment.factor in seen:
            yield FieldViolation(
                f"factors[{index}].factor", "FACTOR_REPEATED", {"factor": assessment.factor.value}
            )
        seen.add(assessment.factor)
    missing = [factor.value for factor in ReviewFactor if factor not in seen]
    if missing and opinion is not Opinion.NOT_COMPETENT:
        yield FieldViolation("factors", "FACTORS_MISSING", {"factors": " ".join(missing)})


def _conditions(opinion: Opinion, conditions: Sequence[ConditionText]) -> Iterator[FieldViolation]:
    if opinion is Opinion.APPROVE_WITH_CONDITIONS and not conditions:
        yield FieldViolation("conditions", "CONDITIONS_MISSING")
    if opinion is not Opinion.APPROVE_WITH_CONDITIONS and conditions:
        yield FieldViolation("conditions", "CONDITIONS_NOT_ALLOWED", {"opinion": opinion.value})
    for index, text in enumerate(conditions):
        for language, words in (("zh", text.zh), ("en", text.en)):
            if not words.strip():
                yield FieldViolation(f"conditions[{index}].text_{language}", "TEXT_BLANK")
