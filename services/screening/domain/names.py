"""Names brought to one spelling, so that the same name written otherwise compares as equal.

Chinese and Japanese characters are folded one by one to simplified Chinese (OpenCC, through the traditional
form, so that 三菱電機 and 三菱电机 agree); Latin letters lose their accents. The legal form (有限公司,
株式会社, Co., Ltd., GmbH) is split off: it says what kind of body a party is, not which.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

import opencc

_FROM_JAPANESE: Final = opencc.OpenCC("jp2t")
_TO_SIMPLIFIED: Final = opencc.OpenCC("t2s")
_EAST_ASIAN: Final = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0002fa1f]"
)
_ABBREVIATED_FORMS: Final = {"(株)": "株式会社", "(有)": "有限会社", "(财)": "财团法人", "(社)": "社团法人"}
_WORD: Final = re.compile(r"[^\W_]+")


class Script(StrEnum):
    """The writing a name is compared in."""

    HAN = "zh"
    LATIN = "en"


@dataclass(frozen=True, slots=True)
class Name:
    """A name as compared.

    `words` are its parts (one for Chinese, which is written without spaces) with the legal form, `core` those
    without it. Both are in the compared spelling.
    """

    script: Script
    original: str
    words: tuple[str, ...]
    core: tuple[str, ...]

    @property
    def core_text(self) -> str:
        """The name without its legal form."""
        return " ".join(self.core)

    @property
    def letters(self) -> str:
        """The name without its legal form and without spaces."""
        return "".join(self.core)


@dataclass(frozen=True, slots=True)
class NameRules:
    """Legal forms, abbreviations and variant letters; data, see reference/names.toml."""

    chinese_forms: tuple[str, ...]
    variants: Mapping[str, str]
    english_forms: frozenset[str]
    leading: frozenset[str]
    abbreviations: Mapping[str, str]
    letters: Mapping[str, str]

    @classmethod
    def of(
        cls,
        chinese_forms: Iterable[str],
        variants: Mapping[str, str],
        english_forms: Iterable[str],
        leading: Iterable[str],
        abbreviations: Mapping[str, str],
        letters: Mapping[str, str],
    ) -> "NameRules":
        """Rules with the Chinese forms in the compared spelling, longer ones first."""
        folded = {_fold_han("".join(form.split()), variants) for form in chinese_forms}
        return cls(
            tuple(sorted(folded, key=lambda form: (-len(form), form))),
            dict(variants),
            frozenset(english_forms),
            frozenset(leading),
            dict(abbreviations),
            dict(letters),
        )

    def readings(self, text: str) -> tuple[Name, ...]:
        """A name as compared, none when nothing but spaces and punctuation stands in it.

        A name that is Latin but for its legal form, such as 株式会社SUBARU, is read in both scripts.
        """
        flat = unicodedata.normalize("NFKC", text)
        han = self._read_han(text, flat)
        if han is not None and _EAST_ASIAN.search(han.core_text):
            return (han,)
        latin = self._read_latin(text, _EAST_ASIAN.sub(" ", flat))
        return tuple(filter(None, [han, latin]))

    def _read_han(self, original: str, flat: str) -> Name | None:
        folded = _fold_han(flat, self.variants)
        for short, form in _ABBREVIATED_FORMS.items():
            folded = folded.replace(short, form)
        whole = "".join(_WORD.findall(folded))
        if not _EAST_ASIAN.search(whole):
            return None
        return Name(Script.HAN, original, (whole,), (self._without_form(whole),))

    def _without_form(self, whole: str) -> str:
        core = whole
        while True:
            for form in self.chinese_forms:
                shorter = core.removesuffix(form) if core.endswith(form) else core.removeprefix(form)
                if shorter and shorter != core:
                    core = shorter
                    break
            else:
                return core

    def _read_latin(self, original: str, flat: str) -> Name | None:
        plain = "".join(
            self.letters.get(character, character)
            for character in unicodedata.normalize("NFKD", flat.casefold())
            if not unicodedata.combining(character)
        )
        plain = re.sub(r"['`\u2018\u2019]", "", plain).replace("&", " and ")
        words = tuple(
            self.abbreviations.get(word, word) for word in _join_initials(_WORD.findall(plain.casefold()))
        )
        if not words:
            return None
        return Name(Script.LATIN, original, words, self._without_latin_form(words))

    def _without_latin_form(self, words: tuple[str, ...]) -> tuple[str, ...]:
        first, last = 0, len(words)
        while last - first > 1 and (words[last - 1] in self.english_forms or words[last - 1] == "and"):
            last -= 1
        while last - first > 1 and words[first] in self.leading:
            first += 1
        return words[first:last]


def _join_initials(words: list[str]) -> list[str]:
    """Neighbouring single letters as one word: S.p.A. becomes spa, a.s. becomes as."""
    joined: list[str] = []
    run = ""
    for word in [*words, ""]:
        if len(word) == 1 and word.isalpha():
            run += word
            continue
        if run:
            joined.append(run)
            run = ""
        if word:
            joined.append(word)
    return joined


def _fold_han(text: str, variants: Mapping[str, str]) -> str:
    return "".join(
        variants.get(folded, folded) for folded in (_fold_character(character) for character in text)
    )


def fold_han(text: str) -> str:
    """Text with its Han characters in simplified form: Japanese and traditional ones agree with them."""
    return "".join(_fold_character(character) for character in text)


@lru_cache(maxsize=65536)
def _fold_character(character: str) -> str:
    """One character in lower case and simplified form.

    Folding again changes nothing: the tables are followed until they stand still, and of characters that
    they turn into one another the first in code order is taken.
    """
    seen: list[str] = []
    current = character
    while current not in seen:
        seen.append(current)
        simplified: str = _TO_SIMPLIFIED.convert(_FROM_JAPANESE.convert(current.casefold()))
        current = simplified
    return min(seen[seen.index(current) :])
