"""Tables of licences, their use and their changes; the migration 0002 makes them and says who may see what."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    FetchedValue,
    Identity,
    Integer,
    LargeBinary,
    Numeric,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from services.foundation.ledger import TransactionId
from services.licensing.store.metadata import metadata

_INSTANT = DateTime(timezone=True)
_QUANTITY = Numeric(21, 6)

licence = Table(
    "licence",
    metadata,
    Column("number", Text, primary_key=True),
    Column("application_id", Text, nullable=False, unique=True),
    Column("application_number", Text, nullable=False),
    Column("instrument", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("state_reason", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("holder_name_zh", Text, nullable=False),
    Column("holder_name_en", Text, nullable=False),
    Column("unified_social_credit_code", Text, nullable=False),
    Column("province", Text, nullable=False),
    Column("destination", Text, nullable=False),
    Column("consignee_name", Text, nullable=False),
    Column("end_user_name", Text, nullable=False),
    Column("customs_office", Text, nullable=False),
    Column("particulars", JSONB, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=False),
    Column("uses_allowed", Integer),
    Column("uses_taken", Integer, nullable=False),
    Column("uses_made", Integer, nullable=False),
    Column("canonical", LargeBinary, nullable=False),
    Column("canonical_sha256", Text, nullable=False),
    Column("canonical_sm3", Text, nullable=False),
    Column("document_sha256", Text),
    Column("issued_at", _INSTANT, nullable=False),
    Column("acknowledged_at", _INSTANT),
    Column("customs_reference", Text),
    # Of the last record by which the goods may be declared; empty where there is none.
    Column("due_diligence_recorded_at", _INSTANT),
    # Computed by the database: the destination and the countries of importer, consignee and end user.
    Column("reached_countries", ARRAY(Text), FetchedValue()),
)

licence_line = Table(
    "licence_line",
    metadata,
    Column("licence_number", Text, primary_key=True),
    Column("line_number", Integer, primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("control_code", Text, nullable=False),
    Column("hs_code", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("value", Numeric, nullable=False),
    Column("currency", Text, nullable=False),
    Column("licensed", _QUANTITY, nullable=False),
    Column("reserved", _QUANTITY, nullable=False),
    Column("committed", _QUANTITY, nullable=False),
)

licence_serial = Table(
    "licence_serial",
    metadata,
    Column("instrument", Text, primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("issuer", Text, primary_key=True),
    Column("last", Integer, nullable=False),
)

licence_statement = Table(
    "licence_statement",
    metadata,
    Column("licence_number", Text, primary_key=True),
    Column("sequence", BigInteger, primary_key=True),
    Column("statement", Text, nullable=False),
)

licence_due_diligence = Table(
    "licence_due_diligence",
    metadata,
    Column("licence_number", Text, primary_key=True),
    Column("sequence", BigInteger, primary_key=True),
    Column("record", JSONB, nullable=False),
    Column("recorded_at", _INSTANT, nullable=False),
    Column("recorded_by", Text, nullable=False),
)

declaration_line = Table(
    "declaration_line",
    metadata,
    Column("declaration_number", Text, primary_key=True),
    Column("declaration_line", Integer, primary_key=True),
    Column("licence_number", Text, nullable=False),
    Column("licence_line", Integer, nullable=False),
    Column("quantity", _QUANTITY, nullable=False),
    Column("committed", _QUANTITY, nullable=False),
    Column("state", Text, nullable=False),
)

usage_entry = Table(
    "usage_entry",
    metadata,
    Column("entry_number", BigInteger, Identity(always=True), primary_key=True),
    Column("licence_number", Text, nullable=False),
    Column("licence_line", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("declaration_number", Text, nullable=False),
    Column("declaration_line", Integer, nullable=False),
    Column("quantity", _QUANTITY, nullable=False),
    Column("unit", Text, nullable=False),
    Column("reserved_after", _QUANTITY, nullable=False),
    Column("committed_after", _QUANTITY, nullable=False),
    Column("available_after", _QUANTITY, nullable=False),
    Column("licence_state_after", Text, nullable=False),
    Column("recorded_at", _INSTANT, nullable=False),
    Column("recorded_by", Text, nullable=False),
)

licence_change = Table(
    "licence_change",
    metadata,
    Column("seq", BigInteger, Identity(always=True), primary_key=True),
    Column("xid", TransactionId(), nullable=False, server_default=text("pg_current_xact_id()")),
    Column("number", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("state_reason", Text, nullable=False),
    Column("occurred_at", _INSTANT, nullable=False),
)

feed_epoch = Table(
    "feed_epoch",
    metadata,
    Column("single_row", Boolean, primary_key=True),
    Column("epoch", Uuid, nullable=False),
)
