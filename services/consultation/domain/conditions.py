"""How a condition changes: only by the agency that set it, only while the round is open, never silently."""

from dataclasses import dataclass

from services.consultation.domain.records import Condition, ConditionText
from services.consultation.domain.vocabulary import RoundState
from services.foundation.errors import (
    FieldViolation,
    failed_precondition,
    invalid_argument,
    permission_denied,
)
from services.foundation.principal import Principal


@dataclass(frozen=True)
class Amendment:
    """A change asked for: other words (empty keeps the present ones), or to lift the condition."""

    text_zh: str
    text_en: str
    lift: bool
    reason: str


@dataclass(frozen=True)
class Amended:
    """The condition after the change."""

    text: ConditionText
    lifted: bool


def check_owner(agency: str, condition_id: str, actor: Principal) -> None:
    """Passes if the caller speaks for the agency that set the condition. Errors: PERMISSION_DENIED."""
    if not actor.agency or actor.agency != agency:
        raise permission_denied("CONDITION_OF_ANOTHER_AGENCY", id=condition_id, agency=agency)


def amend(condition: Condition, round_state: RoundState, amendment: Amendment) -> Amended:
    """Applies a change.

    A closed round is what a decision rests on; its conditions stand, and a change of mind needs another round.
    Errors: FAILED_PRECONDITION for a closed round or a lifted condition; INVALID_ARGUMENT for a change that
    changes nothing, that rewrites and lifts at once, or that has no reason.
    """
    if round_state is RoundState.CLOSED:
        raise failed_precondition("ROUND_CLOSED", id=str(condition.condition_id), state="CLOSED", allowed="")
    if condition.lifted:
        raise failed_precondition(
            "CONDITION_ALREADY_LIFTED", id=str(condition.condition_id), state="LIFTED", allowed=""
        )
    violations = []
    text = ConditionText(amendment.text_zh.strip(), amendment.text_en.strip())
    if not amendment.reason.strip():
        violations.append(FieldViolation("reason", "TEXT_BLANK"))
    if amendment.lift and (text.zh or text.en):
        violations.append(FieldViolation("lift", "LIFT_OR_REWRITE"))
    changed = ConditionText(text.zh or condition.text.zh, text.en or condition.text.en)
    if not amendment.lift and changed == condition.text:
        violations.append(FieldViolation("text_zh", "CONDITION_UNCHANGED"))
    if violations:
        raise invalid_argument(*violations)
    return Amended(condition.text if amendment.lift else changed, amendment.lift)
