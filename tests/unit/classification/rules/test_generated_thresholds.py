"""Every rule on, above and below each of its limits, in other units, with figures missing or of another kind."""

import pytest

from services.classification.rules.book import RuleBook
from services.classification.rules.vocabulary import Basis
from tests.unit.classification.rules.cases import Written, cases_of, written_entries

ENTRIES = tuple(written_entries())
RULES = tuple(each for each in ENTRIES if each.entry["decides"] == Basis.RULE.value)


@pytest.mark.parametrize("written", ENTRIES, ids=lambda written: written.label)
def test_every_leaf_decides_as_its_limit_says(written: Written, book: RuleBook) -> None:
    rule = written.parsed(book)
    wrong = [
        (case.label, case.parameters, case.expected, found)
        for case in cases_of(written, book)
        for found in [case.truth(rule, book)]
        if found is not case.expected
    ]
    assert not wrong


def test_there_are_many_threshold_cases(book: RuleBook) -> None:
    figures = [case for written in RULES for case in cases_of(written, book) if " quantity:" in case.label]
    assert len(figures) >= 500


def test_a_missing_figure_never_denies(book: RuleBook) -> None:
    for written in ENTRIES:
        rule = written.parsed(book)
        for case in cases_of(written, book):
            if case.label.endswith(("missing", "wrong dimension", "no number")):
                assert case.truth(rule, book) is not case.expected.FALSE, case.label
