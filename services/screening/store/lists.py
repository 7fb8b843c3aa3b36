"""Queries over the versions of the party lists, and which of them is the current one.

A version is its content and is only ever added. A list may come back to a version that it had before: what is
current is the version that was activated last, and every activation is kept.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, func, insert, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.dialects.postgresql import insert as insert_or_nothing

from services.screening.domain.lists import (
    EntryKind,
    Holder,
    LegalSource,
    ListedParty,
    Measure,
    PartyList,
    Verdict,
    digest_of,
)
from services.screening.store.bulk import add_rows
from services.screening.store.tables import list_activation, list_measure, list_version, listed_party

# So many entries are read at a time: the database is never left without a statement for long.
_ENTRIES_AT_ONCE = 2_000
# Columns that hold an attribute of the same name as it is.
_OF_LIST = (
    "list_code",
    "label",
    "required",
    "name_zh",
    "name_en",
    "effective_from",
    "read_on",
    "maximum_age_days",
)
_OF_PARTY = (
    "entry_id",
    "name_zh",
    "name_en",
    "region",
    "effective_from",
    "effective_to",
    "suspended_from",
    "suspended_to",
    "stopped_from",
    "unconfirmed_from",
    "standing_basis",
    "also_unreliable_entity",
)
TEXTS_OF_PARTY = ("aliases", "addresses", "identifiers", "born", "measures")
WORDS_OF_LIST = (
    "list_code",
    "label",
    "required",
    "name_zh",
    "name_en",
    "match_verdict",
    "likeness_verdict",
    "maximum_age_days",
)
_OF_MEASURE = ("measure", "effective_from", "effective_to", "text_zh", "text_en")


@dataclass(frozen=True, slots=True)
class StoredList:
    """A current version of a list by name, before it is read, and since when it counts (UTC)."""

    list_code: str
    version: str
    activated_at: datetime


@dataclass(frozen=True, slots=True)
class Activation:
    """When (UTC) a version became the current one of its list, and by whom.

    `proposal_id`, `proposed_by` and `activated_by` are empty for what came with the program.
    """

    list_code: str
    version: str
    read_on: date
    entries: int
    proposal_id: UUID | None
    proposed_by: str
    activated_by: str
    activated_at: datetime


def lock_list(connection: Connection, list_code: str) -> None:
    """Whoever changes the list holds this until the transaction ends."""
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"list {list_code}", 0))))


def add_list(connection: Connection, party_list: PartyList) -> bool:
    """Adds a version with its entries and measures; False where that version is there already."""
    contents = (entry.content for entry in party_list.entries)
    return add_version(connection, party_list.version, party_list.definition, contents)


def add_version(
    connection: Connection, version: str, definition: Mapping[str, Any], contents: Iterable[Mapping[str, Any]]
) -> bool:
    """The same from what the list and its entries say, in values of JSON (see `PartyList.definition`)."""
    added = connection.execute(
        insert_or_nothing(list_version)
        .values(
            **{name: definition[name] for name in WORDS_OF_LIST},
            **definition["source"],
            list_version=version,
            effective_from=date.fromisoformat(definition["effective_from"]),
            read_on=date.fromisoformat(definition["read_on"]),
        )
        .on_conflict_do_nothing()
        .returning(list_version.c.list_version)
    ).first()
    if added is None:
        return False
    add_rows(
        connection,
        listed_party,
        (
            {
                **content,
                **content["source"],
                "list_version": version,
                "position": at,
                "digest": digest_of(content),
            }
            for at, content in enumerate(contents)
        ),
    )
    add_rows(
        connection,
        list_measure,
        (
            {**measure, **measure["source"], "list_version": version, "position": at}
            for at, measure in enumerate(definition["measures"])
        ),
    )
    return True


def add_activation(
    connection: Connection,
    list_code: str,
    version: str,
    now: datetime,
    proposal_id: UUID | None = None,
    proposed_by: str = "",
    activated_by: str = "",
) -> None:
    """Makes a version that is there the current one of its list. The caller holds `lock_list`."""
    connection.execute(
        insert(list_activation).values(
            list_code=list_code,
            list_version=version,
            proposal_id=proposal_id,
            proposed_by=proposed_by,
            activated_by=activated_by,
            activated_at=now,
        )
    )


def current_lists(connection: Connection) -> list[StoredList]:
    """Of each list the version that was activated last, by the code of the list."""
    columns = list_activation.c
    rows = connection.execute(
        select(columns.list_code, columns.list_version, columns.activated_at)
        .ext(distinct_on(columns.list_code))
        .order_by(columns.list_code, columns.sequence.desc())
    )
    return [StoredList(row.list_code, row.list_version, row.activated_at.astimezone(UTC)) for row in rows]


def current_version(connection: Connection, list_code: str) -> str | None:
    """The version of a list that was activated last; None where the list is not there."""
    columns = list_activation.c
    return connection.execute(
        select(columns.list_version)
        .where(columns.list_code == list_code)
        .order_by(columns.sequence.desc())
        .limit(1)
    ).scalar()


def activations(connection: Connection, list_code: str | None = None) -> list[Activation]:
    """Every activation, of one list or of all, newest first."""
    columns = list_activation.c
    counted = (
        select(func.count())
        .where(listed_party.c.list_version == columns.list_version)
        .correlate(list_activation)
        .scalar_subquery()
    )
    query = (
        select(list_activation, list_version.c.read_on, counted.label("entries"))
        .join(list_version, list_version.c.list_version == columns.list_version)
        .order_by(columns.sequence.desc())
    )
    if list_code is not None:
        query = query.where(columns.list_code == list_code)
    return [
        Activation(
            row.list_code,
            row.list_version,
            row.read_on,
            row.entries,
            row.proposal_id,
            row.proposed_by,
            row.activated_by,
            row.activated_at.astimezone(UTC),
        )
        for row in connection.execute(query)
    ]


def versions_among(connection: Connection, versions: Collection[str]) -> frozenset[str]:
    """Those of some texts that are versions of lists, current or not."""
    found = select(list_version.c.list_version).where(list_version.c.list_version.in_(sorted(versions)))
    return frozenset(connection.execute(found).scalars())


def list_of_version(connection: Connection, version: str) -> str | None:
    """The list that a version is of; None where there is no such version."""
    query = select(list_version.c.list_code).where(list_version.c.list_version == version)
    return connection.execute(query).scalar()


def read_list(connection: Connection, version: str, known: PartyList | None = None) -> PartyList:
    """A version, whether it is current or not, with its entries in order of their ids.

    The entries that it shares with a `known` version of the same list are taken from there.
    """
    row = connection.execute(select(list_version).where(list_version.c.list_version == version)).one()
    entries = (
        _entries(connection, version, row.list_code)
        if known is None
        else _entries_beside(connection, version, known)
    )
    measures = connection.execute(
        select(list_measure).where(list_measure.c.list_version == version).order_by(list_measure.c.position)
    )
    return PartyList(
        **_attributes(row, _OF_LIST),
        version=version,
        match_verdict=Verdict[row.match_verdict],
        likeness_verdict=Verdict[row.likeness_verdict],
        source=LegalSource(row.instrument, row.article, row.url),
        entries=entries,
        measures=tuple(
            Measure(
                **_attributes(measure, _OF_MEASURE),
                source=LegalSource(measure.instrument, measure.article, ""),
            )
            for measure in measures
        ),
    )


def _entries(connection: Connection, version: str, code: str) -> tuple[ListedParty, ...]:
    of_version = listed_party.c.list_version == version
    found = dict(_read_entries(connection, of_version, code))
    return tuple(found[position] for position in sorted(found))


def _read_entries(
    connection: Connection, which: ColumnElement[bool], code: str
) -> Iterator[tuple[int, ListedParty]]:
    """Entries of one version with their places, in no particular order."""
    columns = listed_party.c
    query = select(listed_party).where(which).order_by(columns.entry_id).limit(_ENTRIES_AT_ONCE)
    rows = connection.execute(query).all()
    while rows:
        for row in rows:
            yield row.position, _listed_party(row, code)
        if len(rows) < _ENTRIES_AT_ONCE:
            return
        rows = connection.execute(query.where(columns.entry_id > rows[-1].entry_id)).all()


def _entries_beside(connection: Connection, version: str, known: PartyList) -> tuple[ListedParty, ...]:
    """The entries of a version; those that say the same in the known one are that one's own."""
    same = listed_party.alias()
    columns = listed_party.c
    others = and_(
        columns.list_version == version,
        ~exists().where(
            same.c.list_version == known.version,
            same.c.entry_id == columns.entry_id,
            same.c.digest == columns.digest,
        ),
    )
    entries = {entry.entry_id: entry for entry in known.entries}
    entries.update((entry.entry_id, entry) for _, entry in _read_entries(connection, others, known.list_code))
    in_order = connection.execute(
        select(columns.entry_id).where(columns.list_version == version).order_by(columns.position)
    )
    return tuple(entries[entry_id] for entry_id in in_order.scalars())


def find_entries(
    connection: Connection, places: Collection[tuple[str, str]]
) -> dict[tuple[str, str], ListedParty]:
    """Entries by version and id, of whatever versions."""
    columns = listed_party.c
    rows = connection.execute(
        select(listed_party, list_version.c.list_code)
        .join(list_version, list_version.c.list_version == columns.list_version)
        .where(tuple_(columns.list_version, columns.entry_id).in_(sorted(set(places))))
    )
    return {(row.list_version, row.entry_id): _listed_party(row, row.list_code) for row in rows}


def _listed_party(row: Row[Any], code: str) -> ListedParty:
    texts: dict[str, Any] = {name: tuple(getattr(row, name)) for name in TEXTS_OF_PARTY}
    return ListedParty(
        **_attributes(row, _OF_PARTY),
        **texts,
        list_code=code,
        kind=EntryKind(row.kind),
        holders=tuple(
            Holder(one["list_code"], one["entry_id"], Decimal(one["percent"])) for one in row.holders
        ),
        source=LegalSource(row.instrument, row.article, row.url),
    )


def _attributes(row: Row[Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
