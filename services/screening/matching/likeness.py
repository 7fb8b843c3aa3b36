"""How alike two parts of names are, in thousandths, and by what."""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from services.screening.matching.parts import Part
from services.screening.matching.sounds import Ints, Sounds, Spelt
from services.screening.matching.text import Script
from services.screening.matching.words import Kind

SAME: Final = 1000
LOWEST: Final = 480

_SAME_MEANING: Final = 950
_SAME_GIVEN_NAME: Final = 920
SAME_SPELLING: Final = 985
SAME_SOUND: Final = 975
_INITIAL: Final = 620
SHORTENED: Final = 640
SAME_STEM: Final = 930
_SHORTEST_STEM: Final = 4
_ADJECTIVE: Final = re.compile(
    r"(?:sk(?:iy|ij|ii|yi|yj|y|i|aya|aia|aja|oe|oye|oje|ogo|oy|oi|oj|om)|ск(?:ий|ая|ое|ие|ого|ой|ом|ых|ому))$"
)
_SHORTEST_SHORTENED: Final = 3
WRONG_LETTER: Final = 950
SHORTEST_MISSPELT: Final = 3
_MISSPELT_FORM: Final = 850
_SHORTEST_MISSPELT_FORM: Final = 3
_FIXED: Final = (Kind.FORM, Kind.HONORIFIC)
_NOT_BY_LETTERS: Final = (Kind.NUMBER, Kind.PARTICLE, Kind.HONORIFIC)
WORTH_ANOTHER_LOOK: Final = 250
# Scripts whose usual Latin spelling leaves much open: the other way round is surer.
UNCERTAIN: Final = (Script.HAN, Script.KANA, Script.HANGUL, Script.ARABIC, Script.HEBREW)
CHARACTERS: Final = (Script.HAN, Script.KANA, Script.HANGUL)


class Way(StrEnum):
    """By what two parts are alike."""

    SAME = "SAME"
    SAME_MEANING = "SAME_MEANING"
    SAME_NAME_OTHER_FORM = "SAME_NAME_OTHER_FORM"
    SAME_SOUND = "SAME_SOUND"
    SIMILAR_SOUND = "SIMILAR_SOUND"
    SIMILAR_LETTERS = "SIMILAR_LETTERS"
    INITIAL = "INITIAL"
    SHORTENED = "SHORTENED"
    SAME_STEM = "SAME_STEM"
    ABBREVIATED = "ABBREVIATED"
    DIVIDED_OTHERWISE = "DIVIDED_OTHERWISE"


def known_likeness(one: Part, other: Part) -> tuple[int, Way] | None:
    """The likeness where it needs no tables of sounds; None where those decide."""
    if one.text == other.text:
        return SAME, Way.SAME
    if one.concept and one.concept == other.concept:
        if one.kind is Kind.GIVEN:
            return _SAME_GIVEN_NAME, Way.SAME_NAME_OTHER_FORM
        return _SAME_MEANING, Way.SAME_MEANING
    if (one.kind in _FIXED) is not (other.kind in _FIXED):
        # A misspelt legal form or title; otherwise it has nothing in common with a name.
        is_misspelt = _is_misspelt(one.text, other.text)
        return (_MISSPELT_FORM if is_misspelt else 0), Way.SIMILAR_LETTERS
    if one.kind in _NOT_BY_LETTERS or other.kind in _NOT_BY_LETTERS:
        return 0, Way.SIMILAR_LETTERS
    if one.kind is Kind.INITIAL or other.kind is Kind.INITIAL:
        is_initial = one.latin[:1] == other.latin[:1] != "" and one.kind is not other.kind
        return (_INITIAL, Way.INITIAL) if is_initial else (0, Way.INITIAL)
    if one.latin and one.latin == other.latin:
        if one.script is other.script:
            return SAME_SPELLING, Way.SIMILAR_LETTERS
        return SAME_SOUND, Way.SAME_SOUND
    if not one.latin or not other.latin:
        return _by_letters(one, other), Way.SIMILAR_LETTERS
    return None


def sound_class(part: Part) -> int:
    """Parts of one class above 0 that have neither text, meaning nor spelling in common go by sound and letters."""
    if not part.latin or part.kind in _NOT_BY_LETTERS or part.kind is Kind.INITIAL:
        return 0
    return 1 if part.kind in _FIXED else 2


