"""How reviewers classified items before."""

revision = "0008_precedents"
down_revision = "0007_products"


def upgrade() -> None:
    """Nothing yet."""
