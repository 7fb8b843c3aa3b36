"""Queries over the versions of the control lists and their entries."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.dialects.postgresql import insert as insert_or_nothing

from services.classification.domain.entries import (
    Confirmation,
    ControlEntry,
    ControlList,
    ItemKind,
    Source,
    Term,
    TermKind,
)
from services.classification.store.tables import control_entry, entry_term, list_version


@dataclass(frozen=True, slots=True)
class ListVersion:
    """A version of a list that is loaded."""

    regime: str
    version: str
    edition: date
    entry_count: int


def add_list(connection: Connection, control_list: ControlList, now: datetime) -> bool:
    """Adds a version with its entries; False where that version is there already."""
    added = connection.execute(
        insert_or_nothing(list_version)
        .values(
            list_version=control_list.version,
            regime=control_list.regime,
            edition=control_list.edition,
            entry_count=len(control_list.entries),
            loaded_at=now,
        )
        .on_conflict_do_nothing()
        .returning(list_version.c.list_version)
    ).first()
    if added is None:
        return False
    version = control_list.version
    connection.execute(
        insert(control_entry),
        [_values(entry, version, at) for at, entry in enumerate(control_list.entries)],
    )
    connection.execute(
        insert(entry_term),
        [
            {
                "list_version": version,
                "identifier": entry.identifier,
                "position": at,
                "text": term.text,
                "kind": term.kind.value,
            }
            for entry in control_list.entries
            for at, term in enumerate(entry.terms)
        ],
    )
    return True


def all_versions(connection: Connection) -> list[ListVersion]:
    """Every version that is loaded, the current one of each regime first."""
    columns = list_version.c
    rows = connection.execute(
        select(list_version).order_by(columns.regime, columns.edition.desc(), columns.sequence.desc())
    )
    return [_version(row) for row in rows]


def current_versions(connection: Connection) -> list[ListVersion]:
    """Of each regime the version of the newest edition, among those the one loaded last."""
    columns = list_version.c
    rows = connection.execute(
        select(list_version)
        .ext(distinct_on(columns.regime))
        .order_by(columns.regime, columns.edition.desc(), columns.sequence.desc())
    )
    return [_version(row) for row in rows]


def read_list(connection: Connection, version: ListVersion) -> ControlList:
    """A version with its entries in the order of the list."""
    terms: dict[str, list[Term]] = defaultdict(list)
    for row in connection.execute(
        select(entry_term)
        .where(entry_term.c.list_version == version.version)
        .order_by(entry_term.c.identifier, entry_term.c.position)
    ):
        terms[row.identifier].append(Term(row.text, TermKind(row.kind)))
    rows = connection.execute(
        select(control_entry)
        .where(control_entry.c.list_version == version.version)
        .order_by(control_entry.c.position)
    )
    entries = tuple(_entry(row, tuple(terms[row.identifier])) for row in rows)
    return ControlList(version.regime, version.version, version.edition, entries)


def _version(row: Row[Any]) -> ListVersion:
    return ListVersion(row.regime, row.list_version, row.edition, row.entry_count)


# Columns that hold an attribute of the entry under the same name and as it is.
_AS_THEY_ARE = (
    "identifier",
    "control_code",
    "proposed_code",
    "category_zh",
    "category_en",
    "name_zh",
    "name_en",
    "parameters_zh",
    "parameters_en",
    "parameters_complete",
    "decontrol_zh",
    "decontrol_en",
    "note_zh",
    "note_en",
    "effective_from",
    "effective_to",
    "suspended_from",
    "suspended_to",
    "suspended_by",
    "quality",
)


def _values(entry: ControlEntry, version: str, position: int) -> dict[str, Any]:
    return {
        **{name: getattr(entry, name) for name in _AS_THEY_ARE},
        "list_version": version,
        "position": position,
        "kind": entry.kind.value,
        "hs_codes": list(entry.hs_codes),
        "announcement": entry.source.announcement,
        "announcement_title": entry.source.title,
        "announcement_url": entry.source.url,
        "confirmation": entry.confirmation.value,
    }


def _entry(row: Row[Any], terms: tuple[Term, ...]) -> ControlEntry:
    return ControlEntry(
        **{name: getattr(row, name) for name in _AS_THEY_ARE},
        kind=ItemKind(row.kind),
        hs_codes=tuple(row.hs_codes),
        terms=terms,
        source=Source(row.announcement, row.announcement_title, row.announcement_url),
        confirmation=Confirmation(row.confirmation),
    )
