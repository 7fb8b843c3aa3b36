"""The tables of hits: what is to be decided, and what was decided, which is only ever added to."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Identity, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from services.foundation.ledger import type_instant
from services.screening.store.tables import metadata

resemblance = Table(
    "resemblance",
    metadata,
    Column("resemblance_id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("fingerprint", Text, nullable=False),
    Column("list_code", Text, nullable=False),
    Column("entry_id", Text, nullable=False),
    Column("relation", Text, nullable=False),
    Column("entry_digest", Text, nullable=False),
    Column("state", Text, nullable=False),
    # The decision that made the state, if people did.
    Column("decision_id", Uuid),
    # Whether a second person has agreed to that decision.
    Column("is_seconded", Boolean, nullable=False, server_default=text("false")),
    # Another one with every change of the state.
    Column("change", BigInteger, nullable=False, server_default=text("1")),
)

hit_decision = Table(
    "hit_decision",
    metadata,
    Column("decision_id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("resemblance_id", ForeignKey("resemblance.resemblance_id"), nullable=False),
    Column("outcome", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", type_instant, nullable=False),
)

hit_countersignature = Table(
    "hit_countersignature",
    metadata,
    Column("decision_id", ForeignKey("hit_decision.decision_id"), primary_key=True),
    Column("sequence", BigInteger, Identity(always=True), primary_key=True),
    Column("agreed", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("countersigned_by", Text, nullable=False),
    Column("countersigned_at", type_instant, nullable=False),
)

hit = Table(
    "hit",
    metadata,
    Column("hit_id", Uuid, primary_key=True),
    Column("watched_as", Text, nullable=False),
    Column("province", Text, nullable=False),
    Column("resemblance_id", ForeignKey("resemblance.resemblance_id"), nullable=False),
    # The last screening that found it.
    Column("screening_id", ForeignKey("screening.screening_id"), nullable=False),
    Column("list_code", Text, nullable=False),
    Column("entry_id", Text, nullable=False),
    Column("relation", Text, nullable=False),
    Column("severity", Integer, nullable=False),
    Column("content", JSONB, nullable=False),
    Column("party", JSONB, nullable=False),
    # Whether the last screening of the export still finds it.
    Column("is_current", Boolean, nullable=False),
    Column("opened_at", type_instant, nullable=False),
    Column("cause", Text, nullable=False),
    Column("cause_version", Text, nullable=False),
)
