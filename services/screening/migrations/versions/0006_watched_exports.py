"""Exports that are looked at again, and results that licensing is still to be told of."""

revision = "0006_watched_exports"
down_revision = "0005_hits"


def upgrade() -> None:
    """Nothing yet."""
