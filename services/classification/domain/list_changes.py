"""What a proposal changes of a control list: every entry that is new, that says something else, or that ends."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from services.classification.domain.list_rows import Row, standing_row, standings_of
from services.classification.domain.standings import ended, is_ended, is_over, with_standing
from services.foundation import proposed_changes
from services.foundation.proposed_changes import Change, FieldChange

# The source of an entry is that of its words: who says the same in another edition says nothing new.
_OF_SOURCE: Final = frozenset({"announcement", "announcement_title", "announcement_url", "standings"})


def changes_between(
    before: Iterable[Row], stated: Iterable[Row], left_out: Callable[[Row], Row] | None
) -> tuple[Change, ...]:
    """Every change of entries that are stated as they will be; see `proposed_changes.changes_between`."""
    return proposed_changes.changes_between(before, stated, _identifier, lambda _, row: row, left_out)


def applied(before: Iterable[Row], changes: Iterable[Change]) -> list[Row]:
    """Every entry as the changes leave it: those that were there in their order, then the new ones."""
    return proposed_changes.applied(before, changes, _identifier)


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


def _identifier(row: Row) -> str:
    return str(row["identifier"])
