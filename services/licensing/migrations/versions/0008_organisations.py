"""People who sign in, organisations, members and the mandates of agents."""

revision = "0008_organisations"
down_revision = "0007_assignment_and_notes"


def upgrade() -> None:
    """Filled with the tables that the contracts ask for."""
