"""The evaluation of an entry as it stands in a page: lines under lines, as the law sets them out."""

from collections.abc import Sequence
from dataclasses import dataclass

from xuke.classification.v1 import classification_pb2 as cl


@dataclass(frozen=True)
class Line:
    """A line of the rule of an entry, and those below it."""

    condition: cl.Condition
    below: tuple["Line", ...]


def nested(conditions: Sequence[cl.Condition]) -> tuple[Line, ...]:
    """Lines in the order of the rule, put below one another by their depth.

    A line that is deeper than the one before stands below it, however much deeper it is.
    """
    found: list[Line] = []
    place = 0
    while place < len(conditions):
        depth = conditions[place].depth
        end = place + 1
        while end < len(conditions) and conditions[end].depth > depth:
            end += 1
        found.append(Line(conditions[place], nested(conditions[place + 1 : end])))
        place = end
    return tuple(found)
