import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.classification.domain.classify import classify
from services.classification.domain.codes import HsRegister
from services.classification.domain.entries import ControlList
from services.classification.domain.index import ListIndex, PointerCode
from services.classification.domain.item import Item, Nature, StatedParameter
from services.classification.domain.outcomes import (
    CATCH_ALL,
    Candidate,
    Classification,
    FindingCode,
    Outcome,
    QuestionCode,
)
from services.classification.reference_files import read_search_policy
from services.foundation.errors import XukeError

TODAY = date(2026, 11, 21)
Ask = Callable[..., Classification]


@pytest.fixture
def ask(index: ListIndex, register: HsRegister) -> Ask:
    def ask(day: date = TODAY, **item: object) -> Classification:
        return classify(Item(**item), day, index, register)

    return ask


ITEMS = [
    # what is given, first entry, its outcome, overall outcome
    ({"name_zh": "仲钨酸铵"}, "1C117.d.1", Outcome.CONTROLLED, Outcome.CONTROLLED),
    ({"name_en": "Ammonium Paratungstate (APT) powder, 88.5%"}, "1C117.d.1", Outcome.CONTROLLED, None),
    ({"name_zh": "高纯仲鎢酸銨粉末（APT）"}, "1C117.d.1", Outcome.CONTROLLED, None),
    # A commodity code alone proposes, whoever printed it.
    ({"hs_code": "2841801000"}, "1C117.d.1", Outcome.NEEDS_INFORMATION, None),
    ({"hs_code": "2841.80.10.00"}, "1C117.d.1", Outcome.NEEDS_INFORMATION, None),
    # The code fits and the name says something else: a person must look.
    ({"hs_code": "2841801000", "name_zh": "木制家具"}, "1C117.d.1", Outcome.NEEDS_INFORMATION, None),
    ({"cas_number": "7681-49-4"}, "1C350.c", Outcome.CONTROLLED, None),
    ({"claimed_control_code": "1c117.D.1"}, "1C117.d.1", Outcome.CONTROLLED, None),
    # Limits without figures are asked, never assumed.
    ({"name_zh": "三氧化二锑", "hs_code": "2825800010"}, "3C003.c", Outcome.NEEDS_INFORMATION, None),
    ({"claimed_control_code": "3C003.c"}, "3C003.c", Outcome.NEEDS_INFORMATION, None),
    # Figures that the entry does not speak of settle nothing ...
    (
        {"name_zh": "三氧化二锑", "parameters": (StatedParameter("outer diameter", "12 mm"),)},
        "3C003.c",
        Outcome.NEEDS_INFORMATION,
        None,
    ),
    # ... unless the applicant claims the code and thereby that its limits are met.
    (
        {"claimed_control_code": "3C003.c", "parameters": (StatedParameter("purity", "99.999 %"),)},
        "3C003.c",
        Outcome.CONTROLLED,
        None,
    ),
    # A term within a longer name proposes; with the full commodity code it identifies.
    ({"name_zh": "环烷酸钴"}, "1C914.c.3", Outcome.NEEDS_INFORMATION, None),
    ({"name_zh": "金属镓靶材", "hs_code": "8112929010"}, "3C001.a", Outcome.CONTROLLED, None),
    ({"name_en": "gallium arsenide laser diode"}, "3C001.e", Outcome.NEEDS_INFORMATION, None),
    # The longer name wins over a shorter one within it.
    ({"name_zh": "氟化氢钾"}, "1C350.e", Outcome.CONTROLLED, None),
    # What is left of a term without its codes is not the term.
    ({"name_en": "software"}, "0D901", Outcome.NEEDS_INFORMATION, None),
    # A decontrol note keeps the question open.
    ({"name_zh": "为研发、生产或使用5A002、5A004和5B002而专门设计或改进的软件"}, "5D002", None, None),
    # Without a printed code: found by the code its wording fits, to be confirmed.
    ({"claimed_control_code": "9A012.b.2"}, "CN-2024-31-01", Outcome.NEEDS_INFORMATION, None),
    # Unconfirmed after a suspension: applied.
    ({"name_zh": "金属钬"}, "1C909.a.1", Outcome.CONTROLLED, None),
]


@pytest.mark.parametrize(("item", "first", "outcome", "overall"), ITEMS)
def test_what_is_found_and_what_is_said_of_it(
    ask: Ask, item: dict[str, object], first: str, outcome: Outcome | None, overall: Outcome | None
) -> None:
    answer = ask(**item)
    assert answer.candidates[0].entry.identifier == first
    if outcome is not None:
        assert answer.candidates[0].outcome is outcome
    assert answer.overall is (overall or max(candidate.outcome for candidate in answer.candidates))


