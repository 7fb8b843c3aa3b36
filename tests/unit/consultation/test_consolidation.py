"""The truth table: row by row, and the properties that make it safe."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.consultation.domain.consolidation import Answer, ConsolidationReason, consolidate
from services.consultation.domain.vocabulary import Consolidation, Opinion, TaskState
from tests.unit.consultation.samples import answer

_A, _C, _R = Opinion.APPROVE, Opinion.APPROVE_WITH_CONDITIONS, Opinion.REFUSE
_N, _X = Opinion.NO_OBJECTION, Opinion.NOT_COMPETENT


@pytest.mark.parametrize(
    ("opinions", "result", "reason"),
    [
        ([], "NO_OPINION", "NO_AGENCY_CONSULTED"),
        ([_X], "NO_OPINION", "NO_COMPETENT_OPINION"),
        ([_A], "FAVOURABLE", "NO_AGENCY_OBJECTS"),
        ([_N], "FAVOURABLE", "NO_AGENCY_OBJECTS"),
        ([_A, _X], "FAVOURABLE", "NO_AGENCY_OBJECTS"),
        ([_C], "FAVOURABLE_WITH_CONDITIONS", "AGENCY_SETS_CONDITIONS"),
        ([_C, _A, _N, _X], "FAVOURABLE_WITH_CONDITIONS", "AGENCY_SETS_CONDITIONS"),
        ([_R], "ADVERSE", "AGENCY_REFUSES"),
        ([_R, _A, _A, _C, _N, _X], "ADVERSE", "AGENCY_REFUSES"),
    ],
)
def test_table(opinions: list[Opinion], result: str, reason: str) -> None:
    consolidated = consolidate([answer(each, mandatory=False) for each in opinions])
    assert (consolidated.result, consolidated.reason) == (Consolidation(result), ConsolidationReason(reason))


_SILENT = st.builds(
    Answer,
    st.just(False),
    st.sampled_from([TaskState.OPEN, TaskState.OVERDUE, TaskState.CLOSED_UNANSWERED]),
    st.none(),
) | st.builds(Answer, st.booleans(), st.just(TaskState.WAIVED), st.sampled_from([None, _X]))
_ANSWERED = st.builds(
    Answer, st.booleans(), st.just(TaskState.ANSWERED), st.sampled_from([_A, _C, _R, _N])
) | st.builds(Answer, st.just(False), st.just(TaskState.ANSWERED), st.just(_X))
_ANSWERS = st.lists(_SILENT | _ANSWERED, max_size=12)
_MISSING = st.builds(
    Answer, st.just(True), st.sampled_from([TaskState.OPEN, TaskState.OVERDUE]), st.none()
) | st.just(Answer(True, TaskState.ANSWERED, _X))


@given(_ANSWERS, st.booleans())
def test_one_refusal_is_adverse_whatever_the_others_say(answers: list[Answer], mandatory: bool) -> None:
    assert consolidate([*answers, answer(_R, mandatory)]).result is Consolidation.ADVERSE


@given(_ANSWERS, st.integers())
def test_order_does_not_matter(answers: list[Answer], seed: int) -> None:
    shuffled = answers[:]
    random.Random(seed).shuffle(shuffled)
    assert consolidate(shuffled) == consolidate(answers)


@given(_ANSWERS, st.lists(_SILENT, min_size=1, max_size=5))
def test_silence_is_never_consent(answers: list[Answer], silent: list[Answer]) -> None:
    assert consolidate([*answers, *silent]).result is consolidate(answers).result


@given(st.lists(_SILENT, max_size=8))
def test_nobody_speaking_is_no_opinion(silent: list[Answer]) -> None:
    assert consolidate(silent).result is Consolidation.NO_OPINION


_WORSE = [
    Consolidation.NO_OPINION,
    Consolidation.FAVOURABLE,
    Consolidation.FAVOURABLE_WITH_CONDITIONS,
    Consolidation.ADVERSE,
]


@given(_ANSWERS, _ANSWERED)
def test_a_further_opinion_never_softens_the_result(answers: list[Answer], further: Answer) -> None:
    before, after = consolidate(answers).result, consolidate([*answers, further]).result
    assert _WORSE.index(after) >= _WORSE.index(before)


@given(_ANSWERS, _MISSING)
def test_no_result_while_a_mandatory_opinion_is_missing(answers: list[Answer], missing: Answer) -> None:
    with pytest.raises(ValueError, match="missing"):
        consolidate([missing, *answers])
