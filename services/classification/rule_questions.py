"""The questions of rules that an interpretation can settle once for all, in words of people."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.classification.domain.interpretations import question_of
from services.classification.rules.book import RuleBook
from services.classification.rules.evaluation import boundary_question
from services.classification.rules.quantities import Names
from services.classification.rules.vocabulary import Rule, walk
from services.foundation.messages import LocalizedText, render

_BOUNDARY = boundary_question("")


@dataclass(frozen=True, slots=True)
class RuleQuestion:
    """A question as rules name it, in words, and the words of the law where it stands."""

    question: str
    asked: LocalizedText
    quotes: tuple[str, ...]


def questions_of(rules: Iterable[Rule], book: RuleBook) -> list[RuleQuestion]:
    """The questions of the versions of a rule, in their order, each once."""
    quotes: dict[str, dict[str, None]] = {}
    for rule in rules:
        for root in (rule.control, *([rule.decontrol] if rule.decontrol is not None else [])):
            for node in walk(root):
                if question := question_of(node):
                    quotes.setdefault(question, {})[node.place.quote] = None
    return [
        RuleQuestion(question, question_words(question, book.names), tuple(filter(None, found)))
        for question, found in quotes.items()
    ]


def question_words(question: str, names: Names) -> LocalizedText:
    """A question in both languages; its own word where the tables do not know it any more."""
    if question.startswith(_BOUNDARY):
        identifier = question.removeprefix(_BOUNDARY)
        quantity = names.quantities.get(identifier)
        zh, en = (quantity.name_zh, quantity.name_en) if quantity is not None else (identifier, identifier)
        return render("RULE_BOUNDARY_QUESTION", {"quantity_zh": zh, "quantity_en": en})
    found = names.questions.get(question)
    if found is None:
        return LocalizedText(question, question)
    return LocalizedText(found.text_zh, found.text_en)
