"""Applications."""



revision = "0003_applications"
down_revision = "0002_licences"


def upgrade() -> None:
    pass
