"""Rules from their written form (JSON), checked word by word.

A schema error names the file, the entry and the place in the rule; nothing that is not in the vocabulary is
accepted, and a rule is bounded in depth and size.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from services.classification.rules.parsing_figures import LIMIT_KEYS, FigureParser, Tables
from services.classification.rules.truth import Truth
from services.classification.rules.vocabulary import (
    All,
    AnyOf,
    Basis,
    ContextIs,
    Derived,
    Judgement,
    Measured,
    Node,
    Not,
    Place,
    Quantified,
    Reference,
    Rule,
    Subject,
    Word,
    walk,
)

DEEPEST: Final = 12
MOST_NODES: Final = 400
CONTEXT_KINDS: Final = frozenset({"destination", "destination_group", "end_use"})
_COMMON: Final = frozenset({"path", "quote"})


class RuleError(ValueError):
    """A rule that is not written in the vocabulary: file, entry, place in the rule, and what is wrong."""

    def __init__(self, file: str, entry: str, position: str, problem: str) -> None:
        super().__init__(f"{file}: {entry}: {position}: {problem}")
        self.file = file
        self.entry = entry
        self.position = position
        self.problem = problem


def parse_entry(file: str, announcement: str, written: Mapping[str, Any], tables: Tables) -> tuple[Rule, ...]:
    """The versions of one entry, oldest first. Errors: RuleError."""
    identifier = written.get("identifier")
    if not isinstance(identifier, str) or not identifier:
        raise RuleError(file, "?", "identifier", "an entry needs an identifier")
    allowed = {"identifier", "control_code", "decides", "legal_text", "reading_zh", "reading_en"}
    allowed |= {"rule", "decontrol", "valid_from", "versions"}
    FigureParser(tables, lambda position, problem: RuleError(file, identifier, position, problem)).closed(
        written, allowed, ""
    )
    versions = written.get("versions", [written])
    rules = []
    for version in versions:
        parser = _Parser(file, identifier, {**written, **version}, tables)
        rules.append(parser.rule(announcement))
    return tuple(sorted(rules, key=lambda rule: rule.valid_from or date.min))


def answer_key(identifier: str, question: str) -> str:
    """The name of an item's answer to a question that is put for one entry."""
    return f"{identifier}:{question}"


