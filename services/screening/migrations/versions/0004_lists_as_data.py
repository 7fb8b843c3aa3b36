"""Lists as data that two people change."""

from alembic import op

from services.foundation.migrations import application_role

revision = "0004_lists_as_data"
down_revision = "0003_audit_log_identity"


def upgrade() -> None:
    role = application_role(op)
    for statement in (
        # What is current is the activation that came last, not the version that was written last.
        """
        CREATE TABLE list_activation (
            sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            list_code text NOT NULL,
            list_version text NOT NULL REFERENCES list_version,
            proposal_id uuid,
            proposed_by text NOT NULL,
            activated_by text NOT NULL,
            activated_at timestamptz NOT NULL,
            CHECK (proposed_by = '' OR proposed_by <> activated_by)
        )
        """,
        "CREATE INDEX list_activation_of_list ON list_activation (list_code, sequence)",
        """
        INSERT INTO list_activation (list_code, list_version, proposed_by, activated_by, activated_at)
        SELECT list_code, list_version, '', '', loaded_at FROM list_version ORDER BY read_on, sequence
        """,
        """
        ALTER TABLE list_version
            DROP COLUMN sequence,
            DROP COLUMN loaded_at,
            ADD COLUMN label text,
            ADD COLUMN required boolean NOT NULL DEFAULT true,
            ADD COLUMN url text NOT NULL DEFAULT ''
        """,
        "UPDATE list_version SET label = split_part(list_version, ' ', 1)",
        """
        ALTER TABLE list_version
            ALTER COLUMN label SET NOT NULL,
            ALTER COLUMN required DROP DEFAULT,
            ALTER COLUMN url DROP DEFAULT
        """,
        """
        ALTER TABLE listed_party
            ADD COLUMN kind text NOT NULL DEFAULT '',
            ADD COLUMN addresses text[] NOT NULL DEFAULT '{}',
            ADD COLUMN identifiers text[] NOT NULL DEFAULT '{}',
            ADD COLUMN born text[] NOT NULL DEFAULT '{}',
            ADD COLUMN measures text[] NOT NULL DEFAULT '{}',
            ADD COLUMN holders jsonb NOT NULL DEFAULT '[]',
            ADD COLUMN digest text NOT NULL DEFAULT '',
            ADD COLUMN article text NOT NULL DEFAULT ''
        """,
        """
        ALTER TABLE listed_party
            ALTER COLUMN kind DROP DEFAULT,
            ALTER COLUMN addresses DROP DEFAULT,
            ALTER COLUMN identifiers DROP DEFAULT,
            ALTER COLUMN born DROP DEFAULT,
            ALTER COLUMN measures DROP DEFAULT,
            ALTER COLUMN holders DROP DEFAULT,
            ALTER COLUMN digest DROP DEFAULT,
            ALTER COLUMN article DROP DEFAULT
        """,
        f'GRANT SELECT, INSERT ON list_activation TO "{role}"',
    ):
        op.execute(statement)
