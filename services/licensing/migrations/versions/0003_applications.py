"""Applications."""

from alembic import op

from services.foundation.migrations import application_role

revision = "0003_applications"
down_revision = "0002_licences"

# Who sees an application at all: its applicant; the province once it is submitted; agencies consulted on it;
# the ministry, auditors and the procedure once it is submitted.
_VISIBLE = """
    CASE current_setting('xuke.role', true)
        WHEN 'exporter' THEN organisation = current_setting('xuke.organisation', true)
        WHEN 'agent' THEN organisation = current_setting('xuke.organisation', true)
        WHEN 'provincial_officer' THEN
            submitted_at IS NOT NULL AND province = current_setting('xuke.province', true)
        WHEN 'agency_reviewer' THEN current_setting('xuke.agency', true) = ANY (consulted_agencies)
        WHEN 'ministry_officer' THEN submitted_at IS NOT NULL
        WHEN 'ministry_director' THEN submitted_at IS NOT NULL
        WHEN 'auditor' THEN submitted_at IS NOT NULL
        WHEN 'procedure' THEN submitted_at IS NOT NULL
        ELSE false
    END
"""

# Tables of an application's parts, with what the service may do to their rows besides reading and adding.
_PARTS = {
    "submission": "",
    "attachment": ", UPDATE (removed_at)",
    "automatic_check": "",
    "notice": "",
    "deadline": ", UPDATE",
    "exclusion": ", UPDATE (ended_at, result)",
    "consultation_round": ", UPDATE (round_id, summary, closed_at)",
    "decision": ", UPDATE (countersigned_by, countersigned_at, agreed, comment)",
}


