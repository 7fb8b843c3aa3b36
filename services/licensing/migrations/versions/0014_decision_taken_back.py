"""A decision to grant that is taken back before its licence is issued, beside who agreed to it."""

from alembic import op

from services.foundation.migrations import application_role

revision = "0014_decision_taken_back"
down_revision = "0013_due_diligence"


def upgrade() -> None:
    """Its own columns: what the countersigning officer said stays as it was said."""
    role = application_role(op)
    for statement in (
        """
        ALTER TABLE decision
            ADD COLUMN taken_back_by text NOT NULL DEFAULT '',
            ADD COLUMN taken_back_at timestamptz,
            ADD COLUMN taken_back_because text NOT NULL DEFAULT ''
        """,
        f'GRANT UPDATE (taken_back_by, taken_back_at, taken_back_because) ON decision TO "{role}"',
    ):
        op.execute(statement)
