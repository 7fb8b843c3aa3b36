"""Text as it is compared: one spelling of characters, segments, neutral words.

Chinese is folded to simplified characters one by one (OpenCC), so that the folding of a character does not
depend on its neighbours and folding twice changes nothing.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import opencc

_TO_SIMPLIFIED: Final = opencc.OpenCC("t2s")
_HAN: Final = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]")
# A comma between digits belongs to a chemical name such as 2,4,4-trimethylpentyl.
_BOUNDARY: Final = re.compile(r"(?<![0-9]),|,(?![0-9])|[;:()\[\]{}/|。、“”\"\n\r\t]+")
_WORD: Final = re.compile(r"[^\W_]+", re.UNICODE)
_SHORTEST_STAGE: Final = 2
_LONGEST_STAGE: Final = 120
_LONGEST_MODEL: Final = 12
_LONGEST_KEPT: Final = 500
_EDGE_OF_HAN: Final = re.compile(r"^[0-9a-z]+(?=[^0-9a-z])|(?<=[^0-9a-z])[0-9a-z]+$")


@lru_cache(maxsize=65536)
def fold_character(character: str) -> str:
    """One character as compared: lower case, simplified."""
    seen = character
    for _ in range(4):
        folded: str = _TO_SIMPLIFIED.convert(seen.casefold())
        if folded == seen:
            break
        seen = folded
    return seen


def fold(text: str) -> str:
    """Text as compared: NFKC, lower case, simplified characters."""
    # One item is folded by every source of proposals; a long text is not kept.
    return _folded_and_kept(text) if len(text) <= _LONGEST_KEPT else _folded(text)


@lru_cache(maxsize=1024)
def _folded_and_kept(text: str) -> str:
    return _folded(text)


def _folded(text: str) -> str:
    return "".join(fold_character(character) for character in unicodedata.normalize("NFKC", text))


def has_han(text: str) -> bool:
    """Whether the text holds a Chinese character."""
    return _HAN.search(text) is not None


def is_unread(text: str) -> bool:
    """Whether most letters of a text belong to another writing than Chinese characters and Latin letters.

    Entries have names in Chinese and English only: such a text is not compared with them.
    """
    letters = [character for character in unicodedata.normalize("NFKC", text) if character.isalpha()]
    read = sum(_HAN.match(letter) is not None or _is_latin(letter) for letter in letters)
    return 2 * read < len(letters)


@lru_cache(maxsize=4096)
def _is_latin(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith("LATIN ")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words that the comparison treats alike or leaves out; data, see reference/text_matching.toml.

    `neutral` say nothing about what an item is (purity, form, grade); `vague` are too general to find an
    entry by; `spellings` maps one English spelling to another; `stated_zh` begin the statement of a figure.
    """

    neutral_zh: tuple[str, ...]
    neutral_en: frozenset[str]
    vague: frozenset[str]
    spellings: Mapping[str, str]
    stated_zh: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        neutral_zh: Iterable[str],
        neutral_en: Iterable[str],
        vague: Iterable[str],
        spellings: Mapping[str, str],
        stated_zh: Iterable[str] = (),
    ) -> "Vocabulary":
        """A vocabulary with its words in the compared spelling, longer Chinese words first."""
        bare = cls(
            (), frozenset(), frozenset(), {fold(word): fold(other) for word, other in spellings.items()}
        )
        return cls(
            tuple(sorted({squash(fold(word)) for word in neutral_zh}, key=lambda word: (-len(word), word))),
            frozenset(token for word in neutral_en for token in bare.tokens(word)),
            frozenset(squash(fold(word)) for word in vague),
            bare.spellings,
            tuple(squash(fold(word)) for word in stated_zh),
        )

    def tokens(self, text: str) -> tuple[str, ...]:
        """The words of a text in Latin letters, with one spelling and without the plural s."""
        return tuple(self._token(word) for word in _WORD.findall(fold(text)))

    def _token(self, word: str) -> str:
        singular = word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
        return self.spellings.get(singular, singular)

    def strip_neutral(self, tokens: tuple[str, ...]) -> tuple[str, ...]:
        """Tokens without neutral words."""
        return tuple(token for token in tokens if token not in self.neutral_en)

    def strip_figures(self, tokens: tuple[str, ...]) -> tuple[str, ...]:
        """Tokens without neutral words and without those that hold a digit."""
        return tuple(
            token
            for token in self.strip_neutral(tokens)
            if not any(character.isdigit() for character in token)
        )

    def stages_of(self, segment: str) -> Iterator[str]:
        """A squashed Chinese segment, then the same with one figure or neutral word less each time.

        A segment longer than any name is prose: nothing is taken off it.
        """
        while segment:
            yield segment
            if len(segment) > _LONGEST_STAGE:
                return
            shorter = _EDGE_OF_HAN.sub("", segment)
            if shorter == segment:
                shorter = next(
                    (
                        rest
                        for word in self.neutral_zh
                        for rest in (segment.removeprefix(word), segment.removesuffix(word))
                        if len(rest) >= _SHORTEST_STAGE and rest != segment
                    ),
                    "",
                )
            segment = shorter

    def _says_nothing(self, token: str) -> bool:
        """Whether a word is vague or neutral, or a letter or figures alone, as in the name of a model."""
        is_letter = len(token) == 1 and token.isascii()
        return is_letter or token.isdigit() or token in self.vague or token in self.neutral_en

    def is_incidental(self, segment: str) -> bool:
        """Whether a part of a name adds nothing to what the item is: a figure, a form, a grade, a short model."""
        whole = squash(fold(segment))
        if not has_han(whole):
            return all(self._is_incidental_token(token) for token in self.tokens(segment))
        if whole.startswith(self.stated_zh) and any(character.isdigit() for character in whole):
            return True
        return list(self.stages_of(whole))[-1] in self.neutral_zh

    def _is_incidental_token(self, token: str) -> bool:
        short = len(token) <= _LONGEST_MODEL and token.isascii()
        return token in self.neutral_en or (short and any(character.isdigit() for character in token))

    def is_vague(self, text: str) -> bool:
        """Whether nothing but neutral and vague words stands in a text."""
        words = [word for segment in segments(text) for word in segment.split()]
        return bool(words) and all(
            any(stage in self.vague for stage in self.stages_of(squash(word)))
            or all(self._says_nothing(token) for token in self.tokens(word))
            for word in words
        )


def squash(folded: str) -> str:
    """Folded text without spaces and punctuation."""
    return "".join(_WORD.findall(folded))


def segments(text: str) -> tuple[str, ...]:
    """The parts of a text between commas, brackets and the like, folded, in order, without empty ones."""
    return tuple(part.strip() for part in _BOUNDARY.split(fold(text)) if part.strip())
