"""Limits as the announcements print them, read a second time by hand, with parameters as exporters write them."""

import csv
from pathlib import Path

import pytest

from services.classification.rules.book import RuleBook
from services.classification.rules.evaluation import evaluate
from services.classification.rules.facts import Context
from services.classification.rules.parameters import split_parameters

CASES = list(csv.DictReader((Path(__file__).parent / "threshold_cases.csv").open(encoding="utf-8")))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['code']} {case['parameters']}")
def test_a_described_item_with_these_parameters(case: dict[str, str], book: RuleBook) -> None:
    rule = book.rule_of(case["code"])
    assert rule is not None
    facts = book.read_parameters(split_parameters(case["parameters"])).with_subject(rule.identifier)
    found = evaluate(rule, facts, Context(), book)
    assert found.truth.value == case["truth"], [
        (each.about, each.given, each.limit, each.truth.value, each.faults) for each in found.tree.walk()
    ]
