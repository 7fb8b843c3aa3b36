"""Queries over hits: what stands in the queue, and what was decided of the same party and entry."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
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
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.dialects.postgresql import insert as upsert

from services.screening.domain.hits import OPEN_STATES, Applied, HitKey, HitState, Relation
from services.screening.domain.lists import Verdict
from services.screening.domain.record_content import hit_content, hit_of
from services.screening.domain.records import HitRecord
from services.screening.store.hit_tables import hit, hit_countersignature, hit_decision, resemblance
from services.screening.store.watched_tables import watched_export

# The outcome of a decision by which the party is the listed one.
CONFIRMING: Final = "TRUE"


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
class StoredDecision:
    """A decision on a hit, with what the second person last said of it.

    `fingerprint` and `entry_digest` are those of the party and of the entry that it was made on.
    """

    decision_id: UUID
    outcome: str
    reason: str
    decided_by: str
    decided_at: datetime
    countersigned_by: str
    countersigned_at: datetime | None
    agreed: bool
    countersign_reason: str
    fingerprint: str
    entry_digest: str


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
            .where(same, columns.state == HitState.RELEASED.value)
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


def add_decision(
    connection: Connection, stored: StoredHit, outcome: str, reason: str, decided_by: str, now: datetime
) -> UUID:
    """Adds a decision."""
    decision_id: UUID = connection.execute(
        insert(hit_decision)
        .values(
            resemblance_id=stored.resemblance_id,
            outcome=outcome,
            reason=reason,
            decided_by=decided_by,
            decided_at=now,
        )
        .returning(hit_decision.c.decision_id)
    ).scalar_one()
    return decision_id


def add_countersignature(
    connection: Connection, decision_id: UUID, agreed: bool, reason: str, by: str, now: datetime
) -> None:
    """Adds what the second person says."""
    connection.execute(
        insert(hit_countersignature).values(
            decision_id=decision_id,
            agreed=agreed,
            reason=reason,
            countersigned_by=by,
            countersigned_at=now,
        )
    )


def set_state(
    connection: Connection, stored: StoredHit, state: HitState, decision_id: UUID, *, is_seconded: bool
) -> None:
    """Puts the likeness of a hit, and with it every hit of the same party and entry, into a state.

    `is_seconded`: a second person has agreed to the decision that made it.
    """
    connection.execute(
        update(resemblance)
        .where(resemblance.c.resemblance_id == stored.resemblance_id)
        .values(
            state=state.value,
            decision_id=decision_id,
            is_seconded=is_seconded,
            change=resemblance.c.change + 1,
        )
    )


def decided_by(connection: Connection, decision_id: UUID) -> str:
    """Who made a decision."""
    subject: str = connection.execute(
        select(hit_decision.c.decided_by).where(hit_decision.c.decision_id == decision_id)
    ).scalar_one()
    return subject


def is_contested(connection: Connection, resemblance_id: UUID) -> bool:
    """Whether somebody found once that the party is the listed one, or did not agree to its release."""
    refused = (
        select(hit_countersignature.c.sequence)
        .where(
            hit_countersignature.c.decision_id == hit_decision.c.decision_id, ~hit_countersignature.c.agreed
        )
        .exists()
    )
    found = select(hit_decision.c.decision_id).where(
        hit_decision.c.resemblance_id == resemblance_id, or_(hit_decision.c.outcome == CONFIRMING, refused)
    )
    return connection.execute(found.limit(1)).first() is not None


def decisions_of(connection: Connection, stored: StoredHit) -> list[StoredDecision]:
    """The decisions on the same party and entry, newest first.

    Among them are those on the entry as it was before, and those of the same export on the party as it was before.
    """
    columns, key = resemblance.c, stored.found.key
    of_export = select(hit.c.resemblance_id).where(
        hit.c.watched_as == stored.watched_as,
        hit.c.list_code == key.list_code,
        hit.c.entry_id == key.entry_id,
        hit.c.relation == key.relation.value,
    )
    same = and_(
        columns.fingerprint == key.fingerprint,
        columns.list_code == key.list_code,
        columns.entry_id == key.entry_id,
        columns.relation == key.relation.value,
    )
    last = (
        select(hit_countersignature)
        .ext(distinct_on(hit_countersignature.c.decision_id))
        .order_by(hit_countersignature.c.decision_id, hit_countersignature.c.sequence.desc())
        .subquery()
    )
    rows = connection.execute(
        select(
            hit_decision,
            columns.fingerprint,
            columns.entry_digest,
            last.c.agreed,
            last.c.countersigned_by,
            last.c.countersigned_at,
            last.c.reason.label("countersign_reason"),
        )
        .select_from(
            hit_decision.join(resemblance, columns.resemblance_id == hit_decision.c.resemblance_id).outerjoin(
                last, last.c.decision_id == hit_decision.c.decision_id
            )
        )
        .where(or_(same, columns.resemblance_id.in_(of_export)))
        .order_by(hit_decision.c.decision_id.desc())
    )
    return [_decision(row) for row in rows]


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


def _decision(row: Row[Any]) -> StoredDecision:
    return StoredDecision(
        decision_id=row.decision_id,
        outcome=row.outcome,
        reason=row.reason,
        decided_by=row.decided_by,
        decided_at=row.decided_at.astimezone(UTC),
        countersigned_by=row.countersigned_by or "",
        countersigned_at=row.countersigned_at.astimezone(UTC) if row.countersigned_at else None,
        agreed=bool(row.agreed),
        countersign_reason=row.countersign_reason or "",
        fingerprint=row.fingerprint,
        entry_digest=row.entry_digest,
    )
