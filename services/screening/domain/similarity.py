"""How alike two names are, between 0 and 1, and by what.

Chinese is compared with Chinese and Latin letters with Latin letters; other names, and names across scripts, are
the matter of `matching`. The score says how alike the writing is; what follows from it is the matter of the
list (see `screen`).
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from typing import Final

from rapidfuzz import fuzz

from services.screening.domain.names import Name, Script

_FOUR_PLACES: Final = Decimal("0.0001")
_FIGURES: Final = re.compile(r"[0-9]+|[一二三四五六七八九十百]+")
_NOTHING: Final = Decimal(0)


class Ground(StrEnum):
    """By what two names are alike."""

    SAME_NAME = "SAME_NAME"
    SAME_NAME_OTHER_FORM = "SAME_NAME_OTHER_FORM"
    SAME_LETTERS = "SAME_LETTERS"
    LISTED_NAME_WITHIN = "LISTED_NAME_WITHIN"
    SIMILAR_LETTERS = "SIMILAR_LETTERS"
    # Part by part, by sound, meaning or spelling, in the same script or another (see `matching`).
    SIMILAR_PARTS = "SIMILAR_PARTS"


@dataclass(frozen=True, slots=True)
class Likeness:
    """Score between 0 and 1 with four places, and its ground."""

    score: Decimal
    ground: Ground


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Scores and limits of the comparison; data, see reference/names.toml."""

    match: Decimal
    review_zh: Decimal
    review_en: Decimal
    same_core: Decimal
    same_short_core: Decimal
    contained: Decimal
    same_letters: Decimal
    highest_likeness: Decimal
    highest_with_other_figures: Decimal
    informative_zh: int
    informative_en: int

    def review(self, script: Script) -> Decimal:
        """From which score on a person looks."""
        return self.review_zh if script is Script.HAN else self.review_en

    def informative(self, name: Name) -> bool:
        """Whether the name without its legal form still tells one party from another."""
        shortest = self.informative_zh if name.script is Script.HAN else self.informative_en
        return len(name.letters) >= shortest


def compare(given: Name, listed: Name, thresholds: Thresholds) -> Likeness:
    """How alike a given name is to a listed one; 0 where they are written in different scripts."""
    if given.script is not listed.script:
        return Likeness(_NOTHING, Ground.SIMILAR_LETTERS)
    if given.words == listed.words:
        return Likeness(Decimal(1), Ground.SAME_NAME)
    if given.core == listed.core:
        score = thresholds.same_core if thresholds.informative(listed) else thresholds.same_short_core
        return Likeness(score, Ground.SAME_NAME_OTHER_FORM)
    alike = _letters_alike(given, listed, thresholds)
    if given.letters == listed.letters:
        return max(alike, Likeness(thresholds.same_letters, Ground.SAME_LETTERS), key=_score)
    if thresholds.informative(listed) and _within(listed, given):
        return max(alike, Likeness(thresholds.contained, Ground.LISTED_NAME_WITHIN), key=_score)
    return alike


def _score(likeness: Likeness) -> Decimal:
    return likeness.score


def _letters_alike(given: Name, listed: Name, thresholds: Thresholds) -> Likeness:
    ratio = fuzz.ratio(given.core_text, listed.core_text)
    if given.script is Script.LATIN:
        ratio = max(ratio, fuzz.token_sort_ratio(given.core_text, listed.core_text))
    other_figures = _FIGURES.findall(given.core_text) != _FIGURES.findall(listed.core_text)
    highest = thresholds.highest_with_other_figures if other_figures else thresholds.highest_likeness
    score = (Decimal(ratio) / 100).quantize(_FOUR_PLACES, ROUND_HALF_EVEN)
    return Likeness(min(score, highest), Ground.SIMILAR_LETTERS)


def _within(short: Name, long: Name) -> bool:
    """Whether one core stands within another: as a run of characters, or of whole words."""
    if short.script is Script.HAN:
        return short.letters in long.letters
    width = len(short.core)
    return any(long.core[at : at + width] == short.core for at in range(len(long.core) - width + 1))
