"""The tables of what is watched: the exports, what is owed to them, and what is still to be told."""

from sqlalchemy import BigInteger, Column, Date, Identity, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from services.foundation.ledger import type_instant
from services.screening.store.tables import metadata

watched_export = Table(
    "watched_export",
    metadata,
    Column("watched_as", Text, primary_key=True),
    Column("province", Text, nullable=False),
    # Another one with every new statement of the export.
    Column("change", BigInteger, nullable=False, server_default=text("nextval('watched_change')")),
    Column("subject", Text, nullable=False),
    # As the caller stated it, see `conversion.stated`.
    Column("export", JSONB, nullable=False),
    # By what it may be concerned.
    Column("names", ARRAY(Text), nullable=False),
    Column("addresses", ARRAY(Text), nullable=False),
    Column("identifiers", ARRAY(Text), nullable=False),
    Column("countries", ARRAY(Text), nullable=False),
    Column("fingerprints", ARRAY(Text), nullable=False),
    # The last result, and what it rests on.
    Column("last_screening_id", Uuid, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("versions", ARRAY(Text), nullable=False),
    Column("as_of", Date, nullable=False),
    Column("watched_since", type_instant, nullable=False),
    Column("ended_at", type_instant),
)

followed_change = Table(
    "followed_change",
    metadata,
    Column("source", Text, primary_key=True),
    # Everything that this version changed has been followed.
    Column("version", Text, nullable=False),
    # The version that is being followed, and the last of its parts that is done; empty where none is.
    Column("toward", Text, nullable=False),
    Column("done_up_to", Text, nullable=False),
)

owed_rescreening = Table(
    "owed_rescreening",
    metadata,
    Column("watched_as", Text, primary_key=True),
    Column("sequence", BigInteger, Identity(always=True), nullable=False),
    Column("cause", Text, nullable=False),
    Column("cause_version", Text, nullable=False),
    Column("owed_since", type_instant, nullable=False),
    Column("not_before", type_instant, nullable=False),
)

changed_decision = Table(
    "changed_decision",
    metadata,
    Column("sequence", BigInteger, Identity(always=True), primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("cause_version", Text, nullable=False),
    Column("noted_at", type_instant, nullable=False),
)

changed_screening = Table(
    "changed_screening",
    metadata,
    Column("screening_id", Uuid, primary_key=True),
    Column("sequence", BigInteger, Identity(always=True), nullable=False),
    Column("watched_as", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("cause_version", Text, nullable=False),
    Column("recorded_at", type_instant, nullable=False),
    Column("delivered_at", type_instant),
)
