"""What a reviewer assesses an item to be."""

from alembic import op

from services.foundation.migrations import application_role

revision = "0015_assessments"
down_revision = "0014_decision_taken_back"

_OF_VISIBLE = (
    "EXISTS (SELECT FROM application WHERE application.application_id = item_assessment.application_id)"
)
_ROLE = "current_setting('xuke.role', true)"


def upgrade() -> None:
    role = application_role(op)
    for statement in (
        """
        CREATE TABLE item_assessment (
            assessment_id uuid PRIMARY KEY,
            serial bigint GENERATED ALWAYS AS IDENTITY,
            application_id uuid NOT NULL REFERENCES application,
            line_number integer NOT NULL CHECK (line_number > 0),
            submission_number integer NOT NULL CHECK (submission_number > 0),
            control_codes text[] NOT NULL,
            reason text NOT NULL CHECK (reason <> ''),
            precedent_id text NOT NULL,
            inquiry_number text NOT NULL,
            authority text NOT NULL CHECK (authority IN ('PROVINCE', 'MINISTRY')),
            assessed_by text NOT NULL,
            assessed_at timestamptz NOT NULL
        )
        """,
        "CREATE INDEX item_assessment_of_application ON item_assessment (application_id, serial)",
        "ALTER TABLE item_assessment ENABLE ROW LEVEL SECURITY",
        # Those who conduct, join in or audit the examination; experts are to have an opinion of their own, and the
        # applicant reads the code on the licence or in the reasons of a refusal.
        f"""
        CREATE POLICY read ON item_assessment FOR SELECT USING (
            {_ROLE} NOT IN ('exporter', 'agent', 'expert') AND {_OF_VISIBLE}
        )
        """,
        f"""
        CREATE POLICY assess ON item_assessment FOR INSERT WITH CHECK (
            {_OF_VISIBLE} AND assessed_by = current_setting('xuke.subject', true)
            AND CASE {_ROLE}
                WHEN 'provincial_officer' THEN authority = 'PROVINCE'
                WHEN 'ministry_officer' THEN authority = 'MINISTRY'
                ELSE false
            END
        )
        """,
        f'GRANT SELECT, INSERT ON item_assessment TO "{role}"',
    ):
        op.execute(statement)
