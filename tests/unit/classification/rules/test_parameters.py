import time
from fractions import Fraction

import pytest

from services.classification.rules.book import RuleBook
from services.classification.rules.facts import Parameter
from services.classification.rules.faults import Fault
from services.classification.rules.parameters import split_parameters
from services.classification.rules.truth import Truth


@pytest.mark.parametrize(
    ("name", "value", "unit", "quantity", "low"),
    [
        ("密度", "18.1", "g/cm3", "density", "18100"),
        ("Density", "18.1 g/cm³", "", "density", "18100"),
        ("密度（g/cm³）", "18.1", "", "density", "18100"),
        ("密度/(g/cm3)", "18.1", "", "density", "18100"),
        ("density, kg/m3", "18100", "", "density", "18100"),
        ("density_g_cm3", "18.1", "", "density", "18100"),
        ("密度 kg/m3", "18100", "", "density", "18100"),
        ("content:W", "97", "wt%", "content_tungsten", "0.97"),
        ("抗拉强度(UTS)", "1300", "MPa", "ultimate_tensile_strength", "1300000000"),
        ("ultimate_tensile_strength", "1.3 GPa", "", "ultimate_tensile_strength", "1300000000"),
        ("極限抗拉強度", "1300 MPa", "", "ultimate_tensile_strength", "1300000000"),
        ("ＩＦＯＶ", "2.4 mrad", "", "instantaneous_field_of_view", "0.0024"),
        ("W含量", "97%", "", "content_tungsten", "0.97"),
    ],
)
def test_names_of_quantities(
    book: RuleBook, name: str, value: str, unit: str, quantity: str, low: str
) -> None:
    facts = book.read_parameters([Parameter(name, value, unit)])
    assert not facts.not_recognised
    (measure,) = facts.measures[quantity]
    assert measure.intervals[0].low == Fraction(low)


@pytest.mark.parametrize(
    ("name", "value", "condition"),
    [
        ("1000 ℃时温度均匀性", "±3 ℃", ""),
        ("在1000℃下温度均匀性", "±3 ℃", ""),
        ("1000℃温度均匀性", "±3 ℃", ""),
        ("温度均匀性", "±3 ℃ @1000℃", ""),
        ("温度均匀性", "±3 ℃（1000 ℃）", ""),
        ("temperature uniformity at 1000 °C", "3 K", ""),
        ("温度均匀性（1000℃）", "3 ℃", ""),
        ("温度均匀性", "3 ℃", "1273.15 K"),
        ("temperature_uniformity_1000C", "3 K", ""),
    ],
)
def test_test_conditions(book: RuleBook, name: str, value: str, condition: str) -> None:
    facts = book.read_parameters([Parameter(name, value, "", condition)])
    (measure,) = facts.measures["temperature_uniformity"]
    assert measure.intervals[0].low == 3
    assert [(quantity, each.low) for quantity, each in measure.conditions] == [
        ("test_temperature", Fraction("1273.15"))
    ]


@pytest.mark.parametrize(
    ("name", "value", "fact", "word"),
    [
        ("晶体类型", "单晶", "crystal", "single"),
        ("crystal type", "Poly-crystalline", "crystal", "poly"),
        ("单晶", "是", "crystal", "single"),
        ("单晶", "否", "crystal", "poly"),
        ("未加捻", "是", "twist", "untwisted"),
        ("未加捻", "否", "twist", "twisted"),
        ("加捻", "否", "twist", "untwisted"),
        ("形态", "粉末状", "form", "powder"),
        ("CAS号", "14802-03-0", "cas_number", "14802-03-0"),
        ("零部件", "铰链梁、顶锤", "press_component", "hinge_beam"),
    ],
)
def test_characteristics(book: RuleBook, name: str, value: str, fact: str, word: str) -> None:
    facts = book.read_parameters([Parameter(name, value)])
    assert word in facts.words[fact]


def test_answers_to_questions(book: RuleBook) -> None:
    facts = book.read_parameters([Parameter("用于制造导弹部件", "是"), Parameter("jewellery use", "no")])
    assert facts.answers == {"missile_parts": Truth.TRUE, "decorative_diamond": Truth.FALSE}


