"""Rules from their written form (JSON), checked word by word.

A schema error names the file, the entry and the place in the rule; nothing that is not in the vocabulary is
accepted, and a rule is bounded in depth and size.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

from services.classification.rules.intervals import Interval
from services.classification.rules.limits import Bounds, limit
from services.classification.rules.numerals import readings
from services.classification.rules.quantities import Better, Names, Quantity
from services.classification.rules.truth import Truth
from services.classification.rules.units import Unit, UnitTable
from services.classification.rules.vocabulary import (
    All,
    AnyOf,
    Basis,
    ContextIs,
    Derived,
    Judgement,
    Limit,
    Measured,
    Node,
    Not,
    Operator,
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
_LIMIT_KEYS: Final = frozenset(
    {"operator", "value", "values", "low", "high", "low_included", "high_included", "unit", "boundary"}
)
_BOUNDARY_OPERATORS: Final = frozenset({Operator.GREATER, Operator.AT_LEAST, Operator.LESS, Operator.AT_MOST})


class RuleError(ValueError):
    """A rule that is not written in the vocabulary: file, entry, place in the rule, and what is wrong."""

    def __init__(self, file: str, entry: str, position: str, problem: str) -> None:
        super().__init__(f"{file}: {entry}: {position}: {problem}")
        self.file = file
        self.entry = entry
        self.position = position
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Tables:
    """What rules may speak of."""

    names: Names
    units: UnitTable


def parse_entry(file: str, announcement: str, written: Mapping[str, Any], tables: Tables) -> tuple[Rule, ...]:
    """The versions of one entry, oldest first. Errors: RuleError."""
    identifier = written.get("identifier")
    if not isinstance(identifier, str) or not identifier:
        raise RuleError(file, "?", "identifier", "an entry needs an identifier")
    allowed = {"identifier", "control_code", "decides", "legal_text", "reading_zh", "reading_en"}
    allowed |= {"rule", "decontrol", "valid_from", "versions"}
    _closed(written, allowed, lambda problem: RuleError(file, identifier, "", problem))
    versions = written.get("versions", [written])
    rules = []
    for version in versions:
        parser = _Parser(file, identifier, {**written, **version}, tables)
        rules.append(parser.rule(announcement))
    return tuple(sorted(rules, key=lambda rule: rule.valid_from or date.min))


def _closed(
    written: Mapping[str, Any], allowed: set[str] | frozenset[str], error: Callable[[str], RuleError]
) -> None:
    unknown = sorted(set(written) - allowed)
    if unknown:
        raise error(f"not in the vocabulary: {', '.join(unknown)}")


def answer_key(identifier: str, question: str) -> str:
    """The name of an item's answer to a question that is put for one entry."""
    return f"{identifier}:{question}"


