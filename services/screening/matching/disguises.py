"""What a name may say behind a disguise: letters set apart, figures for letters, a legal form written together.

Each is a further reading beside the name as written, never instead of it: S3 and 3M are names of firms.
"""

import re
from collections.abc import Iterable
from typing import Final

from services.screening.matching.text import Script
from services.screening.matching.words import Kind, Lexicon

# Letters with one sign between them: what stands further apart is another word.
_SET_APART: Final = re.compile(r"(?<![^\W_])[^\W_](?:[\W_][^\W_](?![^\W_])){2,}")
_SET_WIDE_APART: Final = re.compile(r"(?<![^\W_])[^\W_](?:[\W_]{1,4}[^\W_](?![^\W_])){2,}")
_BETWEEN: Final = re.compile(r"[\W_]+")
_FIGURE: Final = re.compile(r"[0134578]")
_LETTERS_AND_FIGURES: Final = re.compile(r"[a-z0-9]+")
_FEWEST_LETTERS: Final = 3
# Which letter a figure looks like; 1 like l or like i.
_FIGURES: Final = (str.maketrans("0134578", "oleastb"), str.maketrans("0134578", "oieastb"))
_LONG_WORD: Final = re.compile(r"[a-z]{9,}")
_SHORTEST_NAME: Final = 6
_SHORTEST_FORM: Final = 3
_LONGEST_FORM: Final = 12
_MOST: Final = 6


def undisguised(text: str, lexicon: Lexicon) -> list[str]:
    """What a cleaned text may say besides what is written; empty where nothing in it looks like a disguise."""
    found = [text, _joined(_SET_APART, text), _joined(_SET_WIDE_APART, text)]
    if _FIGURE.search(text):
        found += [_without_figures(one, letters) for one in _distinct(found) for letters in _FIGURES]
    found += [_with_form_apart(one, lexicon) for one in _distinct(found)]
    return _distinct(found)[1 : 1 + _MOST]


def _distinct(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def _joined(apart: re.Pattern[str], text: str) -> str:
    return apart.sub(lambda found: _BETWEEN.sub("", found.group()), text)


def _without_figures(text: str, letters: dict[int, int]) -> str:
    """A text with the letters that figures stand for within words that are mostly letters."""

    def read(found: re.Match[str]) -> str:
        word = found.group()
        count = sum(one.isalpha() for one in word)
        if count < max(_FEWEST_LETTERS, len(word) - count):
            return word
        plain = word.translate(letters)
        return plain if plain.isalpha() else word

    return _LETTERS_AND_FIGURES.sub(read, text)


def _with_form_apart(text: str, lexicon: Lexicon) -> str:
    """A text whose long words stand apart from the legal forms they end with."""
    return _LONG_WORD.sub(lambda found: _form_apart(found.group(), lexicon), text)


def _form_apart(word: str, lexicon: Lexicon) -> str:
    if lexicon.meaning(Script.LATIN, word) is not None:
        return word
    for length in range(min(_LONGEST_FORM, len(word) - _SHORTEST_NAME), _SHORTEST_FORM - 1, -1):
        meaning = lexicon.meaning(Script.LATIN, word[-length:])
        if meaning is not None and meaning.kind is Kind.FORM:
            rest = word[:-length]
            # Co., Ltd. is one form written in two words.
            rest = rest[:-2] if rest.endswith("co") and len(rest) - 2 >= _SHORTEST_NAME else rest
            return f"{rest} {word[-length:]}"
    return word
