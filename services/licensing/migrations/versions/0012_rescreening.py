"""Later screenings of an application, and what they bring about."""

revision = "0012_rescreening"
down_revision = "0011_experts"


def upgrade() -> None:
    """Nothing yet."""
