"""Rulings by the encoded rules of the law."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache

from services.classification.domain.doubts import Doubts
from services.classification.domain.entries import ControlEntry
from services.classification.domain.item import Item
from services.classification.domain.ruling import Condition, Judge, JudgeOfItems, Missing, Ruling
from services.classification.domain.statements import statements
from services.classification.rules.book import RuleBook
from services.classification.rules.evaluation import evaluate
from services.classification.rules.explanation import Evaluation, Finding, NodeKind
from services.classification.rules.explanation import Missing as Unsettled
from services.classification.rules.facts import Context, Facts, Interpretation, Parameter
from services.classification.rules.quantities import Names
from services.classification.rules.truth import Truth
from services.classification.rules.vocabulary import Basis, Rule

# The line above those of what releases an item from an entry.
RELEASE = "unless"


def judge_by(book: RuleBook, interpretations: Iterable[Interpretation] = ()) -> JudgeOfItems:
    """Judges items by a book of rules and the interpretations that settle its questions once for all."""
    decided = tuple(interpretations)

    def of_item(item: Item, as_of: date) -> Judge:
        facts = facts_of(item, book)

        @cache
        def facts_with_texts() -> Facts | None:
            stated = statements((item.name_zh, item.name_en, item.description), book.names)
            return book.read_parameters([*_parameters(item), *stated]) if stated else None

        doubts = Doubts(item, facts, book)

        # The end use is free text, and a word that a rule does not know must not count as its opposite.
        values = {"destination": frozenset({item.destination})} if item.destination else {}
        context = Context(values, decided, as_of)

        def judge(entry: ControlEntry, is_described: bool) -> Ruling | None:
            rule = rule_for(entry, as_of, book)
            if rule is None:
                return None

            def evaluated(known: Facts) -> Evaluation:
                told = known.with_subject(rule.identifier) if is_described else known
                return evaluate(rule, told, context, book)

            evaluation = evaluated(facts)
            if _clears(evaluation) and (with_texts := facts_with_texts()) is not None:
                # What the texts state may contradict the parameters; it never clears.
                doubted = evaluated(with_texts)
                evaluation = evaluation if _clears(doubted) else doubted
            if _clears(evaluation):
                replaced, others = doubts.replaced(evaluation)
                doubt = doubts.doubt(evaluation, evaluated(replaced) if others else evaluation, others)
                doubted = evaluated(doubt.facts)
                if not _clears(doubted):
                    return ruling_of(doubted, book, doubt.about)
            return ruling_of(evaluation, book)

        return judge

    return of_item


def facts_of(item: Item, book: RuleBook) -> Facts:
    """What the parameters of an item state."""
    return book.read_parameters(_parameters(item))


def _parameters(item: Item) -> Iterator[Parameter]:
    for each in item.parameters:
        yield Parameter(each.name, each.value, each.unit, each.test_condition)


def _clears(evaluation: Evaluation) -> bool:
    return evaluation.truth is Truth.FALSE or evaluation.decontrol is Truth.TRUE


def rule_for(entry: ControlEntry, as_of: date, book: RuleBook) -> Rule | None:
    """The rule of an entry on a day; None where the entry decides by description."""
    for name in dict.fromkeys((entry.identifier, entry.code)):
        rule = book.rule_of(name, as_of)
        if rule is not None:
            return rule if rule.basis is Basis.RULE else None
    return None


def ruling_of(evaluation: Evaluation, book: RuleBook, doubted: Mapping[str, str] | None = None) -> Ruling:
    """An evaluation line by line, with names for what is missing.

    `doubted` are what is asked first, each with the figures that stand against what is stated of it.
    """
    names, first = book.names, doubted or {}
    unsettled = [each for each in evaluation.missing if each.kind is not NodeKind.SUBJECT]
    lines = list(_lines(evaluation.tree, 0, names))
    if evaluation.decontrol_tree is not None:
        released = evaluation.decontrol_tree
        lines.append(Condition(0, released.place.path, RELEASE, "", "", "", "", released.truth, False))
        lines.extend(_lines(released, 1, names))
    return Ruling(
        evaluation.truth,
        evaluation.decontrol,
        tuple(lines),
        tuple(
            _missing(each, book, first.get(each.about, ""))
            for each in sorted(unsettled, key=lambda each: each.about not in first)
        ),
    )


def _lines(finding: Finding, depth: int, names: Names) -> Iterator[Condition]:
    asked_zh, asked_en = _asked(finding.about, names)
    yield Condition(
        depth,
        finding.place.path,
        finding.kind.value,
        finding.about,
        finding.place.quote,
        finding.given,
        finding.limit,
        finding.truth,
        finding.near_limit and finding.truth is not Truth.UNKNOWN,
        tuple(fault.value for fault in finding.faults),
        finding.interpretation.basis if finding.interpretation is not None else "",
        asked_zh,
        asked_en,
    )
    for part in finding.parts:
        yield from _lines(part, depth + 1, names)


def _asked(about: str, names: Names) -> tuple[str, str]:
    """What a line is about, in words of people; nothing where the tables have no name for it."""
    if about in names.quantities:
        quantity = names.quantities[about]
        return quantity.name_zh, quantity.name_en
    if about in names.characteristics:
        characteristic = names.characteristics[about]
        return characteristic.name_zh, characteristic.name_en
    if about in names.questions:
        question = names.questions[about]
        return question.text_zh, question.text_en
    return "", ""


def _missing(missing: Unsettled, book: RuleBook, contradicted: str) -> Missing:
    zh, en = _names(missing, book, contradicted)
    return Missing(
        f"{missing.kind.value} {missing.about} {missing.condition}".strip(),
        missing.kind is NodeKind.JUDGE,
        zh,
        en,
        missing.quote,
    )


def _names(missing: Unsettled, book: RuleBook, contradicted: str) -> tuple[str, str]:
    """What is missing in words of people, with what to answer; its own name where the tables do not know it.

    `contradicted` are figures that are told elsewhere. Without them the answer may be given as a parameter of this
    very name.
    """
    names, about = book.names, missing.about
    zh, en = _asked(about, names)
    accepts_zh, accepts_en = "、".join(missing.accepts), ", ".join(missing.accepts)
    if about in names.characteristics:
        characteristic = names.characteristics[about]
        accepts_zh, accepts_en = " / ".join(characteristic.values_zh), " / ".join(characteristic.values_en)
    condition_zh, condition_en = _condition(missing.condition, names)
    against = f"≠ {contradicted}" if contradicted else ""
    inside_zh = "；".join(filter(None, (condition_zh, accepts_zh, against)))
    inside_en = "; ".join(filter(None, (condition_en, accepts_en, against)))
    return (
        (zh or about) + (f"（{inside_zh}）" if inside_zh else ""),
        (en or about) + (f" ({inside_en})" if inside_en else ""),
    )


def _condition(condition: str, names: Names) -> tuple[str, str]:
    """A test condition with its quantities in words of people."""
    zh = en = condition
    for identifier in sorted(names.quantities, key=len, reverse=True):
        if identifier in condition:
            zh = zh.replace(identifier, names.quantities[identifier].name_zh)
            en = en.replace(identifier, names.quantities[identifier].name_en)
    return zh, en
