"""Interpretations: answers to questions of rules, given once for all by two people, each in force from a day on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from services.classification.rules.book import RuleBook
from services.classification.rules.evaluation import boundary_question
from services.classification.rules.facts import Interpretation
from services.classification.rules.truth import Truth
from services.classification.rules.vocabulary import (
    Basis,
    Derived,
    Judgement,
    Measured,
    Node,
    Reference,
    Rule,
    walk,
)


@dataclass(frozen=True, slots=True)
class RecordedInterpretation:
    """An answer as it is kept; `sequence` is its place in the order in which they came to count.

    An answer that is unknown opens the question again from its day on.
    """

    sequence: int
    identifier: str
    path: str
    question: str
    answer: Truth
    valid_from: date
    basis: str
    decided_by: str


def settled_on(records: Iterable[RecordedInterpretation], day: date) -> tuple[Interpretation, ...]:
    """What is settled on a day of law: of each question the answer with the latest day, then the one given last."""
    latest: dict[tuple[str, str], RecordedInterpretation] = {}
    for record in sorted(records, key=lambda each: (each.valid_from, each.sequence)):
        if record.valid_from <= day:
            latest[record.identifier, record.question] = record
    return tuple(
        Interpretation(
            record.identifier,
            record.question,
            record.answer is Truth.TRUE,
            record.decided_by,
            record.basis,
            record.valid_from,
        )
        for _, record in sorted(latest.items())
        if record.answer is not Truth.UNKNOWN
    )


def open_questions(rule: Rule) -> dict[str, tuple[str, ...]]:
    """The questions of a rule that an interpretation can settle, each with the paths at which they stand.

    They ask what the words of the law mean; among them is whether a limit includes its own value (以上, 以下).
    """
    found: dict[str, list[str]] = {}
    for node in _nodes(rule):
        if question := question_of(node):
            found.setdefault(question, []).append(node.place.path)
    return {question: tuple(dict.fromkeys(paths)) for question, paths in found.items()}


def questions_of_items(rule: Rule) -> frozenset[str]:
    """The questions of a rule that ask for a fact of one item: no answer holds for another item."""
    return frozenset(
        node.question for node in _nodes(rule) if isinstance(node, Judgement) and not node.of_law
    )


def question_of(node: Node) -> str:
    """The question of one node that an interpretation can settle; empty where it has none."""
    if isinstance(node, Judgement) and node.of_law:
        return node.question
    if isinstance(node, Measured | Derived) and node.limit.otherwise is not None:
        return boundary_question(node.quantity.identifier)
    return ""


def rules_of(book: RuleBook, identifier: str) -> tuple[Rule, ...]:
    """Every version of the rule of an entry, by its identifier or control code, that decides by itself."""
    newest = book.rule_of(identifier)
    if newest is None:
        return ()
    return tuple(
        rule for rule in book.rules() if rule.identifier == newest.identifier and rule.basis is Basis.RULE
    )


def rules_asking(book: RuleBook, identifier: str) -> frozenset[str]:
    """The rules that put the questions of an entry: its own, and those that refer to it, directly or through others."""
    found = {identifier}
    while True:
        more = {
            rule.identifier
            for rule in book.rules()
            if rule.identifier not in found
            for node in _nodes(rule)
            if isinstance(node, Reference)
            and (other := book.rule_of(node.code)) is not None
            and other.identifier in found
        }
        if not more:
            return frozenset(found)
        found |= more


def _nodes(rule: Rule) -> Iterator[Node]:
    yield from walk(rule.control)
    if rule.decontrol is not None:
        yield from walk(rule.decontrol)
