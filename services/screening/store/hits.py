"""Queries over hits: those of a watched export, and what stands in the queue."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    case,
    func,
    insert,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from services.screening.domain.hits import OPEN_STATES, Applied, HitKey, HitState, Relation
from services.screening.domain.lists import Verdict
from services.screening.domain.record_content import hit_content, hit_of
from services.screening.domain.records import HitRecord
from services.screening.store.hit_tables import hit, resemblance
from services.screening.store.watched_tables import watched_export


@dataclass(frozen=True, slots=True)
class StoredHit:
    """A hit as the last screening of its export found it, with the state in which it is now."""

    hit_id: UUID
    watched_as: str
    screening_id: UUID
    resemblance_id: UUID
    change: int
    state: HitState
    decision_id: UUID | None
    found: HitRecord
    party: Mapping[str, Any]
    is_current: bool
    opened_at: datetime
    cause: str
    cause_version: str


@dataclass(frozen=True, slots=True)
class Queue:
    """Which hits are asked for; empty collections and texts mean all."""

    states: frozenset[HitState] = frozenset()
    watched_as: str = ""
    list_code: str = ""
    verdicts: frozenset[Verdict] = frozenset()


def applied_to(connection: Connection, keys: Iterable[HitKey]) -> dict[HitKey, Applied]:
    """What was decided of these likenesses; one that nobody has met before is left out."""
    wanted = set(keys)
    if not wanted:
        return {}
    columns = resemblance.c
    rows = connection.execute(
        select(resemblance).where(
            columns.fingerprint.in_(sorted({key.fingerprint for key in wanted})),
            columns.entry_id.in_(sorted({key.entry_id for key in wanted})),
        )
    )
    found = {
        HitKey(
            row.fingerprint, row.list_code, row.entry_id, Relation(row.relation), row.entry_digest
        ): Applied(
            HitState(row.state),
            str(row.decision_id) if row.decision_id is not None else "",
            row.is_seconded,
        )
        for row in rows
    }
    return {key: found[key] for key in wanted if key in found}


def keep_hits(
    connection: Connection,
    watched_as: str,
    province: str,
    screening_id: UUID,
    hits: Sequence[HitRecord],
    parties: Sequence[Mapping[str, Any]],
    now: datetime,
    cause: str,
    cause_version: str,
) -> list[HitRecord]:
    """Notes the hits of the newest screening of a watched export; returns those that are new or opened anew.

    Hits that it no longer finds stay, and leave the queue. `parties` are those of the export as stated.
    """
    # Two screenings of one export wait for each other.
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(watched_as, 0))))
    known = {
        row.hit_id: row
        for row in connection.execute(
            select(hit.c.hit_id, hit.c.resemblance_id, hit.c.is_current).where(hit.c.watched_as == watched_as)
        )
    }
    connection.execute(update(hit).where(hit.c.watched_as == watched_as).values(is_current=False))
    opened: list[HitRecord] = []
    # The same party in two roles gives one hit; the more severe of both stands first.
    for one in {found.hit_id: found for found in reversed(hits)}.values():
        resemblance_id = _resemblance_of(connection, one)
        before = known.get(UUID(one.hit_id))
        is_new = before is None or not before.is_current or before.resemblance_id != resemblance_id
        values = {
            "watched_as": watched_as,
            "province": province,
            "resemblance_id": resemblance_id,
            "screening_id": screening_id,
            "list_code": one.list_code,
            "entry_id": one.entry_id,
            "relation": one.relation.value,
            "severity": one.verdict.value,
            "content": hit_content(one),
            "party": dict(parties[one.party_index]),
            "is_current": True,
        }
        if is_new:
            values |= {"opened_at": now, "cause": cause, "cause_version": cause_version}
            opened.append(one)
        if before is None:
            connection.execute(insert(hit).values(hit_id=UUID(one.hit_id), **values))
        else:
            connection.execute(update(hit).where(hit.c.hit_id == before.hit_id).values(**values))
    return sorted(opened, key=lambda one: one.hit_id)


def _resemblance_of(connection: Connection, one: HitRecord) -> UUID:
    """The likeness of a hit, made where it is new; a release that no longer suffices waits for a second person."""
    columns = resemblance.c
    key = one.key
    values = {
        "fingerprint": key.fingerprint,
        "list_code": key.list_code,
        "entry_id": key.entry_id,
        "relation": key.relation.value,
        "entry_digest": key.entry_digest,
    }
    connection.execute(
        upsert(resemblance).values(**values, state=HitState.UNDECIDED.value).on_conflict_do_nothing()
    )
    same = and_(*(columns[name] == value for name, value in values.items()))
    if one.state is HitState.AWAITING_SECOND:
        connection.execute(
            update(resemblance)
            # A second person may have agreed since the hit was looked for.
            .where(same, columns.state == HitState.RELEASED.value, ~columns.is_seconded)
            .values(state=HitState.AWAITING_SECOND.value, change=columns.change + 1)
        )
    resemblance_id: UUID = connection.execute(select(columns.resemblance_id).where(same)).scalar_one()
    return resemblance_id


def find_hit(connection: Connection, hit_id: UUID, *, lock: bool = False) -> StoredHit | None:
    """A hit, whether the last screening still finds it or not; `lock` holds it and its likeness until the commit."""
    query = _stored().where(hit.c.hit_id == hit_id)
    row = connection.execute(query.with_for_update() if lock else query).first()
    return None if row is None else _hit(row)


def queue(
    connection: Connection, wanted: Queue, after: tuple[str, ...] | None, most: int
) -> tuple[list[StoredHit], bool]:
    """Hits of watched exports: open ones first, by severity, the oldest first; and whether more follow.

    `after` is the place of the last one seen, see `place_of`.
    """
    order = _is_closed(), -hit.c.severity, hit.c.opened_at, hit.c.hit_id
    query = _stored().where(*_fitting(wanted), *_in_states(wanted.states)).order_by(*order).limit(most + 1)
    if after is not None:
        closed, severity, opened_at, hit_id = after
        place = int(closed), int(severity), datetime.fromisoformat(opened_at), UUID(hit_id)
        query = query.where(tuple_(*order) > tuple_(*place))
    rows = connection.execute(query).all()
    return [_hit(row) for row in rows[:most]], len(rows) > most


def place_of(stored: StoredHit) -> tuple[str, str, str, str]:
    """Where a hit stands in the queue."""
    closed = "0" if stored.state in OPEN_STATES else "1"
    return closed, str(-stored.found.verdict.value), stored.opened_at.isoformat(), str(stored.hit_id)


def counts(connection: Connection, wanted: Queue) -> dict[HitState, int]:
    """How many hits of the queue are in each state, whatever states are asked for."""
    rows = connection.execute(
        select(resemblance.c.state, func.count())
        .select_from(hit.join(resemblance, resemblance.c.resemblance_id == hit.c.resemblance_id))
        .where(*_fitting(wanted))
        .group_by(resemblance.c.state)
    )
    return {HitState(state): count for state, count in rows}


def _stored() -> Select[Any]:
    columns = resemblance.c.change, resemblance.c.state, resemblance.c.decision_id
    return select(hit, *columns).select_from(
        hit.join(resemblance, resemblance.c.resemblance_id == hit.c.resemblance_id)
    )


def _watched() -> ColumnElement[bool]:
    ended = select(watched_export.c.watched_as).where(
        watched_export.c.watched_as == hit.c.watched_as, watched_export.c.ended_at.is_not(None)
    )
    return ~ended.exists()


def _fitting(wanted: Queue) -> Collection[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [hit.c.is_current, _watched()]
    if wanted.watched_as:
        found.append(hit.c.watched_as == wanted.watched_as)
    if wanted.list_code:
        found.append(hit.c.list_code == wanted.list_code)
    if wanted.verdicts:
        found.append(hit.c.severity.in_(sorted(verdict.value for verdict in wanted.verdicts)))
    return found


def _in_states(states: frozenset[HitState]) -> Collection[ColumnElement[bool]]:
    return [resemblance.c.state.in_(sorted(state.value for state in states))] if states else []


def _is_closed() -> ColumnElement[int]:
    open_states = sorted(state.value for state in OPEN_STATES)
    return case((resemblance.c.state.in_(open_states), 0), else_=1)


def _hit(row: Row[Any]) -> StoredHit:
    return StoredHit(
        hit_id=row.hit_id,
        watched_as=row.watched_as,
        screening_id=row.screening_id,
        resemblance_id=row.resemblance_id,
        change=row.change,
        state=HitState(row.state),
        decision_id=row.decision_id,
        found=hit_of(row.content),
        party=row.party,
        is_current=row.is_current,
        opened_at=row.opened_at.astimezone(UTC),
        cause=row.cause,
        cause_version=row.cause_version,
    )
