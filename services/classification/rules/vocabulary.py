"""The closed vocabulary of rules: every word a rule can be written with.

A node carries `position` (where it stands in the rule), `path` (where its words stand in the legal texts) and
`quote` (the words themselves; empty for groups that the law expresses by layout alone).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from services.classification.rules.intervals import Interval
from services.classification.rules.quantities import Quantity
from services.classification.rules.truth import Truth
from services.classification.rules.units import Unit


class Operator(StrEnum):
    """How a value is held against a limit."""

    GREATER = "gt"
    AT_LEAST = "ge"
    LESS = "lt"
    AT_MOST = "le"
    EQUAL = "eq"
    BETWEEN = "between"
    IN_SET = "in_set"
    # The range of the item and the range of the law have a value in common.
    OVERLAPS = "overlaps"
    # The range of the item covers that of the law.
    CONTAINS = "contains"
    # Better than the limit, in the direction in which the quantity is better; the limit itself is not.
    BETTER = "better"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node stands in its rule and where its words stand in the law."""

    position: str
    path: str
    quote: str


@dataclass(frozen=True, slots=True)
class Limit:
    """What the law allows or asks, in SI, with its printed form.

    `allowed` is one interval, or one for each value of a set. `otherwise` is the other reading of a limit of
    which the law does not say whether its own value is included. `near` are
    the neighbourhoods of its numbers in which a value counts as near.
    """

    operator: Operator
    unit: Unit
    written: str
    written_si: str
    allowed: tuple[Interval, ...]
    otherwise: tuple[Interval, ...] | None
    near: tuple[tuple[Fraction, Fraction], ...]


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    place: Place
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    place: Place
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold. `unless_shown`: an exclusion, taken not to apply until it is shown to."""

    place: Place
    part: "Node"
    unless_shown: bool


@dataclass(frozen=True, slots=True)
class Quantified:
    """`every` or some part of a list of the item meets a node."""

    place: Place
    list_name: str
    every: bool
    where: "Node"


@dataclass(frozen=True, slots=True)
class Reference:
    """Another entry controls the item."""

    place: Place
    code: str


@dataclass(frozen=True, slots=True)
class Subject:
    """The item is the thing that the entry describes, its limits apart."""

    place: Place
    identifier: str


@dataclass(frozen=True, slots=True)
class Word:
    """A characteristic has one of some values, or none of them.

    `clears`: having one of them can clear an item (under a negation, in a release), so that an item that has
    other values as well is not settled.
    """

    place: Place
    characteristic: str
    exclusive: bool
    values: frozenset[str]
    negated: bool
    clears: bool


@dataclass(frozen=True, slots=True)
class Judgement:
    """A question that a person answers for the item; `answer_key` names the item's answer.

    One that is `of_law` asks what the words of the law mean, and may be answered once for all.
    """

    place: Place
    question: str
    answer_key: str
    of_law: bool


@dataclass(frozen=True, slots=True)
class ContextIs:
    """The export has one of some values of a kind of context."""

    place: Place
    kind: str
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Measured:
    """A quantity keeps a limit, under stated test conditions, each with the figures that the law prints for it.

    `clearing`: the truth of this node that can clear an item; a figure taken with a reservation never gives it.
    `plausible`: what the figure of such a thing can be at all, where that is less than for the quantity.
    """

    place: Place
    quantity: Quantity
    limit: Limit
    conditions: tuple[tuple[str, tuple[Interval, ...]], ...]
    conditions_written: str
    clearing: Truth
    plausible: Interval | None


@dataclass(frozen=True, slots=True)
class Derived:
    """A quantity given as such, or computed over a list of the item as the sum of products, keeps a limit."""

    place: Place
    quantity: Quantity
    limit: Limit
    list_name: str
    factors: tuple[str, ...]


Node = (
    All | AnyOf | Not | Quantified | Reference | Subject | Word | Judgement | ContextIs | Measured | Derived
)


class Basis(StrEnum):
    """How an entry decides."""

    RULE = "rule"
    # The text names a thing without limits, or its limits are not held: it proposes and asks, never clears.
    DESCRIPTION = "description"


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of the law as a rule, in force from a day of law until the next version of it."""

    identifier: str
    control_code: str
    announcement: str
    basis: Basis
    control: Node
    decontrol: Node | None
    valid_from: date | None
    reading_zh: str
    reading_en: str


def walk(node: Node) -> Iterator[Node]:
    """A node and all nodes under it, each before its parts."""
    yield node
    if isinstance(node, All | AnyOf):
        for part in node.parts:
            yield from walk(part)
    elif isinstance(node, Not):
        yield from walk(node.part)
    elif isinstance(node, Quantified):
        yield from walk(node.where)
