"""The tables of the screening database. Versions and screenings are only ever added."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Identity,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from services.foundation.ledger import Ledger, type_instant

metadata = MetaData()
ledger = Ledger(metadata)

list_version = Table(
    "list_version",
    metadata,
    Column("list_version", Text, primary_key=True),
    Column("list_code", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("required", Boolean, nullable=False),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("match_verdict", Text, nullable=False),
    Column("likeness_verdict", Text, nullable=False),
    Column("instrument", Text, nullable=False),
    Column("article", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("effective_from", Date, nullable=False),
    Column("read_on", Date, nullable=False),
    Column("maximum_age_days", Integer, nullable=False),
)

# The version that was activated last is the current one of its list.
list_activation = Table(
    "list_activation",
    metadata,
    Column("sequence", BigInteger, Identity(always=True), primary_key=True),
    Column("list_code", Text, nullable=False),
    Column("list_version", ForeignKey("list_version.list_version"), nullable=False),
    Column("proposal_id", Uuid),
    Column("proposed_by", Text, nullable=False),
    Column("activated_by", Text, nullable=False),
    Column("activated_at", type_instant, nullable=False),
)

listed_party = Table(
    "listed_party",
    metadata,
    Column("list_version", ForeignKey("list_version.list_version"), primary_key=True),
    Column("entry_id", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("aliases", ARRAY(Text), nullable=False),
    Column("kind", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("addresses", ARRAY(Text), nullable=False),
    Column("identifiers", ARRAY(Text), nullable=False),
    Column("born", ARRAY(Text), nullable=False),
    # Codes of the measures of the list; none stands for all of them.
    Column("measures", ARRAY(Text), nullable=False),
    Column("holders", JSONB, nullable=False),
    Column("digest", Text, nullable=False),
    Column("instrument", Text, nullable=False),
    Column("article", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("effective_from", Date, nullable=False),
    Column("effective_to", Date),
    Column("suspended_from", Date),
    Column("suspended_to", Date),
    Column("stopped_from", Date),
    Column("unconfirmed_from", Date),
    Column("standing_basis", Text, nullable=False),
    Column("also_unreliable_entity", Boolean, nullable=False),
)

list_measure = Table(
    "list_measure",
    metadata,
    Column("list_version", ForeignKey("list_version.list_version"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("measure", Text, nullable=False),
    Column("instrument", Text, nullable=False),
    Column("article", Text, nullable=False),
    Column("effective_from", Date, nullable=False),
    Column("effective_to", Date),
    Column("text_zh", Text, nullable=False),
    Column("text_en", Text, nullable=False),
)

screening = Table(
    "screening",
    metadata,
    Column("screening_id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("subject", Text, nullable=False),
    # Whose officers may read it; empty: no province's.
    Column("province", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("screened_at", type_instant, nullable=False),
    Column("versions", ARRAY(Text), nullable=False),
    # What was screened, and what was found, as they were then.
    Column("export", JSONB, nullable=False),
    Column("hits", JSONB, nullable=False),
    Column("rule_findings", JSONB, nullable=False),
    Column("result_sha256", Text, nullable=False),
)
