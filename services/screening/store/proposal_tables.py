"""The tables of the proposals to change lists, rules and the register of destinations."""

from sqlalchemy import JSON, Column, Date, ForeignKey, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from services.foundation.ledger import type_instant
from services.screening.store.tables import metadata

list_proposal = Table(
    "list_proposal",
    metadata,
    Column("proposal_id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("row_version", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("data", Text, nullable=False),
    Column("file_format", Text, nullable=False),
    Column("list_code", Text, nullable=False),
    Column("base_version", Text, nullable=False),
    Column("list_version", Text, nullable=False),
    Column("read_on", Date, nullable=False),
    Column("definition", JSONB, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("file_sha256", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("proposed_at", type_instant, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", type_instant),
    Column("decision_reason", Text, nullable=False),
    Column("added", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("ended", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
)

# What a proposal changes: a row as it is, and as it will be. What is not here stays as it is.
list_proposal_change = Table(
    "list_proposal_change",
    metadata,
    Column("proposal_id", ForeignKey("list_proposal.proposal_id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("row_key", Text, nullable=False),
    Column("change", Text, nullable=False),
    # As written: the order of the fields is that in which people read them.
    Column("before", JSON(none_as_null=True)),
    Column("after", JSON, nullable=False),
)
