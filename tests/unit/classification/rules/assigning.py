"""Finds statements about an item under which one leaf of a rule decides the whole rule.

Beside a leaf under `all` the other parts must hold, beside one under `any` they must not. The search knows
the words of the written rule (JSON) only, not the evaluation that is tested.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

Assignment = dict[str, Any]
ABSENT = "(absent)"
# A part beside the leaf that cannot be made false, and the name of the characteristics of which this is so.
UNSETTLED = "(unsettled)"
OPEN = "(open)"


def leaves(
    node: Mapping[str, Any], trail: tuple[Any, ...] = ()
) -> Iterator[tuple[tuple[Any, ...], Mapping[str, Any]]]:
    for group in ("all", "any"):
        if group in node:
            for number, part in enumerate(node[group]):
                yield from leaves(part, (*trail, group, number))
            return
    if "not" in node:
        yield from leaves(node["not"], (*trail, "not"))
        return
    yield trail, node


def key_of(leaf: Mapping[str, Any]) -> str:
    for kind in ("quantity", "derived", "fact", "judge", "ref", "context"):
        if kind in leaf:
            return f"{'quantity' if kind == 'derived' else kind}:{leaf[kind]}"
    return "subject:"


def deciding(
    node: Mapping[str, Any], trail: tuple[Any, ...], values: Mapping[str, tuple[str, ...]]
) -> Iterator[Assignment]:
    """Assignments without the leaf itself under which the root has the truth of the leaf."""
    if not trail:
        yield {}
        return
    if trail[0] == "not":
        yield from deciding(node["not"], trail[1:], values)
        return
    group, number, *rest = trail
    parts = node[group]
    for inner in deciding(parts[number], tuple(rest), values):
        others = [part for place, part in enumerate(parts) if place != number]
        yield from _merged(inner, others, group == "all", values)


def _merged(
    start: Assignment, parts: list[Mapping[str, Any]], want: bool, values: Mapping[str, tuple[str, ...]]
) -> Iterator[Assignment]:
    if not parts:
        yield start
        return
    for option in options(parts[0], want, start, values):
        yield from _merged(option, parts[1:], want, values)


def options(
    node: Mapping[str, Any], want: bool, start: Assignment, values: Mapping[str, tuple[str, ...]]
) -> Iterator[Assignment]:
    """The extensions of an assignment under which a node holds, or does not."""
    for group, every in (("all", True), ("any", False)):
        if group in node:
            if want is every:
                yield from _merged(start, list(node[group]), want, values)
            else:
                for part in node[group]:
                    yield from options(part, want, start, values)
            return
    if "not" in node:
        yield from options(node["not"], not want, start, values)
        return
    key = key_of(node)
    if key in start:
        if holds(node, start[key]) is want:
            yield start
        return
    if not want and node.get("fact") in values[OPEN]:
        # Nothing that is said makes an open characteristic false: it stays unknown.
        yield {**start, UNSETTLED: True}
        return
    for value in candidates(node, values):
        if holds(node, value) is want:
            yield {**start, key: value}


def candidates(leaf: Mapping[str, Any], values: Mapping[str, tuple[str, ...]]) -> list[Any]:
    if "quantity" in leaf or "derived" in leaf:
        low, high = ends(leaf)
        span = [end for end in (low, high) if end is not None]
        if leaf["operator"] == "overlaps":
            return [(min(span), max(span)), (max(span) * 2, max(span) * 3)]
        return [sum(span) / len(span), min(span) - step(leaf, min(span)), max(span) + step(leaf, max(span))]
    if "fact" in leaf:
        return list(values[leaf["fact"]])
    if "context" in leaf:
        return [*leaf["in"], "something_else"]
    return [True, False]


def step(leaf: Mapping[str, Any], value: Fraction) -> Fraction:
    """A small part of a figure that keeps a share of a whole below the whole."""
    small = abs(value) / 10**6
    return min(small, (100 - value) / 2) if leaf["unit"] in ("%", "wt%") else small


def ends(leaf: Mapping[str, Any]) -> tuple[Fraction | None, Fraction | None]:
    if "value" in leaf:
        return Fraction(leaf["value"]), None
    if "values" in leaf:
        return Fraction(leaf["values"][0]), None
    return (
        Fraction(leaf["low"]) if "low" in leaf else None,
        Fraction(leaf["high"]) if "high" in leaf else None,
    )


def holds(leaf: Mapping[str, Any], value: Any) -> bool:
    """The meaning of a leaf for one value in the unit of the law, or of a word."""
    if "fact" in leaf:
        return value in leaf["in"] if "in" in leaf else value not in leaf["not_in"]
    if "context" in leaf:
        return value in leaf["in"]
    if "quantity" not in leaf and "derived" not in leaf:
        return bool(value)
    operator = leaf["operator"]
    if operator == "better":
        operator = "lt"
    if operator == "in_set":
        return value in [Fraction(each) for each in leaf["values"]]
    if operator in ("between", "overlaps"):
        low, high = ends(leaf)
        if isinstance(value, tuple):
            return (low is None or value[1] >= low) and (high is None or value[0] <= high)
        above = low is None or value > low or (value == low and leaf.get("low_included", True))
        below = high is None or value < high or (value == high and leaf.get("high_included", True))
        return above and below
    limit = Fraction(leaf["value"])
    return {"gt": value > limit, "ge": value >= limit, "lt": value < limit, "le": value <= limit}[operator]
