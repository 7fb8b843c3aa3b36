"""Hits, and what people decided about them."""

revision = "0005_hits"
down_revision = "0004_lists_as_data"


def upgrade() -> None:
    """Nothing yet."""
