"""Rules and the register of destinations as data that two people change."""

from alembic import op

from services.foundation.migrations import application_role

revision = "0007_rules_as_data"
down_revision = "0006_watched_exports"


def upgrade() -> None:
    """What was loaded before goes on in the order in which it counted until now.

    What ends before it begins was taken back in time: it is kept, and never in force.
    """
    role = application_role(op)
    for statement in (
        """
        ALTER TABLE destination_rule
            ADD COLUMN catch_all_limbs text[] NOT NULL DEFAULT '{}',
            ADD COLUMN knowledge text[] NOT NULL DEFAULT '{}',
            ADD COLUMN demands text[] NOT NULL DEFAULT '{}',
            ADD COLUMN suspended_from date,
            ADD COLUMN suspended_to date,
            ADD COLUMN enabled boolean NOT NULL DEFAULT true,
            ADD CHECK (effective_to IS NULL OR effective_to >= effective_from - 1),
            ADD CHECK (suspended_to IS NULL OR suspended_from IS NOT NULL AND suspended_to >= suspended_from),
            ADD CHECK (confidence IN ('high', 'medium', 'low'))
        """,
        """
        ALTER TABLE destination_rule
            ALTER COLUMN catch_all_limbs DROP DEFAULT,
            ALTER COLUMN knowledge DROP DEFAULT,
            ALTER COLUMN demands DROP DEFAULT,
            ALTER COLUMN enabled DROP DEFAULT
        """,
        """
        CREATE TABLE destination_register_version (
            destination_register_version text PRIMARY KEY,
            newest date NOT NULL,
            loaded_at timestamptz NOT NULL
        )
        """,
        """
        CREATE TABLE destination_grade (
            destination_register_version text NOT NULL REFERENCES destination_register_version,
            position integer NOT NULL,
            country text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
            grade text NOT NULL CHECK (grade IN ('LOW', 'ELEVATED', 'HIGH')),
            demands text[] NOT NULL,
            instrument text NOT NULL CHECK (instrument <> ''),
            article text NOT NULL,
            url text NOT NULL,
            effective_from date NOT NULL,
            effective_to date,
            confidence text NOT NULL CHECK (confidence IN ('high', 'medium', 'low')),
            reason_zh text NOT NULL,
            reason_en text NOT NULL,
            PRIMARY KEY (destination_register_version, position),
            CHECK (effective_to IS NULL OR effective_to >= effective_from - 1)
        )
        """,
        """
        CREATE TABLE rules_activation (
            activation bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            kind text NOT NULL CHECK (kind IN ('RULES', 'DESTINATIONS')),
            version text NOT NULL,
            proposal_id uuid,
            activated_at timestamptz NOT NULL
        )
        """,
        "CREATE INDEX rules_activation_of_kind ON rules_activation (kind, activation)",
        """
        INSERT INTO rules_activation (kind, version, activated_at)
        SELECT 'RULES', rule_set_version, loaded_at FROM rule_set_version ORDER BY newest, sequence
        """,
        f"""
        GRANT SELECT, INSERT ON destination_register_version, destination_grade, rules_activation TO "{role}"
        """,
    ):
        op.execute(statement)
