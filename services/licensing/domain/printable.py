"""Which characters may stand in what is printed on a licence, so that issuing it never fails on a text."""

import unicodedata
from collections.abc import Iterator

from services.foundation.errors import FieldViolation

# Controls, marks of format and direction, private characters and surrogates have no shape on paper.
_WITHOUT_SHAPE = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})


def is_printable(character: str) -> bool:
    """Whether a character has a shape on paper; a line feed may stand in a text."""
    return character == "\n" or unicodedata.category(character) not in _WITHOUT_SHAPE


def unprintable(path: str, value: object) -> Iterator[FieldViolation]:
    """The texts within a JSON value that hold a character without a shape, each with its path."""
    if isinstance(value, str):
        for character in dict.fromkeys(value):
            if not is_printable(character):
                yield FieldViolation(path, "UNPRINTABLE_CHARACTER", {"character": f"U+{ord(character):04X}"})
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from unprintable(f"{path}.{name}", part)
    elif isinstance(value, list):
        for position, part in enumerate(value):
            yield from unprintable(f"{path}[{position}]", part)
