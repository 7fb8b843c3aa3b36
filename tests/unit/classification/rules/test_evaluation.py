from datetime import date
from typing import Any

import pytest

from services.classification.rules.book import RuleBook
from services.classification.rules.evaluation import boundary_question, evaluate
from services.classification.rules.explanation import Evaluation, NodeKind
from services.classification.rules.facts import Context, Facts, Interpretation
from services.classification.rules.faults import Fault
from services.classification.rules.parameters import split_parameters
from services.classification.rules.truth import Truth
from tests.unit.classification.rules.fixtures import book_of, entry, quantity

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
SUBJECT = {"subject": True, "quote": "words"}


def found(
    book: RuleBook, code: str, parameters: str = "", context: Context | None = None, described: bool = True
) -> Evaluation:
    rule = book.rule_of(code)
    assert rule is not None
    facts = book.read_parameters(split_parameters(parameters))
    if described:
        facts = facts.with_subject(rule.identifier)
    return evaluate(rule, facts, context or Context(), book)


# EU 2B001.b.2 in the quantities of this table: an axis with a travel below 1 m and a diameter at most 0.9 μm, ...
AXES = {
    "all": [
        SUBJECT,
        {
            "exists": "linear_axes",
            "where": {
                "any": [
                    {
                        "all": [
                            quantity("length", "lt", "1.0", "m"),
                            quantity("wall_thickness", "le", "0.9", "μm"),
                        ]
                    },
                    {
                        "all": [
                            {
                                "quantity": "length",
                                "operator": "between",
                                "low": "1",
                                "high": "4",
                                "high_included": False,
                                "unit": "m",
                                "quote": "words",
                            },
                            quantity("wall_thickness", "le", "1.4", "μm"),
                        ]
                    },
                ]
            },
        },
    ]
}


@pytest.mark.parametrize(
    ("parameters", "truth"),
    [
        ("linear_axes[0].length=0.9 m; linear_axes[0].wall thickness=0.9 μm", T),
        ("linear_axes[0].length=1 m; linear_axes[0].wall thickness=1.4 μm", T),
        ("linear_axes[0].length=1 m; linear_axes[0].wall thickness=1.5 μm", U),
        ("linear_axes[0].length=1 m; linear_axes[0].wall thickness=1.5 μm; linear_axes.count=1", F),
        ("linear_axes[0].length=1 m; linear_axes.count=1", U),
        (
            "linear_axes[0].length=5 m; linear_axes[0].wall thickness=1 μm; "
            "linear_axes[1].length=2 m; linear_axes[1].wall thickness=1 μm; linear_axes.count=2",
            T,
        ),
        ("linear_axes.count=0", F),
        ("", U),
    ],
)
def test_some_part_of_a_list(parameters: str, truth: Truth) -> None:
    assert found(book_of(entry("2B001", AXES)), "2B001", parameters).truth is truth


# EU 1C350 Note 1: for States not party to the CWC, no component above 10 % by weight.
MIXTURE = entry(
    "1C350",
    SUBJECT,
    decontrol={
        "all": [
            {"context": "destination_group", "in": ["CWC_non_party"], "quote": "words"},
            {"forall": "components", "where": quantity("content_silver", "le", "10", "wt%")},
        ]
    },
)


@pytest.mark.parametrize(
    ("parameters", "groups", "released"),
    [
        ("components[0].Ag=10%; components.count=1", {"CWC_non_party"}, T),
        ("components[0].Ag=10.1%; components.count=1", {"CWC_non_party"}, F),
        ("components[0].Ag=10%; components[1].Ag=11%", {"CWC_non_party"}, F),
        ("components[0].Ag=10%", {"CWC_non_party"}, U),
        ("components[0].Ag=10%; components.count=1", {"CWC_party"}, F),
        ("components[0].Ag=10%; components.count=1", None, U),
        ("", None, U),
    ],
)
def test_a_release_that_depends_on_the_destination(
    parameters: str, groups: set[str] | None, released: Truth
) -> None:
    values = {} if groups is None else {"destination_group": frozenset(groups)}
    evaluation = found(book_of(MIXTURE), "1C350", parameters, Context(values))
    assert (evaluation.truth, evaluation.decontrol) == (T, released)


