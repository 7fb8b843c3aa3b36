"""Lists as data that two people change."""

revision = "0004_lists_as_data"
down_revision = "0003_audit_log_identity"


def upgrade() -> None:
    """Nothing yet."""
