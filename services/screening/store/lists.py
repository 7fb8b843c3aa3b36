"""Queries over the versions of the party lists."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.dialects.postgresql import insert as insert_or_nothing

from services.screening.domain.lists import (
    LegalSource,
    ListCode,
    ListedParty,
    Measure,
    PartyList,
    Verdict,
    listed_names,
)
from services.screening.domain.names import NameRules
from services.screening.store.tables import list_measure, list_version, listed_party

# Columns that hold an attribute of the same name as it is.
_OF_LIST = ("name_zh", "name_en", "effective_from", "read_on", "maximum_age_days")
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
_OF_MEASURE = ("measure", "effective_from", "effective_to", "text_zh", "text_en")


@dataclass(frozen=True, slots=True)
class StoredList:
    """A current version of a list by name, before it is read."""

    list_code: str
    version: str


def add_list(connection: Connection, party_list: PartyList, now: datetime) -> bool:
    """Adds a version with its entries and measures; False where that version is there already."""
    version = party_list.version
    added = connection.execute(
        insert_or_nothing(list_version)
        .values(
            **_values(party_list, _OF_LIST),
            list_version=version,
            list_code=party_list.list_code.value,
            match_verdict=party_list.match_verdict.name,
            likeness_verdict=party_list.likeness_verdict.name,
            instrument=party_list.source.instrument,
            article=party_list.source.article,
            loaded_at=now,
        )
        .on_conflict_do_nothing()
        .returning(list_version.c.list_version)
    ).first()
    if added is None:
        return False
    parties = [
        {
            **_values(entry, _OF_PARTY),
            "list_version": version,
            "position": at,
            "aliases": list(entry.aliases),
            "instrument": entry.source.instrument,
            "url": entry.source.url,
        }
        for at, entry in enumerate(party_list.entries)
    ]
    measures = [
        {
            **_values(measure, _OF_MEASURE),
            "list_version": version,
            "position": at,
            "instrument": measure.source.instrument,
            "article": measure.source.article,
        }
        for at, measure in enumerate(party_list.measures)
    ]
    for table, rows in ((listed_party, parties), (list_measure, measures)):
        if rows:
            connection.execute(insert(table), rows)
    return True


def current_lists(connection: Connection) -> list[StoredList]:
    """Of each list the version that was read last, among those the one loaded last."""
    columns = list_version.c
    rows = connection.execute(
        select(columns.list_code, columns.list_version)
        .ext(distinct_on(columns.list_code))
        .order_by(columns.list_code, columns.read_on.desc(), columns.sequence.desc())
    )
    return [StoredList(row.list_code, row.list_version) for row in rows]


def read_list(connection: Connection, version: str, names: NameRules) -> PartyList:
    """A version with its entries in the order of the list."""
    row = connection.execute(select(list_version).where(list_version.c.list_version == version)).one()
    parties = connection.execute(
        select(listed_party).where(listed_party.c.list_version == version).order_by(listed_party.c.position)
    )
    measures = connection.execute(
        select(list_measure).where(list_measure.c.list_version == version).order_by(list_measure.c.position)
    )
    code = ListCode(row.list_code)
    return PartyList(
        **_attributes(row, _OF_LIST),
        list_code=code,
        version=version,
        match_verdict=Verdict[row.match_verdict],
        likeness_verdict=Verdict[row.likeness_verdict],
        source=LegalSource(row.instrument, row.article, ""),
        entries=tuple(_listed_party(party, code, names) for party in parties),
        measures=tuple(
            Measure(
                **_attributes(measure, _OF_MEASURE),
                source=LegalSource(measure.instrument, measure.article, ""),
            )
            for measure in measures
        ),
    )


def _listed_party(row: Row[Any], code: ListCode, names: NameRules) -> ListedParty:
    aliases = tuple(row.aliases)
    return ListedParty(
        **_attributes(row, _OF_PARTY),
        list_code=code,
        aliases=aliases,
        names=listed_names(names, row.name_zh, row.name_en, aliases),
        source=LegalSource(row.instrument, "", row.url),
    )


def _values(thing: object, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in names}


def _attributes(row: Row[Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
