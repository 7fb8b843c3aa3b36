"""Queries over the exports that are looked at again, what is owed to them, and what is still to be told."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    cast,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.types import Text

from services.screening.domain.lists import Verdict
from services.screening.domain.records import ScreeningRecord
from services.screening.domain.rescreening import Cause, Concern, WatchKeys
from services.screening.store.watched_tables import (
    changed_decision,
    changed_screening,
    followed_change,
    owed_rescreening,
    watched_export,
)

# Whoever watches an export holds it with others; whoever follows changes holds it alone and so sees every export
# that was screened on what stood before. An arbitrary number that nothing else locks.
_WATCHING = 4_792_001


@dataclass(frozen=True, slots=True)
class Watched:
    """A watched export as it stands."""

    watched_as: str
    change: int
    subject: str
    export: Mapping[str, Any]
    last_screening_id: UUID
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Owed:
    """An export that is to be screened again, and why."""

    watched_as: str
    cause: Cause
    cause_version: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A result that differs from the one before; `delivered` once licensing was told of it."""

    screening_id: UUID
    watched_as: str
    cause: Cause
    cause_version: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Followed:
    """How far a source of changes was followed: all of `version`, and of `toward` what comes up to `done_up_to`."""

    version: str
    toward: str = ""
    done_up_to: str = ""


def hold_to_watch(connection: Connection) -> None:
    """Until the commit nobody follows changes: what is screened here will be seen by whoever does it next."""
    connection.execute(select(func.pg_advisory_xact_lock_shared(_WATCHING)))


def hold_to_follow(connection: Connection) -> None:
    """Waits until nobody is just watching an export anew, and keeps others from it until the commit."""
    connection.execute(select(func.pg_advisory_xact_lock(_WATCHING)))


def watch(
    connection: Connection,
    watched_as: str,
    stated: Mapping[str, Any],
    keys: WatchKeys,
    screened: ScreeningRecord,
) -> None:
    """Watches an export as it was just screened; what was still to be told of an earlier statement is void."""
    connection.execute(
        update(changed_screening)
        .where(changed_screening.c.watched_as == watched_as, changed_screening.c.delivered_at.is_(None))
        .values(delivered_at=screened.screened_at)
    )
    connection.execute(delete(owed_rescreening).where(owed_rescreening.c.watched_as == watched_as))
    values: dict[str, Any] = {
        "subject": screened.subject,
        "province": stated.get("province", ""),
        "export": dict(stated),
        "names": sorted(keys.names),
        "addresses": sorted(keys.addresses),
        "identifiers": sorted(keys.identifiers),
        "countries": sorted(keys.countries),
        "fingerprints": sorted(keys.fingerprints),
        "last_screening_id": screened.screening_id,
        "verdict": screened.verdict.name,
        "versions": list(screened.versions),
        "as_of": screened.as_of,
        "ended_at": None,
    }
    connection.execute(
        upsert(watched_export)
        .values(watched_as=watched_as, watched_since=screened.screened_at, **values)
        .on_conflict_do_update(
            index_elements=[watched_export.c.watched_as],
            set_=values | {"change": text("nextval('watched_change')")},
        )
    )


def find_watched(connection: Connection, watched_as: str, *, lock: bool = False) -> Watched | None:
    """A watched export that has not ended; with `lock`, held until the commit."""
    query = select(watched_export).where(
        watched_export.c.watched_as == watched_as, watched_export.c.ended_at.is_(None)
    )
    row = connection.execute(query.with_for_update() if lock else query).first()
    return None if row is None else _watched(row)


def note_result(connection: Connection, watched_as: str, screening_id: UUID, verdict: Verdict) -> None:
    """The result of an export that is watched is another one now."""
    connection.execute(
        update(watched_export)
        .where(watched_export.c.watched_as == watched_as)
        .values(last_screening_id=screening_id, verdict=verdict.name)
    )


