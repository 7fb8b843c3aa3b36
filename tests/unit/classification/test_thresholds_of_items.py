"""Every threshold case of the rules again, as an item that is named as the entry names it and states figures."""

from collections import Counter
from datetime import date

import pytest

from services.classification.batch import Classifier, classifier_of
from services.classification.domain.item import Item, StatedParameter
from services.classification.domain.outcomes import Candidate, Outcome
from services.classification.domain.statements import statements
from services.classification.rules.book import RuleBook
from services.classification.rules.loading import read_rules
from services.classification.rules.truth import Truth
from services.classification.rules.vocabulary import Basis
from tests.unit.classification.rules.cases import Case, cases_of, written_entries

DAY = date(2026, 11, 21)
CLEARED = (Outcome.NOT_CONTROLLED_FOR_ENTRY, Outcome.DECONTROLLED)
CONTROLLED = (Outcome.CONTROLLED, Outcome.CONTROLLED_UNLESS_DECONTROL_SHOWN)


def parameters_of(case: Case, book: RuleBook) -> tuple[StatedParameter, ...]:
    """What a case states in figures and in words."""
    figures = [
        StatedParameter(each.name, each.value, each.unit, each.test_condition) for each in case.parameters
    ]
    words = [
        StatedParameter(book.names.characteristics[name].name_zh, value)
        for name, values in case.facts["words"].items()
        for value in sorted(values)
    ]
    return (*figures, *words)


def test_items_on_above_and_below_every_limit() -> None:
    book, classifier = read_rules(), classifier_of(DAY)
    seen: Counter[Outcome] = Counter()
    for written in written_entries():
        rule = written.parsed(book)
        entry = classifier.index.entry(rule.identifier)
        if rule.basis is not Basis.RULE or entry is None or book.rule_of(rule.identifier, DAY) != rule:
            continue
        for case in cases_of(written, book):
            if not _is_stated(case):
                continue
            item = Item(name_zh=entry.name_zh, parameters=parameters_of(case, book))
            answer = classifier.classify(item)
            own = next(each for each in answer.candidates if each.entry is entry)
            seen[own.outcome] += 1
            named_with_figures = bool(statements((entry.name_zh,), book.names))
            assert own.outcome in expected_of(case, own, named_with_figures), case.label
            if case.expected is not Truth.FALSE:
                assert answer.overall not in CLEARED, case.label
    assert seen[Outcome.NOT_CONTROLLED_FOR_ENTRY] > 100
    assert sum(seen[outcome] for outcome in CONTROLLED) > 100
    assert seen[Outcome.NEEDS_INFORMATION] > 100


def _is_stated(case: Case) -> bool:
    """Whether a case is told by figures and words alone, for an item that is what the entry describes."""
    untold = ("answers", "references", "context")
    return (
        case.tree == "rule"
        and case.facts["subject"] is Truth.TRUE
        and not any(case.facts[kind] for kind in untold)
    )


def expected_of(case: Case, own: Candidate, named_with_figures: bool) -> tuple[Outcome, ...]:
    """What may be said of the entry: a text that was not read in full clears nothing, nor do figures that the name
    of the item contradicts."""
    if not own.entry.quality.decides:
        return (Outcome.NEEDS_INFORMATION,)
    match case.expected:
        case Truth.TRUE:
            return CONTROLLED if own.identified else (Outcome.NEEDS_INFORMATION,)
        case Truth.FALSE:
            doubted = (Outcome.NEEDS_INFORMATION,) if named_with_figures else ()
            return (CLEARED if own.entry.parameters_complete else (Outcome.NEEDS_INFORMATION,))[:1] + doubted
        case Truth.UNKNOWN:
            return (Outcome.NEEDS_INFORMATION,)


@pytest.mark.parametrize(
    "figure", ["17.5 mPa", "1e400 g/cm3", "密度", "", "17,5 g/cm3", "约17.5 g/cm3", "17.5 以上"]
)
def test_tricks_with_figures_clear_nothing(figure: str) -> None:
    classifier: Classifier = classifier_of(DAY)
    item = Item(name_zh="钨镍铁合金", parameters=(StatedParameter("密度", figure),))
    answer = classifier.classify(item)
    assert answer.overall is Outcome.NEEDS_INFORMATION
    assert answer.questions