def test_ammonium_paratungstate_is_explained_by_code_and_both_names(ask: Ask) -> None:
    answer = ask(name_zh="仲钨酸铵", name_en="ammonium paratungstate", hs_code="2841801000")
    first = answer.candidates[0]
    assert first.entry.control_code == "1C117.d.1"
    assert first.findings == (FindingCode.DESCRIPTION_MET,)
    assert {(pointer.code, pointer.item_value) for pointer in first.pointers} == {
        (PointerCode.HS_CODE_10, "2841801000"),
        (PointerCode.TEXT_EXACT, "仲钨酸铵"),
        (PointerCode.TEXT_EXACT, "ammonium paratungstate"),
    }
    assert answer.questions == ()


def test_decontrol_is_to_be_shown(ask: Ask) -> None:
    answer = ask(claimed_control_code="5D002")
    assert answer.overall is Outcome.CONTROLLED_UNLESS_DECONTROL_SHOWN
    assert [question.code for question in answer.questions] == [QuestionCode.SHOW_DECONTROL]


@pytest.mark.parametrize(
    ("day", "outcome", "finding"),
    [
        (date(2025, 10, 20), Outcome.NOT_CONTROLLED_FOR_ENTRY, FindingCode.ENTRY_ANNOUNCED),
        (date(2026, 3, 1), Outcome.NOT_CONTROLLED_FOR_ENTRY, FindingCode.ENTRY_SUSPENDED),
        (date(2026, 11, 11), Outcome.CONTROLLED, FindingCode.ENTRY_UNCONFIRMED),
    ],
)
def test_the_same_item_on_different_days(ask: Ask, day: date, outcome: Outcome, finding: FindingCode) -> None:
    answer = ask(day, name_zh="金属钬")
    assert answer.overall is outcome
    assert finding in answer.candidates[0].findings


def test_no_entry_is_no_clearance(ask: Ask) -> None:
    answer = ask(name_zh="木制家具", name_en="wooden furniture", hs_code="9403600000")
    assert answer.candidates == ()
    assert answer.overall is Outcome.NO_ENTRY_FOUND
    assert tuple(question.code for question in answer.questions) == CATCH_ALL


def test_a_vague_name_is_asked_about(ask: Ask) -> None:
    answer = ask(name_zh="设备", name_en="equipment")
    assert answer.overall is Outcome.NEEDS_INFORMATION
    assert QuestionCode.ITEM_TOO_VAGUE in {question.code for question in answer.questions}


def test_a_claimed_code_that_is_not_loaded_is_asked_about(ask: Ask) -> None:
    answer = ask(claimed_control_code="9A999.a")
    assert answer.overall is Outcome.NEEDS_INFORMATION
    assert answer.questions[0].code is QuestionCode.CONTROL_CODE_NOT_LOADED
    assert answer.questions[0].item_value == "9A999.a"


def test_technology_is_not_the_material_it_makes(ask: Ask) -> None:
    answer = ask(name_zh="仲钨酸铵", nature=Nature.TECHNOLOGY)
    assert answer.candidates[0].outcome is Outcome.NEEDS_INFORMATION


def test_a_description_proposes_and_does_not_identify_a_named_item(ask: Ask) -> None:
    answer = ask(name_en="toothpaste", description="Sodium fluoride; water; mint")
    assert answer.candidates[0].entry.identifier == "1C350.c"
    assert answer.candidates[0].outcome is Outcome.NEEDS_INFORMATION


@pytest.mark.parametrize(
    ("item", "field", "reason"),
    [
        ({"name_zh": "仲钨酸铵", "hs_code": "99998877"}, "item.hs_code", "HS_CODE_UNKNOWN"),
        ({"name_zh": "仲钨酸铵", "hs_code": "28418"}, "item.hs_code", "HS_CODE_MALFORMED"),
        ({"cas_number": "7681-49-5"}, "item.cas_number", "CAS_NUMBER_MALFORMED"),
        ({"claimed_control_code": "X1"}, "item.claimed_control_code", "CONTROL_CODE_MALFORMED"),
        ({}, "item", "ITEM_UNDESCRIBED"),
        ({"name_zh": "  "}, "item", "ITEM_UNDESCRIBED"),
    ],
)
def test_bad_input_names_the_field(ask: Ask, item: dict[str, object], field: str, reason: str) -> None:
    with pytest.raises(XukeError) as refused:
        ask(**item)
    assert [(violation.field, violation.reason) for violation in refused.value.violations] == [
        (field, reason)
    ]


