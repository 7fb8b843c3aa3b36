"""The product library of exporters."""

revision = "0007_products"
down_revision = "0006_inquiries"


def upgrade() -> None:
    """Nothing yet."""
