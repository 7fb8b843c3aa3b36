"""A changed operator, limit, word or connective of any rule is caught by at least one threshold case."""

import pytest

from services.classification.rules.book import RuleBook
from tests.unit.classification.rules.cases import Written, cases_of, written_entries
from tests.unit.classification.rules.mutants import mutants

RULES = tuple(
    each for each in written_entries() if each.entry["decides"] == "rule" or "decontrol" in each.entry
)


@pytest.mark.parametrize("written", RULES, ids=lambda written: written.label)
def test_every_mutant_is_caught(written: Written, book: RuleBook) -> None:
    cases = cases_of(written, book)
    survivors = []
    for tree, body in written.bodies.items():
        for name, mutant in mutants(body):
            rule = written.parsed(book, **{tree: mutant})
            if all(case.truth(rule, book) is case.expected for case in cases):
                survivors.append(f"{tree} {name}")
    assert not survivors
