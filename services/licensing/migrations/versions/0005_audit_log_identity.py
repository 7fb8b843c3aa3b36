"""The identity of the sealed log, so that a log that is lost is not taken for one that never was."""

from alembic import op

from services.foundation.migrations import create_audit_log_identity

revision = "0005_audit_log_identity"
down_revision = "0004_overdue_opinions"


def upgrade() -> None:
    create_audit_log_identity(op)
