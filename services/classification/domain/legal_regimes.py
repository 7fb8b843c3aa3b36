"""Under which body of law an export is decided: dual-use, controlled chemicals, nuclear, military, precursors.

A control code says it of what the dual-use list holds (两用物项出口管制条例 Art. 47(2) for controlled chemicals).
What other lists hold is told by their own words: part 1 of the missile list is military (Art. 47(3)), the nuclear list
and the precursors have regulations of their own. Words only raise the question: the other lists are not held as rules.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import assert_never

from services.classification.domain.text import Vocabulary, fold, has_han, segments, squash


class LegalRegime(StrEnum):
    """A body of law with its own procedure and authorities."""

    DUAL_USE = "DUAL_USE"
    CONTROLLED_CHEMICAL = "CONTROLLED_CHEMICAL"
    NUCLEAR = "NUCLEAR"
    MILITARY = "MILITARY"
    PRECURSOR = "PRECURSOR"


class Track(StrEnum):
    """A part of the dual-use regime with authorities of its own."""

    NONE = ""
    CRYPTOGRAPHY = "CRYPTOGRAPHY"
    BIOLOGICAL = "BIOLOGICAL"
    CHEMICAL = "CHEMICAL"
    MISSILE = "MISSILE"
    NUCLEAR = "NUCLEAR"


class BasisKind(StrEnum):
    """What says that it is so: a provision, described practice, or the numbering of the codes alone."""

    LAW = "law"
    WHITE_PAPER = "white_paper"
    INFERRED = "inferred"


class Place(StrEnum):
    """Where words must stand: anywhere, at the end of a part of the name (what the item itself is), or as all of it."""

    ANYWHERE = "ANYWHERE"
    HEAD = "HEAD"
    WHOLE = "WHOLE"


@dataclass(frozen=True, slots=True)
class Period:
    """Days of law (Asia/Shanghai), inclusive; an end of None is open."""

    since: date
    until: date | None

    def holds_on(self, day: date) -> bool:
        """Whether a day lies within it."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class RegimeOfCodes:
    """One row by control codes: prefixes, else third characters, else every code. The lowest priority counts."""

    priority: int
    regime: LegalRegime
    track: Track
    prefixes: tuple[str, ...]
    third_digits: str
    instrument: str
    article: str
    basis_kind: BasisKind
    period: Period
    text_zh: str
    text_en: str

    def fits(self, code: str) -> bool:
        """Whether the row is about a control code."""
        if self.prefixes:
            return code.startswith(self.prefixes)
        return not self.third_digits or code[2:3] in tuple(self.third_digits)


@dataclass(frozen=True, slots=True)
class RegimeOfWords:
    """One row by words of a list that is not held as rules, with the words of that list."""

    regime: LegalRegime
    track: Track
    place: Place
    words_zh: tuple[str, ...]
    words_en: tuple[str, ...]
    list_name: str
    list_item: str
    quote: str
    instrument: str
    article: str
    period: Period


@dataclass(frozen=True, slots=True)
class FoundRegime:
    """A regime of an item and why: the control codes, or the words found and what the list says.

    `possible` says that it is not certain: the entries are not settled, or words alone point to it.
    """

    regime: LegalRegime
    track: Track
    possible: bool
    because: tuple[str, ...]
    instrument: str
    article: str
    basis_kind: BasisKind
    text_zh: str
    text_en: str
    quote: str = ""


class RegimeTable:
    """The rows of both kinds; immutable once made."""

    def __init__(
        self, by_codes: Iterable[RegimeOfCodes], by_words: Iterable[RegimeOfWords], vocabulary: Vocabulary
    ) -> None:
        self._by_codes = tuple(
            sorted(by_codes, key=lambda row: (row.priority, row.period.since, row.instrument))
        )
        self._vocabulary = vocabulary
        self._by_words = tuple(
            (
                row,
                tuple((word, squash(fold(word))) for word in row.words_zh),
                tuple((word, " ".join(vocabulary.tokens(word))) for word in row.words_en),
            )
            for row in by_words
        )

    def of_codes(self, codes: Iterable[str], day: date, possible: bool) -> tuple[FoundRegime, ...]:
        """The regimes of control codes on a day of law, in the order of the table, each with its codes."""
        found: dict[RegimeOfCodes, list[str]] = {}
        for code in dict.fromkeys(codes):
            row = next(
                (each for each in self._by_codes if each.period.holds_on(day) and each.fits(code)), None
            )
            if row is not None:
                found.setdefault(row, []).append(code)
        return tuple(
            FoundRegime(
                row.regime,
                row.track,
                possible,
                tuple(found[row]),
                row.instrument,
                row.article,
                row.basis_kind,
                row.text_zh,
                row.text_en,
            )
            for row in self._by_codes
            if row in found
        )

    def of_texts(self, names: Iterable[str], description: str, day: date) -> tuple[FoundRegime, ...]:
        """The regimes that words of names and description point to, in the order of the table."""
        told = _Told.of(names, description, self._vocabulary)
        found = []
        for row, words_zh, words_en in self._by_words:
            if not row.period.holds_on(day):
                continue
            given = [
                *(word for word, key in words_zh if told.has_chinese(key, row.place)),
                *(word for word, key in words_en if told.has_english(key, row.place)),
            ]
            if given:
                found.append(
                    FoundRegime(
                        row.regime,
                        row.track,
                        True,
                        tuple(given),
                        row.instrument,
                        row.article,
                        BasisKind.LAW,
                        f"{row.list_name}{row.list_item}",
                        f"{row.list_name} {row.list_item}",
                        row.quote,
                    )
                )
        return tuple(found)


@dataclass(frozen=True, slots=True)
class _Told:
    """What an item is called and described as, in the spelling in which words are compared.

    English words stand with a space around each, so that a word is not found within another.
    """

    chinese_parts: frozenset[str]
    chinese: tuple[str, ...]
    english_parts: frozenset[str]
    english: tuple[str, ...]

    @classmethod
    def of(cls, names: Iterable[str], description: str, vocabulary: Vocabulary) -> "_Told":
        """The parts of names, with their figures and without, and the description as one."""
        parts = [part for name in names for part in segments(name)]
        texts = [*parts, *((fold(description),) if description.strip() else ())]
        english = [vocabulary.tokens(part) for part in parts]
        bare = [vocabulary.strip_figures(tokens) for tokens in english]
        return cls(
            frozenset(squash(part) for part in parts if has_han(part)),
            tuple(squash(text) for text in texts if has_han(text)),
            frozenset(" ".join(tokens) for tokens in (*english, *bare) if tokens),
            tuple(f" {' '.join(vocabulary.tokens(text))} " for text in texts),
        )

    def has_chinese(self, word: str, place: Place) -> bool:
        """Whether a Chinese word stands in a place."""
        match place:
            case Place.ANYWHERE:
                return any(word in text for text in self.chinese)
            case Place.HEAD:
                return any(part.endswith(word) for part in self.chinese_parts)
            case Place.WHOLE:
                return word in self.chinese_parts
            case _:
                assert_never(place)

    def has_english(self, words: str, place: Place) -> bool:
        """Whether English words stand in a place, one after the other."""
        match place:
            case Place.ANYWHERE:
                return any(f" {words} " in text for text in self.english)
            case Place.HEAD:
                return any(f" {part}".endswith(f" {words}") for part in self.english_parts)
            case Place.WHOLE:
                return words in self.english_parts
            case _:
                assert_never(place)
