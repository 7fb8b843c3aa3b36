"""Readings of Han characters: Mandarin with a table of surnames, and as the rendering of foreign words."""

from functools import lru_cache
from typing import Final

from pypinyin import Style, pinyin

from services.screening.matching.characters import fold_han
from services.screening.matching.han_persons import wade_giles
from services.screening.matching.reference import rows
from services.screening.matching.sounds import Sounds
from services.screening.matching.text import Script
from services.screening.matching.units import units

_LONGEST_PERSON: Final = 4
_DOUBLE_SURNAME: Final = 2


@lru_cache(maxsize=16384)
def syllable(character: str) -> str:
    """The usual Mandarin syllable of one character, without its tone; the character where there is none."""
    found = pinyin(character, style=Style.NORMAL, heteronym=False, errors="ignore")
    return found[0][0].replace("ü", "v") if found else ""


@lru_cache(maxsize=1)
def _surnames() -> dict[str, str]:
    return {row["surname"]: row["pinyin"] for row in rows("surnames.csv")}


@lru_cache(maxsize=4096)
def rendering(text: str, sounds: Sounds) -> tuple[str, ...]:
    """The units by which a Han word renders a foreign one; a frequent character is a unit of its own."""
    found: list[str] = []
    for character in fold_han(text):
        if sounds.knows(Script.HAN, character):
            found.append(character)
        elif spelt := syllable(character):
            found.extend(units(Script.HAN, spelt))
    return tuple(found)


def person_readings(text: str) -> list[tuple[str, ...]]:
    """A Han name of two or three characters as surname and given name, of four where the surname has two; else none.

    In pinyin, and in the spelling of Wade and Giles where that differs.
    """
    folded = fold_han(text)
    if not 2 <= len(folded) <= _LONGEST_PERSON:
        return []
    table = _surnames()
    found: list[tuple[list[str], list[str]]] = []
    double = table.get(folded[:_DOUBLE_SURNAME])
    if double and len(folded) > _DOUBLE_SURNAME:
        found.append((double.split(), [syllable(one) for one in folded[_DOUBLE_SURNAME:]]))
    if len(folded) < _LONGEST_PERSON:
        found.append(([table.get(folded[0], syllable(folded[0]))], [syllable(one) for one in folded[1:]]))
    pinyin_names = [tuple("".join(word) for word in words) for words in found]
    spelt_by_wade = [tuple("".join(map(wade_giles, word)) for word in words) for words in found]
    return [reading for reading in dict.fromkeys([*pinyin_names, *spelt_by_wade]) if all(reading)]


def romanised(text: str) -> str:
    """A Han word in pinyin without spaces."""
    return "".join(map(syllable, fold_han(text)))
