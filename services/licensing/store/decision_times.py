"""Queries on how long decisions took; which application took how long is written and never read here."""

import uuid
from datetime import date

from sqlalchemy import Column, Connection, Date, Integer, Table, Text, Uuid, func, select
from sqlalchemy.dialects.postgresql import insert

from services.licensing.store.metadata import metadata

decision_time = Table(
    "decision_time",
    metadata,
    Column("application_id", Uuid, primary_key=True),
    Column("regime", Text, nullable=False),
    Column("decided_on", Date, nullable=False),
    # After the day of acceptance through that of the decision, excluded ones included.
    Column("working_days", Integer, nullable=False),
)


def add(
    connection: Connection, application_id: uuid.UUID, regime: str, decided_on: date, working_days: int
) -> None:
    """Notes how long a decision took; of a case decided again, after one taken back, the first stays."""
    connection.execute(
        insert(decision_time)
        .values(
            application_id=application_id, regime=regime, decided_on=decided_on, working_days=working_days
        )
        .on_conflict_do_nothing()
    )


def counted(connection: Connection, regime: str, after: date) -> dict[int, int]:
    """Decisions of a regime after a day, counted by the working days that they took."""
    rows = connection.execute(
        select(decision_time.c.working_days, func.count().label("decisions"))
        .where(decision_time.c.regime == regime, decision_time.c.decided_on > after)
        .group_by(decision_time.c.working_days)
    )
    return {row.working_days: row.decisions for row in rows}
