"""Finds entries by their terms in a text: equal, contained, part of, or alike.

Only an equal term says what the item is. Everything weaker proposes the entry to a person, because likeness
of words cannot tell a controlled item from a free one. Terms are found through the pairs of characters and the
words that they hold, so that a long list costs little more than a short one.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from rapidfuzz import fuzz, process

from services.classification.domain.entries import ControlEntry, TermKind
from services.classification.domain.text import Vocabulary, fold, has_han, segments, squash

_SHORTEST_HAN = 2
_SHORTEST_LATIN = 4
# A line longer than any name is prose, and prose is like nothing.
_LONGEST_LATIN = 200
_LONGEST_HAN = 120


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
        self._index_han()
        self._index_latin()

    def _index_han(self) -> None:
        self._han_equal: dict[str, list[_HanTerm]] = defaultdict(list)
        self._han_by_start: dict[str, list[_HanTerm]] = defaultdict(list)
        self._han_by_pair: dict[str, list[int]] = defaultdict(list)
        for number, term in enumerate(self._han):
            if term.names:
                self._han_equal[term.squashed].append(term)
                for pair in sorted(term.pairs):
                    self._han_by_pair[pair].append(number)
            # One character names a thing only where it stands alone.
            if len(term.squashed) >= _SHORTEST_HAN or not term.names:
                self._han_by_start[term.squashed[:_SHORTEST_HAN]].append(term)

    def _index_latin(self) -> None:
        self._latin_equal: dict[tuple[str, ...], list[_LatinTerm]] = defaultdict(list)
        self._latin_by_start: dict[str, list[_LatinTerm]] = defaultdict(list)
        self._latin_by_token: dict[str, list[int]] = defaultdict(list)
        self._named_latin: list[_LatinTerm] = [term for term in self._latin if term.names]
        for term in self._latin:
            self._latin_by_start[term.tokens[0]].append(term)
        for number, term in enumerate(self._named_latin):
            for tokens in {term.tokens, term.core} - {()}:
                self._latin_equal[tokens].append(term)
            for token in sorted(set(term.tokens)):
                self._latin_by_token[token].append(number)
        self._sorted_lines = [" ".join(sorted(term.tokens)) for term in self._named_latin]
        self._latin_unspaced: dict[str, list[_LatinTerm]] = defaultdict(list)
        for term in self._named_latin:
            self._latin_unspaced["".join(term.tokens)].append(term)

    def find(self, text: str, by_likeness: bool = True) -> Mapping[str, TextMatch]:
        """The nearest match of each entry in a text, by identifier.

        Prose is like every term in some part of it, and is not searched `by_likeness`.
        """
        best: dict[str, TextMatch] = {}

        def offer(match: TextMatch) -> None:
            known = best.get(match.identifier)
            if known is None or _nearness(match) > _nearness(known):
                best[match.identifier] = match

        parts = segments(text)
        if not parts:
            return best
        whole = fold(text)
        # A character newer than the tables of this Python is no letter to it, and nothing may be left.
        han = list(dict.fromkeys(filter(None, (squash(part) for part in (*parts, whole) if has_han(part)))))
        latin = list(dict.fromkeys(filter(None, (self._vocabulary.tokens(part) for part in (*parts, whole)))))
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

    def named_by(self, text: str) -> frozenset[str]:
        """Entries of which a term is the whole text, neutral words and figures apart."""
        found: list[TextMatch] = []
        han = [squash(fold(text))] if has_han(text) else []
        latin = [tokens for tokens in (self._vocabulary.tokens(text),) if tokens]
        self._equal(han, latin, found.append)
        return frozenset(match.identifier for match in found)

    def _equal(self, han: list[str], latin: list[tuple[str, ...]], offer: "_Offer") -> None:
        """Terms that are the text or a part of it, neutral words and figures at its ends apart."""
        for stage in {stage for squashed in han for stage in self._vocabulary.stages_of(squashed)}:
            for term in self._han_equal.get(stage, ()):
                offer(TextMatch(term.identifier, Closeness.EXACT, 1.0, term.squashed, term.text))
        lines = set(latin)
        lines.update(self._vocabulary.strip_neutral(tokens) for tokens in latin)
        lines.update(self._vocabulary.strip_figures(tokens) for tokens in latin)
        for line in lines:
            for latin_term in self._latin_equal.get(line, ()):
                offer(
                    TextMatch(latin_term.identifier, Closeness.EXACT, 1.0, latin_term.line, latin_term.text)
                )

    def _within_han(self, squashed: str) -> list["_Place"]:
        places: dict[tuple[str, str], _Place] = {}
        for start in range(len(squashed)):
            for key in (squashed[start : start + _SHORTEST_HAN], squashed[start]):
                for term in self._han_by_start.get(key, ()):
                    if squashed.startswith(term.squashed, start):
                        place = _Place(
                            start, start + len(term.squashed), term.identifier, term.squashed, term.text
                        )
                        places.setdefault((term.identifier, term.text), place)
                if len(squashed) - start == 1:
                    break
        return list(places.values())

    def _within_latin(self, tokens: tuple[str, ...]) -> list["_Place"]:
        return [
            _Place(start, start + len(term.tokens), term.identifier, term.line, term.text)
            for start, first in enumerate(tokens)
            for term in self._latin_by_start.get(first, ())
            if tokens[start : start + len(term.tokens)] == term.tokens
        ]

    def _alike_han(self, squashed: str, offer: "_Offer") -> None:
        core = list(self._vocabulary.stages_of(squashed))[-1]
        if not _SHORTEST_HAN <= len(core) <= _LONGEST_HAN:
            return
        pairs = _pairs(core)
        common: Counter[int] = Counter()
        for pair in pairs:
            common.update(self._han_by_pair.get(pair, ()))
        for number, shared in common.items():
            term = self._han[number]
            if shared == len(pairs) and core in term.squashed:
                share = len(core) / len(term.squashed)
                offer(TextMatch(term.identifier, Closeness.PARTIAL, share, core, term.text))
            likeness = 2 * shared / (len(pairs) + len(term.pairs))
            if likeness >= self._likeness.chinese:
                offer(TextMatch(term.identifier, Closeness.SIMILAR, likeness, core, term.text))

    def _alike_latin(self, tokens: tuple[str, ...], offer: "_Offer") -> None:
        core = self._vocabulary.strip_figures(tokens)
        line = " ".join(core)
        if not _SHORTEST_LATIN <= len(line) <= _LONGEST_LATIN:
            return
        for term in self._latin_unspaced.get("".join(core), ()):
            # Spaces that were lost, or stand where the entry has none.
            offer(TextMatch(term.identifier, Closeness.SIMILAR, 1.0, line, term.text))
        rarest = min((self._latin_by_token.get(token, ()) for token in core), key=len)
        for number in rarest:
            term = self._named_latin[number]
            if _stands_in(core, term.tokens):
                share = len(core) / len(term.tokens)
                offer(TextMatch(term.identifier, Closeness.PARTIAL, share, line, term.text))
        for _, ratio, number in process.extract_iter(
            " ".join(sorted(core)),
            self._sorted_lines,
            scorer=fuzz.ratio,
            score_cutoff=100 * self._likeness.english,
        ):
            term = self._named_latin[number]
            offer(TextMatch(term.identifier, Closeness.SIMILAR, ratio / 100, line, term.text))


_Offer = Callable[[TextMatch], None]


def _nearness(match: TextMatch) -> tuple[Closeness, float, str, str]:
    """What orders matches; the words themselves last, so that the order of loading does not show."""
    return match.closeness, match.share, match.entry_value, match.item_value


class _Place(NamedTuple):
    """Where a term stands in a text."""

    start: int
    end: int
    identifier: str
    item_value: str
    entry_value: str


def _offer_contained(places: Sequence[_Place], length: int, offer: _Offer) -> None:
    """Offers the terms found within a text; one that lies wholly within a longer one says nothing."""
    spans = sorted({(place.start, place.end) for place in places}, key=lambda span: (span[0], -span[1]))
    outer: set[tuple[int, int]] = set()
    reached = -1
    for start, end in spans:
        if end > reached:
            outer.add((start, end))
            reached = end
    for place in places:
        if (place.start, place.end) in outer:
            share = (place.end - place.start) / length
            offer(
                TextMatch(place.identifier, Closeness.CONTAINED, share, place.item_value, place.entry_value)
            )


def _stands_in(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Whether a run of tokens stands within another."""
    width = len(short)
    return any(long[at : at + width] == short for at in range(len(long) - width + 1))


def _pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters."""
    return frozenset(text[at : at + 2] for at in range(len(text) - 1))
