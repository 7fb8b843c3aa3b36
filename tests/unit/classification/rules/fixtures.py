"""Rules of the kind that other lists have: axes, components, destinations, references (EU Annex I wordings)."""

from collections.abc import Mapping
from typing import Any

from services.classification.rules.book import LegalText, RuleBook
from services.classification.rules.loading import REFERENCE, read_names, read_units
from services.classification.rules.parsing import parse_entry
from services.classification.rules.parsing_figures import Tables
from services.classification.rules.quantities import Question

UNITS = read_units()
# Of the questions that ship none is about the words of the law alone.
OF_LAW = Question("what_it_means", "何谓部件？", "What is a part?", per_entry=False, of_law=True)
NAMES = read_names(REFERENCE, UNITS).with_questions([OF_LAW])
TABLES = Tables(NAMES, UNITS)
PATH = "test/text"
TEXT = LegalText(PATH, "the words of the law", True, "test", "1")


def quantity(name: str, operator: str, value: str, unit: str, **more: Any) -> dict[str, Any]:
    return {"quantity": name, "operator": operator, "value": value, "unit": unit, "quote": "words", **more}


def entry(identifier: str, rule: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"identifier": identifier, "decides": "rule", "legal_text": PATH, "rule": rule, **more}


def book_of(*entries: Mapping[str, Any]) -> RuleBook:
    rules = [rule for written in entries for rule in parse_entry("test.json", "test", written, TABLES)]
    return RuleBook(rules, {PATH: TEXT}, NAMES, UNITS)
