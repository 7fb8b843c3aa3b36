from services.classification.rules.book import RuleBook
from services.classification.rules.evaluation import evaluate
from services.classification.rules.explanation import NodeKind
from services.classification.rules.facts import Context
from services.classification.rules.parameters import split_parameters
from services.classification.rules.truth import Truth
from tests.unit.classification.rules.test_evaluation import found


def test_a_line_says_what_was_given_and_what_the_law_says(book: RuleBook) -> None:
    evaluation = found(book, "1C004", "密度=18.1 g/cm3")
    line = next(each for each in evaluation.tree.walk() if each.about == "density")
    assert line.kind is NodeKind.QUANTITY
    assert (line.given, line.given_si) == ("18.1 g/cm3", "18100 kg/m3")
    assert (line.limit, line.limit_si) == ("> 17.5 g/cm3", "> 17500 kg/m3")
    assert (line.place.path, line.place.quote) == ("2025-10/1C004", "密度大于17.5g/cm³")
    assert line.truth is Truth.TRUE


def test_what_is_missing_says_how_to_state_it(book: RuleBook) -> None:
    evaluation = found(book, "1C004", "密度=18.1 g/cm3; 弹性极限=900 MPa")
    assert [(each.about, each.accepts) for each in evaluation.missing] == [
        ("ultimate_tensile_strength", ("MPa", "GPa")),
        ("elongation", ("%",)),
    ]
    assert evaluation.missing[0].quote == "极限抗拉强度大于1270MPa"


def test_nothing_is_missing_once_a_limit_is_not_met(book: RuleBook) -> None:
    assert found(book, "1C004", "密度=10 g/cm3").missing == ()


def test_a_part_that_is_settled_asks_nothing(book: RuleBook) -> None:
    evaluation = found(book, "2B901", "缸径=600 mm")
    assert evaluation.truth is Truth.TRUE
    assert evaluation.missing == ()
    asked = {each.about for each in found(book, "2B901", "").missing}
    assert asked == {"cylinder_bore", "design_pressure"}


def test_near_a_limit_is_within_five_percent_of_it(book: RuleBook) -> None:
    def near(density: str) -> bool:
        tree = found(book, "1C004", f"密度={density} g/cm3").tree
        return any(each.about == "density" and each.near_limit for each in tree.walk())

    assert [near(each) for each in ("16.624", "16.625", "17.5", "18.375", "18.376")] == [
        False,
        True,
        True,
        True,
        False,
    ]


def test_a_test_condition_stands_with_its_figure(book: RuleBook) -> None:
    evaluation = found(book, "2B902.w", "")
    asked = next(each for each in evaluation.missing if each.about == "temperature_uniformity")
    assert asked.condition == "test_temperature = 1000 degC"


def test_every_node_of_every_tree_has_its_path(book: RuleBook) -> None:
    for rule in book.rules():
        evaluation = evaluate(rule, book.read_parameters(split_parameters("密度=1 g/cm3")), Context(), book)
        for line in evaluation.tree.walk():
            assert line.place.path in book.legal_texts
            assert line.place.quote in book.legal_texts[line.place.path].text
            assert line.place.quote or line.parts
