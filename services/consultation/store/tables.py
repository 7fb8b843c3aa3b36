"""The tables of the consultation database. Opinions and changes of conditions are only ever added."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from services.foundation.ledger import Ledger, type_instant

metadata = MetaData()
ledger = Ledger(metadata)

# One row per application: what every writer locks, and the subject of the ledger.
consultation = Table(
    "consultation",
    metadata,
    Column("application_id", Uuid, primary_key=True),
    Column("first_opened_at", type_instant, nullable=False),
)

consultation_round = Table(
    "consultation_round",
    metadata,
    Column("round_id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("application_id", ForeignKey("consultation.application_id"), nullable=False),
    Column("round_number", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("consolidation", Text),
    Column("consolidation_reason", Text, nullable=False, server_default=""),
    Column("opened_at", type_instant, nullable=False),
    Column("closed_at", type_instant),
    UniqueConstraint("application_id", "round_number"),
)

task = Table(
    "task",
    metadata,
    Column("task_id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("round_id", ForeignKey("consultation_round.round_id"), nullable=False),
    Column("application_id", ForeignKey("consultation.application_id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("agency", Text, nullable=False),
    Column("mandatory", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("due_at", type_instant),
    # Number of the opinion that stands; 0 before the first.
    Column("opinion_number", Integer, nullable=False, server_default="0"),
    Column("waived_by", Text),
    Column("waiver_reason", Text),
    Column("waived_at", type_instant),
    Column("reminders_sent", Integer, nullable=False, server_default="0"),
    Column("version", Integer, nullable=False, server_default="1"),
    UniqueConstraint("round_id", "agency"),
)

opinion = Table(
    "opinion",
    metadata,
    Column("task_id", ForeignKey("task.task_id"), primary_key=True),
    Column("opinion_number", Integer, primary_key=True),
    Column("opinion", Text, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("given_by", Text, nullable=False),
    Column("given_at", type_instant, nullable=False),
)

factor_assessment = Table(
    "factor_assessment",
    metadata,
    Column("task_id", Uuid, primary_key=True),
    Column("opinion_number", Integer, primary_key=True),
    Column("factor", Text, primary_key=True),
    Column("rating", Text, nullable=False),
    Column("comment", Text, nullable=False),
)

condition = Table(
    "condition",
    metadata,
    Column("condition_id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("task_id", ForeignKey("task.task_id"), nullable=False),
    Column("opinion_number", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("agency", Text, nullable=False),
    Column("text_zh", Text, nullable=False),
    Column("text_en", Text, nullable=False),
    Column("lifted", Boolean, nullable=False, server_default="false"),
    Column("version", Integer, nullable=False, server_default="1"),
)

condition_change = Table(
    "condition_change",
    metadata,
    Column("condition_id", ForeignKey("condition.condition_id"), primary_key=True),
    # The version that the change made.
    Column("version", Integer, primary_key=True),
    Column("text_zh", Text, nullable=False),
    Column("text_en", Text, nullable=False),
    Column("lifted", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("changed_at", type_instant, nullable=False),
)
