"""What the rule of an entry says of an item, in the terms that outcome, questions and papers need."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from services.classification.domain.entries import ControlEntry
from services.classification.domain.item import Item
from services.classification.rules.truth import Truth


@dataclass(frozen=True, slots=True)
class Condition:
    """One line of the tree of a rule: the law's words, what was given, the limit, and whether it holds.

    `depth` is 0 at the root; `word` names what joins the lines below it or compares (all, any, not, ...);
    `about` is the quantity, characteristic, question or code, and `asked_zh` and `asked_en` are its names, empty
    where the line only joins others. `interpretation` is the basis of the one that settled the line, empty where
    none did.
    """

    depth: int
    path: str
    word: str
    about: str
    quote: str
    given: str
    limit: str
    truth: Truth
    near_limit: bool
    faults: tuple[str, ...] = ()
    interpretation: str = ""
    asked_zh: str = ""
    asked_en: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """What would settle a rule: a quantity or a fact, with its names and the words of the law that ask for it.

    `is_question` says that the names are whole questions for a person's judgement.
    """

    key: str
    is_question: bool
    name_zh: str
    name_en: str
    quote: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """The evaluation of one rule: `released` is None where the entry releases nothing."""

    truth: Truth
    released: Truth | None
    conditions: tuple[Condition, ...]
    missing: tuple[Missing, ...]


class Judge(Protocol):
    """Evaluates the rules of the entries for one item."""

    def __call__(self, entry: ControlEntry, is_described: bool) -> Ruling | None:
        """The ruling; None where no rule is encoded for the entry.

        `is_described` says that the item is the thing that the entry describes, limits apart; otherwise that is
        not known. That it is another thing is never concluded.
        """
        ...


class JudgeOfItems(Protocol):
    """Prepares the evaluation of an item: reading its parameters is done once for all entries."""

    def __call__(self, item: Item, as_of: date) -> Judge:
        """The judge for one item on a legal day."""
        ...


def no_rules(item: Item, as_of: date) -> Judge:
    """For a list without encoded rules: every entry decides by description."""
    return lambda entry, is_described: None