def test_a_question_of_one_entry_is_answered_by_its_name(book: RuleBook) -> None:
    facts = book.read_parameters([Parameter("2C902.c:further_conditions", "yes")])
    assert facts.answers == {"2C902.c:further_conditions": Truth.TRUE}


def test_a_block_has_no_orientation(book: RuleBook) -> None:
    facts = book.read_parameters([Parameter("尺寸", "50×130×125", "mm")])
    edges = ("block_longest_edge", "block_middle_edge", "block_shortest_edge")
    assert [facts.measures[edge][0].intervals[0].low for edge in edges] == [
        Fraction("0.13"),
        Fraction("0.125"),
        Fraction("0.05"),
    ]


def test_members_of_a_list(book: RuleBook) -> None:
    facts = book.read_parameters(
        split_parameters("processors[0].Wi=0.9; processors[1].Ri=3 TFLOPS; processors.count=2")
    )
    assert [set(member.measures) for member in facts.lists["processors"]] == [
        {"weighting_factor"},
        {"processor_rate"},
    ]
    assert facts.complete_lists == {"processors"}
    assert not book.read_parameters(split_parameters("processors[0].Wi=0.9")).complete_lists


def test_what_is_not_known_is_kept(book: RuleBook) -> None:
    stranger = Parameter("颜色", "蓝")
    facts = book.read_parameters([stranger, Parameter("", "1"), Parameter("x" * 1000, "1")])
    assert facts.not_recognised[0] == stranger
    assert len(facts.not_recognised) == 3
    assert not facts.measures


def test_a_parameter_line_is_taken_apart() -> None:
    found = split_parameters("密度=18.1 g/cm3；弹性极限≥900MPa; UTS >= 1.3 GPa;\n加热温度：500~1200 ℃; 单晶")
    assert found == (
        Parameter("密度", "18.1 g/cm3"),
        Parameter("弹性极限", "≥900MPa"),
        Parameter("UTS", ">=1.3 GPa"),
        Parameter("加热温度", "500~1200 ℃"),
    )


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("密度不小于18 g/cm3", "密度", "不小于18 g/cm3"),
        ("密度大于或等于18 g/cm3", "密度", "大于或等于18 g/cm3"),
        ("密度 18 g/cm3", "密度", "18 g/cm3"),
        ("伸长率为9%", "伸长率", "为9%"),
        ("2C902.c:further_conditions=yes", "2C902.c:further_conditions", "yes"),
    ],
)
def test_a_statement_without_a_sign_of_equality(line: str, name: str, value: str) -> None:
    assert split_parameters(line) == (Parameter(name, value),)


def test_a_million_characters_are_a_defined_answer(book: RuleBook) -> None:
    facts = book.read_parameters(
        [Parameter("密度", "1" * 10**6, "g" * 10**6, "2" * 10**6), Parameter("密" * 10**6, "1")]
    )
    assert facts.measures["density"][0].fault is Fault.VALUE_TOO_LONG
    assert len(facts.not_recognised) == 1
    words = book.read_parameters(
        [Parameter(name, "是" * 10**6) for name in ("单晶", "晶体类型", "尺寸", "用于制造导弹部件")]
        + [Parameter("processors.count", "1" * 10**6)]
    )
    assert not words.words
    assert len(words.not_recognised) == 5
    assert len(book.read_parameters([Parameter("密度", "1 g/cm3")] * 1000).measures["density"]) == 200


@pytest.mark.parametrize(
    "text", ["1" * 200, "1 a - " * 33, "1," * 100, "1时" * 100, "a_" * 100, "@1" * 100, "≥" * 200, "1.5" * 66]
)
def test_hostile_text_is_read_within_a_fraction_of_a_second(book: RuleBook, text: str) -> None:
    started = time.process_time()
    book.read_parameters([Parameter("密度", text, "", text), Parameter(text, "1", text)])
    assert time.process_time() - started < 0.5
