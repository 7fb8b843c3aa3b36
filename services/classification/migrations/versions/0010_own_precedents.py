"""What was decided about its items an organisation may see again."""

from alembic import op

revision = "0010_own_precedents"
down_revision = "0009_cited_answers"


def upgrade() -> None:
    for statement in (
        "ALTER TABLE precedent ADD COLUMN organisation text NOT NULL DEFAULT ''",
        "ALTER TABLE precedent ALTER COLUMN organisation DROP DEFAULT",
        "CREATE INDEX precedent_of_organisation ON precedent (organisation, recorded_at)",
        """
        CREATE POLICY own ON precedent FOR SELECT USING (
            current_setting('xuke.role', true) IN ('exporter', 'agent')
            AND organisation <> '' AND organisation = current_setting('xuke.organisation', true)
        )
        """,
    ):
        op.execute(statement)
