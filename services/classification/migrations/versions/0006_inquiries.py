"""The consultation desk."""

from alembic import op

from services.foundation.migrations import application_role

revision = "0006_inquiries"
down_revision = "0005_control_lists_as_data"

# An asker sees the inquiries of the own organisation; the ministry and the auditor see all.
_VISIBLE = """
    CASE
        WHEN current_setting('xuke.role', true) IN ('exporter', 'agent') THEN
            organisation = current_setting('xuke.organisation', true)
        ELSE current_setting('xuke.role', true) IN ('ministry_officer', 'ministry_director', 'auditor')
    END
"""


def upgrade() -> None:
    role = application_role(op)
    for statement in (
        "CREATE SEQUENCE inquiry_number",
        """
        CREATE TABLE inquiry (
            inquiry_id uuid PRIMARY KEY,
            number text NOT NULL UNIQUE,
            row_version integer NOT NULL,
            state text NOT NULL,
            organisation text NOT NULL CHECK (organisation <> ''),
            organisation_name_zh text NOT NULL,
            organisation_name_en text NOT NULL,
            item jsonb NOT NULL,
            performance text NOT NULL,
            main_uses text NOT NULL CHECK (main_uses <> ''),
            reason_for_doubt text NOT NULL CHECK (reason_for_doubt <> ''),
            asked_at timestamptz NOT NULL,
            waiting_since timestamptz NOT NULL,
            search_text text NOT NULL,
            answer text,
            control_codes text[] NOT NULL,
            answer_reasons text,
            answered_by text,
            answered_at timestamptz,
            list_versions text[] NOT NULL,
            CHECK ((state = 'ANSWERED') = (answer IS NOT NULL)),
            CHECK ((answer IS NULL) = (answer_reasons IS NULL)),
            CHECK ((answer IS NULL) = (answered_by IS NULL)),
            CHECK ((answer IS NULL) = (answered_at IS NULL)),
            CHECK (answer IS NULL OR cardinality(list_versions) > 0)
        )
        """,
        "CREATE INDEX inquiry_open ON inquiry (waiting_since, inquiry_id) WHERE state = 'ASKED'",
        "CREATE INDEX inquiry_of_organisation ON inquiry (organisation)",
        """
        CREATE TABLE inquiry_text (
            inquiry_id uuid NOT NULL REFERENCES inquiry,
            position integer NOT NULL,
            author_role text NOT NULL,
            written_at timestamptz NOT NULL,
            content text NOT NULL,
            PRIMARY KEY (inquiry_id, position)
        )
        """,
        "ALTER TABLE inquiry ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY visible ON inquiry USING ({_VISIBLE})",
        # The inner query obeys the policy of `inquiry`: whoever sees it sees its parts.
        "ALTER TABLE inquiry_text ENABLE ROW LEVEL SECURITY",
        """
        CREATE POLICY visible ON inquiry_text USING
            (EXISTS (SELECT FROM inquiry WHERE inquiry.inquiry_id = inquiry_text.inquiry_id))
        """,
        f'GRANT USAGE ON SEQUENCE inquiry_number TO "{role}"',
        f'GRANT SELECT, INSERT ON inquiry, inquiry_text TO "{role}"',
        f"""
        GRANT UPDATE (row_version, state, item, waiting_since, search_text, answer, control_codes,
                      answer_reasons, answered_by, answered_at, list_versions) ON inquiry TO "{role}"
        """,
    ):
        op.execute(statement)
