"""Queries over the items that are kept with their newest classification, and over what was kept before."""

from collections.abc import Collection
from datetime import UTC
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_update

from services.classification.domain.outcomes import Outcome
from services.classification.domain.stored import (
    Conclusion,
    Run,
    StoredItem,
    item_content,
    item_of_content,
)
from services.classification.store.item_tables import classification_run, classified_item


def put(connection: Connection, stored: StoredItem) -> None:
    """Keeps the newest classification of a subject in place of the one before."""
    values = {
        **_run_values(stored),
        "classified_at": stored.classified_at,
        "knowledge": stored.knowledge,
        "outcome_before": stored.outcome_before.name if stored.outcome_before is not None else None,
        "outcome_changed": stored.outcome_changed,
        "is_open": stored.is_open,
    }
    connection.execute(
        insert_or_update(classified_item)
        .values(**values)
        .on_conflict_do_update(
            index_elements=[classified_item.c.subject],
            set_={name: value for name, value in values.items() if name != "subject"},
        )
    )


def add_run(connection: Connection, stored: StoredItem) -> None:
    """Adds a classification to what was ever kept of its subject."""
    connection.execute(
        insert(classification_run).values(**_run_values(stored), known_at=stored.classified_at)
    )


def find(connection: Connection, subject: str, *, lock: bool = False) -> StoredItem | None:
    """A stored item that the caller may see; with `lock` nobody else changes it until the transaction ends."""
    query = select(classified_item).where(classified_item.c.subject == subject)
    row = connection.execute(query.with_for_update() if lock else query).first()
    return None if row is None else _stored(row)


def find_many(connection: Connection, subjects: Collection[str]) -> dict[str, StoredItem]:
    """Stored items that the caller may see, by their subjects."""
    rows = connection.execute(select(classified_item).where(classified_item.c.subject.in_(subjects)))
    return {row.subject: _stored(row) for row in rows}


def runs_of(connection: Connection, subject: str) -> list[Run]:
    """Every classification that was kept of a subject, the oldest first."""
    columns = classification_run.c
    rows = connection.execute(
        select(classification_run).where(columns.subject == subject).order_by(columns.run_id)
    )
    return [
        Run(
            row.subject,
            item_of_content(row.item),
            row.regime,
            _conclusion(row),
            tuple(row.list_versions),
            row.as_of,
            row.known_at.astimezone(UTC),
        )
        for row in rows
    ]


def open_items(connection: Connection, after: str, size: int) -> list[StoredItem]:
    """Items that still matter, in order of their subjects, after one of them."""
    columns = classified_item.c
    rows = connection.execute(
        select(classified_item)
        .where(columns.is_open, columns.subject > after)
        .order_by(columns.subject)
        .limit(size)
    )
    return [_stored(row) for row in rows]


def claim_behind(connection: Connection, knowledge: str, size: int) -> list[StoredItem]:
    """Open items that rest on something else than what counts now, locked; those that others work on are left."""
    columns = classified_item.c
    rows = connection.execute(
        select(classified_item)
        .where(columns.is_open, columns.knowledge != knowledge)
        .order_by(columns.subject)
        .limit(size)
        .with_for_update(skip_locked=True)
    )
    return [_stored(row) for row in rows]


def mark(connection: Connection, subjects: Collection[str], knowledge: str) -> None:
    """Notes of items that what counts now changes nothing about them."""
    connection.execute(
        update(classified_item).where(classified_item.c.subject.in_(subjects)).values(knowledge=knowledge)
    )


def close(connection: Connection, subject: str) -> None:
    """The item matters no longer: no list is held against it any more."""
    connection.execute(
        update(classified_item).where(classified_item.c.subject == subject).values(is_open=False)
    )


def close_below(connection: Connection, prefix: str, kept: str) -> None:
    """Closes every item whose subject begins with a prefix, but for those that begin with `kept` (empty: none)."""
    columns = classified_item.c
    concerned = [columns.is_open, columns.subject.startswith(prefix, autoescape=True)]
    if kept:
        concerned.append(~columns.subject.startswith(kept, autoescape=True))
    connection.execute(update(classified_item).where(*concerned).values(is_open=False))


def acknowledge(connection: Connection, subject: str) -> None:
    """Somebody of the organisation has looked at the change of the outcome."""
    connection.execute(
        update(classified_item).where(classified_item.c.subject == subject).values(outcome_changed=False)
    )


def _run_values(stored: StoredItem) -> dict[str, Any]:
    return {
        "subject": stored.subject,
        "organisation": stored.organisation,
        "item": item_content(stored.item),
        "regime": stored.regime,
        "outcome": stored.conclusion.outcome.name,
        "codes": list(stored.conclusion.codes),
        "list_versions": list(stored.list_versions),
        "as_of": stored.as_of,
    }


def _conclusion(row: Row[Any]) -> Conclusion:
    return Conclusion(Outcome[row.outcome], tuple(row.codes))


def _stored(row: Row[Any]) -> StoredItem:
    return StoredItem(
        subject=row.subject,
        organisation=row.organisation,
        item=item_of_content(row.item),
        regime=row.regime,
        conclusion=_conclusion(row),
        list_versions=tuple(row.list_versions),
        as_of=row.as_of,
        classified_at=row.classified_at.astimezone(UTC),
        knowledge=row.knowledge,
        outcome_before=Outcome[row.outcome_before] if row.outcome_before is not None else None,
        outcome_changed=row.outcome_changed,
        is_open=row.is_open,
    )
