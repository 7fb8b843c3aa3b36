"""Finds entries by their terms in a text: equal, contained, part of, or alike.

Only an equal term says what the item is. Everything weaker proposes the entry to a person, because likeness
of words cannot tell a controlled item from a free one.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from rapidfuzz import fuzz

from services.classification.domain.entries import ControlEntry, TermKind
from services.classification.domain.text import Vocabulary, fold, has_han, segments, squash

_SHORTEST_HAN = 2
_SHORTEST_LATIN = 4


class Closeness(IntEnum):
    """How near a term of an entry is to the text, from likeness to equality."""

    SIMILAR = 1
    PARTIAL = 2
    CONTAINED = 3
    EXACT = 4


@dataclass(frozen=True, slots=True)
class TextMatch:
    """The nearest term of one entry: `share` between 0 and 1 is how much of the longer text it covers."""

    identifier: str
    closeness: Closeness
    share: float
    item_value: str
    entry_value: str


@dataclass(frozen=True, slots=True)
class _HanTerm:
    identifier: str
    text: str
    squashed: str
    pairs: frozenset[str]
    names: bool


@dataclass(frozen=True, slots=True)
class _LatinTerm:
    identifier: str
    text: str
    tokens: tuple[str, ...]
    # Without neutral words, but with figures: a code or a position in a molecule is part of the name.
    core: tuple[str, ...]
    line: str
    names: bool


@dataclass(frozen=True, slots=True)
class Likeness:
    """From which likeness on, between 0 and 1, an entry is proposed without any term in common."""

    chinese: float
    english: float


class TermIndex:
    """The terms of one list version, kept in memory; immutable once built."""

    def __init__(self, entries: Iterable[ControlEntry], vocabulary: Vocabulary, likeness: Likeness) -> None:
        self._vocabulary = vocabulary
        self._likeness = likeness
        self._han: list[_HanTerm] = []
        self._latin: list[_LatinTerm] = []
        for entry in entries:
            for term in entry.terms:
                if term.kind is TermKind.CAS_NUMBER:
                    continue
                names = term.kind is not TermKind.RELATED
                if has_han(term.text):
                    squashed = squash(fold(term.text))
                    self._han.append(_HanTerm(entry.identifier, term.text, squashed, _pairs(squashed), names))
                elif tokens := vocabulary.tokens(term.text):
                    core, line = vocabulary.strip_neutral(tokens), " ".join(tokens)
                    self._latin.append(_LatinTerm(entry.identifier, term.text, tokens, core, line, names))
        self._latin_by_first_token: dict[str, list[_LatinTerm]] = defaultdict(list)
        for latin in self._latin:
            self._latin_by_first_token[latin.tokens[0]].append(latin)

    def find(self, text: str, by_likeness: bool = True) -> Mapping[str, TextMatch]:
        """The nearest match of each entry in a text, by identifier.

        Prose is like every term in some part of it, and is not searched `by_likeness`.
        """
        best: dict[str, TextMatch] = {}

        def offer(match: TextMatch) -> None:
            known = best.get(match.identifier)
            if known is None or (match.closeness, match.share) > (known.closeness, known.share):
                best[match.identifier] = match

        parts = segments(text)
        if not parts:
            return best
        whole = fold(text)
        # A character newer than the tables of this Python is no letter to it, and nothing may be left.
        han = list(dict.fromkeys(filter(None, (squash(part) for part in (*parts, whole) if has_han(part)))))
        latin = list(dict.fromkeys(filter(None, map(self._vocabulary.tokens, (*parts, whole)))))
        self._equal(han, latin, offer)
        for squashed in han:
            _offer_contained(self._within_han(squashed), len(squashed), offer)
        for tokens in latin:
            _offer_contained(self._within_latin(tokens), len(tokens), offer)
        if by_likeness and not any(match.closeness is Closeness.EXACT for match in best.values()):
            for squashed in han:
                self._alike_han(squashed, offer)
            for tokens in latin:
                self._alike_latin(tokens, offer)
        return best

    def _equal(self, han: list[str], latin: list[tuple[str, ...]], offer: "_Offer") -> None:
        """Terms that are the text or a part of it, neutral words and figures at its ends apart."""
        stages = {stage for squashed in han for stage in self._vocabulary.stages_of(squashed)}
        for term in self._han:
            if term.names and term.squashed in stages:
                offer(TextMatch(term.identifier, Closeness.EXACT, 1.0, term.squashed, term.text))
        lines = set(latin)
        lines.update(self._vocabulary.strip_neutral(tokens) for tokens in latin)
        lines.update(self._vocabulary.strip_figures(tokens) for tokens in latin)
        lines.discard(())
        for latin_term in self._latin:
            if latin_term.names and (latin_term.tokens in lines or latin_term.core in lines):
                offer(
                    TextMatch(latin_term.identifier, Closeness.EXACT, 1.0, latin_term.line, latin_term.text)
                )

    def _within_han(self, squashed: str) -> list["_Place"]:
        return [
            _Place(start, start + len(term.squashed), term.identifier, term.squashed, term.text)
            for term in self._han
            if (start := squashed.find(term.squashed)) >= 0
        ]

    def _within_latin(self, tokens: tuple[str, ...]) -> list["_Place"]:
        return [
            _Place(start, start + len(term.tokens), term.identifier, term.line, term.text)
            for start, first in enumerate(tokens)
            for term in self._latin_by_first_token.get(first, ())
            if tokens[start : start + len(term.tokens)] == term.tokens
        ]

    def _alike_han(self, squashed: str, offer: "_Offer") -> None:
        core = list(self._vocabulary.stages_of(squashed))[-1]
        pairs = _pairs(core)
        for term in self._han:
            if not term.names:
                continue
            if len(core) >= _SHORTEST_HAN and core in term.squashed:
                share = len(core) / len(term.squashed)
                offer(TextMatch(term.identifier, Closeness.PARTIAL, share, core, term.text))
            likeness = _likeness(pairs, term.pairs)
            if likeness >= self._likeness.chinese:
                offer(TextMatch(term.identifier, Closeness.SIMILAR, likeness, core, term.text))

    def _alike_latin(self, tokens: tuple[str, ...], offer: "_Offer") -> None:
        core = self._vocabulary.strip_figures(tokens)
        line = " ".join(core)
        if len(line) < _SHORTEST_LATIN:
            return
        for term in self._latin:
            if not term.names:
                continue
            if _stands_in(core, term.tokens):
                share = len(core) / len(term.tokens)
                offer(TextMatch(term.identifier, Closeness.PARTIAL, share, line, term.text))
            likeness = fuzz.token_sort_ratio(line, term.line) / 100
            if likeness >= self._likeness.english:
                offer(TextMatch(term.identifier, Closeness.SIMILAR, likeness, line, term.text))


_Offer = Callable[[TextMatch], None]


class _Place(NamedTuple):
    """Where a term stands in a text."""

    start: int
    end: int
    identifier: str
    item_value: str
    entry_value: str


def _offer_contained(places: list[_Place], length: int, offer: _Offer) -> None:
    """Offers the terms found within a text; one that lies wholly within a longer one says nothing."""
    for place in places:
        width = place.end - place.start
        if not any(
            other.start <= place.start and place.end <= other.end and other.end - other.start > width
            for other in places
        ):
            offer(
                TextMatch(
                    place.identifier,
                    Closeness.CONTAINED,
                    width / length,
                    place.item_value,
                    place.entry_value,
                )
            )


def _stands_in(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Whether a run of tokens stands within another."""
    width = len(short)
    return any(long[at : at + width] == short for at in range(len(long) - width + 1))


def _pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters."""
    return frozenset(text[at : at + 2] for at in range(len(text) - 1))


def _likeness(left: frozenset[str], right: frozenset[str]) -> float:
    """Share of common pairs (Dice), between 0 and 1."""
    return 2 * len(left & right) / (len(left) + len(right)) if left and right else 0.0
