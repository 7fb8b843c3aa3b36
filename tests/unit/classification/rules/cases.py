"""Threshold cases made from the rules: on the limit, just above, just below, other unit, missing, wrong kind."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from services.classification.rules.book import RuleBook
from services.classification.rules.evaluation import evaluate
from services.classification.rules.facts import Context, Facts, Parameter
from services.classification.rules.loading import REFERENCE
from services.classification.rules.numerals import as_written
from services.classification.rules.parsing import parse_entry
from services.classification.rules.parsing_figures import Tables
from services.classification.rules.truth import Truth
from services.classification.rules.units import Unit
from services.classification.rules.vocabulary import Rule
from tests.unit.classification.rules.assigning import (
    ABSENT,
    OPEN,
    UNSETTLED,
    Assignment,
    deciding,
    ends,
    key_of,
    leaves,
    options,
    step,
)

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


@dataclass(frozen=True)
class Written:
    """One version of one entry as it stands in a file."""

    file: str
    announcement: str
    entry: Mapping[str, Any]
    version: int

    @property
    def label(self) -> str:
        return f"{self.entry['identifier']}#{self.version}"

    @property
    def bodies(self) -> Mapping[str, Mapping[str, Any]]:
        body = self.entry["versions"][self.version] if "versions" in self.entry else self.entry
        return {kind: body[kind] for kind in ("rule", "decontrol") if kind in body}

    def parsed(self, book: RuleBook, **changed: Any) -> Rule:
        plain = {key: value for key, value in self.entry.items() if key != "versions"}
        return parse_entry(
            self.file, self.announcement, {**plain, **self.bodies, **changed}, Tables(book.names, book.units)
        )[0]


@dataclass(frozen=True)
class Case:
    """Statements about an item and the truth that they give one tree of a rule."""

    label: str
    tree: str
    parameters: tuple[Parameter, ...]
    facts: Mapping[str, Any]
    expected: Truth

    def truth(self, rule: Rule, book: RuleBook) -> Truth | None:
        read = book.read_parameters(self.parameters)
        facts = Facts(
            measures=read.measures,
            words={**self.facts["words"]},
            answers=self.facts["answers"],
            subjects={rule.identifier: self.facts["subject"]},
            references=self.facts["references"],
        )
        evaluation = evaluate(rule, facts, Context(self.facts["context"]), book)
        return evaluation.truth if self.tree == "rule" else evaluation.decontrol


def written_entries() -> Iterator[Written]:
    for path in sorted((REFERENCE / "rules").glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        for entry in content["entries"]:
            for version in range(len(entry.get("versions", [entry]))):
                yield Written(path.name, content["announcement"], entry, version)


def cases_of(written: Written, book: RuleBook) -> list[Case]:
    characteristics = book.names.characteristics
    values = {name: each.values for name, each in characteristics.items()}
    values[OPEN] = tuple(name for name, each in characteristics.items() if not each.exclusive)
    found: list[Case] = []
    for tree, body in written.bodies.items():
        for trail, leaf in leaves(body):
            assignment = _complete(next(deciding(body, trail, values)), written, tree, values)
            flips = sum(1 for step in trail if step == "not")
            unsettled = assignment.pop(UNSETTLED, False)
            elsewhere = {
                word
                for other_trail, other in leaves(body)
                if other_trail != trail and key_of(other) == key_of(leaf)
                for word in other.get("in", ())
            }
            for name, given, truth in _variants(leaf, book, values):
                if isinstance(given, str) and given in elsewhere:
                    # The word settles another part as well, so that the leaf does not decide alone.
                    continue
                if flips % 2:
                    truth = T if truth is U and _is_exclusion(body, trail) else truth.negation
                if unsettled and truth is F:
                    truth = U
                label = f"{written.label} {tree} {'.'.join(map(str, trail))} {key_of(leaf)} {name}"
                found.append(
                    _case(label, tree, {**assignment, key_of(leaf): given}, leaf, truth, written, book)
                )
    return found


def _is_exclusion(body: Mapping[str, Any], trail: tuple[Any, ...]) -> bool:
    node: Any = body
    for place in trail:
        if place == "not":
            return bool(node.get("unless_shown"))
        node = node[place]
    return False


def _complete(
    assignment: Assignment, written: Written, tree: str, values: Mapping[str, tuple[str, ...]]
) -> Assignment:
    """A release is read after control: the case of a release also meets the control text."""
    if tree == "rule":
        return assignment
    return next(options(written.bodies["rule"], True, assignment, values))


def _variants(
    leaf: Mapping[str, Any], book: RuleBook, values: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, Any, Truth]]:
    yield "missing", ABSENT, U
    if "quantity" in leaf or "derived" in leaf:
        yield from _figures(leaf, book)
    elif "fact" in leaf:
        exclusive = book.names.characteristics[leaf["fact"]].exclusive
        asked = leaf.get("in", leaf.get("not_in"))
        for value in values[leaf["fact"]]:
            inside = T if value in asked else F if exclusive else U
            yield value, value, inside if "in" in leaf else inside.negation
    elif "context" in leaf:
        yield "of the kind", leaf["in"][0], T
        yield "of another kind", "something_else", F
    else:
        yield "yes", True, T
        yield "no", False, F


def _figures(leaf: Mapping[str, Any], book: RuleBook) -> Iterator[tuple[str, Any, Truth]]:
    operator = leaf["operator"]
    quantity = book.quantity(leaf.get("quantity", leaf.get("derived")))
    yield "wrong dimension", f"1 {'kg' if quantity.dimension.identifier != 'mass' else 'mm'}", U
    yield "no number", "large", U
    if operator == "overlaps":
        yield from _ranges(leaf)
        return
    if operator == "better":
        operator = {"lower": "lt", "higher": "gt"}[quantity.better.value]
    points: list[tuple[Fraction, tuple[Truth, Truth, Truth]]]
    if operator == "between":
        low, high = ends(leaf)
        assert low is not None
        assert high is not None
        points = [
            (low, (F, T if leaf.get("low_included", True) else F, T)),
            (high, (T, T if leaf.get("high_included", True) else F, F)),
        ]
    elif operator == "in_set":
        points = [(Fraction(value), (F, T, F)) for value in leaf["values"]]
    else:
        table = {"gt": (F, F, T), "ge": (F, T, T), "lt": (T, F, F), "le": (T, T, F)}
        below, on, above = table[operator]
        points = [
            (Fraction(leaf["value"]), (below, U if leaf.get("boundary") == "unresolved" else on, above))
        ]
    law = book.units.resolve(leaf["unit"], quantity.dimension)
    assert isinstance(law, Unit)
    others = [unit for unit in book.units.units_of(quantity.dimension) if _is_exact(unit, law)]
    for point, truths in points:
        small = step(leaf, point)
        for name, value, truth in zip(
            ("just below", "on the limit", "just above"),
            (point - small, point, point + small),
            truths,
            strict=True,
        ):
            yield f"{name} {as_written(point)}", value, truth
            for unit in others[:2]:
                text = f"{as_written(unit.from_si(law.to_si(value)))} {unit.symbol}"
                yield f"{name} {as_written(point)} in {unit.symbol}", text, truth


def _is_exact(unit: Unit, law: Unit) -> bool:
    """Whether figures in the unit of the law have an end in this one, so that the case is exact in both."""
    spelled = unit.symbol not in ("hp", "10^4", "10^4/s") and " " not in unit.symbol
    written = as_written(unit.from_si(law.to_si(Fraction(1)))) + as_written(
        unit.from_si(law.to_si(Fraction(0)))
    )
    return unit != law and spelled and "≈" not in written


def _ranges(leaf: Mapping[str, Any]) -> Iterator[tuple[str, Any, Truth]]:
    low, high = ends(leaf)
    assert low is not None
    assert high is not None
    part = (high - low) / 1000
    yield "range below", (low - 2 * part, low - part), F
    yield "range up to the lower end", (low - part, low), T
    yield "range from the upper end", (high, high + part), T
    yield "range above", (high + part, high + 2 * part), F
    yield "range inside", (low + part, high - part), T
    yield "range around", (low - part, high + part), T
    yield "figure inside", (low + high) / 2, T
    yield "figure outside", high + part, U


def _case(
    label: str,
    tree: str,
    assignment: Assignment,
    target: Mapping[str, Any],
    expected: Truth,
    written: Written,
    book: RuleBook,
) -> Case:
    units = {key_of(leaf): leaf for body in written.bodies.values() for _, leaf in leaves(body)}
    units[key_of(target)] = target
    parameters: list[Parameter] = []
    facts: dict[str, Any] = {"words": {}, "answers": {}, "references": {}, "context": {}, "subject": U}
    for key, value in assignment.items():
        if value is ABSENT:
            continue
        kind, _, name = key.partition(":")
        if kind == "quantity":
            parameters.append(_parameter(units[key], value, book))
        elif kind == "fact":
            facts["words"][name] = frozenset({value})
        elif kind == "judge":
            question = book.names.questions[name]
            answer_key = f"{written.entry['identifier']}:{name}" if question.per_entry else name
            facts["answers"][answer_key] = Truth.of(value)
        elif kind == "ref":
            facts["references"][name] = Truth.of(value)
        elif kind == "context":
            facts["context"][name] = frozenset({value})
        else:
            facts["subject"] = Truth.of(value)
    return Case(label, tree, tuple(parameters), facts, expected)


def _parameter(leaf: Mapping[str, Any], value: Any, book: RuleBook) -> Parameter:
    quantity = book.quantity(leaf.get("quantity", leaf.get("derived")))
    condition = " ".join(f"{each['value']} {each['unit']}" for each in leaf.get("at", {}).values())
    unit = "" if leaf["unit"] == "1" else leaf["unit"]
    if isinstance(value, str):
        return Parameter(quantity.name_zh, value, "", condition)
    if leaf["operator"] == "overlaps" and not isinstance(value, tuple) and quantity.is_range:
        return Parameter(quantity.name_zh, as_written(value), unit, condition)
    if isinstance(value, tuple):
        return Parameter(quantity.name_zh, f"{as_written(value[0])}~{as_written(value[1])}", unit, condition)
    return Parameter(quantity.name_zh, as_written(value), unit, condition)
