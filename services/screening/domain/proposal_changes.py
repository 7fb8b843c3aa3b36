"""What a proposal changes: every row that is new, that says something else, or that ends.

A row is an entry of a list, a rule, or a grade of a destination, in values of JSON. Nothing is ever removed.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

Row = Mapping[str, Any]


class ChangeKind(StrEnum):
    """How a row changes."""

    ADDED = "ADDED"
    CHANGED = "CHANGED"
    ENDED = "ENDED"


@dataclass(frozen=True, slots=True)
class Change:
    """A row as it is (None where it is new) and as it will be."""

    key: str
    kind: ChangeKind
    before: Row | None
    after: Row


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a row that changes, as text; several values are joined by "; "."""

    field: str
    before: str
    after: str


def changes_between(
    before: Iterable[Row],
    stated: Iterable[Row],
    key: Callable[[Row], str],
    merged: Callable[[Row | None, Row], Row],
    left_out: Callable[[Row], Row] | None,
) -> tuple[Change, ...]:
    """Every change, in order of the keys, so that the order of the file does not matter.

    `left_out` says what becomes of a row that is not stated; without it such a row stays as it is.
    """
    known = {key(row): row for row in before}
    given = {key(row): row for row in stated}
    changes: list[Change] = []
    for name in sorted(known.keys() | given.keys()):
        old = known.get(name)
        if name in given:
            new = merged(old, given[name])
            kind = ChangeKind.ADDED if old is None else ChangeKind.CHANGED
        elif old is not None and left_out is not None:
            new, kind = left_out(old), ChangeKind.ENDED
        else:
            continue
        if old is None or dict(old) != dict(new):
            changes.append(Change(name, kind, old, new))
    return tuple(changes)


def applied(before: Iterable[Row], changes: Iterable[Change], key: Callable[[Row], str]) -> Sequence[Row]:
    """Every row as the changes leave it, in order of the keys."""
    rows = {key(row): row for row in before}
    rows |= {change.key: change.after for change in changes}
    return [rows[name] for name in sorted(rows)]


def field_changes(change: Change) -> tuple[FieldChange, ...]:
    """The fields that differ, in the order of the row; of a new row all that say something."""
    before = flat(change.before or {})
    after = flat(change.after)
    return tuple(
        FieldChange(name, before.get(name, ""), after.get(name, ""))
        for name in dict.fromkeys([*after, *before])
        if before.get(name, "") != after.get(name, "")
    )


def flat(row: Row) -> dict[str, str]:
    """The fields of a row as text, nested ones under "outer.inner"."""
    found: dict[str, str] = {}
    for name, value in row.items():
        if isinstance(value, Mapping):
            found |= {f"{name}.{inner}": text for inner, text in flat(value).items()}
        else:
            found[name] = _text(value)
    return found


def ended(row: Row, last_day: date, day_before_it_began: date) -> Row:
    """The row with `last_day` as its end, if it has not ended before.

    One that was to begin later ends on the day before it begins: it is never in force.
    """
    ends = row["effective_to"]
    if ends and date.fromisoformat(ends) <= last_day:
        return row
    return {**row, "effective_to": max(last_day, day_before_it_began).isoformat()}


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list() | tuple():
            return "; ".join(
                ":".join(_text(part) for part in one.values()) if isinstance(one, Mapping) else _text(one)
                for one in value
            )
        case _:
            return str(value)
