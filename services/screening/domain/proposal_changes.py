"""What a proposal changes of lists, rules and grades of destinations, as people read it, and how a row ends."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from services.foundation import proposed_changes
from services.foundation.proposed_changes import Change as Change
from services.foundation.proposed_changes import ChangeKind as ChangeKind
from services.foundation.proposed_changes import FieldChange as FieldChange
from services.foundation.proposed_changes import Row as Row
from services.foundation.proposed_changes import changes_between as changes_between


def applied(before: Iterable[Row], changes: Iterable[Change], key: Callable[[Row], str]) -> Sequence[Row]:
    """Every row as the changes leave it, in order of the keys."""
    return sorted(proposed_changes.applied(before, changes, key), key=key)


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
