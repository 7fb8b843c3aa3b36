"""What can be chosen in forms: enumerated words of the contracts, and codes of lists."""

import functools
from collections.abc import Callable, Iterable
from typing import Any

from services.portal.forms import Option
from services.portal.language import Language, catalogue, code_name, codes_of, current, plain, word


def words(
    enumeration: Any, *, without: Iterable[int] = (), hints: str = ""
) -> Callable[[], tuple[Option, ...]]:
    """The values of an enumeration of the contracts, but for some; `hints` is the section of their explanations."""
    left_out = frozenset({0, *without})
    numbers = [number for number in enumeration.values() if number not in left_out]

    def offered() -> tuple[Option, ...]:
        return tuple(
            Option(
                plain(enumeration, number),
                word(enumeration, number),
                _hint(f"{hints}.{plain(enumeration, number)}") if hints else "",
            )
            for number in numbers
        )

    return offered


def codes(code_list: str) -> Callable[[], tuple[Option, ...]]:
    """The codes of a list with their names, in the order in which people look for them."""

    def offered() -> tuple[Option, ...]:
        return _sorted_codes(code_list, current())

    return offered


def provinces() -> tuple[Option, ...]:
    """The administrative divisions (GB/T 2260) of provincial level."""
    pairs = {
        key.partition(".")[2]: pair for key, pair in catalogue("words").items() if key.startswith("Province.")
    }
    index = 0 if current() is Language.ZH else 1
    return tuple(Option(code, pair[index]) for code, pair in sorted(pairs.items()))


@functools.cache
def _sorted_codes(code_list: str, language: Language) -> tuple[Option, ...]:
    found = [Option(code, f"{code_name(code_list, code)} ({code})") for code in codes_of(code_list)]
    if language is Language.ZH:
        # GB 18030 keeps the order of GB 2312, whose common characters stand by their pinyin.
        return tuple(sorted(found, key=lambda option: option.label.encode("gb18030")))
    return tuple(sorted(found, key=lambda option: option.label))


def _hint(key: str) -> str:
    pair = catalogue("texts").get(key)
    return "" if pair is None else pair[0 if current() is Language.ZH else 1]