def test_a_release_is_not_read_where_control_does_not_hold() -> None:
    rule = entry("A", quantity("density", "gt", "1", "g/cm3"), decontrol=SUBJECT)
    book = book_of(rule)
    assert found(book, "A", "density=0.5 g/cm3").decontrol is None
    assert found(book, "A", "density=0.5 g/cm3").decontrol_tree is None
    assert found(book, "A", "").decontrol is T
    assert found(book, "A", "density=2 g/cm3").decontrol is T


def test_a_reference_counts_the_release_of_the_other_entry() -> None:
    book = book_of(
        entry("A", {"not": {"ref": "B", "quote": "words"}}),
        entry(
            "B",
            quantity("density", "gt", "1", "g/cm3"),
            decontrol={"judge": "missile_parts", "quote": "words"},
        ),
    )
    assert found(book, "A", "density=0.5 g/cm3").truth is T
    assert found(book, "A", "density=2 g/cm3").truth is U
    assert found(book, "A", "density=2 g/cm3; missile_parts=no").truth is F
    assert found(book, "A", "density=2 g/cm3; missile_parts=yes").truth is T


def test_a_reference_to_what_is_not_held_is_unknown_unless_it_is_told() -> None:
    book = book_of(entry("A", {"ref": "9Z999", "quote": "words"}))
    evaluation = found(book, "A")
    assert evaluation.truth is U
    assert evaluation.tree.faults == (Fault.REFERENCE_NOT_HELD,)
    rule = book.rule_of("A")
    assert rule is not None
    assert evaluate(rule, Facts(references={"9Z999": T}), Context(), book).truth is T


def test_an_exclusion_is_not_taken_to_apply_until_it_is_shown() -> None:
    node = {"not": {"fact": "form", "in": ["powder"], "quote": "words"}}
    book = book_of(entry("A", {**node, "unless_shown": True}), entry("B", node))
    assert found(book, "A").truth is T
    assert found(book, "A").tree.faults == (Fault.EXCLUSION_NOT_SHOWN,)
    assert found(book, "A", "form=powder").truth is F
    assert found(book, "B").truth is U


def decided(question: str, holds: bool, identifier: str = "A", day: str = "2026-01-01") -> Interpretation:
    return Interpretation(
        identifier, question, holds, "officer", "Civil Code Art. 1259", date.fromisoformat(day)
    )


@pytest.mark.parametrize("operator", ["gt", "ge"])
@pytest.mark.parametrize(
    ("interpretations", "truth"),
    [
        ((), U),
        ((True,), T),
        ((False,), F),
    ],
)
def test_the_limit_itself_is_open_until_it_is_interpreted(
    operator: str, interpretations: tuple[bool, ...], truth: Truth
) -> None:
    book = book_of(entry("A", quantity("microwave_power", operator, "10", "kW", boundary="unresolved")))
    question = boundary_question("microwave_power")
    context = Context(interpretations=tuple(decided(question, holds) for holds in interpretations))
    assert found(book, "A", "microwave power=10 kW", context).truth is truth
    assert found(book, "A", "microwave power=10.1 kW", context).truth is T
    assert found(book, "A", "microwave power=9.9 kW", context).truth is F


def test_a_missing_answer_to_a_boundary_names_the_fault() -> None:
    book = book_of(entry("A", quantity("microwave_power", "gt", "10", "kW", boundary="unresolved")))
    evaluation = found(book, "A", "microwave power=10 kW")
    assert evaluation.missing[0].faults == (Fault.BOUNDARY_UNRESOLVED,)


def test_an_interpretation_applies_from_its_day_and_the_newest_prevails() -> None:
    book = book_of(entry("A", {"judge": "what_it_means", "quote": "words"}))
    both = (decided("what_it_means", True), decided("what_it_means", False, day="2026-06-01"))

    def on(day: str | None) -> Truth:
        context = Context({}, both, None if day is None else date.fromisoformat(day))
        return found(book, "A", "", context).truth

    assert on("2025-12-31") is U
    assert on("2026-01-01") is T
    assert on("2026-06-01") is F
    assert on(None) is F
    other = Context(interpretations=(decided("what_it_means", True, "B"),))
    assert found(book, "A", "", other).truth is U


