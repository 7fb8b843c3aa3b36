"""How reviewers classified items before."""

from alembic import op

from services.foundation.migrations import application_role

revision = "0008_precedents"
down_revision = "0007_products"

_ROLE = "current_setting('xuke.role', true)"


def upgrade() -> None:
    role = application_role(op)
    for statement in (
        """
        CREATE TABLE precedent (
            precedent_id uuid PRIMARY KEY DEFAULT uuidv7(),
            subject text NOT NULL UNIQUE,
            item jsonb NOT NULL,
            control_codes text[] NOT NULL,
            reason text NOT NULL,
            decided_by text NOT NULL,
            decided_at timestamptz NOT NULL,
            recorded_at timestamptz NOT NULL,
            list_versions text[] NOT NULL
        )
        """,
        "ALTER TABLE precedent ENABLE ROW LEVEL SECURITY",
        # Items are secrets of the business that described them: precedents are for those who examine and audit.
        f"""
        CREATE POLICY read ON precedent FOR SELECT USING (
            {_ROLE} IN (
                'provincial_officer', 'ministry_officer', 'ministry_director', 'list_editor', 'auditor', 'procedure'
            )
        )
        """,
        f"CREATE POLICY record ON precedent FOR INSERT WITH CHECK ({_ROLE} = 'procedure')",
        f'GRANT SELECT, INSERT ON precedent TO "{role}"',
    ):
        op.execute(statement)
