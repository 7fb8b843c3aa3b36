"""What a proposal changes of a control list: every entry that is new, that says something else, or that ends."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final

from services.classification.domain.list_rows import Row, standing_row, standings_of
from services.classification.domain.standings import ended, is_ended, is_over, with_standing

# The source of an entry is that of its words: who says the same in another edition says nothing new.
_OF_SOURCE: Final = frozenset({"announcement", "announcement_title", "announcement_url", "standings"})


class ChangeKind(StrEnum):
    """How an entry changes."""

    ADDED = "ADDED"
    CHANGED = "CHANGED"
    ENDED = "ENDED"


@dataclass(frozen=True, slots=True)
class Change:
    """An entry as it is (None where it is new) and as it will be."""

    identifier: str
    kind: ChangeKind
    before: Row | None
    after: Row


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of an entry that changes, as text; several values are joined by "; "."""

    field: str
    before: str
    after: str


def changes_between(
    before: Iterable[Row],
    stated: Iterable[Row],
    left_out: Callable[[Row], Row] | None,
) -> tuple[Change, ...]:
    """Every change in order of the identifiers, so that the order of a file does not matter.

    `left_out` says what becomes of an entry that is not stated; without it such an entry stays as it is.
    """
    known = {str(row["identifier"]): row for row in before}
    given = {str(row["identifier"]): row for row in stated}
    changes: list[Change] = []
    for name in sorted(known.keys() | given.keys()):
        old = known.get(name)
        if name in given:
            new = given[name]
            kind = ChangeKind.ADDED if old is None else ChangeKind.CHANGED
        elif old is not None and left_out is not None:
            new, kind = left_out(old), ChangeKind.ENDED
        else:
            continue
        if old is None or dict(old) != dict(new):
            changes.append(Change(name, kind, old, new))
    return tuple(changes)


def applied(before: Iterable[Row], changes: Iterable[Change]) -> list[Row]:
    """Every entry as the changes leave it: those that were there in their order, then the new ones."""
    rows = {str(row["identifier"]): row for row in before}
    rows |= {change.identifier: change.after for change in changes}
    return list(rows.values())


def restated(old: Row | None, new: Row, edition: date) -> Row:
    """The entry of a whole edition: one that says what it said keeps its source and its standings.

    An entry that stood suspended or otherwise is not thereby revived; standings are changed by proposals of
    their own. One that had ended and is listed again stands from the edition on as that says.
    """
    if old is None:
        return new
    kept = {**new, "standings": old["standings"]}
    if is_over(standings_of(old)):
        again = replace(standings_of(new)[-1], since=edition)
        kept["standings"] = [standing_row(each) for each in with_standing(standings_of(old), again)]
    same = all(old[name] == value for name, value in new.items() if name not in _OF_SOURCE)
    return {**kept, **{name: old[name] for name in _OF_SOURCE - {"standings"}}} if same else kept


def left_out(row: Row, edition: date, basis: str) -> Row:
    """The entry as an edition leaves it that does not hold it any more: it is repealed from that day on."""
    standings = standings_of(row)
    if is_ended(standings, edition):
        return row
    return {**row, "standings": [standing_row(each) for each in ended(standings, edition, basis)]}


def field_changes(change: Change) -> tuple[FieldChange, ...]:
    """The fields that differ, in the order of the entry; of a new entry all that say something."""
    before = _as_texts(change.before or {})
    after = _as_texts(change.after)
    return tuple(
        FieldChange(name, before.get(name, ""), text)
        for name, text in after.items()
        if before.get(name, "") != text
    )


def _as_texts(row: Row) -> dict[str, str]:
    return {name: _text(name, value) for name, value in row.items()}


def _text(name: str, value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case list() if name == "standings":
            return "; ".join(_standing_text(each) for each in value)
        case list():
            return "; ".join(" ".join(str(part) for part in each.values()) for each in value)
        case _:
            return str(value)


def _standing_text(standing: Mapping[str, Any]) -> str:
    return f"{standing['status']} {standing['since']}..{standing['until'] or ''} ({standing['basis']})"
