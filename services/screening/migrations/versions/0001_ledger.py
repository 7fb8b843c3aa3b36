"""Ledger."""

from alembic import op

from services.foundation.migrations import create_ledger

revision = "0001_ledger"
down_revision = None


def upgrade() -> None:
    create_ledger(op)
