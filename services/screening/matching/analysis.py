"""A name as its readings: every way in which it may be meant, each a set of parts.

A Latin or Cyrillic name has one reading. A name in Han characters may be Chinese (surname and given name in pinyin), the
rendering of a foreign name by sound, or the name of a body made of words; each is a reading of its own, and the
best one counts. A name with another in brackets or after a dash is read with and without it; one that may be
disguised also as what it may hide.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from services.screening.matching import han
from services.screening.matching.characters import fold_han
from services.screening.matching.cyrillic import hepburn_of, pinyin_of
from services.screening.matching.disguises import undisguised
from services.screening.matching.han_persons import readings_elsewhere
from services.screening.matching.parts import Part, PartMaker
from services.screening.matching.reference import rows
from services.screening.matching.sounds import Sounds, read_sounds
from services.screening.matching.text import MOST_WORDS, Script, clean, runs, without_marks
from services.screening.matching.words import Kind, Lexicon, read_lexicon

ANALYSER_VERSION: Final = "3"

_REMEMBERED: Final = 2_000
_MOST_READINGS: Final = 8
_MOST_WORDS_OF_PERSON: Final = 4
# A Hangul word of so many syllables may be two words of two syllables or more.
_SHORTEST_JOINED: Final = 4
_LONGEST_JOINED: Final = 8
_BRACKETS: Final = re.compile(r"[(（\[【]([^()（）\[\]【】]{2,})[)）\]】]")
_ALSO: Final = re.compile(r"\s(?:a\.?k\.?a\.?|alias|f\.?k\.?a\.?|formerly|also known as)\s|\s/\s")
_IN_FULL: Final = re.compile("特别行政区|^中国(?=香港|澳门)")
_COUNTRIES_TOO: Final = ("united kingdom", "united states", "viet nam", "republic of korea")
_DOTS: Final = re.compile(r"[·・•‧．･=＝]")
_DOTTED_INITIALS: Final = re.compile(r"\b(?:(?:[^\W\d_]\.){2,}[^\W\d_]?|[^\W\d_]{2}\.[^\W\d_]\.[^\W\d_])\b")
_SHORT_FORMS: Final = {"(株)": " 株式会社 ", "(有)": " 有限会社 ", "(주)": " 주식회사 "}
_BY_CHARACTERS: Final = (Script.HAN, Script.KANA, Script.HANGUL)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way of reading a name: its parts, in the order written."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class ReadName:
    """A name with its readings, at least one unless nothing but punctuation stands in it."""

    original: str
    scripts: frozenset[Script]
    readings: tuple[Reading, ...]


class Analyser:
    """Reads names. Pure: one version reads the same name in the same way."""

    def __init__(self, sounds: Sounds, lexicon: Lexicon) -> None:
        self._sounds: Final = sounds
        self._lexicon: Final = lexicon
        self._parts: Final = PartMaker(sounds, lexicon)
        self._known: dict[str, ReadName] = {}

    def read(self, name: str) -> ReadName:
        """The readings of a name. Names read lately are remembered: one is searched for in several lists."""
        found = self._known.get(name)
        if found is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            found = self._known[name] = self._read(name)
        return found

    def _read(self, name: str) -> ReadName:
        text = clean(name)
        for short, form in _SHORT_FORMS.items():
            text = text.replace(short, form)
        found: dict[tuple[Part, ...], None] = {}
        variants = _variants(text)
        behind = [one for variant in variants for one in undisguised(variant, self._lexicon)]
        for variant in dict.fromkeys((*variants, *behind)):
            for parts in self._read_variant(without_marks(variant)):
                if parts and any(part.kind is not Kind.PARTICLE for part in parts):
                    found.setdefault(parts[:MOST_WORDS])
        return ReadName(name, _scripts(text), tuple(Reading(parts) for parts in list(found)[:_MOST_READINGS]))

    def _read_variant(self, text: str) -> list[tuple[Part, ...]]:
        words = runs(_DOTTED_INITIALS.sub(lambda match: match.group().replace(".", ""), text))
        if not any(script in _BY_CHARACTERS for script, _ in words):
            plain = tuple(self._parts.word(script, word) for script, word in words[:MOST_WORDS])
            return [plain, *self._from_east_asia(plain)]
        return self._read_characters(_DOTS.sub(" ", text).split()[:MOST_WORDS], bool(_DOTS.search(text)))

    def _from_east_asia(self, parts: tuple[Part, ...]) -> list[tuple[Part, ...]]:
        """A name in Cyrillic letters as a Chinese and as a Japanese one, where its words can be read so."""
        names = [part for part in parts if part.script is Script.CYRILLIC and part.kind is Kind.NAME]
        if not names or len(parts) > _MOST_WORDS_OF_PERSON:
            return []
        readings: list[tuple[Part, ...]] = []
        if all(pinyin_of(part.text) for part in names):
            readings.append(self._respelt(parts, pinyin_of))
        if any(hepburn_of(part.text) for part in names):
            readings.append(self._respelt(parts, hepburn_of))
        spelt = [part.latin for part in parts]
        return [reading for reading in readings if [part.latin for part in reading] != spelt]

    def _respelt(self, parts: tuple[Part, ...], spelling: Callable[[str], str]) -> tuple[Part, ...]:
        return tuple(
            self._parts.romanised(found)
            if part.script is Script.CYRILLIC and part.kind is Kind.NAME and (found := spelling(part.text))
            else part
            for part in parts
        )

    def _read_characters(self, chunks: Sequence[str], is_dotted: bool) -> list[tuple[Part, ...]]:
        readings: list[tuple[Part, ...]] = []
        words = [word for chunk in chunks for word in runs(chunk)]
        if not is_dotted and len(words) == 2 and all(script is Script.HAN for script, _ in words):
            # A space between surname and given name, as Japanese names are often written.
            words = [(Script.HAN, words[0][1] + words[1][1])]
        by_words = tuple(part for chunk in chunks for part in self._by_words(runs(chunk)))
        meant = [part for part in by_words if part.concept and len(part.text) > 1]
        is_body = bool(meant)
        if is_body:
            readings.append(by_words)
            if not any(script is Script.KANA for script, _ in words):
                readings.append(tuple(self._in_pinyin(part) for part in by_words))
        # Each way of reading depends on the words of its own script alone: a further word takes no reading away.
        readings += self._with_person(words, Script.HAN)
        in_korean = self._with_person(words, Script.HANGUL)
        readings.append(tuple(self._by_sound(script, word) for script, word in words))
        readings = [*readings, *in_korean] if is_body else [*in_korean, *readings]
        return [*readings, *self._divided_otherwise(words)]

    def _divided_otherwise(self, words: Sequence[tuple[Script, str]]) -> list[tuple[Part, ...]]:
        """The one Hangul word of a name as two, for Koreans often write the name of a firm without a space."""
        places = [at for at, (own, _) in enumerate(words) if own is Script.HANGUL]
        if len(places) != 1:
            return []
        at = places[0]
        word = words[at][1]
        if not _SHORTEST_JOINED <= len(word) <= _LONGEST_JOINED:
            return []
        before, after = ([self._by_sound(*one) for one in some] for some in (words[:at], words[at + 1 :]))
        return [
            (
                *before,
                self._parts.word(Script.HANGUL, word[:cut]),
                self._parts.word(Script.HANGUL, word[cut:]),
                *after,
            )
            for cut in range(2, len(word) - 1)
        ]

    def _in_pinyin(self, part: Part) -> Part:
        """A Han part without a meaning as a Chinese name, in pinyin."""
        if part.script is not Script.HAN or part.concept:
            return part
        return self._parts.romanised(han.romanised(part.text) or part.text)

    def _by_sound(self, script: Script, word: str) -> Part:
        if script is Script.HAN:
            return self._parts.syllables(fold_han(word), han.rendering(word, self._sounds))
        return self._parts.word(script, word)

    def _with_person(self, words: Sequence[tuple[Script, str]], script: Script) -> list[tuple[Part, ...]]:
        """The one word of a script as surname and given name, where there is just one."""
        places = [at for at, (own, _) in enumerate(words) if own is script]
        if len(places) != 1:
            return []
        at = places[0]
        rest = [self._by_sound(*word) for word in (*words[:at], *words[at + 1 :])]
        return [(*person, *rest) for person in self._person(script, words[at][1])]

    def _person(self, script: Script, word: str) -> list[tuple[Part, ...]]:
        if script is Script.HAN:
            return [
                *(tuple(map(self._parts.romanised, reading)) for reading in han.person_readings(word)),
                *(tuple(self._read_as(own, one) for one in names) for own, names in readings_elsewhere(word)),
            ]
        # A Korean surname has one syllable, the given name usually two.
        if not 2 <= len(word) <= 4:
            return []
        return [(self._parts.word(script, word[0]), self._parts.word(script, word[1:]))]

    def _read_as(self, script: Script, word: str) -> Part:
        return self._parts.romanised(word) if script is Script.LATIN else self._parts.word(script, word)

    def _by_words(self, words: Sequence[tuple[Script, str]]) -> list[Part]:
        parts: list[Part] = []
        text = ""
        for script, word in [*words, (Script.OTHER, "")]:
            if script in _BY_CHARACTERS:
                text += word
                continue
            parts += self._divided(text)
            text = ""
            if word:
                parts.append(self._parts.word(script, word))
        return parts

    def _divided(self, text: str) -> list[Part]:
        parts: list[Part] = []
        for word, meaning in self._lexicon.divide(fold_han(text)):
            if meaning is not None:
                parts.append(self._parts.meant(runs(word)[0][0], word, meaning))
                continue
            for script, piece in runs(word):
                if script is Script.HAN:
                    parts.append(self._parts.syllables(piece, han.rendering(piece, self._sounds)))
                else:
                    parts.append(self._parts.word(script, piece))
        return parts


def _scripts(text: str) -> frozenset[Script]:
    """The scripts of the words of a text."""
    return frozenset(script for script, _ in runs(text) if script is not Script.DIGITS)


@lru_cache(maxsize=1)
def _read_countries() -> frozenset[str]:
    """Names of countries and regions: in brackets they say where a firm is, and are no name of it."""
    names = (row[column] for row in rows("countries.csv") for column in ("name_zh", "name_en"))
    found = frozenset(clean(short) for name in names for short in (name, _IN_FULL.sub("", name)))
    return found.union(_COUNTRIES_TOO)


def _variants(text: str) -> list[str]:
    """A text, and the names it gives in brackets or as aliases."""
    inside = _BRACKETS.findall(text)
    without = _BRACKETS.sub(" ", text) if inside else text
    names = [without, *(part for part in _ALSO.split(without) if part != without)]
    names += [
        name
        for name in inside
        if len(name) > 3 and (" " in name or not name.isascii()) and name not in _read_countries()
    ]
    if inside:
        names.append(text)
    return [name for name in dict.fromkeys(names) if name.strip()] or [text]


@lru_cache(maxsize=1)
def read_analyser() -> Analyser:
    """The analyser with the tables that come with the program."""
    return Analyser(read_sounds(), read_lexicon())
