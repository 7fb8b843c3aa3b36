"""The product library of exporters."""

from alembic import op

from services.foundation.migrations import application_role

revision = "0007_products"
down_revision = "0006_inquiries"

# What a firm makes is its secret: its own people see it, nobody else.
_OWN = """
    current_setting('xuke.role', true) IN ('exporter', 'agent')
    AND organisation = current_setting('xuke.organisation', true)
"""


def upgrade() -> None:
    role = application_role(op)
    for statement in (
        """
        CREATE TABLE product (
            product_id uuid PRIMARY KEY DEFAULT uuidv7(),
            organisation text NOT NULL CHECK (organisation <> ''),
            row_version integer NOT NULL,
            article_number text COLLATE "C" NOT NULL CHECK (article_number <> ''),
            family text NOT NULL,
            item jsonb NOT NULL,
            archived boolean NOT NULL,
            changed_at timestamptz NOT NULL
        )
        """,
        # An archived product gives its number free.
        """
        CREATE UNIQUE INDEX product_article ON product (organisation, article_number) WHERE NOT archived
        """,
        "CREATE INDEX product_of_family ON product (organisation, family) WHERE NOT archived",
        """
        CREATE TABLE product_family (
            organisation text NOT NULL CHECK (organisation <> ''),
            name text NOT NULL CHECK (name <> ''),
            default_control_code text NOT NULL,
            PRIMARY KEY (organisation, name)
        )
        """,
        # A library is asked at every look how many of its products came to another outcome: these are few.
        "CREATE INDEX classified_item_changed ON classified_item (organisation) WHERE outcome_changed",
        f'GRANT SELECT, INSERT ON product, product_family TO "{role}"',
        f"""
        GRANT UPDATE (row_version, article_number, family, item, archived, changed_at) ON product TO "{role}"
        """,
        f'GRANT UPDATE (default_control_code) ON product_family TO "{role}"',
        *(
            statement
            for table in ("product", "product_family")
            for statement in (
                f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
                f"CREATE POLICY own ON {table} USING ({_OWN})",
            )
        ),
    ):
        op.execute(statement)
