import re
from datetime import date

import pytest

from services.classification.batch import Classifier, classifier_of, parameters_of
from services.classification.domain.entries import ControlList
from services.classification.domain.item import Item
from services.classification.domain.outcomes import (
    CATCH_ALL,
    Candidate,
    Classification,
    FindingCode,
    Outcome,
    QuestionCode,
)
from services.classification.domain.questions import QUESTIONS_KEPT, next_questions
from services.classification.domain.ruling import Missing, Ruling
from services.classification.domain.standings import EntryStatus
from services.classification.rules.facts import Parameter
from services.classification.rules.truth import Truth
from services.classification.sentences import question_text

DENSITY = Missing("quantity density", False, "密度", "density", "密度大于17.5g/cm³")
STRENGTH = Missing("quantity strength", False, "极限抗拉强度", "ultimate tensile strength", "…")


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return classifier_of(date(2026, 11, 21))


def asked(answer: Classification) -> list[QuestionCode]:
    return [question.code for question in answer.questions if question.code not in CATCH_ALL]


def candidate(control_list: ControlList, at: int, identified: bool, *missing: Missing) -> Candidate:
    finding = FindingCode.LIMITS_NOT_SETTLED if identified else FindingCode.DESCRIPTION_NOT_SETTLED
    return Candidate(
        control_list.entries[at],
        EntryStatus.IN_FORCE,
        Outcome.NEEDS_INFORMATION,
        (finding,),
        (),
        0.5,
        identified,
        Ruling(Truth.UNKNOWN, None, (), missing),
    )


def test_what_settles_most_is_asked_first(control_list: ControlList) -> None:
    candidates = [
        candidate(control_list, 0, True, STRENGTH),
        candidate(control_list, 1, True, DENSITY),
        candidate(control_list, 2, True, DENSITY),
        candidate(control_list, 3, False, DENSITY),
    ]
    questions = next_questions(candidates, Outcome.NEEDS_INFORMATION)
    assert [each.quantity_zh for each in questions] == ["密度", "极限抗拉强度", ""]
    assert questions[0].settles == (candidates[1].entry.code, candidates[2].entry.code)
    assert questions[2].code is QuestionCode.CONFIRM_DESCRIPTION


def test_a_figure_that_several_entries_wait_for_is_asked_once(control_list: ControlList) -> None:
    candidates = [candidate(control_list, at, True, DENSITY, STRENGTH) for at in range(6)]
    questions = next_questions(candidates, Outcome.NEEDS_INFORMATION)
    assert [each.quantity_zh for each in questions] == ["密度", "极限抗拉强度"]
    assert len(questions[0].settles) == 6


def test_at_most_five_are_asked(control_list: ControlList) -> None:
    candidates = [candidate(control_list, at, False) for at in range(20)]
    assert len(next_questions(candidates, Outcome.NEEDS_INFORMATION)) == QUESTIONS_KEPT == 5


@pytest.mark.parametrize("overall", [Outcome.CONTROLLED, Outcome.NOT_CONTROLLED_FOR_ENTRY])
def test_nothing_is_asked_that_changes_nothing(control_list: ControlList, overall: Outcome) -> None:
    candidates = [candidate(control_list, at, True, DENSITY) for at in range(3)]
    assert next_questions(candidates, Outcome.CONTROLLED) == ()
    assert bool(next_questions(candidates, overall)) is (overall is not Outcome.CONTROLLED)


@pytest.mark.parametrize(
    ("item", "codes"),
    [
        (Item(name_zh="三氧化二锑"), [QuestionCode.STATE_QUANTITY]),
        (Item(name_zh="三氧化二锑", parameters=parameters_of("纯度=99.999 %")), []),
        (
            Item(claimed_control_code="3C003.c", parameters=parameters_of("纯度=99 %")),
            [QuestionCode.RESOLVE_CLAIM],
        ),
        (Item(claimed_control_code="5D002"), [QuestionCode.SHOW_DECONTROL]),
        # Ten digits of the licence catalogue whose entry is not known.
        (Item(name_zh="某种货物", hs_code="1211500011"), [QuestionCode.HS_CODE_IN_LICENCE_CATALOGUE]),
        (Item(cas_number="2691-41-0"), [QuestionCode.CONFIRM_TEXT]),
        (Item(name_zh="x" * 500), [QuestionCode.ITEM_TOO_LONG]),
    ],
)
def test_what_is_asked_of_an_item(classifier: Classifier, item: Item, codes: list[QuestionCode]) -> None:
    answer = classifier.classify(item)
    assert asked(answer)[: len(codes)] == codes
    assert len(asked(answer)) <= QUESTIONS_KEPT
    assert bool(codes) or answer.overall is Outcome.CONTROLLED
    for question in answer.questions:
        text = question_text(question)
        assert "<" not in text.zh
        assert "<" not in text.en


def test_a_tungsten_alloy_is_not_cleared_while_entries_for_tungsten_are_not_read(
    classifier: Classifier,
) -> None:
    answer = classifier.classify(Item(name_zh="钨镍铁合金", parameters=parameters_of("密度=17 g/cm3")))
    assert answer.candidates[0].entry.code == "1C004"
    assert answer.candidates[0].outcome is Outcome.NOT_CONTROLLED_FOR_ENTRY
    assert answer.overall is Outcome.NEEDS_INFORMATION
    assert "1C226" in {each.entry.code for each in answer.candidates}


def test_few_shared_words_do_not_weigh_beside_the_name_itself(classifier: Classifier) -> None:
    answer = classifier.classify(Item(name_zh="三氧化二锑", parameters=parameters_of("纯度=99 %")))
    assert answer.overall is Outcome.NOT_CONTROLLED_FOR_ENTRY
    assert [each.entry.code for each in answer.candidates] == ["3C003.c"]
    assert "3C001.c" in {each.entry.code for each in answer.related}
    assert answer.remark is not None
    assert answer.remark.parameters == "99 %（纯度大于等于99.99%）"
    # Far from the limit nothing is stated to customs.
    far = classifier.classify(Item(name_zh="三氧化二锑", parameters=parameters_of("纯度=90 %")))
    assert (far.overall, far.remark) == (Outcome.NOT_CONTROLLED_FOR_ENTRY, None)


def test_every_question_of_every_rule_can_be_answered_in_its_own_words(classifier: Classifier) -> None:
    book, regime = classifier.examination.book, classifier.index.control_list.regime
    judge = classifier.examination.judges_of(regime)(Item(), classifier.as_of)
    asked = 0
    for entry in classifier.index.control_list.entries:
        ruling = judge(entry, True)
        for missing in ruling.missing if ruling is not None else ():
            # A question for judgement is answered under its own name, and says so.
            key = missing.key.partition(" ")[2]
            for name in (key,) if missing.is_question else (missing.name_zh, missing.name_en):
                asked += 1
                offered = re.split(r"[（(；;)）]| / ", name)
                assert any(
                    not book.read_parameters([Parameter(name, value.strip())]).not_recognised
                    for value in ("是", "1", *offered)
                    if value.strip()
                ), (entry.code, name)
            assert missing.is_question or "_" not in missing.name_zh + missing.name_en
    assert asked > 200
