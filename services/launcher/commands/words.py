"""Enumerated words in the words people read, from `reference/words.toml`."""

import functools
import pathlib
import tomllib
from typing import Any

FILE = pathlib.Path(__file__).resolve().parents[1] / "reference" / "words.toml"


@functools.cache
def _words() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def plain(enumeration: Any, number: int) -> str:
    """The word of an enumerated value without its prefix, such as DRAFT; empty if it is not set."""
    if number == 0:
        return ""
    descriptor = enumeration.DESCRIPTOR
    prefix = descriptor.values_by_number[0].name.removesuffix("UNSPECIFIED")
    value = descriptor.values_by_number.get(number)
    return value.name.removeprefix(prefix) if value is not None else str(number)


def shown(kind: str, name: str) -> str:
    """A word as people read it in both languages; a word that is not in the table is shown as it is."""
    pair = _words().get(kind, {}).get(name)
    return f"{pair[0]} · {pair[1]}" if pair else name


def word(enumeration: Any, number: int) -> str:
    """An enumerated value as people read it, in both languages."""
    return shown(enumeration.DESCRIPTOR.name, plain(enumeration, number))
