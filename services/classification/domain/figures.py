"""Every figure with a unit that stands in a text, whatever its name: 含量99.9999%, 有效距离8公里, 6N, 5~20 kW.

Whose figure it is, is not understood. It is good for one thing only: to doubt an item that another figure clears.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from services.classification.rules.faults import Fault
from services.classification.rules.numerals import NUMERAL, plain_text
from services.classification.rules.remarks import about_before, better_before, bound_before
from services.classification.rules.units import Dimension, Unit, UnitTable

_NUMERAL: Final = re.compile(NUMERAL)
_PER_HUNDRED: Final = re.compile(rf"百分之\s*({NUMERAL})")
# A grade of purity in nines.
GRADE: Final = re.compile(r"(?<![A-Za-z0-9.])[1-9][Nn][1-9]?(?![A-Za-z0-9])")
# Between figures that share the unit of the last: 5~20 kW, 10×20 mm, 4 or 8 km.
_SHARES: Final = re.compile(r"\s*(?:[~\-–—―/、,;x×*±]|\.\.+|…|至|到|和|与|或|to|and|or)\s*", re.IGNORECASE)
_BOUND_AFTER: Final = re.compile(
    r"\s*(?:(?:及|或)?以[上下内]|之内|左右|上下|(?:or|and)[ -](?:more|above|greater|less|below)\b|m(?:in|ax)\b\.?)",
    re.IGNORECASE,
)
# A unit does not end inside a word or before a factor: 8 models, 20 kW·h.
_GOES_ON: Final = re.compile(r"[A-Za-z]|[·⋅*][A-Za-z]")
_LONGEST_UNIT: Final = 20
_LONGEST_BOUND: Final = 14


def figures(texts: Iterable[str], dimension: Dimension, units: UnitTable) -> tuple[str, ...]:
    """The figures of a dimension in texts, each with its unit and the bound beside it, as a value is written."""
    found: dict[str, None] = {}
    for text in texts:
        plain = _PER_HUNDRED.sub(r"\1%", plain_text(text))
        found.update(dict.fromkeys(match.group() for match in GRADE.finditer(plain)))
        found.update(dict.fromkeys(_figures(plain, dimension, units)))
    return tuple(found)


def _figures(text: str, dimension: Dimension, units: UnitTable) -> Iterator[str]:
    next_start, next_unit = len(text), ""
    for match in reversed(list(_NUMERAL.finditer(text))):
        unit = _unit_at(text, match.end(), dimension, units)
        if not unit and next_unit and _SHARES.fullmatch(text, match.end(), next_start):
            unit = next_unit
        next_start, next_unit = match.start() + (match.group()[0] in "+-"), unit
        if not unit:
            continue
        after = _BOUND_AFTER.match(text, match.end()) or _BOUND_AFTER.match(
            text, _end_of(unit, text, match.end())
        )
        for numeral in _signed(text, match):
            bound = _bound_at(text, match.start(), numeral)
            yield f"{bound}{numeral} {unit}{after.group() if after else ''}".strip()


def _unit_at(text: str, start: int, dimension: Dimension, units: UnitTable) -> str:
    """The longest unit that begins at a place; empty where it is none of the dimension."""
    beyond = _BOUND_AFTER.match(text, start)
    begin = beyond.end() if beyond else start
    for end in range(min(len(text), begin + _LONGEST_UNIT), begin, -1):
        goes_on = _is_letter(text[end - 1]) and _GOES_ON.match(text, end) is not None
        if goes_on or text[end - 1].isspace() or text[end - 1] in "·⋅*":
            continue
        found = units.resolve(text[begin:end], dimension)
        if isinstance(found, Unit):
            return text[begin:end].strip()
        if found is Fault.UNIT_MISMATCH:
            return ""
    return ""


def _end_of(unit: str, text: str, start: int) -> int:
    """Where a unit ends that stands after a place, blanks left out."""
    return start + len(text[start:]) - len(text[start:].lstrip()) + len(unit)


def _is_letter(character: str) -> bool:
    return character.isascii() and character.isalpha()


def _signed(text: str, match: re.Match[str]) -> tuple[str, ...]:
    """The readings of a numeral: after another figure, a word or a unit its sign is a dash."""
    numeral = match.group()
    if numeral[0] not in "+-" or match.start() == 0:
        return (numeral,)
    before = text[match.start() - 1]
    if before.isascii() and (before.isalnum() or before in "%)"):
        return (numeral[1:],)
    return (numeral, numeral[1:]) if before.isalpha() else (numeral,)


def _bound_at(text: str, end: int, numeral: str) -> str:
    """The bound or word of approximation right before a figure; a stroke after a figure or a unit is none."""
    for start in range(max(0, end - _LONGEST_BOUND), end):
        before = text[max(0, start - 2) : start].rstrip()[-1:]
        if text[start] == "~" and before.isascii() and before:
            continue
        words = text[start:end] + numeral
        bound = bound_before(words)
        rests = (bound[1] if bound else None, about_before(words), better_before(words))
        if numeral in rests:
            return text[start:end]
    return ""