class _Parser:
    def __init__(self, file: str, identifier: str, written: Mapping[str, Any], tables: Tables) -> None:
        self._file = file
        self._identifier = identifier
        self._written = written
        self._tables = tables
        self._figures = FigureParser(tables, self._error)
        self._nodes = 0

    def rule(self, announcement: str) -> Rule:
        written = self._written
        text = written.get("legal_text", f"{announcement}/{self._identifier}")
        control = self._node(written.get("rule"), "rule", str(text), 1, negative=False)
        decontrol = None
        if "decontrol" in written:
            decontrol = self._node(written["decontrol"], "decontrol", str(text), 1, negative=True)
        basis = self._basis(control)
        start = written.get("valid_from")
        return Rule(
            self._identifier,
            str(written.get("control_code", self._identifier)),
            announcement,
            basis,
            control,
            decontrol,
            None if start is None else date.fromisoformat(start),
            str(written.get("reading_zh", "")),
            str(written.get("reading_en", "")),
        )

    def _basis(self, control: Node) -> Basis:
        try:
            basis = Basis(str(self._written.get("decides")))
        except ValueError:
            raise self._error("decides", "decides is `rule` or `description`") from None
        # 以描述判定: such an entry may ask and propose but has nothing that could make it false.
        if basis is Basis.DESCRIPTION and not all(
            isinstance(node, All | AnyOf | Subject | Judgement | Word) for node in walk(control)
        ):
            raise self._error("rule", "an entry that decides by description has no limits")
        return basis

    def _error(self, position: str, problem: str) -> RuleError:
        return RuleError(self._file, self._identifier, position, problem)

    def _node(self, written: object, position: str, path: str, depth: int, *, negative: bool) -> Node:
        if not isinstance(written, Mapping):
            raise self._error(position, "a node is an object")
        self._nodes += 1
        if depth > DEEPEST:
            raise self._error(position, f"deeper than {DEEPEST} levels")
        if self._nodes > MOST_NODES:
            raise self._error(position, f"more than {MOST_NODES} nodes")
        path = str(written.get("path", path))
        place = Place(position, path, str(written.get("quote", "")))
        kinds = [kind for kind in _KINDS if kind in written]
        if len(kinds) != 1:
            raise self._error(position, "a node has exactly one of " + ", ".join(_KINDS))
        kind = kinds[0]
        self._figures.closed(written, _COMMON | _KINDS[kind] | {kind}, position)
        if kind not in ("all", "any", "not", "exists", "forall") and not place.quote:
            raise self._error(position, "a leaf quotes the words of the law")

        def inner(part: object, step: str, *, flipped: bool = False) -> Node:
            return self._node(part, f"{position}.{step}", path, depth + 1, negative=negative != flipped)

        match kind:
            case "all" | "any":
                parts = self._figures.sequence(written[kind], position)
                made = tuple(inner(part, f"{kind}[{number}]") for number, part in enumerate(parts))
                return All(place, made) if kind == "all" else AnyOf(place, made)
            case "not":
                exclusion = self._figures.boolean(written, "unless_shown", position, default=False)
                return Not(place, inner(written["not"], "not", flipped=True), exclusion)
            case "exists" | "forall":
                part = inner(written.get("where"), "where")
                return Quantified(place, str(written[kind]), kind == "forall", part)
            case "ref":
                return Reference(place, str(written["ref"]))
            case "subject":
                if written["subject"] is not True:
                    raise self._error(position, "subject is true")
                return Subject(place, self._identifier)
            case "fact":
                return self._word(written, place, negative=negative)
            case "judge":
                question = self._tables.names.questions.get(str(written["judge"]))
                if question is None:
                    raise self._error(position, f"unknown question {written['judge']}")
                key = (
                    answer_key(self._identifier, question.identifier)
                    if question.per_entry
                    else question.identifier
                )
                return Judgement(place, question.identifier, key, question.of_law)
            case "context":
                return self._context(written, place)
            case "quantity":
                return self._measured(written, place, negative=negative)
            case _:
                return self._derived(written, place)

    def _word(self, written: Mapping[str, Any], place: Place, *, negative: bool) -> Word:
        characteristic = self._tables.names.characteristics.get(str(written["fact"]))
        if characteristic is None:
            raise self._error(place.position, f"unknown characteristic {written['fact']}")
        if ("in" in written) == ("not_in" in written):
            raise self._error(place.position, "a fact has either `in` or `not_in`")
        values = self._figures.sequence(written.get("in", written.get("not_in")), place.position)
        unknown = [value for value in values if value not in characteristic.values]
        if unknown:
            raise self._error(place.position, f"{characteristic.identifier} has no value {unknown}")
        return Word(
            place,
            characteristic.identifier,
            characteristic.exclusive,
            frozenset(str(value) for value in values),
            "not_in" in written,
            negative != ("not_in" in written),
        )

    def _context(self, written: Mapping[str, Any], place: Place) -> ContextIs:
        kind = str(written["context"])
        if kind not in CONTEXT_KINDS:
            raise self._error(place.position, f"context is one of {sorted(CONTEXT_KINDS)}")
        values = self._figures.sequence(written.get("in"), place.position)
        return ContextIs(place, kind, frozenset(str(value) for value in values))

    def _measured(self, written: Mapping[str, Any], place: Place, *, negative: bool) -> Measured:
        quantity = self._figures.quantity(written["quantity"], place.position)
        at = written.get("at", {})
        if not isinstance(at, Mapping):
            raise self._error(place.position, "test conditions are an object")
        if negative and (at or quantity.stand_ins):
            # Under a negation or in a release, a figure taken at its word would clear an item.
            raise self._error(place.position, "no test conditions or stand-ins where a true part clears")
        conditions = []
        printed = []
        for name, figure in at.items():
            condition = self._figures.quantity(name, place.position)
            self._figures.closed(figure, {"value", "unit", "or"}, place.position)
            figures = [figure, *figure.get("or", ())]
            for each in figures[1:]:
                self._figures.closed(each, {"value", "unit"}, place.position)
            conditions.append(
                (
                    condition.identifier,
                    tuple(self._figures.at(each, condition, place.position) for each in figures),
                )
            )
            shown = " / ".join(f"{each['value']} {each['unit']}" for each in figures)
            printed.append(f"{condition.identifier} = {shown}")
        return Measured(
            place,
            quantity,
            self._figures.limit(written, quantity, place.position),
            tuple(conditions),
            "; ".join(printed),
            Truth.TRUE if negative else Truth.FALSE,
            self._figures.plausible(written.get("plausible"), quantity, place.position),
        )

    def _derived(self, written: Mapping[str, Any], place: Place) -> Derived:
        quantity = self._figures.quantity(written["derived"], place.position)
        formula = written.get("formula")
        if not isinstance(formula, Mapping):
            raise self._error(place.position, "a derived quantity needs a formula")
        self._figures.closed(formula, {"sum_over", "product_of"}, place.position)
        factors = self._figures.sequence(formula.get("product_of"), place.position)
        for factor in factors:
            self._figures.quantity(factor, place.position)
        return Derived(
            place,
            quantity,
            self._figures.limit(written, quantity, place.position),
            str(formula.get("sum_over", "")),
            tuple(str(factor) for factor in factors),
        )


_KINDS: Final[Mapping[str, frozenset[str]]] = {
    "all": frozenset(),
    "any": frozenset(),
    "not": frozenset({"unless_shown"}),
    "exists": frozenset({"where"}),
    "forall": frozenset({"where"}),
    "ref": frozenset(),
    "subject": frozenset(),
    "fact": frozenset({"in", "not_in"}),
    "judge": frozenset(),
    "context": frozenset({"in"}),
    "quantity": LIMIT_KEYS | {"at", "plausible"},
    "derived": LIMIT_KEYS | {"formula"},
}
