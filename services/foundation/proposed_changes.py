"""What a proposal changes of data of the law: every row that is new, that says something else, or that ends.

A row is an entry of a list, a rule or a grade, in values of JSON. Nothing is ever removed. The life of proposals is
that of `proposals`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
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

    `merged` says what becomes of a row that is stated, by what it is now (None where it is new). `left_out` says
    what becomes of a row that is not stated; without it such a row stays as it is.
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


def applied(before: Iterable[Row], changes: Iterable[Change], key: Callable[[Row], str]) -> list[Row]:
    """Every row as the changes leave it: those that were there in their order, then the new ones."""
    rows = {key(row): row for row in before}
    rows |= {change.key: change.after for change in changes}
    return list(rows.values())
