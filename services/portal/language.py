"""The two languages of the pages, and the catalogues that hold every text of them.

The language stands in the path (/zh/..., /en/...), so that an address means the same page to whoever opens it.
"""

import csv
import functools
import pathlib
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from flask import g

_REFERENCE: Final = pathlib.Path(__file__).parent / "reference"


class Language(StrEnum):
    """A language of the pages, as it stands in the path."""

    ZH = "zh"
    EN = "en"

    @property
    def tag(self) -> str:
        """The tag of BCP 47, for `lang`."""
        return "zh-CN" if self is Language.ZH else "en"

    @property
    def other(self) -> "Language":
        """The language that the switch leads to."""
        return Language.EN if self is Language.ZH else Language.ZH


def current() -> Language:
    """The language of the page in progress; Chinese where the address names none."""
    language: Language = g.get("language", Language.ZH)
    return language


Pair = tuple[str, str]


@functools.cache
def catalogue(name: str) -> Mapping[str, Pair]:
    """A catalogue, `texts` or `words`, of all files of its folder: Chinese and English by "section.key".

    Raises ValueError for a key that stands in two of the files.
    """
    return read_catalogue(_REFERENCE / name)


def read_catalogue(folder: pathlib.Path) -> Mapping[str, Pair]:
    """The catalogue in a folder. Raises ValueError, naming key and file, for a key that stands twice."""
    found: dict[str, Pair] = {}
    for file in sorted(folder.glob("*.toml")):
        for section, pairs in tomllib.loads(file.read_text(encoding="utf-8")).items():
            for name, pair in pairs.items():
                key = f"{section}.{name}"
                if key in found:
                    raise ValueError(f"{key} stands a second time in {file.name}")
                found[key] = (pair[0], pair[1])
    return found


@functools.cache
def _code_names() -> Mapping[tuple[str, str], Pair]:
    with (_REFERENCE / "code_names.csv").open(encoding="utf-8", newline="") as file:
        return {(row["list"], row["code"]): (row["name_zh"], row["name_en"]) for row in csv.DictReader(file)}


def choose(zh: str, en: str) -> str:
    """The one of two texts that the page in progress wants; the other where it is empty."""
    return (zh or en) if current() is Language.ZH else (en or zh)


def text(key: str, **values: object) -> str:
    """A text of the pages, filled with values. Raises KeyError for a key that the catalogue does not have."""
    return choose(*catalogue("texts")[key]).format_map(values)


def shown(enumeration: str, name: str) -> str:
    """An enumerated word as people read it; a word that is not in the catalogue is shown as it is."""
    pair = catalogue("words").get(f"{enumeration}.{name}")
    if pair is None:
        return name
    chosen = choose(*pair)
    return chosen[:1].upper() + chosen[1:]


def plain(enumeration: Any, number: int) -> str:
    """The word of an enumerated value of a contract without its prefix, such as DRAFT; empty if not set."""
    if number == 0:
        return ""
    prefix = enumeration.DESCRIPTOR.values_by_number[0].name.removesuffix("UNSPECIFIED")
    value = enumeration.DESCRIPTOR.values_by_number.get(number)
    return str(value.name.removeprefix(prefix)) if value is not None else str(number)


def word(enumeration: Any, number: int) -> str:
    """An enumerated value of a contract as people read it."""
    return shown(str(enumeration.DESCRIPTOR.name), plain(enumeration, number))


def code_name(code_list: str, code: str) -> str:
    """The name of a code; an unknown code is its own name, so that nothing is guessed."""
    pair = _code_names().get((code_list, code))
    return choose(*pair) if pair else code


def codes_of(code_list: str) -> tuple[str, ...]:
    """The codes of a list that have names."""
    return tuple(code for of, code in _code_names() if of == code_list)
