"""The quantities and characteristics that rules speak of, by every name that people give them."""

from collections.abc import Collection, Iterable
from copy import copy
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from services.classification.domain.text import fold, squash
from services.classification.rules.intervals import Interval
from services.classification.rules.units import Dimension


class Better(StrEnum):
    """Which direction of a quantity is better, for limits such as 优于 (better than)."""

    LOWER = "lower"
    HIGHER = "higher"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A measurable property.

    `is_range`: an item has a span of it (a working wavelength), so that one figure does not state all of it.
    `accepts`: units to ask for. `plausible`: what it can be at all, in SI; a value outside is a mistake of
    unit and decides nothing. `stand_ins`: related quantities that may show a limit met and never show it
    missed. `upper_end_of`: the range whose upper end this is.
    """

    identifier: str
    name_zh: str
    name_en: str
    dimension: Dimension
    better: Better
    is_range: bool
    accepts: tuple[str, ...]
    plausible: Interval | None
    stand_ins: tuple[str, ...]
    upper_end_of: str


@dataclass(frozen=True, slots=True)
class Composite:
    """A size written as one product, and the quantities that its factors state, by their number.

    For three factors the quantities are in falling order of size: a block has no fixed orientation.
    """

    identifier: str
    parts: tuple[tuple[tuple[str, ...], ...], ...]


@dataclass(frozen=True, slots=True)
class Characteristic:
    """A property in words with its closed or open set of values, and those values in words of people.

    `exclusive`: an item has one value only, so that another value than the one asked means no.
    """

    identifier: str
    name_zh: str
    name_en: str
    exclusive: bool
    values: tuple[str, ...]
    values_zh: tuple[str, ...] = ()
    values_en: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A question for a person's judgement, in two languages.

    `per_entry`: its answer is one for each entry. `of_law`: it asks what the words of the law mean, so that one
    answer holds for every item; otherwise it asks for a fact of one item, and each item has its own.
    """

    identifier: str
    text_zh: str
    text_en: str
    per_entry: bool
    of_law: bool


Meaning = Quantity | Composite | Characteristic | Question


@lru_cache(maxsize=4096)
def name_key(text: str) -> str:
    """A name as looked up: simplified, lower case, without spaces, hyphens, underscores and brackets."""
    return squash(fold(text))


class Names:
    """What a name of a parameter means, and what a word means as the value of a characteristic."""

    def __init__(
        self,
        meanings: Iterable[tuple[str, Meaning]],
        values: Iterable[tuple[str, str, str]],
    ) -> None:
        self._meanings: dict[str, Meaning] = {}
        for name, meaning in meanings:
            known = self._meanings.setdefault(name_key(name), meaning)
            if known != meaning:
                raise ValueError(f"name {name!r} stands for {known.identifier} and {meaning.identifier}")
        self._values: dict[tuple[str, str], str] = {}
        for characteristic, word, value in values:
            known_value = self._values.setdefault((characteristic, name_key(word)), value)
            if known_value != value:
                raise ValueError(f"word {word!r} of {characteristic} stands for {known_value} and {value}")
        self.quantities = {
            meaning.identifier: meaning
            for meaning in self._meanings.values()
            if isinstance(meaning, Quantity)
        }
        self.characteristics = {
            meaning.identifier: meaning
            for meaning in self._meanings.values()
            if isinstance(meaning, Characteristic)
        }
        self.questions = {
            meaning.identifier: meaning
            for meaning in self._meanings.values()
            if isinstance(meaning, Question)
        }

    def with_questions(self, questions: Collection[Question]) -> "Names":
        """The same names, with more questions under their own identifiers."""
        other = copy(self)
        other._meanings = {**self._meanings, **{name_key(each.identifier): each for each in questions}}
        other.questions = {**self.questions, **{each.identifier: each for each in questions}}
        return other

    def meaning(self, name: str) -> Meaning | None:
        """What a parameter of this name states, or None."""
        return self._meanings.get(name_key(name))

    def names_of(self, identifier: str) -> tuple[str, ...]:
        """The names of a quantity, characteristic or question as they are looked up."""
        return tuple(key for key, meaning in self._meanings.items() if meaning.identifier == identifier)

    def value(self, characteristic: str, word: str) -> str | None:
        """The value of a characteristic that a word stands for, or None."""
        return self._values.get((characteristic, name_key(word)))
