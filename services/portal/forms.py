"""Forms: questions as data, and how a page shows them with what a person typed.

What was typed is kept as it was, by the names of the inputs (`Typed`), until it can be read; only then it stands in
a message of a contract (see `answers`). A page does, in this order: `answers.stated` to show what is there, or
`typed` of what was kept of an ended session (`kept_text.kept_values`); on POST `typed`, then `answers.write` on a
copy of the message, and with faults `asked` again with what was typed. `templates/forms.html` draws the questions.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from services.portal.language import text

# By the name of the input, in the order of the page; checkboxes that are not ticked have no value.
Typed = Mapping[str, tuple[str, ...]]
YES: Final = "yes"
_SPARE_ROWS: Final = 3
_NAMES: Final = str.maketrans(".[", "--", "]")


class Kind(StrEnum):
    """How a question is put."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    # Letters and digits that are the same however they are grouped: blanks, dots and hyphens are dropped.
    CODE = "code"
    # A code of the control list, such as 1C117.d.1.
    CONTROL_CODE = "control_code"
    NUMBER = "number"
    DAY = "day"
    YES_NO = "yes_no"
    # Radio buttons.
    CHOICE = "choice"
    SELECTION = "selection"
    # A repeated text, one in a line.
    LINES = "lines"
    # A repeated code, each out of the same list.
    SELECTIONS = "selections"
    # A repeated message, one in a row.
    ROWS = "rows"
    # A file: not part of any message; the page that asks for it takes it from the request.
    FILE = "file"


@dataclass(frozen=True)
class Option:
    """What can be chosen: the value that is sent, and its words."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True)
class Question:
    """A question about a field of a message.

    `path` names the field from the message of the form, such as "manager.name", or one of the row with a word in its
    first field, such as "catch_all[TERRORISM].knowledge"; `label`, `hint` and `source` (the
    article that asks for it) are keys of texts. `required` holds where a person says that the page is done,
    unless the question with the path `or_else` is answered; `columns` are the fields of a row with the keys of
    their labels. `width` is that of the expected answer in characters, 0 for the whole line. `accept` are the endings
    that the browser offers for a file.
    """

    path: str
    kind: Kind
    label: str
    hint: str = ""
    source: str = ""
    options: Callable[[], tuple[Option, ...]] = tuple
    required: bool = False
    or_else: str = ""
    width: int = 0
    rows: int = 5
    columns: tuple[tuple[str, str], ...] = ()
    accept: str = ".pdf,.jpg,.jpeg,.png"

    @property
    def name(self) -> str:
        """Name and id of its input."""
        return self.path.translate(_NAMES)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all its inputs."""
        return tuple(f"{self.name}-{column}" for column, _ in self.columns) or (self.name,)


@dataclass(frozen=True)
class Faults:
    """What is wrong: a sentence by the name of the question, and sentences about no question of the page."""

    at: Mapping[str, str] = field(default_factory=dict)
    general: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.at or self.general)


@dataclass(frozen=True)
class Asked:
    """A question as a page shows it: with what stands or was typed in it, and what is wrong with it."""

    question: Question
    typed: Typed
    fault: str = ""

    @property
    def values(self) -> tuple[str, ...]:
        """What stands in its only input."""
        return self.typed.get(self.question.name, ())

    @property
    def value(self) -> str:
        """The first of the values; empty if there is none."""
        return self.values[0] if self.values else ""

    @property
    def answer(self) -> str:
        """The answer in words, a line for each part of it; empty if there is none."""
        if self.question.kind is Kind.YES_NO:
            return text("field.yes" if self.value else "field.no")
        if self.question.columns:
            columns = [self.typed.get(name, ()) for name in self.question.names]
            return "\n".join(" ".join(filter(None, row)) for row in rows_of(columns))
        named = {option.value: option.label for option in self.question.options()}
        return "\n".join(named.get(value, value) for value in self.values)

    @property
    def options(self) -> tuple[Option, ...]:
        """What can be chosen; what stands there and is not of the list stays choosable, so that it is not lost."""
        known = self.question.options()
        values = {option.value for option in known}
        return known + tuple(
            Option(value, value) for value in self.values if value not in values and value != ""
        )

    @property
    def choices(self) -> list[dict[str, object]]:
        """The options as radio buttons."""
        return [
            {
                "value": option.value,
                "text": option.label,
                "hint": {"text": option.hint} if option.hint else None,
                "checked": option.value == self.value,
            }
            for option in self.options
        ]

    @property
    def entries(self) -> tuple[str, ...]:
        """The values of several selections, and a free one."""
        return (*(value for value in self.values if value), "")

    @property
    def table(self) -> tuple[tuple[str, ...], ...]:
        """The rows that are filled, and some free ones."""
        columns = [self.typed.get(name, ()) for name in self.question.names]
        filled = [row for row in rows_of(columns) if any(row)]
        return (*filled, *((("",) * len(columns),) * _SPARE_ROWS))

    @property
    def anchor(self) -> str:
        """Id of the input that a fault leads to."""
        if self.question.kind is Kind.ROWS:
            return f"{self.question.names[0]}-1"
        return self.question.name


def asked(questions: Iterable[Question], typed: Typed, faults: Faults | None = None) -> tuple[Asked, ...]:
    """The questions as a page shows them."""
    at = faults.at if faults else {}
    return tuple(Asked(question, typed, at.get(question.name, "")) for question in questions)


def typed(questions: Iterable[Question], posted: Mapping[str, Sequence[str]]) -> Typed:
    """What was typed, out of the fields that a browser sent (`request.form.to_dict(flat=False)`).

    Browsers send line ends as two characters, which nobody counts.
    """
    return {
        name: tuple(value.replace("\r\n", "\n") for value in posted.get(name, ()))
        for question in questions
        for name in question.names
    }


def rows_of(columns: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """The rows of columns, as long as the longest one."""
    height = max(map(len, columns), default=0)
    return [
        tuple(column[place] if place < len(column) else "" for column in columns) for place in range(height)
    ]
