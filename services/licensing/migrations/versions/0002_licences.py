"""Licences."""



revision = "0002_licences"
down_revision = "0001_ledger"


def upgrade() -> None:
    pass
