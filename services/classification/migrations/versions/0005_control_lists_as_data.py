"""Control lists as data that two people change, and what a change does to items classified before."""

from alembic import op

from services.foundation.migrations import application_role

revision = "0005_control_lists_as_data"
down_revision = "0004_standings"

# What is proposed is nobody's but those who decide on lists and on cases, until it counts.
_SEES_PROPOSALS = """
    current_setting('xuke.role', true) IN ('list_editor', 'ministry_officer', 'ministry_director', 'auditor')
"""
# Items are secrets of the business that describes them; those who decide see them, and its own people do.
_SEES_ITEMS = """
    current_setting('xuke.role', true) IN (
        'list_editor', 'ministry_officer', 'ministry_director', 'auditor', 'procedure'
    )
    OR (current_setting('xuke.role', true) IN ('exporter', 'agent')
        AND organisation <> '' AND organisation = current_setting('xuke.organisation', true))
"""
_SEES_TASKS = _SEES_PROPOSALS


def upgrade() -> None:
    role = application_role(op)
    for statement in (
        # What is current is the activation that came last, not the version that was written last.
        """
        CREATE TABLE list_activation (
            sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            regime text NOT NULL,
            list_version text NOT NULL REFERENCES list_version,
            proposal_id uuid,
            proposed_by text NOT NULL,
            activated_by text NOT NULL,
            activated_at timestamptz NOT NULL,
            CHECK (proposed_by = '' OR proposed_by <> activated_by)
        )
        """,
        "CREATE INDEX list_activation_of_regime ON list_activation (regime, sequence)",
        """
        INSERT INTO list_activation (regime, list_version, proposed_by, activated_by, activated_at)
        SELECT regime, list_version, '', '', loaded_at FROM list_version ORDER BY edition, sequence
        """,
        "ALTER TABLE list_version DROP COLUMN sequence, DROP COLUMN loaded_at",
        """
        CREATE TABLE interpretation (
            sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            identifier text NOT NULL,
            path text NOT NULL,
            question text NOT NULL,
            answer text NOT NULL CHECK (answer IN ('TRUE', 'FALSE', 'UNKNOWN')),
            valid_from date NOT NULL,
            basis text NOT NULL,
            proposal_id uuid NOT NULL,
            proposed_by text NOT NULL,
            activated_by text NOT NULL,
            activated_at timestamptz NOT NULL,
            CHECK (proposed_by <> activated_by)
        )
        """,
        "CREATE INDEX interpretation_of_question ON interpretation (identifier, question, sequence)",
        """
        CREATE TABLE control_list_proposal (
            proposal_id uuid PRIMARY KEY DEFAULT uuidv7(),
            row_version integer NOT NULL,
            state text NOT NULL CHECK (state IN ('PROPOSED', 'ACTIVATED', 'REJECTED', 'WITHDRAWN')),
            kind text NOT NULL CHECK (kind IN ('LIST', 'STANDINGS', 'INTERPRETATION')),
            regime text NOT NULL,
            base_version text NOT NULL,
            list_version text NOT NULL,
            edition date NOT NULL,
            covers_from date NOT NULL,
            file_format text NOT NULL,
            file_name text NOT NULL,
            file_sha256 text NOT NULL,
            reason text NOT NULL,
            legal_basis text NOT NULL,
            url text NOT NULL,
            interpretation jsonb,
            added integer NOT NULL,
            changed integer NOT NULL,
            ended integer NOT NULL,
            unchanged integer NOT NULL,
            proposed_by text NOT NULL,
            proposed_at timestamptz NOT NULL,
            decided_by text NOT NULL,
            decided_at timestamptz,
            decision_reason text NOT NULL,
            CHECK ((kind = 'INTERPRETATION') = (interpretation IS NOT NULL)),
            CHECK ((state = 'PROPOSED') = (decided_at IS NULL)),
            CONSTRAINT four_eyes CHECK (state NOT IN ('ACTIVATED', 'REJECTED') OR decided_by <> proposed_by)
        )
        """,
        "CREATE INDEX control_list_proposal_of_regime ON control_list_proposal (regime, proposal_id)",
        """
        CREATE TABLE control_list_change (
            proposal_id uuid NOT NULL REFERENCES control_list_proposal,
            position integer NOT NULL,
            identifier text NOT NULL,
            change text NOT NULL CHECK (change IN ('ADDED', 'CHANGED', 'ENDED')),
            before json,
            after json NOT NULL,
            PRIMARY KEY (proposal_id, position)
        )
        """,
        """
        CREATE TABLE classified_item (
            subject text PRIMARY KEY,
            organisation text NOT NULL,
            item jsonb NOT NULL,
            regime text NOT NULL,
            outcome text NOT NULL,
            codes text[] NOT NULL,
            list_versions text[] NOT NULL,
            as_of date NOT NULL,
            classified_at timestamptz NOT NULL,
            knowledge text NOT NULL,
            outcome_before text,
            outcome_changed boolean NOT NULL,
            is_open boolean NOT NULL
        )
        """,
        "CREATE INDEX classified_item_open ON classified_item (knowledge, subject) WHERE is_open",
        """
        CREATE TABLE classification_run (
            run_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            subject text NOT NULL REFERENCES classified_item,
            organisation text NOT NULL,
            item jsonb NOT NULL,
            regime text NOT NULL,
            outcome text NOT NULL,
            codes text[] NOT NULL,
            list_versions text[] NOT NULL,
            as_of date NOT NULL,
            known_at timestamptz NOT NULL
        )
        """,
        "CREATE INDEX classification_run_of_subject ON classification_run (subject, run_id)",
        """
        CREATE TABLE reclassification_task (
            task_id uuid PRIMARY KEY DEFAULT uuidv7(),
            row_version integer NOT NULL,
            subject text NOT NULL REFERENCES classified_item,
            item_name_zh text NOT NULL,
            item_name_en text NOT NULL,
            outcome_before text NOT NULL,
            outcome_after text NOT NULL,
            codes_before text[] NOT NULL,
            codes_after text[] NOT NULL,
            list_versions text[] NOT NULL,
            raised_at timestamptz NOT NULL,
            settled_by text NOT NULL,
            settled_at timestamptz,
            settlement text NOT NULL,
            CHECK ((settled_at IS NULL) = (settled_by = ''))
        )
        """,
        "CREATE INDEX reclassification_task_open ON reclassification_task (task_id) WHERE settled_at IS NULL",
        """
        CREATE TABLE temporary_control_alarm (
            regime text NOT NULL,
            identifier text NOT NULL,
            term_ends date NOT NULL,
            alarm text NOT NULL CHECK (alarm IN ('EVALUATION_DUE', 'EVALUATION_OVERDUE')),
            raised_at timestamptz NOT NULL,
            PRIMARY KEY (regime, identifier, term_ends, alarm)
        )
        """,
        f"""
        GRANT SELECT, INSERT ON list_activation, interpretation, control_list_proposal, control_list_change,
            classified_item, classification_run, reclassification_task, temporary_control_alarm TO "{role}"
        """,
        f"""
        GRANT UPDATE (state, row_version, decided_by, decided_at, decision_reason) ON control_list_proposal
            TO "{role}"
        """,
        f'GRANT UPDATE ON classified_item TO "{role}"',
        f"""
        GRANT UPDATE (row_version, settled_by, settled_at, settlement) ON reclassification_task TO "{role}"
        """,
        *(
            statement
            for table, sees in (
                ("control_list_proposal", _SEES_PROPOSALS),
                ("control_list_change", _SEES_PROPOSALS),
                ("classified_item", _SEES_ITEMS),
                ("classification_run", _SEES_ITEMS),
                ("reclassification_task", _SEES_TASKS),
            )
            for statement in (
                f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
                f"CREATE POLICY visible ON {table} USING ({sees})",
            )
        ),
    ):
        op.execute(statement)
