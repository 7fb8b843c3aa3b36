"""Ranks entries by the words that their text shares with the text of an item (Okapi BM25).

Chinese is cut into the list's own terms and into pairs of neighbouring characters, English into words and pairs
of words, and figures stand for themselves with one decimal sign. A rank proposes; it never says what an item is.
"""

import math
import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from services.classification.domain.text import Vocabulary, fold, segments

# The usual saturation and length parameters (Robertson and Zaragoza, 2009).
_SATURATION: Final = 1.2
_LENGTH: Final = 0.75
# A word that stands in so large a part of the texts tells them apart no more.
_COMMON: Final = 0.25
_FEW: Final = 50
_HAN_RUN: Final = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]+")
# A letter alone numbers a line or a model.
_LATIN_WORD: Final = re.compile(r"[a-z][a-z0-9]+")
# A single digit numbers a line; more of them are a figure of the law.
_FIGURE: Final = re.compile(r"(?<![0-9a-z.,])[0-9]+(?:[.,][0-9]+|[0-9])(?![0-9])")
_LONGEST_TERM: Final = 12


@dataclass(frozen=True, slots=True)
class Ranked:
    """A text that shares words with the query: `share` is how much of the query's weight it covers."""

    identifier: str
    score: float
    share: float


class TextCutter:
    """Cuts texts into the tokens that are compared."""

    def __init__(self, terms: Iterable[str], vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._terms = frozenset(
            term for text in terms for term in _HAN_RUN.findall(fold(text)) if 2 < len(term) <= _LONGEST_TERM
        )

    def cut(self, text: str) -> list[str]:
        """The tokens of a text: terms of the list, pairs of characters, words."""
        folded = " ".join(segments(text))
        tokens: list[str] = []
        for run in _HAN_RUN.findall(folded):
            tokens.extend(run[at : at + 2] for at in range(len(run) - 1))
            if len(run) == 1:
                tokens.append(run)
            tokens.extend(self._terms_in(run))
        words = [
            word
            for word in self._vocabulary.tokens(" ".join(_LATIN_WORD.findall(folded)))
            if word not in self._vocabulary.neutral_en
        ]
        tokens.extend(words)
        tokens.extend(f"{one} {next_one}" for one, next_one in pairwise(words))
        tokens.extend("#" + figure.replace(",", ".") for figure in _FIGURE.findall(fold(text)))
        return tokens

    def _terms_in(self, run: str) -> Iterator[str]:
        for start in range(len(run)):
            for end in range(min(len(run), start + _LONGEST_TERM), start + 2, -1):
                if run[start:end] in self._terms:
                    yield "=" + run[start:end]
                    break


class TextRanking:
    """The texts of one list version, kept in memory; immutable once built."""

    def __init__(self, texts: Mapping[str, str], cutter: TextCutter) -> None:
        self._cutter = cutter
        # In the order of the identifiers, so that the order of loading does not show.
        self._identifiers = sorted(texts)
        counts = [Counter(cutter.cut(texts[identifier])) for identifier in self._identifiers]
        lengths = [counted.total() for counted in counts]
        mean = sum(lengths) / len(lengths) if sum(lengths) else 1.0
        frequency: Counter[str] = Counter()
        for counted in counts:
            frequency.update(counted.keys())
        total = len(counts)
        most = max(_FEW, _COMMON * total)
        self._weight = {
            token: math.log(1 + (total - count + 0.5) / (count + 0.5))
            for token, count in frequency.items()
            if count <= most
        }
        self._unseen = math.log(1 + (total + 0.5) / 0.5)
        self._postings: dict[str, tuple[array[int], array[float]]] = {}
        collected: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, (counted, length) in enumerate(zip(counts, lengths, strict=True)):
            norm = _SATURATION * (1 - _LENGTH + _LENGTH * length / mean)
            for token, count in counted.items():
                if token in self._weight:
                    impact = self._weight[token] * count * (_SATURATION + 1) / (count + norm)
                    collected[token].append((number, impact))
        for token, found in collected.items():
            self._postings[token] = (
                array("l", (number for number, _ in found)),
                array("d", (impact for _, impact in found)),
            )
        self._common = frozenset(frequency) - frozenset(self._weight)

    def rank(self, texts: Sequence[str], most: int) -> list[Ranked]:
        """The nearest texts to a query, at most so many; equal scores by identifier."""
        tokens = sorted({token for text in texts for token in self._cutter.cut(text)} - self._common)
        # Pairs of words and figures that no text has say nothing about how much is covered.
        reachable = (_SATURATION + 1) * sum(
            self._weight.get(token, 0.0 if token.startswith("#") or " " in token else self._unseen)
            for token in tokens
        )
        scores: defaultdict[int, float] = defaultdict(float)
        for token in tokens:
            if token in self._postings:
                for number, impact in zip(*self._postings[token], strict=True):
                    scores[number] += impact
        # Rounded, so that the order of additions cannot show in a tie.
        best = sorted(scores.items(), key=lambda found: (-round(found[1], 9), found[0]))[:most]
        return [
            Ranked(self._identifiers[number], score, score / reachable) for number, score in best if reachable
        ]
