"""Which characters have a shape on paper."""

import unicodedata
from typing import Final

# Controls, marks of format and direction, private characters, surrogates, separators of lines and paragraphs.
_WITHOUT_SHAPE: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})


def has_shape(character: str) -> bool:
    """Whether a character can be printed as such; of the controls only the line feed can."""
    return character == "\n" or unicodedata.category(character) not in _WITHOUT_SHAPE


def unprintable(text: str) -> tuple[str, ...]:
    """The characters of a text that cannot be printed, each once, in order."""
    return tuple(character for character in dict.fromkeys(text) if not has_shape(character))
