"""Han characters brought to one form: Japanese, traditional and simplified ones agree.

They are folded one by one to simplified Chinese through the traditional form (OpenCC), so that 三菱電機 and
三菱电机 are the same.
"""

from functools import lru_cache
from typing import Final

import opencc

_FROM_JAPANESE: Final = opencc.OpenCC("jp2t")
_TO_SIMPLIFIED: Final = opencc.OpenCC("t2s")


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