def upgrade() -> None:
    role = application_role(op)
    op.execute("CREATE SEQUENCE application_number")
    op.execute(
        """
        CREATE TABLE application (
            application_id uuid PRIMARY KEY,
            number text UNIQUE,
            version bigint NOT NULL,
            state text NOT NULL,
            organisation text NOT NULL,
            province text NOT NULL,
            applicant_name text NOT NULL,
            destination text NOT NULL,
            created_by text NOT NULL,
            created_at timestamptz NOT NULL,
            submitted_at timestamptz,
            received_at timestamptz,
            submission_number integer NOT NULL,
            procedure_version text NOT NULL,
            checks_return_to text NOT NULL,
            supplements_asked_by text[] NOT NULL,
            supplement_window_closed boolean NOT NULL,
            provincial_opinion text NOT NULL,
            consulted_agencies text[] NOT NULL,
            licence_number text NOT NULL,
            withdrawal_reason text NOT NULL,
            dossier text NOT NULL,
            CHECK ((number IS NULL) = (submitted_at IS NULL))
        )
        """
    )
    op.execute("CREATE INDEX application_of_organisation ON application (organisation, created_at)")
    op.execute("CREATE INDEX application_queue ON application (state, submitted_at, application_id)")
    op.execute(
        """
        CREATE TABLE submission (
            application_id uuid NOT NULL REFERENCES application,
            submission_number integer NOT NULL,
            dossier text NOT NULL,
            attachments text NOT NULL,
            sha256 text NOT NULL,
            submitted_by text NOT NULL,
            submitted_at timestamptz NOT NULL,
            PRIMARY KEY (application_id, submission_number)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE attachment (
            attachment_id uuid PRIMARY KEY,
            application_id uuid NOT NULL REFERENCES application,
            kind text NOT NULL,
            file_name text NOT NULL,
            media_type text NOT NULL,
            size bigint NOT NULL,
            sha256 text NOT NULL,
            uploaded_at timestamptz NOT NULL,
            removed_at timestamptz
        )
        """
    )
    op.execute("CREATE INDEX attachment_of_application ON attachment (application_id)")
    op.execute(
        """
        CREATE TABLE automatic_check (
            application_id uuid NOT NULL REFERENCES application,
            submission_number integer NOT NULL,
            classifications text NOT NULL,
            screening text NOT NULL,
            recorded_at timestamptz NOT NULL,
            PRIMARY KEY (application_id, submission_number)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE notice (
            notice_id uuid PRIMARY KEY,
            serial bigint GENERATED ALWAYS AS IDENTITY,
            application_id uuid NOT NULL REFERENCES application,
            kind text NOT NULL,
            issued_at timestamptz NOT NULL,
            text_zh text NOT NULL,
            text_en text NOT NULL,
            deficiencies text NOT NULL,
            sources text NOT NULL
        )
        """
    )
    op.execute("CREATE INDEX notice_of_application ON notice (application_id, serial)")
    op.execute(
        """
        CREATE TABLE deadline (
            deadline_id uuid PRIMARY KEY,
            application_id uuid NOT NULL REFERENCES application,
            kind text NOT NULL,
            state text NOT NULL,
            started_at timestamptz NOT NULL,
            due_at timestamptz,
            reminders_at timestamptz[] NOT NULL,
            reminders_sent integer NOT NULL,
            closed_at timestamptz,
            CHECK ((state = 'OPEN') = (closed_at IS NULL))
        )
        """
    )
    op.execute("CREATE UNIQUE INDEX deadline_open ON deadline (application_id, kind) WHERE state = 'OPEN'")
    op.execute("CREATE INDEX deadline_of_application ON deadline (application_id)")
    op.execute(
        """
        CREATE TABLE escalation (
            escalation_id uuid PRIMARY KEY,
            application_id uuid NOT NULL REFERENCES application,
            deadline_id uuid NOT NULL UNIQUE REFERENCES deadline,
            deadline_kind text NOT NULL,
            queue text NOT NULL,
            raised_at timestamptz NOT NULL
        )
        """
    )
    op.execute("CREATE INDEX escalation_queue ON escalation (queue, raised_at, escalation_id)")
    op.execute(
        """
        CREATE TABLE exclusion (
            exclusion_id uuid PRIMARY KEY,
            application_id uuid NOT NULL REFERENCES application,
            reason text NOT NULL,
            note text NOT NULL,
            started_at timestamptz NOT NULL,
            ended_at timestamptz,
            result text NOT NULL
        )
        """
    )
    op.execute("CREATE UNIQUE INDEX exclusion_open ON exclusion (application_id) WHERE ended_at IS NULL")
    op.execute(
        """
        CREATE TABLE consultation_round (
            application_id uuid NOT NULL REFERENCES application,
            round_number integer NOT NULL,
            plan text NOT NULL,
            round_id text NOT NULL,
            summary text NOT NULL,
            started_at timestamptz NOT NULL,
            closed_at timestamptz,
            PRIMARY KEY (application_id, round_number)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE decision (
            application_id uuid NOT NULL REFERENCES application,
            proposal_number integer NOT NULL,
            outcome text NOT NULL,
            reasons text NOT NULL,
            factors text NOT NULL,
            conditions text NOT NULL,
            proposed_by text NOT NULL,
            proposed_at timestamptz NOT NULL,
            countersigned_by text NOT NULL,
            countersigned_at timestamptz,
            agreed boolean,
            comment text NOT NULL,
            PRIMARY KEY (application_id, proposal_number)
        )
        """
    )
    op.execute("ALTER TABLE application ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY visible ON application USING ({_VISIBLE})")
    op.execute(f'GRANT SELECT, INSERT, UPDATE ON application TO "{role}"')
    op.execute(f'GRANT USAGE ON SEQUENCE application_number TO "{role}"')
    for table, more in _PARTS.items():
        # The inner query obeys the policy of `application`: whoever sees it sees its parts.
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY visible ON {table} USING"
            f" (EXISTS (SELECT FROM application WHERE application.application_id = {table}.application_id))"
        )
        op.execute(f'GRANT SELECT, INSERT{more} ON {table} TO "{role}"')
    op.execute("ALTER TABLE escalation ENABLE ROW LEVEL SECURITY")
    op.execute(
        """
        CREATE POLICY visible ON escalation USING (
            CASE current_setting('xuke.role', true)
                WHEN 'provincial_officer' THEN
                    queue = 'province:' || current_setting('xuke.province', true)
                ELSE current_setting('xuke.role', true) IN
                    ('ministry_officer', 'ministry_director', 'auditor', 'procedure')
            END
        )
        """
    )
    op.execute(f'GRANT SELECT, INSERT ON escalation TO "{role}"')
