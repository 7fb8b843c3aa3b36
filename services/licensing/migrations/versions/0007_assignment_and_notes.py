"""Who has a case on the desk, notes for colleagues, and what queues are searched and sorted by."""

from alembic import op

from services.foundation.migrations import application_role

revision = "0007_assignment_and_notes"
down_revision = "0006_verification"

# What each list is searched by, and the first items and the nearest deadline as the queue shows them, so that
# no list has to read whole dossiers.
_QUEUE_COLUMNS = (
    "ADD COLUMN search_text text NOT NULL DEFAULT ''",
    "ADD COLUMN submitted_search_text text NOT NULL DEFAULT ''",
    "ADD COLUMN submitted_items text NOT NULL DEFAULT '[]'",
    "ADD COLUMN due_at timestamptz",
    "ADD COLUMN due_kind text NOT NULL DEFAULT ''",
)

_AUTHORITY = "authority text NOT NULL CHECK (authority IN ('PROVINCE', 'MINISTRY'))"
# What one authority keeps for itself: the ministry and auditors, who see every case, read that of the province
# too. The inner query obeys the policy of `application`: nobody reads of a case that he may not see.
_READS = """
    CASE current_setting('xuke.role', true)
        WHEN 'provincial_officer' THEN authority = 'PROVINCE' AND {of_visible}
        WHEN 'ministry_officer' THEN true
        WHEN 'ministry_director' THEN true
        WHEN 'auditor' THEN true
        ELSE false
    END
"""
_WRITES = """
    CASE current_setting('xuke.role', true)
        WHEN 'provincial_officer' THEN authority = 'PROVINCE'
        WHEN 'ministry_officer' THEN authority = 'MINISTRY'
        WHEN 'ministry_director' THEN authority = 'MINISTRY'
        ELSE false
    END
"""


def upgrade() -> None:
    role = application_role(op)
    op.execute(f"ALTER TABLE application {', '.join(_QUEUE_COLUMNS)}")
    op.execute(
        f"""
        CREATE TABLE assignment (
            application_id uuid NOT NULL REFERENCES application,
            {_AUTHORITY},
            subject text NOT NULL,
            name_zh text NOT NULL,
            name_en text NOT NULL,
            assigned_at timestamptz NOT NULL,
            assigned_by text NOT NULL,
            PRIMARY KEY (application_id, authority)
        )
        """
    )
    op.execute("CREATE INDEX assignment_of_officer ON assignment (authority, subject)")
    op.execute(
        f"""
        CREATE TABLE note (
            note_id uuid PRIMARY KEY,
            serial bigint GENERATED ALWAYS AS IDENTITY,
            application_id uuid NOT NULL REFERENCES application,
            {_AUTHORITY},
            author text NOT NULL,
            author_name_zh text NOT NULL,
            author_name_en text NOT NULL,
            written_at timestamptz NOT NULL,
            body text NOT NULL
        )
        """
    )
    op.execute("CREATE INDEX note_of_application ON note (application_id, serial)")
    for table, writing in {"assignment": ("INSERT", "UPDATE", "DELETE"), "note": ("INSERT",)}.items():
        of_visible = (
            f"EXISTS (SELECT FROM application WHERE application.application_id = {table}.application_id)"
        )
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY read ON {table} FOR SELECT USING ({_READS.format(of_visible=of_visible)})")
        for command in writing:
            check = "WITH CHECK" if command == "INSERT" else "USING"
            op.execute(
                f"CREATE POLICY {command.lower()}_own ON {table} FOR {command}"
                f" {check} ({_WRITES} AND {of_visible})"
            )
        op.execute(f'GRANT SELECT, {", ".join(writing)} ON {table} TO "{role}"')
    # What a proposal rested on, as it was when it was made.
    op.execute("ALTER TABLE decision ADD COLUMN basis text NOT NULL DEFAULT ''")
