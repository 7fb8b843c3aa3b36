"""What a paper is about: everything it says follows from this and from nothing else."""

from dataclasses import dataclass
from datetime import date

from services.classification.domain.item import Item
from services.classification.service import Answer, FoundCandidate


@dataclass(frozen=True, slots=True)
class Rested:
    """What the evaluation rests on: the legal day, the lists, the encoded rules, the interpretations recorded.

    `rules` names the content of the encoded rules; `interpretations` is the number of the newest that counts, 0
    where there is none.
    """

    as_of: date
    list_versions: tuple[str, ...]
    rules: str
    interpretations: int


@dataclass(frozen=True, slots=True)
class Described:
    """The product as its exporter describes it; `organisation` is a 统一社会信用代码 (GB 32100).

    `code_of_family` says that the control code of the item is the default of its family, not a claim of its own.
    """

    organisation: str
    article_number: str
    family: str
    item: Item
    code_of_family: bool = False


@dataclass(frozen=True, slots=True)
class ComparisonFacts:
    """A product held against one entry."""

    described: Described
    rested: Rested
    found: FoundCandidate


@dataclass(frozen=True, slots=True)
class StatementFacts:
    """A product held against all entries."""

    described: Described
    rested: Rested
    answer: Answer


PaperFacts = ComparisonFacts | StatementFacts
