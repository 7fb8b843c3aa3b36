"""Queries over the versions of the control lists and their entries, and which version counts.

A version is its content and is only ever added. What counts is the version that was activated last, and every
activation is kept: what counted at an earlier instant can be asked for ever.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection, Row, Table, func, insert, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.dialects.postgresql import insert as insert_or_nothing

from services.classification.domain.entries import (
    ControlEntry,
    ControlList,
    HsReference,
    HsTrust,
    ItemKind,
    Quality,
    Source,
    Term,
    TermKind,
)
from services.classification.domain.list_rows import AS_THEY_ARE
from services.classification.domain.standings import EntryStatus, Standing
from services.classification.store.tables import (
    control_entry,
    entry_hs_reference,
    entry_standing,
    entry_term,
    list_activation,
    list_version,
)

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class ListVersion:
    """A version of a list that is loaded."""

    regime: str
    version: str
    edition: date
    covers_from: date
    entry_count: int


@dataclass(frozen=True, slots=True)
class Activation:
    """When (UTC) a version became the one that counts in its regime, and by whom.

    `proposal_id`, `proposed_by` and `activated_by` are empty for what came with the program.
    """

    version: ListVersion
    proposal_id: UUID | None
    proposed_by: str
    activated_by: str
    activated_at: datetime


def lock_regime(connection: Connection, regime: str) -> None:
    """Whoever changes the list of a regime holds this until the transaction ends."""
    key = func.hashtextextended(f"control list {regime}", 0)
    connection.execute(select(func.pg_advisory_xact_lock(key)))


def add_list(connection: Connection, control_list: ControlList) -> bool:
    """Adds a version with its entries; False where that version is there already."""
    added = connection.execute(
        insert_or_nothing(list_version)
        .values(
            list_version=control_list.version,
            regime=control_list.regime,
            edition=control_list.edition,
            covers_from=control_list.covers_from,
            entry_count=len(control_list.entries),
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
    _add_parts(connection, entry_term, control_list, _term_values)
    _add_parts(connection, entry_standing, control_list, _standing_values)
    _add_parts(connection, entry_hs_reference, control_list, _reference_values)
    return True


def add_activation(
    connection: Connection,
    regime: str,
    version: str,
    now: datetime,
    proposal_id: UUID | None = None,
    proposed_by: str = "",
    activated_by: str = "",
) -> None:
    """Makes a version that is there the one that counts in its regime."""
    connection.execute(
        insert(list_activation).values(
            regime=regime,
            list_version=version,
            proposal_id=proposal_id,
            proposed_by=proposed_by,
            activated_by=activated_by,
            activated_at=now,
        )
    )


def activations(connection: Connection, regime: str = "") -> list[Activation]:
    """Every activation of a regime (empty: of all regimes, in their order), the newest first."""
    columns = list_activation.c
    query = select(list_version, list_activation).join(
        list_activation, list_activation.c.list_version == list_version.c.list_version
    )
    if regime:
        query = query.where(columns.regime == regime)
    rows = connection.execute(query.order_by(columns.regime, columns.sequence.desc()))
    return [
        Activation(
            _version(row),
            row.proposal_id,
            row.proposed_by,
            row.activated_by,
            row.activated_at.astimezone(UTC),
        )
        for row in rows
    ]


def current_versions(connection: Connection, known_at: datetime | None = None) -> list[ListVersion]:
    """Of each regime the version that was activated last, or last by an instant at which one asks what counted."""
    columns = list_activation.c
    query = (
        select(list_version)
        .join(list_activation, columns.list_version == list_version.c.list_version)
        .ext(distinct_on(columns.regime))
        .order_by(columns.regime, columns.sequence.desc())
    )
    if known_at is not None:
        query = query.where(columns.activated_at <= known_at)
    return [_version(row) for row in connection.execute(query)]


def current_version(connection: Connection, regime: str) -> ListVersion | None:
    """The version that counts in a regime; None where it has no list yet."""
    return next((each for each in current_versions(connection) if each.regime == regime), None)


def read_list(connection: Connection, version: ListVersion) -> ControlList:
    """A version with its entries in the order of the list."""
    terms = _parts(connection, entry_term, version, lambda row: Term(row.text, TermKind(row.kind)))
    standings = _parts(
        connection,
        entry_standing,
        version,
        lambda row: Standing(EntryStatus(row.status), row.since, row.until, row.basis),
    )
    references = _parts(
        connection,
        entry_hs_reference,
        version,
        lambda row: HsReference(row.hs_code, HsTrust(row.trust), row.announcement),
    )
    rows = connection.execute(
        select(control_entry)
        .where(control_entry.c.list_version == version.version)
        .order_by(control_entry.c.position)
    )
    entries = tuple(
        ControlEntry(
            **{name: getattr(row, name) for name in AS_THEY_ARE},
            kind=ItemKind(row.kind),
            hs_references=references[row.identifier],
            terms=terms[row.identifier],
            source=Source(row.announcement, row.announcement_title, row.announcement_url),
            standings=standings[row.identifier],
            quality=Quality(row.quality),
        )
        for row in rows
    )
    return ControlList(version.regime, version.version, version.edition, version.covers_from, entries)


def _version(row: Row[Any]) -> ListVersion:
    return ListVersion(row.regime, row.list_version, row.edition, row.covers_from, row.entry_count)


def _values(entry: ControlEntry, version: str, position: int) -> dict[str, Any]:
    return {
        **{name: getattr(entry, name) for name in AS_THEY_ARE},
        "list_version": version,
        "position": position,
        "kind": entry.kind.value,
        "announcement": entry.source.announcement,
        "announcement_title": entry.source.title,
        "announcement_url": entry.source.url,
        "quality": entry.quality.value,
    }


def _term_values(entry: ControlEntry) -> Iterable[dict[str, Any]]:
    return ({"text": term.text, "kind": term.kind.value} for term in entry.terms)


def _standing_values(entry: ControlEntry) -> Iterable[dict[str, Any]]:
    return (
        {"status": each.status.value, "since": each.since, "until": each.until, "basis": each.basis}
        for each in entry.standings
    )


def _reference_values(entry: ControlEntry) -> Iterable[dict[str, Any]]:
    return (
        {"hs_code": each.code, "trust": each.trust.value, "announcement": each.announcement}
        for each in entry.hs_references
    )


def _add_parts(
    connection: Connection,
    table: Table,
    control_list: ControlList,
    values_of: Callable[[ControlEntry], Iterable[dict[str, Any]]],
) -> None:
    """Adds what an entry has several of, in its order."""
    rows = [
        {
            "list_version": control_list.version,
            "identifier": entry.identifier,
            "position": position,
            **values,
        }
        for entry in control_list.entries
        for position, values in enumerate(values_of(entry))
    ]
    if rows:
        connection.execute(insert(table), rows)


def _parts(
    connection: Connection, table: Table, version: ListVersion, part_of: Callable[[Row[Any]], Part]
) -> defaultdict[str, tuple[Part, ...]]:
    """What the entries of a version have several of, by identifier, in its order."""
    found: defaultdict[str, tuple[Part, ...]] = defaultdict(tuple)
    for row in connection.execute(
        select(table)
        .where(table.c.list_version == version.version)
        .order_by(table.c.identifier, table.c.position)
    ):
        found[row.identifier] += (part_of(row),)
    return found
