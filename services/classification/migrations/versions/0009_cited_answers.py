"""Answers of the consultation desk are read by the officers to whom they are cited."""

from alembic import op

revision = "0009_cited_answers"
down_revision = "0008_precedents"

# Officers on cases and declarations: beside those who see every inquiry, once it is answered.
_SHOWN = "('provincial_officer', 'agency_reviewer', 'customs_officer', 'enforcement_officer')"


def upgrade() -> None:
    for statement in (
        f"""
        CREATE POLICY cited ON inquiry FOR SELECT USING
            (state = 'ANSWERED' AND current_setting('xuke.role', true) IN {_SHOWN})
        """,
        # What was written to and fro is not theirs.
        f"""
        ALTER POLICY visible ON inquiry_text USING (
            current_setting('xuke.role', true) NOT IN {_SHOWN}
            AND EXISTS (SELECT FROM inquiry WHERE inquiry.inquiry_id = inquiry_text.inquiry_id)
        )
        """,
    ):
        op.execute(statement)
