"""Rules with one word changed: each must be told from the rule of the law by some case."""

import copy
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from services.classification.rules.numerals import as_written

_COMPARISONS = ("gt", "ge", "lt", "le")


def mutants(body: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every rule that differs from a rule in one operator, one limit, one word or one connective."""
    for trail, node in _nodes(body):
        for name, changed in _changes(node):
            if name == "boundary open" and _says_the_same(body, trail):
                continue
            mutant = copy.deepcopy(body)
            yield f"{'.'.join(map(str, trail))} {name}", _replaced(mutant, trail, changed)


def _says_the_same(body: Any, trail: tuple[Any, ...]) -> bool:
    """Of an exclusion that must be shown, the limit itself shows nothing, be it left out or left open."""
    node = parent = body
    for step in trail:
        parent, node = node, node[step]
    is_shown = isinstance(parent, Mapping) and parent.get("unless_shown")
    return bool(is_shown) and node["operator"] in ("lt", "gt")


def _nodes(node: Any, trail: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Mapping[str, Any]]]:
    yield trail, node
    for group in ("all", "any"):
        for number, part in enumerate(node.get(group, ())):
            yield from _nodes(part, (*trail, group, number))
    if "not" in node:
        yield from _nodes(node["not"], (*trail, "not"))


def _replaced(root: Any, trail: tuple[Any, ...], changed: Any) -> Any:
    if not trail:
        return changed
    place = root
    for step in trail[:-1]:
        place = place[step]
    place[trail[-1]] = changed
    return root


def _changes(node: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for group, other in (("all", "any"), ("any", "all")):
        if len(node.get(group, ())) > 1:
            yield f"{group} to {other}", {**_without(node, group), other: node[group]}
            for number in range(len(node[group])):
                rest = node[group][:number] + node[group][number + 1 :]
                yield f"without part {number}", {**node, group: rest}
    if "not" in node:
        yield "without not", node["not"]
        yield "exclusion turned", {**node, "unless_shown": not node.get("unless_shown", False)}
    if "in" in node and "fact" in node:
        yield "in to not in", {**_without(node, "in"), "not_in": node["in"]}
    if "operator" in node:
        yield from _limit_changes(node)


def _limit_changes(node: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    operator = node["operator"]
    if operator in _COMPARISONS:
        plain = _without(node, "boundary")
        for other in _COMPARISONS:
            if other != operator:
                yield f"{operator} to {other}", {**plain, "operator": other}
        if "boundary" in node:
            yield "boundary stated", plain
        else:
            yield "boundary open", {**node, "boundary": "unresolved"}
    if operator in ("between", "overlaps"):
        for end in ("low_included", "high_included"):
            yield f"{end} turned", {**node, end: not node.get(end, True)}
        other = "overlaps" if operator == "between" else "between"
        yield f"{operator} to {other}", {**node, "operator": other}
    if operator == "better":
        yield "better to worse", {**node, "operator": "gt"}
    if operator == "in_set":
        yield "one of the set left out", {**node, "values": node["values"][1:]}
    for key in ("value", "low", "high"):
        if key in node:
            moved = as_written(Fraction(node[key]) * Fraction(101, 100))
            if node["unit"] not in ("%", "wt%") or Fraction(moved) < 100:
                yield f"{key} moved", {**node, key: moved}


def _without(node: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in node.items() if name != key}
