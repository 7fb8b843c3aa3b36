from typing import Any

import pytest

from services.classification.rules.book import ReferenceCycleError
from services.classification.rules.parsing import DEEPEST, MOST_NODES, RuleError, parse_entry
from tests.unit.classification.rules.fixtures import TABLES, book_of, entry, quantity

SUBJECT = {"subject": True, "quote": "words"}
DENSITY = quantity("density", "gt", "1", "g/cm3")


def deep(levels: int) -> dict[str, Any]:
    node: dict[str, Any] = SUBJECT
    for _ in range(levels - 1):
        node = {"all": [node]}
    return node


@pytest.mark.parametrize(
    ("rule", "position", "problem"),
    [
        ({"all": []}, "rule", "at least one part"),
        ({"all": [{"or": []}]}, "rule.all[0]", "exactly one of"),
        ({"all": [SUBJECT], "any": [SUBJECT]}, "rule", "exactly one of"),
        ({**DENSITY, "colour": "red"}, "rule", "not in the vocabulary: colour"),
        ({**DENSITY, "quantity": "mood"}, "rule", "unknown quantity mood"),
        ({**DENSITY, "operator": "about"}, "rule", "unknown operator 'about'"),
        ({**DENSITY, "unit": "MPa"}, "rule", "UNIT_MISMATCH"),
        ({**DENSITY, "value": 17.5}, "rule", "decimal number in quotation marks"),
        ({**DENSITY, "value": "1,270"}, "rule", "decimal number in quotation marks"),
        ({**DENSITY, "operator": "between"}, "rule", "between needs"),
        ({**DENSITY, "operator": "better"}, "rule", "no better direction"),
        ({**DENSITY, "boundary": "maybe"}, "rule", "boundary is"),
        ({**DENSITY, "quote": ""}, "rule", "quotes the words of the law"),
        ({"any": [{"fact": "form", "in": ["liquid"], "quote": "words"}]}, "rule.any[0]", "no value"),
        ({"fact": "form", "quote": "words"}, "rule", "either `in` or `not_in`"),
        ({"fact": "mood", "in": ["bad"], "quote": "words"}, "rule", "unknown characteristic"),
        ({"judge": "is it nice", "quote": "words"}, "rule", "unknown question"),
        ({"context": "weather", "in": ["rain"], "quote": "words"}, "rule", "context is one of"),
        ({"exists": "axes"}, "rule.where", "a node is an object"),
        ({"subject": "1C004", "quote": "words"}, "rule", "subject is true"),
        ({"not": SUBJECT, "unless_shown": "yes"}, "rule", "true or false"),
        (
            {
                "not": quantity(
                    "temperature_uniformity",
                    "le",
                    "3",
                    "K",
                    at={"test_temperature": {"value": "1", "unit": "K"}},
                )
            },
            "rule.not",
            "where a true part clears",
        ),
        ({**DENSITY, "plausible": {"low": "1", "unit": "g/cm3"}}, "rule", "decimal number"),
        ({**DENSITY, "plausible": {"least": "1"}}, "rule", "not in the vocabulary: least"),
        (
            quantity(
                "v50", "ge", "1", "m/s", at={"fragment_mass": {"value": "1", "unit": "g", "or": [{"v": 1}]}}
            ),
            "rule",
            "not in the vocabulary: v",
        ),
        (deep(DEEPEST + 1), "rule" + ".all[0]" * DEEPEST, "deeper than"),
        ({"all": [SUBJECT] * MOST_NODES}, f"rule.all[{MOST_NODES - 1}]", "more than"),
    ],
)
def test_what_is_not_in_the_vocabulary_is_refused(rule: dict[str, Any], position: str, problem: str) -> None:
    with pytest.raises(RuleError) as caught:
        parse_entry("2025-10.json", "2025-10", entry("1C004", rule), TABLES)
    error = caught.value
    assert (error.file, error.entry, error.position) == ("2025-10.json", "1C004", position)
    assert problem in error.problem
    assert str(error).startswith("2025-10.json: 1C004: rule")


def test_the_deepest_and_the_largest_rule_are_read() -> None:
    parse_entry("a.json", "a", entry("1C004", deep(DEEPEST)), TABLES)
    parse_entry("a.json", "a", entry("1C004", {"all": [SUBJECT] * (MOST_NODES - 1)}), TABLES)


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"decides": "chance"}, "decides is"),
        ({"decides": "description"}, "has no limits"),
        ({"colour": "red"}, "not in the vocabulary"),
        ({"rule": None}, "a node is an object"),
        ({"decontrol": quantity("mean_particle_size", "gt", "1", "mm")}, "where a true part clears"),
    ],
)
def test_entries_are_closed_as_well(more: dict[str, Any], problem: str) -> None:
    with pytest.raises(RuleError, match=problem):
        parse_entry("a.json", "a", {**entry("1C004", DENSITY), **more}, TABLES)


def test_an_entry_needs_an_identifier() -> None:
    with pytest.raises(RuleError, match="identifier"):
        parse_entry("a.json", "a", {"decides": "rule"}, TABLES)


def test_a_circle_of_references_is_refused() -> None:
    def refers(other: str) -> dict[str, Any]:
        return {"all": [SUBJECT, {"not": {"ref": other, "quote": "words"}}]}

    book_of(entry("A", refers("B")), entry("B", refers("C")), entry("C", SUBJECT))
    with pytest.raises(ReferenceCycleError, match="A -> B -> C -> A"):
        book_of(entry("A", refers("B")), entry("B", refers("C")), entry("C", refers("A")))
    with pytest.raises(ReferenceCycleError, match="A -> A"):
        book_of(entry("A", refers("A")))


def test_a_circle_in_an_older_version_is_found() -> None:
    circle = {"all": [SUBJECT, {"not": {"ref": "A", "quote": "words"}}]}
    written = {
        "identifier": "B",
        "decides": "rule",
        "legal_text": "test/text",
        "versions": [
            {"valid_from": "2024-01-01", "rule": circle},
            {"valid_from": "2025-01-01", "rule": SUBJECT},
        ],
    }
    with pytest.raises(ReferenceCycleError):
        book_of(entry("A", {"not": {"ref": "B", "quote": "words"}}), written)
