"""What an evaluation found, node by node, in words of the law."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from services.classification.rules.facts import Interpretation
from services.classification.rules.faults import Fault
from services.classification.rules.truth import Truth
from services.classification.rules.vocabulary import Place, Rule


class NodeKind(StrEnum):
    """What a node of a rule is."""

    ALL = "all"
    ANY = "any"
    NOT = "not"
    EXISTS = "exists"
    FORALL = "forall"
    REFERENCE = "ref"
    SUBJECT = "subject"
    FACT = "fact"
    JUDGE = "judge"
    CONTEXT = "context"
    QUANTITY = "quantity"
    DERIVED = "derived"


@dataclass(frozen=True, slots=True)
class Finding:
    """One node with its truth.

    `about` is what it asks for: the quantity, characteristic, question, code or list. `given` is what was
    stated, as written; `given_si` the same in SI. `limit` and `limit_si` are what the law says. `accepts` are
    units to state it in, `condition` the test condition. `near_limit`: within five percent of the limit.
    """

    kind: NodeKind
    place: Place
    truth: Truth
    about: str = ""
    given: str = ""
    given_si: str = ""
    limit: str = ""
    limit_si: str = ""
    accepts: tuple[str, ...] = ()
    condition: str = ""
    near_limit: bool = False
    faults: tuple[Fault, ...] = ()
    interpretation: Interpretation | None = None
    parts: tuple["Finding", ...] = ()

    def walk(self) -> Iterator["Finding"]:
        """This finding and all under it, each before its parts."""
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclass(frozen=True, slots=True)
class Missing:
    """What would settle an entry: what is asked, where the law asks it, and how it can be stated."""

    kind: NodeKind
    about: str
    path: str
    quote: str
    limit: str
    accepts: tuple[str, ...]
    condition: str
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The answer of one rule for one item.

    `truth` is of the control text; `decontrol` is None where the entry releases nothing or where control does
    not hold, since a release is read only after control.
    """

    rule: Rule
    truth: Truth
    decontrol: Truth | None
    tree: Finding
    decontrol_tree: Finding | None

    @property
    def missing(self) -> tuple[Missing, ...]:
        """What would settle the entry, control before release."""
        missing = missing_of(self.tree)
        return missing if self.decontrol_tree is None else missing + missing_of(self.decontrol_tree)


def missing_of(tree: Finding) -> tuple[Missing, ...]:
    """The unknown leaves that can still change the truth of a tree, in the order of the rule, each once."""
    found: dict[tuple[NodeKind, str, str], Missing] = {}
    for leaf in _open_leaves(tree):
        found.setdefault(
            (leaf.kind, leaf.about, leaf.place.quote),
            Missing(
                leaf.kind,
                leaf.about,
                leaf.place.path,
                leaf.place.quote,
                leaf.limit,
                leaf.accepts,
                leaf.condition,
                leaf.faults,
            ),
        )
    return tuple(found.values())


def _open_leaves(finding: Finding) -> list[Finding]:
    open_leaves: list[Finding] = []
    waiting = [finding]
    while waiting:
        found = waiting.pop()
        if found.truth is Truth.UNKNOWN:
            if not found.parts:
                open_leaves.append(found)
            waiting.extend(reversed(found.parts))
    return open_leaves
