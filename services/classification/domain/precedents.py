"""How reviewers classified items before, and which of it concerns an item like it.

A precedent proposes entries and never decides: the entries it names are examined like every other, and an item that
was held to be free of control says nothing of the next one.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from services.classification.domain.codes import HS_LENGTHS, normalise_control_code, normalise_hs_code
from services.classification.domain.index import ListIndex, Pointed, Pointer, PointerCode, PointerKind
from services.classification.domain.item import Item
from services.classification.domain.proposals import Precedents
from services.classification.domain.retrieval import TextCutter
from services.classification.domain.text import Vocabulary

# How much is added by the digits that two commodity codes share: a code covers many things, so that without a
# word in common two items are never alike by it alone. Policy of this platform, not law.
_HS_LIKENESS: Final[Mapping[int, float]] = {10: 0.5, 8: 0.4, 6: 0.25, 4: 0.1}
# From which likeness on the entries of a precedent are proposed, and from which one it is shown to a person.
LEAST_PROPOSED: Final = 0.6
LEAST_SHOWN: Final = 0.2
_PROPOSED_FROM: Final = 10


@dataclass(frozen=True, slots=True)
class Precedent:
    """What a reviewer decided about an item. No control code means that it was held not to be controlled.

    `subject` is "applications/<id>/<line>", `organisation` the 统一社会信用代码 of the applicant. Instants in UTC:
    `decided_at` when it was decided, `recorded_at` when it was kept here.
    """

    precedent_id: UUID
    subject: str
    item: Item
    control_codes: tuple[str, ...]
    reason: str
    decided_by: str
    decided_at: datetime
    recorded_at: datetime
    list_versions: tuple[str, ...]
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class Alike:
    """A precedent with its likeness to an item, between 0 and 1; it orders, and decides nothing."""

    precedent: Precedent
    score: float


class PrecedentIndex:
    """Precedents by the words of their items; immutable once built, shared by every thread.

    The likeness of two items rests on these two alone, so that what is known at an instant is found in the same
    order whatever was recorded later.
    """

    def __init__(self, precedents: Iterable[Precedent], vocabulary: Vocabulary) -> None:
        self._cutter = TextCutter((), vocabulary)
        # The newest first among equals.
        self._precedents = sorted(
            precedents, key=lambda each: (each.decided_at, each.precedent_id), reverse=True
        )
        self._postings: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        self._sizes: dict[tuple[str, int], int] = {}
        for number, precedent in enumerate(self._precedents):
            for text, tokens in self._texts(precedent.item):
                self._sizes[text, number] = len(tokens)
                for token in tokens:
                    self._postings[text, token].append(number)

    def find(
        self, item: Item, most: int, least: float = LEAST_SHOWN, known_at: datetime | None = None
    ) -> list[Alike]:
        """The most alike first, at most so many; with `known_at` those that were recorded by that instant."""
        likeness: dict[int, float] = {}
        for text, tokens in self._texts(item):
            shared = Counter(number for token in tokens for number in self._postings.get((text, token), ()))
            for number, count in shared.items():
                # Dice: shared words against those of both.
                alike = 2 * count / (len(tokens) + self._sizes[text, number])
                likeness[number] = max(alike, likeness.get(number, 0.0))
        found = []
        for number, words in likeness.items():
            precedent = self._precedents[number]
            if known_at is not None and precedent.recorded_at > known_at:
                continue
            score = words + (1 - words) * words * _hs_likeness(item.hs_code, precedent.item.hs_code)
            if score >= least:
                found.append((-round(score, 9), number))
        return [Alike(self._precedents[number], -score) for score, number in sorted(found)[:most]]

    def proposing(self, index: ListIndex, known_at: datetime | None = None) -> Precedents:
        """The source of candidates of one list: entries that were decided for like items."""

        def propose(item: Item) -> Iterable[Pointed]:
            for alike in self.find(item, _PROPOSED_FROM, LEAST_PROPOSED, known_at):
                precedent = alike.precedent
                for code in precedent.control_codes:
                    entry = index.entry(normalise_control_code(code) or code)
                    if entry is not None:
                        yield (
                            entry.identifier,
                            Pointer(
                                PointerKind.PRECEDENT,
                                PointerCode.PRECEDENT,
                                precedent.item.name_zh or precedent.item.name_en,
                                entry.code,
                                index.policy.weights[PointerCode.PRECEDENT] * alike.score,
                                from_description=True,
                            ),
                        )

        return propose

    def _texts(self, item: Item) -> list[tuple[str, frozenset[str]]]:
        """The words of the name in each language; of the description where there is no name."""
        texts = {"zh": item.name_zh, "en": item.name_en}
        if not any(texts.values()):
            texts = {"description": item.description}
        return [
            (text, tokens) for text, words in texts.items() if (tokens := frozenset(self._cutter.cut(words)))
        ]


def _hs_likeness(one: str, other: str) -> float:
    first, second = normalise_hs_code(one) or "", normalise_hs_code(other) or ""
    for length in HS_LENGTHS:
        if len(first) >= length and first[:length] == second[:length]:
            return _HS_LIKENESS[length]
    return 0.0
