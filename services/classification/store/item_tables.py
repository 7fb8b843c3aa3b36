"""The tables of items that are classified again whenever a list changes, and of what that brought about."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Identity,
    Integer,
    Table,
    Text,
    Uuid,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB

from services.classification.store.tables import metadata
from services.foundation.ledger import type_instant

# The newest classification of each subject. `knowledge` names the day, lists and interpretations it rests on.
classified_item = Table(
    "classified_item",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("organisation", Text, nullable=False),
    Column("item", JSONB, nullable=False),
    Column("regime", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("codes", ARRAY(Text), nullable=False),
    Column("list_versions", ARRAY(Text), nullable=False),
    Column("as_of", Date, nullable=False),
    Column("classified_at", type_instant, nullable=False),
    Column("knowledge", Text, nullable=False),
    Column("outcome_before", Text),
    Column("outcome_changed", Boolean, nullable=False),
    Column("is_open", Boolean, nullable=False),
)

# Every classification that was kept: of which item, for which legal day, and what the system knew.
classification_run = Table(
    "classification_run",
    metadata,
    Column("run_id", BigInteger, Identity(always=True), primary_key=True),
    Column("subject", ForeignKey("classified_item.subject"), nullable=False),
    Column("organisation", Text, nullable=False),
    Column("item", JSONB, nullable=False),
    Column("regime", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("codes", ARRAY(Text), nullable=False),
    Column("list_versions", ARRAY(Text), nullable=False),
    Column("as_of", Date, nullable=False),
    Column("known_at", type_instant, nullable=False),
)

reclassification_task = Table(
    "reclassification_task",
    metadata,
    Column("task_id", Uuid, primary_key=True, server_default=sql("uuidv7()")),
    Column("row_version", Integer, nullable=False),
    Column("subject", ForeignKey("classified_item.subject"), nullable=False),
    Column("item_name_zh", Text, nullable=False),
    Column("item_name_en", Text, nullable=False),
    Column("outcome_before", Text, nullable=False),
    Column("outcome_after", Text, nullable=False),
    Column("codes_before", ARRAY(Text), nullable=False),
    Column("codes_after", ARRAY(Text), nullable=False),
    Column("list_versions", ARRAY(Text), nullable=False),
    Column("raised_at", type_instant, nullable=False),
    Column("settled_by", Text, nullable=False),
    Column("settled_at", type_instant),
    Column("settlement", Text, nullable=False),
)
