"""Exports that are looked at again, and results that licensing is still to be told of."""

from alembic import op

from services.foundation.migrations import application_role

revision = "0006_watched_exports"
down_revision = "0005_hits"

_PROCEDURE = "current_setting('xuke.role', true) = 'procedure'"
# Of what is watched, officers read what they may read of hits; a list editor learns how many a proposal
# would touch, and for that the service has to compare them on the editor's behalf.
_READS = """
    current_setting('xuke.role', true) IN (
        'procedure', 'ministry_officer', 'ministry_director', 'agency_reviewer', 'enforcement_officer', 'auditor',
        'list_editor'
    )
"""
_READS_EXPORTS = f"""
    {_READS}
    OR current_setting('xuke.role', true) = 'provincial_officer'
        AND province <> '' AND province = current_setting('xuke.province', true)
"""
# What is owed to an export and what was told of it are only for who sees to it.
_READS_DUTIES = "current_setting('xuke.role', true) IN ('procedure', 'auditor')"


def upgrade() -> None:
    role = application_role(op)
    for statement in (
        "CREATE SEQUENCE watched_change",
        """
        CREATE TABLE watched_export (
            watched_as text PRIMARY KEY CHECK (watched_as <> ''),
            province text NOT NULL,
            change bigint NOT NULL DEFAULT nextval('watched_change'),
            subject text NOT NULL,
            export jsonb NOT NULL,
            names text[] NOT NULL,
            addresses text[] NOT NULL,
            identifiers text[] NOT NULL,
            countries text[] NOT NULL,
            fingerprints text[] NOT NULL,
            last_screening_id uuid NOT NULL REFERENCES screening,
            verdict text NOT NULL,
            versions text[] NOT NULL,
            as_of date NOT NULL,
            watched_since timestamptz NOT NULL,
            ended_at timestamptz
        )
        """,
        "CREATE INDEX watched_export_by_change ON watched_export (change)",
        "CREATE INDEX watched_export_by_name ON watched_export USING gin (names)",
        "CREATE INDEX watched_export_by_address ON watched_export USING gin (addresses)",
        "CREATE INDEX watched_export_by_identifier ON watched_export USING gin (identifiers)",
        "CREATE INDEX watched_export_by_country ON watched_export USING gin (countries)",
        "CREATE INDEX watched_export_by_fingerprint ON watched_export USING gin (fingerprints)",
        # How far the changes were followed: per list, for the rules, the register, the comparison and the day.
        """
        CREATE TABLE followed_change (
            source text PRIMARY KEY,
            version text NOT NULL,
            toward text NOT NULL,
            done_up_to text NOT NULL
        )
        """,
        """
        CREATE TABLE owed_rescreening (
            watched_as text PRIMARY KEY REFERENCES watched_export,
            sequence bigint GENERATED ALWAYS AS IDENTITY,
            cause text NOT NULL,
            cause_version text NOT NULL,
            owed_since timestamptz NOT NULL,
            not_before timestamptz NOT NULL
        )
        """,
        "CREATE INDEX owed_rescreening_in_order ON owed_rescreening (sequence)",
        """
        CREATE TABLE changed_decision (
            sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            fingerprint text NOT NULL,
            cause_version text NOT NULL,
            noted_at timestamptz NOT NULL
        )
        """,
        """
        CREATE TABLE changed_screening (
            screening_id uuid PRIMARY KEY REFERENCES screening,
            sequence bigint GENERATED ALWAYS AS IDENTITY,
            watched_as text NOT NULL REFERENCES watched_export,
            cause text NOT NULL,
            cause_version text NOT NULL,
            recorded_at timestamptz NOT NULL,
            delivered_at timestamptz
        )
        """,
        "CREATE INDEX changed_screening_owed ON changed_screening (sequence) WHERE delivered_at IS NULL",
        "CREATE INDEX changed_screening_of_export ON changed_screening (watched_as, sequence)",
        f'GRANT USAGE ON SEQUENCE watched_change TO "{role}"',
        f'GRANT SELECT, INSERT, UPDATE ON watched_export, followed_change TO "{role}"',
        f'GRANT SELECT, INSERT, UPDATE (delivered_at) ON changed_screening TO "{role}"',
        f'GRANT SELECT, INSERT, UPDATE, DELETE ON owed_rescreening TO "{role}"',
        f'GRANT SELECT, INSERT, DELETE ON changed_decision TO "{role}"',
    ):
        op.execute(statement)
    for table, reads in (
        ("watched_export", _READS_EXPORTS),
        ("changed_screening", _READS_DUTIES),
        ("owed_rescreening", _READS_DUTIES),
    ):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY read ON {table} FOR SELECT USING ({reads})")
        op.execute(f"CREATE POLICY procedure ON {table} USING ({_PROCEDURE}) WITH CHECK ({_PROCEDURE})")
