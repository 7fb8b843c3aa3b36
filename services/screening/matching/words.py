"""The lexicon of words that say what a body is or does, and of given names that are written in many ways.

A word of a concept (研究所, Институт, Research Institute) matches every other word of it, in any language. Stems
of Cyrillic words end with `*` in the table and match their inflected forms; Arabic words match with the article and
the little words that are written together with it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from services.screening.matching.characters import fold_han
from services.screening.matching.reference import rows
from services.screening.matching.text import Script

_LONGEST_ENDING: Final = 7
_SHORTEST_STEM: Final = 3
_LONGEST_PIECE: Final = 3
_ALIKE_IN_ARABIC: Final = str.maketrans("أإآٱةىی", "ااااهيي")
_ARABIC_PREFIXES: Final = ("وال", "بال", "لل", "ال")


class Kind(StrEnum):
    """What a part of a name is. A WORD is in the names of many bodies, a TOPIC in those of few."""

    NAME = "NAME"
    GIVEN = "GIVEN"
    PATRONYMIC = "PATRONYMIC"
    WORD = "WORD"
    TOPIC = "TOPIC"
    PLACE = "PLACE"
    FORM = "FORM"
    PARTICLE = "PARTICLE"
    HONORIFIC = "HONORIFIC"
    NUMBER = "NUMBER"
    INITIAL = "INITIAL"

    # Parts of names are looked up by the thousand: the hash of an enumeration is slow.
    __hash__ = str.__hash__


@dataclass(frozen=True, slots=True)
class Meaning:
    """The concept of a word and its kind."""

    concept: str
    kind: Kind


class Lexicon:
    """Words by writing. Japanese and Chinese words are kept together, in simplified characters."""

    def __init__(self, entries: Iterable[tuple[str, str, str, str]]) -> None:
        """Entries of (concept, kind, writing, word); the first entry of a word counts."""
        self._alphabetic: Final[dict[str, Meaning]] = {}
        self._stems: Final[dict[str, Meaning]] = {}
        self._characters: Final[dict[str, Meaning]] = {}
        for concept, kind, writing, word in entries:
            meaning = Meaning(concept, Kind(kind.upper()))
            match writing:
                case "latin":
                    self._alphabetic.setdefault(word, meaning)
                case "cyrillic":
                    table = self._stems if word.endswith("*") else self._alphabetic
                    table.setdefault(word.rstrip("*").replace("'", ""), meaning)
                case "arabic":
                    self._alphabetic.setdefault(_arabic(word), meaning)
                case _:
                    # A given name within a text of characters is more often part of another name.
                    table = self._alphabetic if meaning.kind is Kind.GIVEN else self._characters
                    table.setdefault(fold_han(word), meaning)
        self._longest: Final = max(map(len, self._characters), default=1)

    def meaning(self, script: Script, word: str) -> Meaning | None:
        """The meaning of one word of an alphabet."""
        if script is Script.ARABIC:
            return self._alphabetic.get(_arabic(word))
        found = self._alphabetic.get(word)
        if found is not None or script is not Script.CYRILLIC:
            return found
        for length in range(len(word), _SHORTEST_STEM - 2, -1):
            if len(word) - length > _LONGEST_ENDING:
                return None
            found = self._stems.get(word[:length])
            if found is not None and (length >= _SHORTEST_STEM or length == len(word)):
                return found
        return None

    def divide(self, text: str) -> list[tuple[str, Meaning | None]]:
        """A text without spaces (Chinese, Japanese, Korean) in words of the lexicon and what lies between."""
        found: list[tuple[str, Meaning | None]] = []
        between = ""
        at = 0
        while at < len(text):
            word, meaning = self._longest_at(text, at)
            if meaning is None:
                between += text[at]
                at += 1
                continue
            if between:
                found.append((between, None))
                between = ""
            found.append((word, meaning))
            at += len(word)
        if between:
            found.append((between, None))
        return found

    def _longest_at(self, text: str, at: int) -> tuple[str, Meaning | None]:
        for length in range(min(self._longest, len(text) - at), 0, -1):
            word = text[at : at + length]
            meaning = self._characters.get(word)
            if meaning is not None and not _is_piece(text, at, length):
                return word, meaning
        return "", None


def _is_piece(text: str, at: int, length: int) -> bool:
    """Whether a short word in kana is but a piece of a longer one: ベル in ベルナール is no bell."""
    if length > _LONGEST_PIECE or not all(map(_is_kana, text[at : at + length])):
        return False
    return any(
        _is_kana(one) for one in (text[at - 1 : at] if at else "", text[at + length : at + length + 1])
    )


def _is_kana(character: str) -> bool:
    return "ァ" <= character <= "ー"


def _arabic(word: str) -> str:
    """An Arabic word without article and prefixes, its letters that are often written alike as one."""
    plain = word.translate(_ALIKE_IN_ARABIC)
    for prefix in _ARABIC_PREFIXES:
        if plain.startswith(prefix) and len(plain) >= len(prefix) + _SHORTEST_STEM:
            return plain[len(prefix) :]
    return plain


@lru_cache(maxsize=1)
def read_lexicon() -> Lexicon:
    """The lexicon that comes with the program."""
    return Lexicon((row["concept"], row["kind"], row["writing"], row["word"]) for row in rows("words.csv"))