class _Parser:
    def __init__(self, file: str, identifier: str, written: Mapping[str, Any], tables: Tables) -> None:
        self._file = file
        self._identifier = identifier
        self._written = written
        self._tables = tables
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
        _closed(written, _COMMON | _KINDS[kind] | {kind}, lambda problem: self._error(position, problem))
        if kind not in ("all", "any", "not", "exists", "forall") and not place.quote:
            raise self._error(position, "a leaf quotes the words of the law")

        def inner(part: object, step: str, *, flipped: bool = False) -> Node:
            return self._node(part, f"{position}.{step}", path, depth + 1, negative=negative != flipped)

        match kind:
            case "all" | "any":
                parts = self._sequence(written[kind], position)
                made = tuple(inner(part, f"{kind}[{number}]") for number, part in enumerate(parts))
                return All(place, made) if kind == "all" else AnyOf(place, made)
            case "not":
                exclusion = self._boolean(written, "unless_shown", position, default=False)
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
                return Judgement(place, question.identifier, key)
            case "context":
                return self._context(written, place)
            case "quantity":
                return self._measured(written, place, negative=negative)
            case _:
                return self._derived(written, place)

    def _sequence(self, written: object, position: str) -> Sequence[object]:
        if not isinstance(written, list) or not written:
            raise self._error(position, "a group has at least one part")
        return written

    def _boolean(self, written: Mapping[str, Any], key: str, position: str, *, default: bool) -> bool:
        value = written.get(key, default)
        if not isinstance(value, bool):
            raise self._error(position, f"{key} is true or false")
        return value

    def _word(self, written: Mapping[str, Any], place: Place, *, negative: bool) -> Word:
        characteristic = self._tables.names.characteristics.get(str(written["fact"]))
        if characteristic is None:
            raise self._error(place.position, f"unknown characteristic {written['fact']}")
        if ("in" in written) == ("not_in" in written):
            raise self._error(place.position, "a fact has either `in` or `not_in`")
        values = self._sequence(written.get("in", written.get("not_in")), place.position)
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
        values = self._sequence(written.get("in"), place.position)
        return ContextIs(place, kind, frozenset(str(value) for value in values))

    def _quantity(self, identifier: object, position: str) -> Quantity:
        quantity = self._tables.names.quantities.get(str(identifier))
        if quantity is None:
            raise self._error(position, f"unknown quantity {identifier}")
        return quantity

    def _measured(self, written: Mapping[str, Any], place: Place, *, negative: bool) -> Measured:
        quantity = self._quantity(written["quantity"], place.position)
        at = written.get("at", {})
        if not isinstance(at, Mapping):
            raise self._error(place.position, "test conditions are an object")
        if negative and (at or quantity.stand_ins):
            # Under a negation or in a release, a figure taken at its word would clear an item.
            raise self._error(place.position, "no test conditions or stand-ins where a true part clears")
        conditions = []
        printed = []
        for name, figure in at.items():
            condition = self._quantity(name, place.position)
            _closed(figure, {"value", "unit", "or"}, lambda problem: self._error(place.position, problem))
            figures = [figure, *figure.get("or", ())]
            conditions.append(
                (condition.identifier, tuple(self._at(each, condition, place.position) for each in figures))
            )
            shown = " / ".join(f"{each['value']} {each['unit']}" for each in figures)
            printed.append(f"{condition.identifier} = {shown}")
        return Measured(
            place,
            quantity,
            self._limit(written, quantity, place.position),
            tuple(conditions),
            "; ".join(printed),
            Truth.TRUE if negative else Truth.FALSE,
        )

    def _at(self, figure: Mapping[str, Any], condition: Quantity, position: str) -> Interval:
        """One printed figure of a test condition."""
        unit = self._unit(figure.get("unit"), condition, position)
        return Interval.point(unit.to_si(self._number(figure.get("value"), position)))

    def _derived(self, written: Mapping[str, Any], place: Place) -> Derived:
        quantity = self._quantity(written["derived"], place.position)
        formula = written.get("formula")
        if not isinstance(formula, Mapping):
            raise self._error(place.position, "a derived quantity needs a formula")
        _closed(formula, {"sum_over", "product_of"}, lambda problem: self._error(place.position, problem))
        factors = self._sequence(formula.get("product_of"), place.position)
        for factor in factors:
            self._quantity(factor, place.position)
        return Derived(
            place,
            quantity,
            self._limit(written, quantity, place.position),
            str(formula.get("sum_over", "")),
            tuple(str(factor) for factor in factors),
        )

    def _unit(self, symbol: object, quantity: Quantity, position: str) -> Unit:
        unit = self._tables.units.resolve(str(symbol or ""), quantity.dimension)
        if not isinstance(unit, Unit):
            raise self._error(position, f"unit {symbol!r} of {quantity.identifier}: {unit.value}")
        return unit

    def _number(self, written: object, position: str) -> Fraction:
        values = readings(written) if isinstance(written, str) else ()
        if len(values) != 1:
            raise self._error(position, f"{written!r} is not one decimal number in quotation marks")
        return values[0]

    def _limit(self, written: Mapping[str, Any], quantity: Quantity, position: str) -> Limit:
        try:
            operator = Operator(str(written.get("operator")))
        except ValueError:
            raise self._error(position, f"unknown operator {written.get('operator')!r}") from None
        if operator is Operator.BETTER and quantity.better is Better.NONE:
            raise self._error(position, f"{quantity.identifier} has no better direction")
        boundary = written.get("boundary", "stated")
        if boundary not in ("stated", "unresolved"):
            raise self._error(position, "boundary is `stated` or `unresolved`")
        if boundary == "unresolved" and operator not in _BOUNDARY_OPERATORS:
            raise self._error(position, "only a single limit can leave its own value open")
        unit = self._unit(written.get("unit"), quantity, position)
        return limit(
            operator,
            self._bounds(written, operator, position),
            unit,
            quantity.better,
            boundary_unresolved=boundary == "unresolved",
        )

    def _bounds(self, written: Mapping[str, Any], operator: Operator, position: str) -> Bounds:
        expected = {
            Operator.BETWEEN: {"low", "high"},
            Operator.OVERLAPS: {"low", "high"},
            Operator.CONTAINS: {"low", "high"},
            Operator.IN_SET: {"values"},
        }.get(operator, {"value"})
        present = {key for key in ("value", "values", "low", "high") if key in written}
        if present != expected and not (operator is Operator.OVERLAPS and present and present < expected):
            raise self._error(position, f"{operator.value} needs {sorted(expected)}")
        if operator is Operator.IN_SET:
            values = self._sequence(written["values"], position)
            return Bounds(tuple(self._number(value, position) for value in values))
        if "value" in written:
            return Bounds((self._number(written["value"], position),))
        low = self._number(written["low"], position) if "low" in written else None
        high = self._number(written["high"], position) if "high" in written else None
        if low is not None and high is not None and low > high:
            raise self._error(position, "the lower end lies above the upper")
        return Bounds(
            (),
            low,
            high,
            self._boolean(written, "low_included", position, default=True),
            self._boolean(written, "high_included", position, default=True),
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
    "quantity": _LIMIT_KEYS | {"at"},
    "derived": _LIMIT_KEYS | {"formula"},
}
