"""The consultation desk."""

revision = "0006_inquiries"
down_revision = "0005_control_lists_as_data"


def upgrade() -> None:
    """Nothing yet."""
