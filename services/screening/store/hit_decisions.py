"""Queries over decisions on hits: what was decided of the same party and entry, by whom, and what follows."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, and_, insert, or_, select, update
from sqlalchemy.dialects.postgresql import distinct_on

from services.screening.domain.hits import HitState
from services.screening.store.hit_tables import hit, hit_countersignature, hit_decision, resemblance
from services.screening.store.hits import StoredHit

# The outcome of a decision by which the party is the listed one.
CONFIRMING: Final = "TRUE"


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
