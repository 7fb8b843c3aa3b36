"""Escalations of opinions that an agency owes: each has the agency's task where others have a deadline."""

from alembic import op

revision = "0004_overdue_opinions"
down_revision = "0003_applications"


def upgrade() -> None:
    op.execute("ALTER TABLE escalation ALTER COLUMN deadline_id DROP NOT NULL")
    op.execute("ALTER TABLE escalation ADD COLUMN task_id uuid UNIQUE")
    op.execute(
        "ALTER TABLE escalation ADD CONSTRAINT escalation_of_one_thing"
        " CHECK (num_nonnulls(deadline_id, task_id) = 1)"
    )
