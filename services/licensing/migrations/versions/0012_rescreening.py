"""Later screenings of an application, and what they bring about."""

from alembic import op

from services.foundation.migrations import application_role

revision = "0012_rescreening"
down_revision = "0011_experts"

_OF_VISIBLE = "EXISTS (SELECT FROM application WHERE application.application_id = rescreening.application_id)"


def upgrade() -> None:
    role = application_role(op)
    for statement in (
        """
        CREATE TABLE rescreening (
            screening_id uuid PRIMARY KEY,
            serial bigint GENERATED ALWAYS AS IDENTITY,
            application_id uuid NOT NULL REFERENCES application,
            submission_number integer NOT NULL CHECK (submission_number > 0),
            screening text NOT NULL,
            cause text NOT NULL,
            cause_version text NOT NULL,
            screened_at timestamptz NOT NULL,
            recorded_at timestamptz NOT NULL
        )
        """,
        "CREATE INDEX rescreening_of_application ON rescreening (application_id, submission_number, screened_at)",
        "ALTER TABLE rescreening ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY visible ON rescreening USING ({_OF_VISIBLE})",
        # Their opinion is to be their own, and on the items.
        """
        CREATE POLICY kept_from_experts ON rescreening AS RESTRICTIVE
            USING (current_setting('xuke.role', true) <> 'expert')
        """,
        f'GRANT SELECT, INSERT ON rescreening TO "{role}"',
        # What brought about that of which a notification tells; empty where the kind says it all.
        "ALTER TABLE notification ADD COLUMN cause text NOT NULL DEFAULT ''",
        "ALTER TABLE notification ADD COLUMN cause_version text NOT NULL DEFAULT ''",
        "ALTER TABLE notification ALTER COLUMN cause DROP DEFAULT, ALTER COLUMN cause_version DROP DEFAULT",
    ):
        op.execute(statement)
