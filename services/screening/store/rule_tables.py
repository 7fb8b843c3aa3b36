"""The tables of the rules and of the register of destinations. Versions and activations are only ever added."""

from sqlalchemy import (
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
from sqlalchemy.dialects.postgresql import ARRAY

from services.foundation.ledger import type_instant
from services.screening.store.tables import metadata

rule_set_version = Table(
    "rule_set_version",
    metadata,
    Column("rule_set_version", Text, primary_key=True),
    Column("sequence", BigInteger, Identity(always=True), nullable=False),
    Column("newest", Date, nullable=False),
    Column("loaded_at", type_instant, nullable=False),
)

destination_rule = Table(
    "destination_rule",
    metadata,
    Column("rule_set_version", ForeignKey("rule_set_version.rule_set_version"), primary_key=True),
    Column("rule_id", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("destination", Text, nullable=False),
    Column("end_user_kinds", ARRAY(Text), nullable=False),
    Column("end_use_purposes", ARRAY(Text), nullable=False),
    Column("catch_all_limbs", ARRAY(Text), nullable=False),
    Column("knowledge", ARRAY(Text), nullable=False),
    Column("verdict", Text, nullable=False),
    Column("verdict_if_unknown", Text),
    Column("demands", ARRAY(Text), nullable=False),
    Column("instrument", Text, nullable=False),
    Column("article", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("effective_from", Date, nullable=False),
    Column("effective_to", Date),
    Column("suspended_from", Date),
    Column("suspended_to", Date),
    Column("confidence", Text, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("text_zh", Text, nullable=False),
    Column("text_en", Text, nullable=False),
)

destination_register_version = Table(
    "destination_register_version",
    metadata,
    Column("destination_register_version", Text, primary_key=True),
    Column("newest", Date, nullable=False),
    Column("loaded_at", type_instant, nullable=False),
)

destination_grade = Table(
    "destination_grade",
    metadata,
    Column(
        "destination_register_version",
        ForeignKey("destination_register_version.destination_register_version"),
        primary_key=True,
    ),
    Column("position", Integer, primary_key=True),
    Column("country", Text, nullable=False),
    Column("grade", Text, nullable=False),
    Column("demands", ARRAY(Text), nullable=False),
    Column("instrument", Text, nullable=False),
    Column("article", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("effective_from", Date, nullable=False),
    Column("effective_to", Date),
    Column("confidence", Text, nullable=False),
    Column("reason_zh", Text, nullable=False),
    Column("reason_en", Text, nullable=False),
)

# Which version of the rules, and which of the register, counts from when on: the last row of its kind.
rules_activation = Table(
    "rules_activation",
    metadata,
    Column("activation", BigInteger, Identity(always=True), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("version", Text, nullable=False),
    # Of the two people who made it count; absent for what came with the program.
    Column("proposal_id", Uuid),
    Column("activated_at", type_instant, nullable=False),
)