def test_an_answer_for_the_item_prevails_over_an_interpretation() -> None:
    book = book_of(entry("A", {"judge": "what_it_means", "quote": "words"}))
    context = Context(interpretations=(decided("what_it_means", True),))
    assert found(book, "A", "what_it_means=no", context).truth is F


def test_a_fact_of_one_item_is_settled_by_no_interpretation() -> None:
    book = book_of(entry("A", {"judge": "missile_parts", "quote": "words"}))
    for holds in (True, False):
        context = Context(interpretations=(decided("missile_parts", holds),))
        assert found(book, "A", "", context).truth is U
        assert found(book, "A", "missile_parts=yes", context).truth is T
        assert found(book, "A", "missile_parts=no", context).truth is F


def test_questions_of_one_entry_are_answered_for_it_alone() -> None:
    node = {"judge": "further_conditions", "quote": "words"}
    book = book_of(entry("A", node), entry("B", node))
    assert found(book, "A", "A:further_conditions=yes").truth is T
    assert found(book, "B", "A:further_conditions=yes").truth is U


def test_a_missing_subject_leaves_a_met_limit_open_and_a_missed_one_decided() -> None:
    book = book_of(entry("A", {"all": [SUBJECT, quantity("density", "gt", "1", "g/cm3")]}))
    assert found(book, "A", "density=2 g/cm3", described=False).truth is U
    assert found(book, "A", "density=1 g/cm3", described=False).truth is F
    assert found(book, "A", "density=2 g/cm3").truth is T


def test_the_upper_end_of_a_stated_range() -> None:
    book = book_of(entry("A", quantity("maximum_operating_temperature", "gt", "55", "degC")))
    assert found(book, "A", "工作温度=-40~60℃").truth is T
    assert found(book, "A", "工作温度=-40~55℃").truth is F
    # One figure does not say that it is the highest.
    assert found(book, "A", "工作温度=20℃").truth is U


def ranged(operator: str, **more: Any) -> dict[str, Any]:
    return {
        "quantity": "wavelength",
        "operator": operator,
        "low": "780",
        "high": "30000",
        "unit": "nm",
        "quote": "words",
        **more,
    }


@pytest.mark.parametrize(
    ("operator", "value", "truth"),
    [
        ("overlaps", "400~800 nm", T),
        ("overlaps", "400~700 nm", F),
        ("overlaps", "≥700 nm", U),
        ("overlaps", "≥800 nm", U),
        ("contains", "700~40000 nm", T),
        ("contains", "800~40000 nm", F),
        ("contains", "10 μm", U),
    ],
)
def test_a_range_against_a_range(operator: str, value: str, truth: Truth) -> None:
    assert found(book_of(entry("A", ranged(operator))), "A", f"wavelength={value}").truth is truth


def test_a_figure_given_twice_must_agree() -> None:
    book = book_of(entry("A", quantity("density", "gt", "1", "g/cm3")))
    assert found(book, "A", "密度=2 g/cm3; density=3 g/cm3").truth is T
    contradictory = found(book, "A", "密度=2 g/cm3; density=0.5 g/cm3")
    assert contradictory.truth is U
    assert Fault.CONTRADICTORY_VALUES in contradictory.tree.faults


def test_a_rule_is_that_of_its_day(book: RuleBook) -> None:
    for day, quantities in (("2025-06-01", 3), ("2025-12-31", 3), ("2026-01-01", 4)):
        rule = book.rule_of("1C004", date.fromisoformat(day))
        assert rule is not None
        evaluation = evaluate(rule, Facts(), Context(), book)
        kinds = [each.kind for each in evaluation.tree.walk()]
        assert kinds.count(NodeKind.QUANTITY) == quantities
    assert book.rule_of("1C004") == book.rule_of("1C004", date(2026, 11, 21))
    assert book.rule_of("none such") is None
    assert book.rule_of("9A012.b.2") is not None