def likenesses(
    query: Part, candidates: Sequence[Part], spelt: Spelt, sounds: Sounds
) -> list[tuple[int, Way]]:
    """The likeness of one part to each of others; `spelt` are the Latin spellings of those, row by row."""
    known = [known_likeness(query, candidate) for candidate in candidates]
    open_rows = [row for row, found in enumerate(known) if found is None]
    if open_rows:
        by_sound = sound_likeness(query, spelt.take(np.array(open_rows)), sounds)
        letters = _all_by_letters(query, [candidates[row] for row in open_rows])
        for row, alike, spelt_alike in zip(open_rows, by_sound.tolist(), letters, strict=True):
            known[row] = unknown_likeness(query, candidates[row], alike, spelt_alike, sounds)
    return [found for found in known if found is not None]


def sound_likeness(query: Part, spelt: Spelt, sounds: Sounds) -> Ints:
    """The likeness of one part to each of others by sound."""
    by_sound = sounds.likeness(query.script, query.units, spelt)
    if query.script is Script.CYRILLIC and (ending := _ADJECTIVE.search(query.text)):
        # Рязанский завод is the plant of Ryazan: the ending of the adjective is not translated.
        stem = sounds.likeness(query.script, query.units[: ending.start()], spelt)
        by_sound = np.maximum(by_sound, stem * SAME_STEM // SAME)
    return by_sound


def unknown_likeness(
    query: Part, candidate: Part, by_sound: int, letters: int, sounds: Sounds
) -> tuple[int, Way]:
    """The likeness of two parts that differ, given that of their sounds, from the query to the candidate, and letters."""
    if query.script is Script.LATIN and candidate.script in UNCERTAIN and by_sound >= WORTH_ANOTHER_LOOK:
        by_sound = int(sounds.likeness(candidate.script, candidate.units, sounds.spell([query.latin]))[0])
    best = min(by_sound, SAME_SOUND), Way.SIMILAR_SOUND
    if query.script is candidate.script:
        if letters > best[0]:
            best = letters, Way.SIMILAR_LETTERS
        one, other = query.text, candidate.text
        if best[0] < SAME_STEM and one[0] == other[0] and _same_stem(one, other):
            best = SAME_STEM, Way.SAME_STEM
        if best[0] < SHORTENED and (one.startswith(other) or other.startswith(one)):
            best = (SHORTENED, Way.SHORTENED) if min(len(one), len(other)) >= _SHORTEST_SHORTENED else best
    return best


def may_have_adjective_ending(word: str) -> bool:
    """Whether a word may have the ending of a Russian adjective; soon asked, and seldom so."""
    return "sk" in word or "ск" in word


def _same_stem(one: str, other: str) -> bool:
    """Whether two words differ by the ending of a Russian adjective only: Ryazan, Ryazanskiy, Ryazanskaya."""
    if not may_have_adjective_ending(one) and not may_have_adjective_ending(other):
        return False
    stem = _ADJECTIVE.sub("", one)
    return len(stem) >= _SHORTEST_STEM and stem == _ADJECTIVE.sub("", other)


def _is_misspelt(one: str, other: str) -> bool:
    """Whether one letter is wrong, missing, added or exchanged."""
    return (
        max(len(one), len(other)) >= _SHORTEST_MISSPELT_FORM and OSA.distance(one, other, score_cutoff=1) == 1
    )


def _by_letters(one: Part, other: Part) -> int:
    """Likeness by single wrong, missing, added and exchanged letters."""
    if one.script is not other.script:
        return 0
    longest = max(len(one.text), len(other.text))
    if longest < SHORTEST_MISSPELT and one.script not in CHARACTERS:
        return 0
    return letters_alike(one.text, other.text)


def _all_by_letters(query: Part, candidates: Sequence[Part]) -> list[int]:
    """`_by_letters` of one part and many, in one call."""
    if query.script in CHARACTERS:
        return [_by_letters(query, candidate) for candidate in candidates]
    texts = [candidate.text for candidate in candidates]
    wrong = cdist([query.text], texts, scorer=OSA.distance, dtype=np.int32)[0].tolist()
    own = len(query.text)
    return [
        max(0, SAME_SPELLING - WRONG_LETTER * letters // longest)
        if (longest := max(own, len(candidate.text))) >= SHORTEST_MISSPELT
        and candidate.script is query.script
        else 0
        for letters, candidate in zip(wrong, candidates, strict=True)
    ]


def letters_alike(one: str, other: str) -> int:
    """Likeness of two spellings of one script by single wrong, missing, added and exchanged letters."""
    return max(0, SAME_SPELLING - WRONG_LETTER * OSA.distance(one, other) // max(len(one), len(other), 1))
