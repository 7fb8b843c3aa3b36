"""What stands in the versions of the party lists, entry by entry, as it is kept and as it is read in pages."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, String, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from services.screening.store.lists import TEXTS_OF_PARTY, WORDS_OF_LIST
from services.screening.store.tables import list_activation, list_measure, list_version, listed_party

_AS_IT_IS = (
    "entry_id",
    "name_zh",
    "name_en",
    "kind",
    "region",
    "standing_basis",
    "also_unreliable_entity",
)
_DAYS = (
    "effective_from",
    "effective_to",
    "suspended_from",
    "suspended_to",
    "stopped_from",
    "unconfirmed_from",
)


def read_contents(connection: Connection, version: str) -> list[dict[str, Any]]:
    """The content of every entry of a version (see `ListedParty.content`), in order of the ids."""
    query = _entries_of(version).order_by(listed_party.c.position)
    return [_content(row) for row in connection.execute(query)]


def page_of_contents(
    connection: Connection, version: str, query: str, after: int, size: int
) -> list[tuple[int, dict[str, Any]]]:
    """The content of entries whose id, name or alias holds a text, with their places, after a place."""
    rows = connection.execute(
        _entries_of(version)
        .where(_holds(query), listed_party.c.position > after)
        .order_by(listed_party.c.position)
        .limit(size)
    )
    return [(row.position, _content(row)) for row in rows]


def count_entries(connection: Connection, version: str, query: str = "") -> int:
    """How many entries of a version hold a text in their id, names or aliases."""
    counted = select(func.count()).select_from(listed_party)
    found: int = connection.execute(
        counted.where(listed_party.c.list_version == version, _holds(query))
    ).scalar_one()
    return found


def current_entry_ids(connection: Connection) -> frozenset[tuple[str, str]]:
    """The code of every list with the ids of its current entries."""
    columns = list_activation.c
    current = (
        select(columns.list_code, columns.list_version)
        .ext(distinct_on(columns.list_code))
        .order_by(columns.list_code, columns.sequence.desc())
        .subquery()
    )
    rows = connection.execute(
        select(current.c.list_code, listed_party.c.entry_id).join(
            listed_party, listed_party.c.list_version == current.c.list_version
        )
    )
    return frozenset((row.list_code, row.entry_id) for row in rows)


def read_definition(connection: Connection, version: str) -> dict[str, Any]:
    """What a version of a list is, without its entries (see `PartyList.definition`)."""
    columns = list_version.c
    row = connection.execute(select(list_version).where(columns.list_version == version)).one()
    measures = connection.execute(
        select(list_measure).where(list_measure.c.list_version == version).order_by(list_measure.c.position)
    )
    return {
        **{name: getattr(row, name) for name in WORDS_OF_LIST},
        "effective_from": row.effective_from.isoformat(),
        "read_on": row.read_on.isoformat(),
        "source": {"instrument": row.instrument, "article": row.article, "url": row.url},
        "measures": [
            {
                "measure": measure.measure,
                "source": {"instrument": measure.instrument, "article": measure.article, "url": ""},
                "effective_from": measure.effective_from.isoformat(),
                "effective_to": _day(measure.effective_to),
                "text_zh": measure.text_zh,
                "text_en": measure.text_en,
            }
            for measure in measures
        ],
    }


def _entries_of(version: str) -> Select[Any]:
    return (
        select(listed_party, list_version.c.list_code)
        .join(list_version, list_version.c.list_version == listed_party.c.list_version)
        .where(listed_party.c.list_version == version)
    )


def _holds(query: str) -> ColumnElement[bool]:
    columns = listed_party.c
    places: Sequence[ColumnElement[str]] = (
        columns.entry_id,
        columns.name_zh,
        columns.name_en,
        func.array_to_string(columns.aliases, " ", type_=String),
    )
    return or_(*(place.icontains(query, autoescape=True) for place in places))


def _content(row: Row[Any]) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in _AS_IT_IS},
        **{name: list(getattr(row, name)) for name in TEXTS_OF_PARTY},
        **{name: _day(getattr(row, name)) for name in _DAYS},
        "list_code": row.list_code,
        "holders": row.holders,
        "source": {"instrument": row.instrument, "article": row.article, "url": row.url},
    }


def _day(value: date | None) -> str | None:
    return value.isoformat() if value is not None else None
