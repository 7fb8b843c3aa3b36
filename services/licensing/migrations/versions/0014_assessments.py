"""What a reviewer assesses an item to be."""

revision = "0014_assessments"
down_revision = "0013_due_diligence"


def upgrade() -> None:
    """Nothing yet."""
