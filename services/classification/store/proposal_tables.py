"""The tables of proposals to change control lists, and of the interpretations that count."""

from sqlalchemy import JSON, BigInteger, Column, Date, ForeignKey, Identity, Integer, Table, Text, Uuid
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB

from services.classification.store.tables import metadata
from services.foundation.ledger import type_instant

control_list_proposal = Table(
    "control_list_proposal",
    metadata,
    Column("proposal_id", Uuid, primary_key=True, server_default=sql("uuidv7()")),
    Column("row_version", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("regime", Text, nullable=False),
    Column("base_version", Text, nullable=False),
    Column("list_version", Text, nullable=False),
    Column("edition", Date, nullable=False),
    Column("covers_from", Date, nullable=False),
    Column("file_format", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("file_sha256", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("legal_basis", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("interpretation", JSONB(none_as_null=True)),
    Column("added", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("ended", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("proposed_at", type_instant, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", type_instant),
    Column("decision_reason", Text, nullable=False),
)

# What a proposal changes: an entry as it is, and as it will be. What is not here stays as it is.
control_list_change = Table(
    "control_list_change",
    metadata,
    Column("proposal_id", ForeignKey("control_list_proposal.proposal_id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("identifier", Text, nullable=False),
    Column("change", Text, nullable=False),
    # As written: the order of the fields is that in which people read them.
    Column("before", JSON(none_as_null=True)),
    Column("after", JSON, nullable=False),
)

# Answers to questions of rules, once for all; a later one of the same question stands in for an earlier one.
interpretation = Table(
    "interpretation",
    metadata,
    Column("sequence", BigInteger, Identity(always=True), primary_key=True),
    Column("identifier", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("basis", Text, nullable=False),
    Column("proposal_id", Uuid, nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("activated_by", Text, nullable=False),
    Column("activated_at", type_instant, nullable=False),
)

# A term of temporary control that ends without a decision: told once before, once after.
temporary_control_alarm = Table(
    "temporary_control_alarm",
    metadata,
    Column("regime", Text, primary_key=True),
    Column("identifier", Text, primary_key=True),
    Column("term_ends", Date, primary_key=True),
    Column("alarm", Text, primary_key=True),
    Column("raised_at", type_instant, nullable=False),
)
