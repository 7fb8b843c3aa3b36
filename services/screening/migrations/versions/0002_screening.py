"""Versions of the party lists and destination rules, and the screenings that rest on them."""

from alembic import op

from services.foundation.migrations import application_role

revision = "0002_screening"
down_revision = "0001_ledger"

# A screening is internal: neither the applicant nor customs sees what it says of whom.
_SEES_SCREENINGS = """
    current_setting('xuke.role', true) IN (
        'procedure', 'provincial_officer', 'ministry_officer', 'ministry_director', 'agency_reviewer',
        'enforcement_officer', 'auditor'
    )
"""


def upgrade() -> None:
    role = application_role(op)
    for statement in (
        """
        CREATE TABLE list_version (
            list_version text PRIMARY KEY,
            sequence bigint GENERATED ALWAYS AS IDENTITY,
            list_code text NOT NULL,
            name_zh text NOT NULL,
            name_en text NOT NULL,
            match_verdict text NOT NULL,
            likeness_verdict text NOT NULL,
            instrument text NOT NULL,
            article text NOT NULL,
            effective_from date NOT NULL,
            read_on date NOT NULL,
            maximum_age_days integer NOT NULL CHECK (maximum_age_days >= 0),
            loaded_at timestamptz NOT NULL
        )
        """,
        """
        CREATE TABLE listed_party (
            list_version text NOT NULL REFERENCES list_version,
            entry_id text NOT NULL,
            position integer NOT NULL,
            name_zh text NOT NULL,
            name_en text NOT NULL,
            aliases text[] NOT NULL,
            region text NOT NULL,
            instrument text NOT NULL,
            url text NOT NULL,
            effective_from date NOT NULL,
            effective_to date,
            suspended_from date,
            suspended_to date,
            stopped_from date,
            unconfirmed_from date,
            standing_basis text NOT NULL,
            also_unreliable_entity boolean NOT NULL,
            PRIMARY KEY (list_version, entry_id),
            UNIQUE (list_version, position),
            CHECK (name_zh <> '' OR name_en <> ''),
            CHECK (effective_to IS NULL OR effective_to >= effective_from),
            CHECK (suspended_to IS NULL OR suspended_to >= suspended_from)
        )
        """,
        """
        CREATE TABLE list_measure (
            list_version text NOT NULL REFERENCES list_version,
            position integer NOT NULL,
            measure text NOT NULL,
            instrument text NOT NULL,
            article text NOT NULL,
            effective_from date NOT NULL,
            effective_to date,
            text_zh text NOT NULL,
            text_en text NOT NULL,
            PRIMARY KEY (list_version, position)
        )
        """,
        """
        CREATE TABLE rule_set_version (
            rule_set_version text PRIMARY KEY,
            sequence bigint GENERATED ALWAYS AS IDENTITY,
            newest date NOT NULL,
            loaded_at timestamptz NOT NULL
        )
        """,
        """
        CREATE TABLE destination_rule (
            rule_set_version text NOT NULL REFERENCES rule_set_version,
            rule_id text NOT NULL,
            position integer NOT NULL,
            destination text NOT NULL,
            end_user_kinds text[] NOT NULL,
            end_use_purposes text[] NOT NULL,
            verdict text NOT NULL,
            verdict_if_unknown text,
            instrument text NOT NULL,
            article text NOT NULL,
            url text NOT NULL,
            effective_from date NOT NULL,
            effective_to date,
            confidence text NOT NULL,
            text_zh text NOT NULL,
            text_en text NOT NULL,
            PRIMARY KEY (rule_set_version, rule_id),
            UNIQUE (rule_set_version, position)
        )
        """,
        """
        CREATE TABLE screening (
            screening_id uuid PRIMARY KEY DEFAULT uuidv7(),
            subject text NOT NULL,
            verdict text NOT NULL,
            as_of date NOT NULL,
            screened_at timestamptz NOT NULL,
            versions text[] NOT NULL,
            export jsonb NOT NULL,
            hits jsonb NOT NULL,
            rule_findings jsonb NOT NULL
        )
        """,
        "CREATE INDEX screening_of_subject ON screening (subject, screened_at)",
        f"""
        GRANT SELECT, INSERT
            ON list_version, listed_party, list_measure, rule_set_version, destination_rule, screening
            TO "{role}"
        """,
        "ALTER TABLE screening ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY visible ON screening USING ({_SEES_SCREENINGS})",
    ):
        op.execute(statement)
