"""A step of filing: one page with one question, or a few that belong together."""

from collections.abc import Callable
from dataclasses import dataclass

from google.protobuf.message import Message

from services.portal.forms import Question


@dataclass(frozen=True)
class Step:
    """`key` stands in the address; `title`, `lead` and `source` (the article it rests on) are keys of texts.

    `classifies` holds for the steps beside which the classification of the item is shown; `applies` tells of a
    message whether the step is asked of it.
    """

    key: str
    title: str
    questions: tuple[Question, ...]
    lead: str = ""
    source: str = ""
    classifies: bool = False
    applies: Callable[[Message], bool] = lambda _: True
