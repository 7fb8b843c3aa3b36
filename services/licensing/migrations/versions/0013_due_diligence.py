"""Due diligence of the holder of a licence before the goods are declared."""

from alembic import op

from services.foundation.migrations import application_role

revision = "0013_due_diligence"
down_revision = "0012_rescreening"

# What the holder found out is not for customs: that it is there is told by the licence.
_SEEN = """
    current_setting('xuke.role', true) IN (
        'ministry_officer', 'ministry_director', 'enforcement_officer', 'auditor', 'procedure'
    )
    OR current_setting('xuke.role', true) IN ('exporter', 'agent', 'provincial_officer')
        AND EXISTS (SELECT 1 FROM licence WHERE licence.number = licence_due_diligence.licence_number)
"""


def upgrade() -> None:
    """Which countries a licence reaches is computed from it; what demands due diligence is data with dates."""
    role = application_role(op)
    for statement in (
        """
        ALTER TABLE licence
            ADD COLUMN due_diligence_recorded_at timestamptz,
            ADD COLUMN reached_countries text[] GENERATED ALWAYS AS (ARRAY[
                destination,
                particulars #>> '{importer,country}',
                particulars #>> '{consignee,country}',
                particulars #>> '{end_user,country}'
            ]) STORED
        """,
        f'GRANT UPDATE (due_diligence_recorded_at) ON licence TO "{role}"',
        """
        CREATE TABLE licence_due_diligence (
            licence_number text NOT NULL REFERENCES licence,
            sequence bigint NOT NULL,
            record jsonb NOT NULL,
            recorded_at timestamptz NOT NULL,
            recorded_by text NOT NULL,
            PRIMARY KEY (licence_number, sequence)
        )
        """,
        f'GRANT SELECT, INSERT ON licence_due_diligence TO "{role}"',
        "ALTER TABLE licence_due_diligence ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY seen ON licence_due_diligence USING ({_SEEN})",
    ):
        op.execute(statement)
