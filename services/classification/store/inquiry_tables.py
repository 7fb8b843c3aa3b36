"""The tables of the consultation desk."""

from sqlalchemy import ARRAY, Column, ForeignKey, Integer, Sequence, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from services.classification.store.tables import metadata
from services.foundation.ledger import type_instant

inquiry_number = Sequence("inquiry_number", metadata=metadata)

inquiry = Table(
    "inquiry",
    metadata,
    Column("inquiry_id", Uuid, primary_key=True),
    Column("number", Text, nullable=False, unique=True),
    Column("row_version", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("organisation", Text, nullable=False),
    Column("organisation_name_zh", Text, nullable=False),
    Column("organisation_name_en", Text, nullable=False),
    Column("item", JSONB, nullable=False),
    Column("performance", Text, nullable=False),
    Column("main_uses", Text, nullable=False),
    Column("reason_for_doubt", Text, nullable=False),
    Column("asked_at", type_instant, nullable=False),
    Column("waiting_since", type_instant, nullable=False),
    Column("search_text", Text, nullable=False),
    Column("answer", Text),
    Column("control_codes", ARRAY(Text), nullable=False),
    Column("answer_reasons", Text),
    Column("answered_by", Text),
    Column("answered_at", type_instant),
    Column("list_versions", ARRAY(Text), nullable=False),
)

inquiry_text = Table(
    "inquiry_text",
    metadata,
    Column("inquiry_id", ForeignKey("inquiry.inquiry_id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("author_role", Text, nullable=False),
    Column("written_at", type_instant, nullable=False),
    Column("content", Text, nullable=False),
)
