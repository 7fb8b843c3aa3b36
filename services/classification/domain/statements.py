"""Figures that stand in prose: 本产品密度为18.2 g/cm³，用于配重; tungsten alloy with a density of 18.2 g/cm3.

They are read only to be held against what is stated as a parameter: prose may speak of something else than the item.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from services.classification.rules.facts import Parameter
from services.classification.rules.parameters import split_parameters
from services.classification.rules.quantities import Names

# A comma or full stop between digits belongs to the number.
_ENDS: Final = re.compile(r"[;；。！!？?\n\r、()（）\[\]【】]|[,，.](?![0-9])")
_LONGEST_PART: Final = 400
_LONGEST_NAME: Final = 60
_MOST: Final = 100
_AFTER_NAME: Final = re.compile(r"\s*(?:\bof\b|\bis\b|\bwith\b|为|是|约|达|达到|可达)\s*$", re.IGNORECASE)


def statements(texts: Iterable[str], names: Names) -> tuple[Parameter, ...]:
    """What texts state of quantities, characteristics and questions that the rules know; at most a hundred."""
    found: list[Parameter] = []
    for text in texts:
        for part in _ENDS.split(text):
            if 0 < len(part) <= _LONGEST_PART:
                found.extend(_stated(part, names))
            if len(found) >= _MOST:
                return tuple(found[:_MOST])
    return tuple(found)


def _stated(part: str, names: Names) -> Iterator[Parameter]:
    for parameter in split_parameters(part):
        name = _known_name(parameter.name, names)
        if name:
            yield Parameter(name, parameter.value)


def _known_name(text: str, names: Names) -> str:
    """The longest known name at the end of a text; empty where there is none."""
    ending = _AFTER_NAME.sub("", text)[-_LONGEST_NAME:]
    for start in range(len(ending)):
        inside_a_word = start > 0 and ending[start].isascii() and ending[start - 1 : start + 1].isalpha()
        if not inside_a_word and names.meaning(ending[start:]) is not None:
            return ending[start:].strip()
    return ""
