"""Lists as data that two people change."""

from alembic import op

from services.foundation.migrations import application_role

revision = "0004_lists_as_data"
down_revision = "0003_audit_log_identity"

# What is proposed is nobody's but those who decide on lists and on cases, until it counts.
_SEES_PROPOSALS = """
    current_setting('xuke.role', true) IN (
        'list_editor', 'ministry_officer', 'ministry_director', 'auditor', 'procedure'
    )
"""


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
        # An entry that was to begin later and is left out before ends on the day before it begins.
        """
        ALTER TABLE listed_party
            DROP CONSTRAINT listed_party_check1,
            ADD CONSTRAINT listed_party_ends CHECK (effective_to >= effective_from - 1)
        """,
        """
        CREATE TABLE list_proposal (
            proposal_id uuid PRIMARY KEY DEFAULT uuidv7(),
            row_version integer NOT NULL,
            state text NOT NULL CHECK (state IN ('PROPOSED', 'ACTIVATED', 'REJECTED', 'WITHDRAWN')),
            data text NOT NULL,
            file_format text NOT NULL,
            list_code text NOT NULL,
            base_version text NOT NULL,
            list_version text NOT NULL,
            read_on date NOT NULL,
            definition jsonb NOT NULL,
            file_name text NOT NULL,
            file_sha256 text NOT NULL,
            reason text NOT NULL,
            proposed_by text NOT NULL,
            proposed_at timestamptz NOT NULL,
            decided_by text NOT NULL,
            decided_at timestamptz,
            decision_reason text NOT NULL,
            added integer NOT NULL,
            changed integer NOT NULL,
            ended integer NOT NULL,
            unchanged integer NOT NULL,
            CHECK ((state = 'PROPOSED') = (decided_at IS NULL)),
            CONSTRAINT four_eyes CHECK (state NOT IN ('ACTIVATED', 'REJECTED') OR decided_by <> proposed_by)
        )
        """,
        "CREATE INDEX list_proposal_of_list ON list_proposal (list_code, proposal_id)",
        """
        CREATE TABLE list_proposal_change (
            proposal_id uuid NOT NULL REFERENCES list_proposal,
            position integer NOT NULL,
            row_key text NOT NULL,
            change text NOT NULL,
            before json,
            after json NOT NULL,
            PRIMARY KEY (proposal_id, position)
        )
        """,
        f'GRANT SELECT, INSERT ON list_activation, list_proposal, list_proposal_change TO "{role}"',
        f"""
        GRANT UPDATE (state, row_version, decided_by, decided_at, decision_reason) ON list_proposal
            TO "{role}"
        """,
        "ALTER TABLE list_proposal ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE list_proposal_change ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY visible ON list_proposal USING ({_SEES_PROPOSALS})",
        f"CREATE POLICY visible ON list_proposal_change USING ({_SEES_PROPOSALS})",
    ):
        op.execute(statement)
