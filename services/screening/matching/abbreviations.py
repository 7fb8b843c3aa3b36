"""Abbreviations against what they stand for: one word whose letters are the initials of the words of the other name.

GRPZ stands for State Ryazan Instrument Plant only in Russian, where its words are Gosudarstvenny Ryazansky Priborny
Zavod; so does ГРПЗ. The letters count, not their order, because names are compared without regard to the order of words.
"""

from collections.abc import Sequence
from typing import Final

from services.screening.matching.parts import Part
from services.screening.matching.text import Script
from services.screening.matching.units import plain
from services.screening.matching.words import Kind

FEWEST_LETTERS: Final = 3
_MOST_LETTERS: Final = 8
_ALPHABETS: Final = (Script.LATIN, Script.CYRILLIC)
_COUNTED: Final = (Kind.NAME, Kind.GIVEN, Kind.WORD, Kind.TOPIC, Kind.PLACE)
_OF_BODIES: Final = (Kind.WORD, Kind.TOPIC, Kind.PLACE, Kind.FORM)
_ALIKE: Final = {3: 720, 4: 860, 5: 910}
_ALIKE_LONGER: Final = 940


def _letter(script: Script, character: str) -> str:
    return plain(script, character)[:1]


def letters_of(part: Part) -> str:
    """The letters of a word that may be an abbreviation, sorted; empty for one that cannot be."""
    if part.script not in _ALPHABETS or part.kind is not Kind.NAME or part.concept:
        return ""
    if not FEWEST_LETTERS <= len(part.text) <= _MOST_LETTERS:
        return ""
    return "".join(sorted(_letter(part.script, character) for character in part.text))


def initials_of(parts: Sequence[Part]) -> tuple[str, tuple[int, ...]]:
    """The initials of the words of a body, sorted, and the places of those words; empty for other names."""
    places = tuple(at for at, part in enumerate(parts) if part.kind in _COUNTED and part.script in _ALPHABETS)
    if not FEWEST_LETTERS <= len(places) <= _MOST_LETTERS:
        return "", ()
    if not any(part.kind in _OF_BODIES for part in parts):
        return "", ()
    return "".join(sorted(_letter(parts[at].script, parts[at].text[0]) for at in places)), places


def likeness_of(letters: str) -> int:
    """How much an abbreviation of so many letters says, in thousandths."""
    return _ALIKE.get(len(letters), _ALIKE_LONGER)
