"""Finds entries by their terms in a text: equal, contained, part of, or alike.

Only an equal term says what the item is. Everything weaker proposes the entry to a person, because likeness
of words cannot tell a controlled item from a free one.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum

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
                else:
                    tokens = vocabulary.tokens(term.text)
                    line = " ".join(tokens)
                    self._latin.append(_LatinTerm(entry.identifier, term.text, tokens, line, names))

    def find(self, text: str) -> Mapping[str, TextMatch]:
        """The nearest match of each entry in a text, by identifier."""
        best: dict[str, TextMatch] = {}

        def offer(match: TextMatch) -> None:
            known = best.get(match.identifier)
            if known is None or (match.closeness, match.share) > (known.closeness, known.share):
                best[match.identifier] = match

        parts = segments(text)
        if not parts:
            return best
        if has_han(text):
            self._find_han(fold(text), parts, offer)
        self._find_latin(fold(text), parts, offer)
        if any(match.closeness is Closeness.EXACT for match in best.values()):
            return {name: match for name, match in best.items() if match.closeness >= Closeness.CONTAINED}
        return best

    def _find_han(self, whole: str, parts: tuple[str, ...], offer: "_Offer") -> None:
        # A character newer than the tables of this Python is no letter to it, and nothing may be left.
        candidates = dict.fromkeys(filter(None, (squash(part) for part in (*parts, whole) if has_han(part))))
        stages = {stage for candidate in candidates for stage in self._vocabulary.stages_of(candidate)}
        for term in self._han:
            if term.names and term.squashed in stages:
                offer(TextMatch(term.identifier, Closeness.EXACT, 1.0, term.squashed, term.text))
        for candidate in candidates:
            self._contained_han(candidate, offer)
            core = list(self._vocabulary.stages_of(candidate))[-1]
            pairs = _pairs(core)
            for term in (term for term in self._han if term.names):
                if len(core) >= _SHORTEST_HAN and core in term.squashed and core != term.squashed:
                    share = len(core) / len(term.squashed)
                    offer(TextMatch(term.identifier, Closeness.PARTIAL, share, core, term.text))
                likeness = _likeness(pairs, term.pairs)
                if likeness >= self._likeness.chinese:
                    offer(TextMatch(term.identifier, Closeness.SIMILAR, likeness, core, term.text))

    def _contained_han(self, candidate: str, offer: "_Offer") -> None:
        """Terms within the text; one that lies wholly within a longer term found there says nothing."""
        found = [
            (start, start + len(term.squashed), term)
            for term in self._han
            if (start := candidate.find(term.squashed)) >= 0
        ]
        for start, end, term in found:
            if not any(
                left <= start and end <= right and right - left > end - start for left, right, _ in found
            ):
                share = len(term.squashed) / len(candidate)
                offer(TextMatch(term.identifier, Closeness.CONTAINED, share, term.squashed, term.text))

    def _find_latin(self, whole: str, parts: tuple[str, ...], offer: "_Offer") -> None:
        vocabulary = self._vocabulary
        lines = [tokens for part in (*parts, whole) if (tokens := vocabulary.tokens(part))]
        exact = set(lines) | {vocabulary.strip_tokens(tokens) for tokens in lines}
        for term in self._latin:
            if not term.names:
                continue
            if term.tokens in exact or vocabulary.strip_tokens(term.tokens) in exact - {()}:
                offer(TextMatch(term.identifier, Closeness.EXACT, 1.0, term.line, term.text))
        for tokens in lines:
            self._contained_latin(tokens, offer)
            core = vocabulary.strip_tokens(tokens)
            line = " ".join(core)
            if len(line) < _SHORTEST_LATIN:
                continue
            for term in (term for term in self._latin if term.names):
                if len(core) < len(term.tokens) and _start_of(core, term.tokens) >= 0:
                    share = len(core) / len(term.tokens)
                    offer(TextMatch(term.identifier, Closeness.PARTIAL, share, line, term.text))
                likeness = fuzz.token_sort_ratio(line, term.line) / 100
                if likeness >= self._likeness.english:
                    offer(TextMatch(term.identifier, Closeness.SIMILAR, likeness, line, term.text))

    def _contained_latin(self, tokens: tuple[str, ...], offer: "_Offer") -> None:
        found = [
            (start, start + len(term.tokens), term)
            for term in self._latin
            if (start := _start_of(term.tokens, tokens)) >= 0
        ]
        for start, end, term in found:
            if not any(
                left <= start and end <= right and right - left > end - start for left, right, _ in found
            ):
                share = len(term.tokens) / len(tokens)
                offer(TextMatch(term.identifier, Closeness.CONTAINED, share, term.line, term.text))


_Offer = Callable[[TextMatch], None]


def _start_of(short: tuple[str, ...], long: tuple[str, ...]) -> int:
    """Where a run of tokens begins within another; -1 where it does not."""
    width = len(short)
    return next((at for at in range(len(long) - width + 1) if long[at : at + width] == short), -1)


def _pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters."""
    return frozenset(text[at : at + 2] for at in range(len(text) - 1))


def _likeness(left: frozenset[str], right: frozenset[str]) -> float:
    """Share of common pairs (Dice), between 0 and 1."""
    return 2 * len(left & right) / (len(left) + len(right)) if left and right else 0.0
