"""What changed since a proposal, and from the proposal before: everything that did, and nothing else."""

import dataclasses
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.foundation.messages import LocalizedText
from services.licensing.domain.application_state import Outcome
from services.licensing.domain.case_parts import (
    AgencyOpinion,
    AutomaticCheck,
    Basis,
    ClassifiedLine,
    ConsultationRound,
    Decision,
    ScreenedFinding,
)
from services.licensing.domain.differences import (
    VERDICT,
    Difference,
    DifferenceKind,
    basis_of,
    differences,
    from_proposal_before,
    since_proposal,
)
from services.licensing.domain.findings import (
    ConsultationSummary,
    FactorAssessment,
    ItemClassification,
    OpinionSummary,
    ScreeningFinding,
    ScreeningSummary,
    ScreeningVerdict,
)

K = DifferenceKind
NOW = datetime(2026, 3, 2, tzinfo=UTC)
BASIS = Basis(
    1,
    (ClassifiedLine(1, "CONTROLLED", ("1C117.d.1",)), ClassifiedLine(2, "NOT_CONTROLLED", ())),
    "REVIEW",
    (ScreenedFinding("party-7", "REVIEW"),),
    (AgencyOpinion("MFA", "APPROVE"), AgencyOpinion("SASTIND", "OPEN")),
)
PROPOSAL = Decision(
    1,
    Outcome.GRANT,
    "最终用户可信。",
    (FactorAssessment("DESTINATION", "NO_CONCERN"), FactorAssessment("END_USER", "NO_CONCERN", "known")),
    (LocalizedText("报告到货。", "Report the arrival."),),
    "ministry-1",
    NOW,
)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"submission_number": 2}, [(K.SUBMISSION, "", "1", "2")]),
        (
            {"classifications": (ClassifiedLine(1, "CONTROLLED", ("1C117.d.1", "0C004")),)},
            [
                (K.CLASSIFICATION, "1", "CONTROLLED 1C117.d.1", "CONTROLLED 1C117.d.1 0C004"),
                (K.CLASSIFICATION, "2", "NOT_CONTROLLED", ""),
            ],
        ),
        ({"verdict": "CLEAR", "findings": ()}, [(K.SCREENING, VERDICT, "REVIEW", "CLEAR"), (K.SCREENING, "party-7", "REVIEW", "")]),
        (
            {"opinions": (AgencyOpinion("MFA", "REFUSE"), AgencyOpinion("SASTIND", "OPEN"), AgencyOpinion("MPS", "APPROVE"))},
            [(K.OPINION, "MFA", "APPROVE", "REFUSE"), (K.OPINION, "MPS", "", "APPROVE")],
        ),
    ],
)  # fmt: skip
def test_since_the_proposal(changed: dict[str, object], expected: list[tuple[str, ...]]) -> None:
    now = dataclasses.replace(BASIS, **changed)  # type: ignore[arg-type]
    assert [dataclasses.astuple(each) for each in since_proposal(BASIS, now)] == expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"outcome": Outcome.REFUSE}, [(K.OUTCOME, "", "GRANT", "REFUSE")]),
        ({"reasons": "不清楚。"}, [(K.REASONS, "", "最终用户可信。", "不清楚。")]),
        (
            {"factors": (FactorAssessment("DESTINATION", "CONCERN", "transit"), PROPOSAL.factors[1])},
            [
                (K.FACTOR, "DESTINATION", "NO_CONCERN", "CONCERN"),
                (K.FACTOR, "DESTINATION.comment", "", "transit"),
            ],
        ),
        (
            {"conditions": (LocalizedText("", "Report the use."), *PROPOSAL.conditions)},
            [(K.CONDITION, "1", "", "Report the use.")],
        ),
        ({"conditions": ()}, [(K.CONDITION, "1", "报告到货。", "")]),
        ({"proposal_number": 2, "proposed_by": "ministry-2"}, []),
    ],
)
def test_from_the_proposal_before(changed: dict[str, object], expected: list[tuple[str, ...]]) -> None:
    now = dataclasses.replace(PROPOSAL, **changed)  # type: ignore[arg-type]
    assert [dataclasses.astuple(each) for each in from_proposal_before(PROPOSAL, now)] == expected


def rounds(*opinions: tuple[OpinionSummary, ...]) -> list[ConsultationRound]:
    return [
        ConsultationRound(
            number, (), "", ConsultationSummary("", number, opinions=each) if each else None, NOW, NOW
        )
        for number, each in enumerate(opinions, 1)
    ]


