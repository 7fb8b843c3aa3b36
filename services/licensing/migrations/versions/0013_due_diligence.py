"""Due diligence recorded for a licence before the goods are declared."""

revision = "0013_due_diligence"
down_revision = "0012_rescreening"


def upgrade() -> None:
    """Nothing yet."""