def stop_watching(connection: Connection, names: Collection[str], now: datetime) -> list[str]:
    """Ends the watching of exports; returns those that were watched."""
    # In the order in which a look takes them: what is owed, then the export.
    connection.execute(delete(owed_rescreening).where(owed_rescreening.c.watched_as.in_(names)))
    ended = connection.execute(
        update(watched_export)
        .where(watched_export.c.watched_as.in_(names), watched_export.c.ended_at.is_(None))
        .values(ended_at=now)
        .returning(watched_export.c.watched_as)
    )
    stopped = sorted(ended.scalars())
    connection.execute(
        update(changed_screening)
        .where(changed_screening.c.watched_as.in_(stopped), changed_screening.c.delivered_at.is_(None))
        .values(delivered_at=now)
    )
    return stopped


def stated_since(connection: Connection, change: int) -> tuple[list[str], list[str]]:
    """The names and the addresses in exports that were stated after a change, each once."""
    names, addresses = (
        connection.execute(select(func.unnest(column)).where(watched_export.c.change > change).distinct())
        for column in (watched_export.c.names, watched_export.c.addresses)
    )
    return sorted(names.scalars()), sorted(addresses.scalars())


def read_followed(connection: Connection) -> dict[str, Followed]:
    """How far each source of changes was followed."""
    rows = connection.execute(select(followed_change))
    return {row.source: Followed(row.version, row.toward, row.done_up_to) for row in rows}


def write_followed(connection: Connection, source: str, followed: Followed) -> None:
    """Notes how far a source of changes was followed."""
    values = {
        "version": followed.version,
        "toward": followed.toward,
        "done_up_to": followed.done_up_to,
    }
    connection.execute(
        upsert(followed_change)
        .values(source=source, **values)
        .on_conflict_do_update(index_elements=[followed_change.c.source], set_=values)
    )


def concerned(concern: Concern) -> ColumnElement[bool]:
    """Which watched exports something may concern."""
    if concern.everything:
        return true()
    columns = watched_export.c
    parts = [
        column.overlap(cast(sorted(values), ARRAY(Text)))
        for column, values in (
            (columns.names, concern.names),
            (columns.addresses, concern.addresses),
            (columns.identifiers, concern.identifiers),
            (columns.countries, concern.countries),
            (columns.fingerprints, concern.fingerprints),
        )
        if values
    ]
    return or_(*parts) if parts else literal(False)


def owe(connection: Connection, which: ColumnElement[bool], cause: Cause, version: str, now: datetime) -> int:
    """Owes a look to the watched exports that fit; those owed one already keep their cause. Returns how many."""
    source: Select[Any] = (
        select(
            watched_export.c.watched_as, literal(cause.value), literal(version), literal(now), literal(now)
        )
        .where(watched_export.c.ended_at.is_(None), which)
        .order_by(watched_export.c.watched_as)
    )
    columns = ["watched_as", "cause", "cause_version", "owed_since", "not_before"]
    added = connection.execute(upsert(owed_rescreening).from_select(columns, source).on_conflict_do_nothing())
    return added.rowcount


def owe_one(connection: Connection, watched_as: str, cause: Cause, version: str, now: datetime) -> None:
    """Owes a look to one watched export."""
    owe(connection, watched_export.c.watched_as == watched_as, cause, version, now)


def last_change(connection: Connection) -> int:
    """The number of the last statement of a watched export; 0 where there is none."""
    found: int = connection.execute(select(func.coalesce(func.max(watched_export.c.change), 0))).scalar_one()
    return found


def statements_since(connection: Connection, change: int) -> list[tuple[str, list[str], date]]:
    """Exports that were stated after a change: as what, on which versions, and as of which day of law."""
    columns = watched_export.c
    rows = connection.execute(
        select(columns.watched_as, columns.versions, columns.as_of)
        .where(columns.change > change, columns.ended_at.is_(None))
        .order_by(columns.change)
    )
    return [(row.watched_as, list(row.versions), row.as_of) for row in rows]