def test_a_basis_holds_the_opinion_that_stands() -> None:
    check = AutomaticCheck(
        2,
        (ItemClassification(2, "NOT_CONTROLLED"), ItemClassification(1, "CONTROLLED", ("1C117.d.1",))),
        ScreeningSummary(
            "s", ScreeningVerdict.REVIEW, (ScreeningFinding("party-7", ScreeningVerdict.REVIEW),)
        ),
    )
    consulted = rounds(
        (
            OpinionSummary("MFA", task_state="ANSWERED", opinion="APPROVE"),
            OpinionSummary("SASTIND", task_state="WAIVED"),
        ),
        (OpinionSummary("MFA", task_state="CLOSED_UNANSWERED"), OpinionSummary("MPS", opinion="REFUSE")),
        (),
    )
    assert basis_of(2, check, consulted) == dataclasses.replace(
        BASIS,
        submission_number=2,
        opinions=(
            AgencyOpinion("MFA", "APPROVE"),
            AgencyOpinion("MPS", "REFUSE"),
            AgencyOpinion("SASTIND", "WAIVED"),
        ),
    )


def test_a_case_compares_its_last_proposal() -> None:
    assert differences(BASIS, []) == ()
    first = dataclasses.replace(PROPOSAL, basis=BASIS)
    later = dataclasses.replace(BASIS, submission_number=2)
    assert [each.kind for each in differences(later, [first])] == [K.SUBMISSION]
    second = dataclasses.replace(first, outcome=Outcome.REFUSE, basis=later)
    assert [each.kind for each in differences(later, [first, second])] == [K.OUTCOME]
    # A proposal of before its basis was kept is compared with nothing.
    assert differences(later, [PROPOSAL]) == ()


words = st.sampled_from(("A", "B", "C"))
bases = st.builds(
    Basis,
    st.integers(1, 3),
    st.dictionaries(st.integers(1, 4), words).map(
        lambda found: tuple(ClassifiedLine(line, word, ()) for line, word in found.items())
    ),
    words,
    st.dictionaries(words, words).map(
        lambda found: tuple(ScreenedFinding(key, word) for key, word in found.items())
    ),
    st.dictionaries(words, words).map(
        lambda found: tuple(AgencyOpinion(key, word) for key, word in found.items())
    ),
)
proposals = st.builds(
    Decision,
    st.integers(1, 3),
    st.sampled_from(Outcome),
    words,
    st.dictionaries(words, words).map(
        lambda found: tuple(FactorAssessment(key, word) for key, word in found.items())
    ),
    st.lists(st.builds(LocalizedText, words, words), max_size=3).map(tuple),
    words,
    st.just(NOW),
    basis=bases,
)


@given(bases, proposals)
def test_no_difference_of_a_thing_with_itself(basis: Basis, proposal: Decision) -> None:
    assert since_proposal(basis, basis) == ()
    assert from_proposal_before(proposal, proposal) == ()


def keyed(basis: Basis) -> dict[tuple[K, str], str]:
    return {
        (K.SUBMISSION, ""): str(basis.submission_number),
        (K.SCREENING, VERDICT): basis.verdict,
        **{(K.CLASSIFICATION, str(line.line_number)): line.outcome for line in basis.classifications},
        **{(K.SCREENING, each.finding_id): each.verdict for each in basis.findings},
        **{(K.OPINION, each.agency): each.opinion for each in basis.opinions},
    }


@given(bases, bases)
def test_every_change_is_named_once(before: Basis, now: Basis) -> None:
    was, became = keyed(before), keyed(now)
    expected = {
        Difference(kind, subject, was.get((kind, subject), ""), became.get((kind, subject), ""))
        for kind, subject in was.keys() | became.keys()
        if was.get((kind, subject)) != became.get((kind, subject))
    }
    found = since_proposal(before, now)
    assert len(found) == len(expected)
    assert set(found) == expected


@given(proposals, proposals)
def test_every_change_of_a_proposal_is_named(before: Decision, now: Decision) -> None:
    found = from_proposal_before(before, now)
    kinds = {each.kind for each in found}
    assert (K.OUTCOME in kinds) is (before.outcome is not now.outcome)
    assert (K.REASONS in kinds) is (before.reasons != now.reasons)
    assert {each.subject for each in found if each.kind is K.FACTOR} == {
        factor for factor, _ in {(f.factor, f.rating) for f in before.factors} ^ {(f.factor, f.rating) for f in now.factors}
    }  # fmt: skip
    assert (K.CONDITION in kinds) is (set(before.conditions) != set(now.conditions))
