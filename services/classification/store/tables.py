"""The tables of the classification database. Versions of a list are only ever added."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
)

from services.foundation.ledger import Ledger, type_instant

metadata = MetaData()
ledger = Ledger(metadata)

list_version = Table(
    "list_version",
    metadata,
    Column("list_version", Text, primary_key=True),
    Column("regime", Text, nullable=False),
    Column("edition", Date, nullable=False),
    Column("covers_from", Date, nullable=False),
    Column("entry_count", Integer, nullable=False),
)

# Which version counts is the activation that came last; by whom it was proposed and activated is kept.
list_activation = Table(
    "list_activation",
    metadata,
    Column("sequence", BigInteger, Identity(always=True), primary_key=True),
    Column("regime", Text, nullable=False),
    Column("list_version", ForeignKey("list_version.list_version"), nullable=False),
    Column("proposal_id", Uuid),
    Column("proposed_by", Text, nullable=False),
    Column("activated_by", Text, nullable=False),
    Column("activated_at", type_instant, nullable=False),
)

control_entry = Table(
    "control_entry",
    metadata,
    Column("list_version", ForeignKey("list_version.list_version"), primary_key=True),
    Column("identifier", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("control_code", Text, nullable=False),
    Column("proposed_code", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("category_zh", Text, nullable=False),
    Column("category_en", Text, nullable=False),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("parameters_zh", Text, nullable=False),
    Column("parameters_en", Text, nullable=False),
    Column("parameters_complete", Boolean, nullable=False),
    Column("decontrol_zh", Text, nullable=False),
    Column("decontrol_en", Text, nullable=False),
    Column("note_zh", Text, nullable=False),
    Column("note_en", Text, nullable=False),
    Column("announcement", Text, nullable=False),
    Column("announcement_title", Text, nullable=False),
    Column("announcement_url", Text, nullable=False),
    Column("quality", Text, nullable=False),
)

entry_term = Table(
    "entry_term",
    metadata,
    Column("list_version", Text, primary_key=True),
    Column("identifier", Text, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    Column("kind", Text, nullable=False),
    ForeignKeyConstraint(
        ["list_version", "identifier"], ["control_entry.list_version", "control_entry.identifier"]
    ),
)

entry_standing = Table(
    "entry_standing",
    metadata,
    Column("list_version", Text, primary_key=True),
    Column("identifier", Text, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("status", Text, nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date),
    Column("basis", Text, nullable=False),
    ForeignKeyConstraint(
        ["list_version", "identifier"], ["control_entry.list_version", "control_entry.identifier"]
    ),
)

entry_hs_reference = Table(
    "entry_hs_reference",
    metadata,
    Column("list_version", Text, primary_key=True),
    Column("identifier", Text, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("hs_code", Text, nullable=False),
    Column("trust", Text, nullable=False),
    Column("announcement", Text, nullable=False),
    ForeignKeyConstraint(
        ["list_version", "identifier"], ["control_entry.list_version", "control_entry.identifier"]
    ),
)
