"""Answers to the questions of a form, read from and written to a message of a contract by the path of its fields.

What the contract asks of a field (lengths, patterns) is checked by the rules written there, so that the pages say
the same as the services.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final, assert_never

from google.protobuf.message import Message

from services.foundation.errors import FieldViolation
from services.foundation.field_rules import violations_of
from services.foundation.messages import render
from services.portal.forms import YES, Faults, Kind, Question, Typed, rows_of
from services.portal.language import choose, text
from services.portal.readings import as_code, as_control_code, as_day, as_number, as_text, lines

_KEYED: Final = re.compile(r"(\w+)\[(\w+)\]")


def stated(questions: Iterable[Question], message: Message) -> Typed:
    """What a message says, as it would be typed."""
    found: dict[str, tuple[str, ...]] = {}
    for question in questions:
        if question.kind is Kind.FILE:
            continue
        parent, last = _parent(message, question.path)
        value = getattr(parent, last.name)
        if question.kind is Kind.ROWS:
            for (column, _), name in zip(question.columns, question.names, strict=True):
                found[name] = tuple(str(getattr(row, column)) for row in value)
        elif question.kind is Kind.LINES:
            found[question.name] = ("\n".join(value),)
        else:
            found[question.name] = tuple(value) if last.is_repeated else _as_typed(last, value)
    return found


def write(questions: Sequence[Question], typed: Typed, message: Message, *, complete: bool = False) -> Faults:
    """Writes what was typed to the message, and returns what is wrong with it.

    What cannot be read is not written. `complete` also finds fault with required questions that are not answered.
    """
    at: dict[str, str] = {}
    for question in questions:
        fault = _write_one(question, typed, message)
        if not fault and complete and not _suffices(question, questions, typed):
            fault = _demand(question)
        if fault:
            at[question.name] = fault
    broken = placed(violations_of(message), questions)
    names = (question.name for question in questions)
    merged = {name: at.get(name) or broken.at.get(name, "") for name in names}
    return Faults({name: fault for name, fault in merged.items() if fault})


def placed(violations: Iterable[FieldViolation], questions: Iterable[Question], prefix: str = "") -> Faults:
    """The violations that a service found, each at the question that it is about, else in the summary.

    `prefix` is the path of the form's message in the message that the service was sent, such as "dossier.".
    """
    asked_for = tuple(questions)
    at: dict[str, str] = {}
    general: list[str] = []
    for violation in violations:
        place = violation.field.removeprefix(prefix) if violation.field.startswith(prefix) else None
        question = next((one for one in asked_for if place is not None and is_under(place, one.path)), None)
        if question is None:
            general.append(sentence(violation))
        else:
            at.setdefault(question.name, _in_row(question, place or "", sentence(violation)))
    return Faults(at, tuple(dict.fromkeys(general)))


def sentence(violation: FieldViolation) -> str:
    """What a violation says, in the language of the page."""
    found = render(violation.reason, violation.metadata)
    said = choose(found.zh, found.en)
    return said[:1].upper() + said[1:]


def is_under(path: str, of: str) -> bool:
    """Whether a path of the contracts is another one or lies within it: "items[0].unit" is under "items"."""
    return path == of or path.startswith((f"{of}.", f"{of}["))


def digest(questions: Iterable[Question], message: Message) -> str:
    """Tells two states of the questions apart, to be carried by the page that shows one of them."""
    content = json.dumps(stated(questions, message), sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:32]


def is_blank(questions: Iterable[Question], message: Message) -> bool:
    """Whether nothing is stated at all."""
    return not any(any(values) for values in stated(questions, message).values())


def _parent(message: Message, path: str) -> tuple[Message, Any]:
    """The message that holds the last field of a path, and the descriptor of the field.

    "catch_all[TERRORISM].knowledge" is of the row whose first field has that word; of a row that is not there, a
    blank one.
    """
    *before, last = path.split(".")
    for name in before:
        keyed = _KEYED.fullmatch(name)
        if keyed is None:
            message = getattr(message, name)
        else:
            message = _row(getattr(message, keyed[1]), keyed[2]) or _blank_row(message, keyed[1], keyed[2])
    return message, message.DESCRIPTOR.fields_by_name[last]


def _row(rows: Iterable[Message], word: str) -> Message | None:
    for row in rows:
        first = row.DESCRIPTOR.fields[0]
        if _word(first.enum_type, getattr(row, first.name)) == word:
            return row
    return None


def _blank_row(message: Any, part: str, word: str) -> Message:
    row: Message = getattr(type(message)(), part).add()
    first = row.DESCRIPTOR.fields[0]
    setattr(row, first.name, _number(first.enum_type, word))
    return row


def _own_row(message: Message, path: str) -> Message:
    """The row that a path names, added to its message if it is not there yet."""
    *before, _ = path.split(".")
    found: Any = message
    for name in before:
        keyed = _KEYED.fullmatch(name)
        if keyed is None:
            found = getattr(found, name)
            continue
        rows = getattr(found, keyed[1])
        row = _row(rows, keyed[2])
        if row is None:
            row = rows.add()
            row.CopyFrom(_blank_row(found, keyed[1], keyed[2]))
        found = row
    return found  # type: ignore[no-any-return]


def _as_typed(descriptor: Any, value: Any) -> tuple[str, ...]:
    if isinstance(value, bool):
        return (YES,) if value else ()
    if descriptor.enum_type is not None:
        return (_word(descriptor.enum_type, value),)
    return (str(value),)


def _word(enumeration: Any, number: int) -> str:
    """The word of an enumerated value without its prefix; empty if not set."""
    if number == 0:
        return ""
    prefix = enumeration.values_by_number[0].name.removesuffix("UNSPECIFIED")
    return str(enumeration.values_by_number[number].name.removeprefix(prefix))


def _number(enumeration: Any, word: str) -> int:
    """The reverse. Raises KeyError for a word that the enumeration does not have."""
    if not word:
        return 0
    prefix = enumeration.values_by_number[0].name.removesuffix("UNSPECIFIED")
    return int(enumeration.values_by_name[f"{prefix}{word}"].number)


def _write_one(question: Question, typed: Typed, message: Message) -> str:
    """Writes the answer to one question; returns what is wrong with it, or nothing."""
    if question.kind is Kind.FILE:
        return ""
    try:
        answer = _read(question, typed)
    except ValueError:
        return text(f"form.fault_{question.kind}")
    parent, last = _parent(message, question.path)
    if not answer and not getattr(parent, last.name):
        # Nothing is said and nothing was: a part that nobody filled in stays absent.
        return ""
    if "[" in question.path and _is_offered(question, answer, getattr(parent, last.name)):
        parent = _own_row(message, question.path)
    if question.kind is Kind.ROWS:
        getattr(parent, last.name).clear()
        for row in answer:
            getattr(parent, last.name).add(
                **dict(zip((column for column, _ in question.columns), row, strict=True))
            )
        return ""
    if not _is_offered(question, answer, getattr(parent, last.name)):
        return text(f"form.fault_{question.kind}")
    if last.is_repeated:
        getattr(parent, last.name)[:] = answer
        return ""
    try:
        value = _number(last.enum_type, answer) if last.enum_type is not None else _plain(last, answer)
        setattr(parent, last.name, value)
    except (KeyError, ValueError):
        return text(f"form.fault_{question.kind}")
    return ""


def _plain(descriptor: Any, answer: Any) -> Any:
    """The answer as the type of the field. Raises ValueError for a text that is no whole number."""
    whole = isinstance(descriptor.default_value, int) and not isinstance(descriptor.default_value, bool)
    return int(answer or 0) if whole else answer


def _is_offered(question: Question, answer: Any, present: Any) -> bool:
    """Whether what was chosen can be chosen, or stands there already."""
    match question.kind:
        case Kind.CHOICE | Kind.SELECTION:
            chosen, kept = {answer} if answer else set(), {present}
        case Kind.SELECTIONS:
            chosen, kept = set(answer), set(present)
        case _:
            return True
    return chosen <= kept | {option.value for option in question.options()}


def _read(question: Question, typed: Typed) -> Any:
    """The answer as it stands in a message. Raises ValueError for what cannot be read."""
    values = typed.get(question.name, ())
    first = values[0] if values else ""
    match question.kind:
        case Kind.TEXT:
            return as_text(first).replace("\n", " ")
        case Kind.LONG_TEXT:
            return as_text(first)
        case Kind.CODE:
            return as_code(first)
        case Kind.CONTROL_CODE:
            return as_control_code(first)
        case Kind.NUMBER:
            return as_number(first)
        case Kind.DAY:
            return as_day(first)
        case Kind.YES_NO:
            return YES in values
        case Kind.CHOICE | Kind.SELECTION:
            return first.strip()
        case Kind.LINES:
            return lines(first)
        case Kind.SELECTIONS:
            return list(dict.fromkeys(value.strip() for value in values if value.strip()))
        case Kind.ROWS:
            columns = [tuple(map(as_text, typed.get(name, ()))) for name in question.names]
            return [row for row in rows_of(columns) if any(row)]
        case Kind.FILE:
            return ""
        case _:
            assert_never(question.kind)


def _suffices(question: Question, questions: Sequence[Question], typed: Typed) -> bool:
    """Whether a question is answered, need not be, or another one is answered in its place."""
    if not question.required or question.kind is Kind.FILE or _read(question, typed):
        return True
    return any(
        any(value.strip() for value in typed.get(other.name, ()))
        for other in questions
        if other.path == question.or_else
    )


def _demand(question: Question) -> str:
    chosen = question.kind in (Kind.CHOICE, Kind.SELECTION, Kind.SELECTIONS)
    label = text(question.label)
    if question.kind is Kind.YES_NO:
        return text("form.fault_missing_tick", label=label)
    return text("form.fault_missing_choice" if chosen else "form.fault_missing", label=label)


def _in_row(question: Question, place: str, said: str) -> str:
    """The sentence with the row or line that it is about."""
    if not place.startswith(f"{question.path}["):
        return said
    number = int(place.removeprefix(f"{question.path}[").partition("]")[0]) + 1
    return text("form.in_row", number=number, said=said)