def take_owed(connection: Connection, now: datetime, most: int) -> list[Owed]:
    """The first exports that a look is owed to, held until the commit; those that others hold are passed over."""
    rows = connection.execute(
        select(owed_rescreening)
        .where(owed_rescreening.c.not_before <= now)
        .order_by(owed_rescreening.c.sequence)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return [Owed(row.watched_as, Cause(row.cause), row.cause_version) for row in rows]


def settle(connection: Connection, watched_as: str) -> None:
    """The look is no longer owed."""
    connection.execute(delete(owed_rescreening).where(owed_rescreening.c.watched_as == watched_as))


def put_off(connection: Connection, watched_as: str, not_before: datetime) -> None:
    """The look is owed still, and not before an instant."""
    connection.execute(
        update(owed_rescreening)
        .where(owed_rescreening.c.watched_as == watched_as)
        .values(not_before=not_before)
    )


def any_owed(connection: Connection, now: datetime) -> bool:
    """Whether a look is owed that could be taken now."""
    found = select(owed_rescreening.c.watched_as).where(owed_rescreening.c.not_before <= now).limit(1)
    return connection.execute(found).first() is not None


def note_decision(connection: Connection, fingerprint: str, decision: str, now: datetime) -> None:
    """A decision on a hit of a party counts, or counts no longer: whoever has that party is looked at again."""
    connection.execute(
        insert(changed_decision).values(fingerprint=fingerprint, cause_version=decision, noted_at=now)
    )


def take_decisions(connection: Connection) -> list[tuple[str, str]]:
    """The decisions noted since the last time, as fingerprint and decision, in the order of the notes."""
    rows = connection.execute(delete(changed_decision).returning(changed_decision)).all()
    ordered = sorted(rows, key=lambda row: row.sequence)
    return [(row.fingerprint, row.cause_version) for row in ordered]


def add_changed(connection: Connection, changed: Changed) -> None:
    """Keeps a result that licensing is to be told of."""
    connection.execute(
        insert(changed_screening).values(
            screening_id=changed.screening_id,
            watched_as=changed.watched_as,
            cause=changed.cause.value,
            cause_version=changed.cause_version,
            recorded_at=changed.recorded_at,
        )
    )


def undelivered(connection: Connection, most: int, after: int = 0) -> tuple[list[Changed], int]:
    """Results that licensing has not been told of, oldest first, and the place after which to go on; 0 at the end."""
    rows = connection.execute(
        select(changed_screening)
        .where(changed_screening.c.delivered_at.is_(None), changed_screening.c.sequence > after)
        .order_by(changed_screening.c.sequence)
        .limit(most)
    ).all()
    return [_changed(row) for row in rows], rows[-1].sequence if rows and len(rows) == most else 0


def last_undelivered(connection: Connection, watched_as: str) -> Changed | None:
    """The newest result of an export that licensing has not been told of."""
    row = connection.execute(
        select(changed_screening)
        .where(changed_screening.c.watched_as == watched_as, changed_screening.c.delivered_at.is_(None))
        .order_by(changed_screening.c.sequence.desc())
        .limit(1)
    ).first()
    return None if row is None else _changed(row)


def mark_delivered(connection: Connection, screening_ids: Collection[UUID], now: datetime) -> None:
    """Licensing was told of these results; those told of before keep their instant."""
    connection.execute(
        update(changed_screening)
        .where(
            changed_screening.c.screening_id.in_(screening_ids), changed_screening.c.delivered_at.is_(None)
        )
        .values(delivered_at=now)
    )


def watched_that(connection: Connection, which: ColumnElement[bool]) -> Iterable[Watched]:
    """The watched exports that fit and have not ended, in the order of their names."""
    rows = connection.execute(
        select(watched_export)
        .where(watched_export.c.ended_at.is_(None), which)
        .order_by(watched_export.c.watched_as)
    )
    return [_watched(row) for row in rows]


def _watched(row: Row[Any]) -> Watched:
    return Watched(
        row.watched_as, row.change, row.subject, row.export, row.last_screening_id, Verdict[row.verdict]
    )


def _changed(row: Row[Any]) -> Changed:
    return Changed(
        row.screening_id,
        row.watched_as,
        Cause(row.cause),
        row.cause_version,
        row.recorded_at.astimezone(UTC),
    )
