"""Groups of fields that a person may repeat: `conditions[0].zh`, `conditions[0].en`, `conditions[1].zh` ...

The names are the paths of the contract, so that what a service says of a field finds it.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

_FIELD: Final = re.compile(r"(?P<group>[a-z_]+)\[(?P<place>\d{1,3})\]\.(?P<name>[a-z_.]+)")


def rows(typed: Mapping[str, str], group: str) -> list[dict[str, str]]:
    """The rows of a group in order, those that are empty too."""
    found: dict[int, dict[str, str]] = {}
    for field, value in typed.items():
        match = _FIELD.fullmatch(field)
        if match is not None and match["group"] == group:
            found.setdefault(int(match["place"]), {})[match["name"]] = value
    return [found[place] for place in sorted(found)]


def filled_rows(typed: Mapping[str, str], group: str) -> list[dict[str, str]]:
    """The rows of a group in which something stands."""
    return [row for row in rows(typed, group) if any(row.values())]


def without_empty_rows(typed: Mapping[str, str], groups: Sequence[str]) -> dict[str, str]:
    """The answers with the rows of these groups closed up."""
    kept = {
        field: value
        for field, value in typed.items()
        if (match := _FIELD.fullmatch(field)) is None or match["group"] not in groups
    }
    for group in groups:
        kept |= as_fields(group, filled_rows(typed, group))
    return kept


def as_fields(group: str, content: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """The fields of these rows."""
    return {
        f"{group}[{place}].{name}": value for place, row in enumerate(content) for name, value in row.items()
    }


def rows_to_show(
    typed: Mapping[str, str], group: str, to_add: str = "", to_remove: str = ""
) -> list[dict[str, str]]:
    """The rows of a form: at least one, one more where the group is `to_add`, without "group:place"."""
    shown = rows(typed, group)
    name, _, place = to_remove.partition(":")
    if name == group and place.isdecimal() and int(place) < len(shown):
        del shown[int(place)]
    if to_add == group or not shown:
        shown.append({})
    return shown


def identifier(field: str) -> str:
    """The id of the element of a field."""
    return re.sub(r"[^A-Za-z0-9_]+", "-", field).strip("-")
