"""Queries on what experts are asked and answer."""

import uuid
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from services.foundation.legal_clock import ExclusionReason
from services.foundation.messages import LocalizedText
from services.foundation.principal import Role
from services.licensing.domain.application_state import UNDER_REVIEW
from services.licensing.domain.expert_opinion import Expert, ExpertRequest
from services.licensing.store.application_tables import application, exclusion, expert_request
from services.licensing.store.applications import utc
from services.licensing.store.person_tables import person


def experts(connection: Connection) -> list[Expert]:
    """The experts who have signed in, by name."""
    rows = connection.execute(
        select(person.c.subject, person.c.name_zh, person.c.name_en)
        .where(person.c.role == Role.EXPERT.value)
        .order_by(person.c.name_zh, person.c.subject)
    )
    return [Expert(row.subject, LocalizedText(row.name_zh, row.name_en)) for row in rows]


def open_exclusion(connection: Connection, application_id: uuid.UUID) -> uuid.UUID | None:
    """The exclusion that stops the review limit for expert opinion now."""
    found: uuid.UUID | None = connection.execute(
        select(exclusion.c.exclusion_id)
        .join(application, application.c.application_id == exclusion.c.application_id)
        .where(
            exclusion.c.application_id == application_id,
            exclusion.c.reason == ExclusionReason.EXPERT_OPINION,
            exclusion.c.ended_at.is_(None),
            application.c.state.in_(UNDER_REVIEW),
        )
    ).scalar_one_or_none()
    return found


def add(connection: Connection, application_id: uuid.UUID, added: ExpertRequest) -> None:
    """Stores what an expert is asked."""
    connection.execute(
        insert(expert_request).values(
            expert_request_id=added.expert_request_id,
            application_id=application_id,
            exclusion_id=added.exclusion_id,
            expert_subject=added.expert_subject,
            asked_by=added.asked_by,
            asked_at=added.asked_at,
            question=added.question,
            opinion="",
        )
    )


def answer(connection: Connection, expert_request_id: uuid.UUID, opinion: str, now: datetime) -> None:
    """Stores the opinion; it is never changed."""
    connection.execute(
        update(expert_request)
        .where(expert_request.c.expert_request_id == expert_request_id)
        .values(opinion=opinion, answered_at=now)
    )


def of_application(connection: Connection, application_id: uuid.UUID) -> list[ExpertRequest]:
    """What experts are asked about a case, as far as the caller may read it; oldest first."""
    return of_applications(connection, [application_id]).get(application_id, [])


def of_applications(
    connection: Connection, application_ids: Collection[uuid.UUID]
) -> Mapping[uuid.UUID, list[ExpertRequest]]:
    """The same for several cases, by their ids, in one query."""
    rows = connection.execute(
        select(expert_request, exclusion.c.ended_at, application.c.state)
        .join(exclusion, exclusion.c.exclusion_id == expert_request.c.exclusion_id)
        .join(application, application.c.application_id == expert_request.c.application_id)
        .where(expert_request.c.application_id.in_(application_ids))
        .order_by(expert_request.c.serial)
    )
    found: dict[uuid.UUID, list[ExpertRequest]] = {}
    for row in rows:
        found.setdefault(row.application_id, []).append(_read(row))
    return found


def _read(row: Row[Any]) -> ExpertRequest:
    return ExpertRequest(
        row.expert_request_id,
        row.exclusion_id,
        row.expert_subject,
        row.asked_by,
        row.asked_at.astimezone(UTC),
        row.question,
        row.opinion,
        utc(row.answered_at),
        under_way=row.ended_at is None and row.state in UNDER_REVIEW,
    )
