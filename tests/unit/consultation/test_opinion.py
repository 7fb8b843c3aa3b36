"""What makes an opinion complete; each fault names its field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.consultation.domain.opinion import DraftOpinion, check_opinion
from services.consultation.domain.records import ConditionText, FactorAssessment
from services.consultation.domain.vocabulary import FactorRating, Opinion, ReviewFactor
from services.foundation.errors import ErrorCode, XukeError

ALL = tuple(FactorAssessment(factor, FactorRating.NO_CONCERN, "") for factor in ReviewFactor)
CONDITION = ConditionText("每季度报告", "Report quarterly")
_JUDGING = [opinion for opinion in Opinion if opinion is not Opinion.NOT_COMPETENT]


def _faults(draft: DraftOpinion) -> list[tuple[str, str]]:
    try:
        check_opinion(draft)
    except XukeError as error:
        if error.code is not ErrorCode.INVALID_ARGUMENT:
            raise
        return [(violation.field, violation.reason) for violation in error.violations]
    return []


def _conditions(opinion: Opinion) -> tuple[ConditionText, ...]:
    return (CONDITION,) if opinion is Opinion.APPROVE_WITH_CONDITIONS else ()


@pytest.mark.parametrize("opinion", list(Opinion))
def test_complete(opinion: Opinion) -> None:
    assert _faults(DraftOpinion(opinion, "reasons", ALL, _conditions(opinion))) == []


def test_not_competent_may_leave_the_factors_out() -> None:
    assert _faults(DraftOpinion(Opinion.NOT_COMPETENT, "not ours", (), ())) == []


@given(st.sampled_from(_JUDGING), st.sets(st.sampled_from(ALL), max_size=7))
def test_every_factor_is_demanded(opinion: Opinion, some: set[FactorAssessment]) -> None:
    draft = DraftOpinion(opinion, "reasons", tuple(some), _conditions(opinion))
    assert _faults(draft) == [("factors", "FACTORS_MISSING")]


@given(st.sampled_from(list(Opinion)), st.permutations(ALL), st.sampled_from(ALL))
def test_no_factor_twice(opinion: Opinion, factors: list[FactorAssessment], again: FactorAssessment) -> None:
    draft = DraftOpinion(opinion, "reasons", (*factors, again), _conditions(opinion))
    assert _faults(draft) == [("factors[8].factor", "FACTOR_REPEATED")]


@pytest.mark.parametrize("opinion", [each for each in Opinion if each is not Opinion.APPROVE_WITH_CONDITIONS])
def test_conditions_only_with_approval_under_conditions(opinion: Opinion) -> None:
    assert _faults(DraftOpinion(opinion, "reasons", ALL, (CONDITION,))) == [
        ("conditions", "CONDITIONS_NOT_ALLOWED")
    ]


def test_every_fault_is_named_at_once() -> None:
    draft = DraftOpinion(Opinion.APPROVE_WITH_CONDITIONS, "  ", ALL[:7], ())
    assert _faults(draft) == [
        ("reasons", "TEXT_BLANK"),
        ("factors", "FACTORS_MISSING"),
        ("conditions", "CONDITIONS_MISSING"),
    ]


def test_blank_condition() -> None:
    draft = DraftOpinion(
        Opinion.APPROVE_WITH_CONDITIONS, "reasons", ALL, (CONDITION, ConditionText("条件", " "))
    )
    assert _faults(draft) == [("conditions[1].text_en", "TEXT_BLANK")]
