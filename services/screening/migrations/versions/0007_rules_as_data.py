"""Rules and the register of destinations as data that two people change."""

revision = "0007_rules_as_data"
down_revision = "0006_watched_exports"


def upgrade() -> None:
    """Nothing yet."""
