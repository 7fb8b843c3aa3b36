"""A round whose application was withdrawn closes without a result."""

from alembic import op

revision = "0003_abandoned_rounds"
down_revision = "0002_consultation"


def upgrade() -> None:
    op.execute("ALTER TABLE consultation_round DROP CONSTRAINT consultation_round_check")
    op.execute(
        "ALTER TABLE consultation_round ADD CONSTRAINT closed_at_an_instant"
        " CHECK ((state = 'CLOSED') = (closed_at IS NOT NULL))"
    )
    op.execute(
        "ALTER TABLE consultation_round ADD CONSTRAINT result_unless_abandoned CHECK"
        " ((state = 'CLOSED' AND consolidation_reason <> 'APPLICATION_WITHDRAWN') = (consolidation IS NOT NULL))"
    )
