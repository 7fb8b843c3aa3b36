"""The tables of the product library. Nothing of it is ever deleted."""

from sqlalchemy import Boolean, Column, Integer, Table, Text, Uuid
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB

from services.classification.store.tables import metadata
from services.foundation.ledger import type_instant

product = Table(
    "product",
    metadata,
    Column("product_id", Uuid, primary_key=True, server_default=sql("uuidv7()")),
    Column("organisation", Text, nullable=False),
    Column("row_version", Integer, nullable=False),
    Column("article_number", Text(collation="C"), nullable=False),
    Column("family", Text, nullable=False),
    Column("item", JSONB, nullable=False),
    Column("archived", Boolean, nullable=False),
    Column("changed_at", type_instant, nullable=False),
)

product_family = Table(
    "product_family",
    metadata,
    Column("organisation", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("default_control_code", Text, nullable=False),
)
