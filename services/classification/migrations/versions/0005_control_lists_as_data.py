"""Control lists as data that two people change, and what a change does to items classified before."""

revision = "0005_control_lists_as_data"
down_revision = "0004_standings"


def upgrade() -> None:
    """Nothing yet."""
