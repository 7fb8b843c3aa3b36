"""All rules of the law that are held, found by entry and by day."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from services.classification.rules.facts import Facts, Parameter
from services.classification.rules.parameters import ParameterReader
from services.classification.rules.quantities import Names, Quantity, Question
from services.classification.rules.units import UnitTable
from services.classification.rules.vocabulary import Judgement, Measured, Node, Reference, Rule, walk


@dataclass(frozen=True, slots=True)
class LegalText:
    """Words of the law at a path. `verbatim`: as announced; otherwise a transcription of a checked copy."""

    path: str
    text: str
    verbatim: bool
    announcement: str
    article: str


class ReferenceCycleError(ValueError):
    """Entries that refer to each other in a circle."""


class RuleBook:
    """The rules, the legal texts they quote, and the tables they are read with; immutable once made."""

    def __init__(
        self,
        rules: Iterable[Rule],
        legal_texts: Mapping[str, LegalText],
        names: Names,
        units: UnitTable,
    ) -> None:
        versions: dict[str, list[Rule]] = defaultdict(list)
        for rule in rules:
            versions[rule.identifier].append(rule)
        self._versions = {
            identifier: tuple(sorted(found, key=lambda rule: rule.valid_from or date.min))
            for identifier, found in sorted(versions.items())
        }
        self._by_code: dict[str, str] = {}
        for identifier, found in self._versions.items():
            self._by_code.setdefault(found[-1].control_code, identifier)
        self.legal_texts = legal_texts
        self.names = names.with_questions(_entry_questions(self.rules(), names))
        self.units = units
        conditions = sorted(
            {
                name
                for rule in self.rules()
                for node in _nodes(rule)
                if isinstance(node, Measured)
                for name, _ in node.conditions
            }
        )
        self._reader = ParameterReader(self.names, units, [names.quantities[name] for name in conditions])
        self._refuse_cycles()

    def rules(self) -> tuple[Rule, ...]:
        """Every version of every rule, by identifier and then by day."""
        return tuple(rule for found in self._versions.values() for rule in found)

    def rule_of(self, identifier: str, day: date | None = None) -> Rule | None:
        """The rule of an entry by its identifier or control code, on a day of law (None: the newest)."""
        found = self._versions.get(identifier) or self._versions.get(self._by_code.get(identifier, ""), ())
        if day is None:
            return found[-1] if found else None
        in_force = [rule for rule in found if rule.valid_from is None or rule.valid_from <= day]
        if in_force:
            return in_force[-1]
        return found[0] if found else None

    def quantity(self, identifier: str) -> Quantity:
        """A quantity of the table; KeyError where there is none."""
        return self.names.quantities[identifier]

    def read_parameters(self, parameters: Iterable[Parameter]) -> Facts:
        """The facts that parameters state, as people write them."""
        return self._reader.read(parameters)

    def _refuse_cycles(self) -> None:
        references = {
            identifier: sorted(
                {
                    other.identifier
                    for rule in found
                    for node in _nodes(rule)
                    if isinstance(node, Reference)
                    for other in [self.rule_of(node.code)]
                    if other is not None
                }
            )
            for identifier, found in self._versions.items()
        }
        done: set[str] = set()
        for start in references:
            _visit(start, references, [], done)


def _entry_questions(rules: Iterable[Rule], names: Names) -> tuple[Question, ...]:
    """The questions that are put for one entry, each under the name by which its answer is known."""
    keys = {
        node.answer_key: names.questions[node.question]
        for rule in rules
        for node in _nodes(rule)
        if isinstance(node, Judgement) and node.answer_key != node.question
    }
    return tuple(replace(question, identifier=key) for key, question in sorted(keys.items()))


def _nodes(rule: Rule) -> Iterable[Node]:
    yield from walk(rule.control)
    if rule.decontrol is not None:
        yield from walk(rule.decontrol)


def _visit(identifier: str, references: Mapping[str, list[str]], trail: list[str], done: set[str]) -> None:
    if identifier in trail:
        raise ReferenceCycleError(" -> ".join([*trail[trail.index(identifier) :], identifier]))
    if identifier in done:
        return
    for other in references[identifier]:
        _visit(other, references, [*trail, identifier], done)
    done.add(identifier)