def test_every_name_of_every_entry_finds_it(control_list: ControlList, ask: Ask) -> None:
    for entry in control_list.entries:
        for name in ({"name_zh": entry.name_zh}, {"name_en": entry.name_en}):
            found = {candidate.entry.identifier for candidate in ask(**name).candidates}
            assert entry.identifier in found, name


def test_every_commodity_code_of_every_entry_finds_it(control_list: ControlList, ask: Ask) -> None:
    for entry in control_list.entries:
        for hs_code in entry.hs_codes:
            found = {candidate.entry.identifier for candidate in ask(hs_code=hs_code).candidates}
            assert entry.identifier in found


# A busy machine takes its time over one item.
@settings(deadline=None)
@given(
    st.data(),
    st.dates(date(2023, 1, 1), date(2028, 1, 1)),
    st.sampled_from(Nature),
)
def test_an_entry_with_limits_never_says_no_to_an_item_without_figures(
    index: ListIndex, register: HsRegister, data: st.DataObject, day: date, nature: Nature
) -> None:
    entry = data.draw(st.sampled_from([e for e in index.control_list.entries if e.has_parameters]))
    item = Item(nature=nature, name_zh=entry.name_zh, hs_code=next(iter(entry.hs_codes), ""))
    answer = classify(item, day, index, register)
    own = next(found for found in answer.candidates if found.entry is entry)
    expected = Outcome.NEEDS_INFORMATION if entry.status_on(day).applies else Outcome.NOT_CONTROLLED_FOR_ENTRY
    assert own.outcome is expected


@pytest.fixture(scope="module")
def shuffled(control_list: ControlList) -> list[ListIndex]:
    """The same list, loaded in other orders."""
    found = []
    for seed in range(3):
        entries = list(control_list.entries)
        random.Random(seed).shuffle(entries)
        turned = [
            replace(entry, terms=entry.terms[::-1], hs_references=entry.hs_references[::-1])
            for entry in entries
        ]
        found.append(ListIndex(replace(control_list, entries=tuple(turned)), read_search_policy()))
    return found


# A busy machine takes its time over three more lists.
@settings(deadline=None)
@given(st.data())
def test_the_same_question_has_the_same_answer(
    index: ListIndex, shuffled: list[ListIndex], register: HsRegister, data: st.DataObject
) -> None:
    names = [entry.name_zh for entry in index.control_list.entries]
    item = Item(
        name_zh=data.draw(st.sampled_from(names)),
        name_en=data.draw(st.sampled_from(["", "tungsten alloy rod", "aluminium", "switching devices"])),
        description=data.draw(st.text(max_size=40)),
        hs_code=data.draw(st.sampled_from(["", "38249999", "8481802110", "3002493010"])),
    )
    answer = classify(item, TODAY, index, register)
    for other in shuffled:
        again = classify(item, TODAY, other, register)
        assert [summary(each) for each in again.candidates] == [summary(each) for each in answer.candidates]
        assert [summary(each) for each in again.related] == [summary(each) for each in answer.related]
        assert (again.overall, again.remark) == (answer.overall, answer.remark)
        assert [(each.code, each.item_value, each.settles) for each in again.questions] == [
            (each.code, each.item_value, each.settles) for each in answer.questions
        ]


def summary(candidate: Candidate) -> tuple[object, ...]:
    """What of a candidate must not depend on the order of loading."""
    return (
        candidate.entry.identifier,
        candidate.outcome,
        candidate.findings,
        candidate.pointers,
        candidate.score,
    )


@settings(deadline=None)
@example("\U0002ebe1", "", "")
@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=120))
def test_any_text_is_answered(
    index: ListIndex, register: HsRegister, name_zh: str, name_en: str, description: str
) -> None:
    if not (name_zh.strip() or name_en.strip() or description.strip()):
        return
    answer = classify(Item(name_zh=name_zh, name_en=name_en, description=description), TODAY, index, register)
    scores = [candidate.score for candidate in answer.candidates]
    assert all(0 < score <= 1 for score in scores)
    assert all(candidate.pointers for candidate in answer.candidates)
    decided = answer.overall in (Outcome.CONTROLLED, Outcome.CONTROLLED_UNLESS_DECONTROL_SHOWN)
    assert decided or {question.code for question in answer.questions} >= set(CATCH_ALL)
