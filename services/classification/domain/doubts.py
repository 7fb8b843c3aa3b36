"""What else is told of an item that its rule clears: other figures of the same kind, and words that deny an answer.

Nothing here is taken for a fact: it takes what it contradicts for not known, so that it is asked about.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from services.classification.domain.figures import GRADE, figures
from services.classification.domain.item import Item
from services.classification.rules.book import RuleBook
from services.classification.rules.explanation import Evaluation, Finding, NodeKind
from services.classification.rules.facts import Facts
from services.classification.rules.faults import Fault
from services.classification.rules.intervals import Interval
from services.classification.rules.measures import Measure, read_measures
from services.classification.rules.quantities import Characteristic, Names, Quantity, Question, name_key
from services.classification.rules.truth import Truth
from services.classification.rules.units import Dimension

_SHOWN: Final = 3
_MEASURED: Final = (NodeKind.QUANTITY, NodeKind.DERIVED)
_SENTENCE: Final = re.compile(r"[,，;；。！!\n]|\.\s")
_DENIED: Final = re.compile(r"[不非未无没][^\W\d_]{0,5}$|(?:not|non|isnt|no)[a-z]{0,8}$")
_SHORTEST_STEM: Final = 4
# 非大众消费类 denies 大众消费类产品: that much of a name is enough.
_STEM: Final = 0.6
# A reach is of radar where a rule asks for that of radar; of any other device it may be any reach.
_OF_ANYTHING: Final = frozenset({name_key("作用距离")})


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is in doubt: quantities with the figures that contradict them, and questions without any.

    `facts` are those that are left.
    """

    about: Mapping[str, str]
    facts: Facts


class Doubts:
    """What the names, the description and the parameters that are not understood tell beside the facts."""

    def __init__(self, item: Item, facts: Facts, book: RuleBook) -> None:
        self._facts = facts
        self._book = book
        self._prose = (item.name_zh, item.name_en, item.description)
        self._texts = (*self._prose, *_not_understood(facts), *_words(item, book.names))
        self._figures: dict[str, tuple[str, ...]] = {}

    def replaced(self, evaluation: Evaluation) -> tuple[Facts, Mapping[str, tuple[str, ...]]]:
        """The facts with other figures in the place of those that a rule measures, and these by quantity."""
        facts, others = self._facts, {}
        for name in dict.fromkeys(each.about for each in _findings(evaluation) if each.kind in _MEASURED):
            news = self._news(self._book.quantity(name))
            if news:
                facts = _measured(facts, name, news, kept=False)
                others[name] = tuple(measure.written for measure in news)
        return facts, others

    def doubt(
        self, evaluation: Evaluation, other: Evaluation, others: Mapping[str, tuple[str, ...]]
    ) -> Doubt:
        """What is in doubt, where `other` is the evaluation with the other figures in their places."""
        changed = {
            before.about
            for before, after in zip(_findings(evaluation), _findings(other), strict=False)
            if before.about in others and before.truth is not after.truth
        }
        about = {name: "; ".join(others[name][:_SHOWN]) for name in sorted(changed)}
        facts = self._facts
        for name, written in about.items():
            open_one = Measure(name, written, (), fault=Fault.CONTRADICTORY_VALUES)
            facts = _measured(facts, name, (open_one,), kept=True)
        answers = dict(facts.answers)
        for each in _findings(evaluation):
            answered = each.kind is NodeKind.JUDGE and bool(each.given) and each.truth is Truth.TRUE
            if answered and self._denies(each.about):
                answers[each.about] = Truth.UNKNOWN
                about[each.about] = ""
        return Doubt(about, replace(facts, answers=answers))

    def _news(self, quantity: Quantity) -> tuple[Measure, ...]:
        """The figures that could be of a quantity and are not what is stated of it."""
        stated = self._facts.measures_of(quantity.identifier, quantity.upper_end_of)
        known = [interval for measure in stated for interval in measure.intervals]
        conditions = stated[0].conditions if stated else ()
        # What it cannot be is no reason to clear.
        any_figure = replace(quantity, plausible=None)
        related = [measure for name in quantity.stand_ins for measure in self._facts.measures_of(name, "")]
        read = (
            measure
            for figure in self._of_dimension(quantity.dimension)
            for measure in read_measures(any_figure, figure, "", self._book.units, conditions)
        )
        return tuple(
            measure
            for measure in (*read, *(related if stated else ()))
            if measure.intervals and not _is_known(measure, known)
        )

    def _of_dimension(self, dimension: Dimension) -> tuple[str, ...]:
        if dimension.identifier not in self._figures:
            self._figures[dimension.identifier] = figures(self._texts, dimension, self._book.units)
        return self._figures[dimension.identifier]

    def _denies(self, question: str) -> bool:
        """Whether a text names a question behind a word that denies it."""
        stems = {
            key[: max(_SHORTEST_STEM, round(_STEM * len(key)))]
            for key in self._book.names.names_of(question)
            if len(key) >= _SHORTEST_STEM
        }
        parts = [name_key(part) for text in self._prose for part in _SENTENCE.split(text)]
        return any(
            _DENIED.search(part[: found.start()]) is not None
            for part in parts
            for stem in stems
            for found in re.finditer(re.escape(stem), part)
        )


def _findings(evaluation: Evaluation) -> Iterator[Finding]:
    yield from evaluation.tree.walk()
    if evaluation.decontrol_tree is not None:
        yield from evaluation.decontrol_tree.walk()


def _is_known(measure: Measure, known: Sequence[Interval]) -> bool:
    """Whether a figure says nothing beside what is stated: 99.99 % is of the grade 4N."""
    if GRADE.fullmatch(measure.written) and known:
        return all(other.within(interval) for interval in measure.intervals for other in known)
    return all(any(interval.within(other) for other in known) for interval in measure.intervals)


def _measured(facts: Facts, name: str, measures: tuple[Measure, ...], *, kept: bool) -> Facts:
    """Facts with measures of a quantity in the place of, or beside, those that are stated; so too of the parts."""
    before = facts.measures.get(name, ()) if kept else ()
    return replace(
        facts,
        measures={**facts.measures, name: (*before, *measures)},
        lists={
            list_name: tuple(
                _measured(part, name, measures, kept=kept) if name in part.measures else part
                for part in parts
            )
            for list_name, parts in facts.lists.items()
        },
    )


def _not_understood(facts: Facts) -> Iterator[str]:
    for each in facts.not_recognised:
        yield each.name
        yield f"{each.value} {each.unit}".strip()
    for parts in facts.lists.values():
        for part in parts:
            yield from _not_understood(part)


def _words(item: Item, names: Names) -> Iterable[str]:
    """Values in words, where a figure is nobody's, and those under a name that any device has."""
    for each in item.parameters:
        in_words = isinstance(names.meaning(each.name), Characteristic | Question)
        if in_words or name_key(each.name) in _OF_ANYTHING:
            yield f"{each.value} {each.unit}".strip()
