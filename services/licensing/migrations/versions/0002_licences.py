"""Licences, the ledger of their use, and the feed of changes for customs."""

from alembic import op

from services.foundation.migrations import application_role

revision = "0002_licences"
down_revision = "0001_ledger"

_TABLES = (
    """
    CREATE TABLE licence (
        number text PRIMARY KEY,
        application_id text NOT NULL UNIQUE,
        application_number text NOT NULL,
        instrument text NOT NULL,
        state text NOT NULL CHECK (state IN ('ISSUED', 'ACTIVE', 'SUSPENDED', 'COMPLETED', 'EXHAUSTED',
            'EXPIRED', 'SURRENDERED', 'REVOKED')),
        state_reason text NOT NULL DEFAULT '',
        version bigint NOT NULL DEFAULT 1,
        holder_name_zh text NOT NULL,
        holder_name_en text NOT NULL,
        unified_social_credit_code text NOT NULL,
        province text NOT NULL,
        destination text NOT NULL,
        consignee_name text NOT NULL,
        end_user_name text NOT NULL,
        customs_office text NOT NULL,
        particulars jsonb NOT NULL,
        valid_from date NOT NULL,
        valid_to date NOT NULL,
        uses_allowed integer CHECK (uses_allowed >= 1),
        uses_taken integer NOT NULL DEFAULT 0,
        uses_made integer NOT NULL DEFAULT 0,
        canonical bytea NOT NULL,
        canonical_sha256 text NOT NULL,
        canonical_sm3 text NOT NULL,
        document_sha256 text,
        issued_at timestamptz NOT NULL,
        acknowledged_at timestamptz,
        customs_reference text,
        CHECK (valid_from <= valid_to),
        CHECK (0 <= uses_made AND uses_made <= uses_taken),
        CHECK (uses_allowed IS NULL OR uses_taken <= uses_allowed)
    )
    """,
    "CREATE INDEX licence_by_holder ON licence (unified_social_credit_code, issued_at DESC, number DESC)",
    "CREATE INDEX licence_by_province ON licence (province, issued_at DESC, number DESC)",
    "CREATE INDEX licence_by_issue ON licence (issued_at DESC, number DESC)",
    """
    CREATE TABLE licence_line (
        licence_number text NOT NULL REFERENCES licence,
        line_number integer NOT NULL,
        name_zh text NOT NULL,
        name_en text NOT NULL,
        control_code text NOT NULL,
        hs_code text NOT NULL,
        unit text NOT NULL,
        value numeric NOT NULL,
        currency text NOT NULL,
        licensed numeric(21, 6) NOT NULL CHECK (licensed > 0),
        reserved numeric(21, 6) NOT NULL DEFAULT 0 CHECK (reserved >= 0),
        committed numeric(21, 6) NOT NULL DEFAULT 0 CHECK (committed >= 0),
        PRIMARY KEY (licence_number, line_number),
        CHECK (reserved + committed <= licensed)
    )
    """,
    """
    CREATE TABLE licence_serial (
        instrument text NOT NULL,
        year integer NOT NULL,
        issuer text NOT NULL,
        last integer NOT NULL,
        PRIMARY KEY (instrument, year, issuer)
    )
    """,
    """
    CREATE TABLE licence_statement (
        licence_number text NOT NULL REFERENCES licence,
        sequence bigint NOT NULL,
        statement text NOT NULL,
        PRIMARY KEY (licence_number, sequence)
    )
    """,
    """
    CREATE TABLE declaration_line (
        declaration_number text NOT NULL,
        declaration_line integer NOT NULL,
        licence_number text NOT NULL,
        licence_line integer NOT NULL,
        quantity numeric(21, 6) NOT NULL CHECK (quantity > 0),
        committed numeric(21, 6) NOT NULL DEFAULT 0 CHECK (committed >= 0 AND committed <= quantity),
        state text NOT NULL CHECK (state IN ('RESERVED', 'COMMITTED', 'RELEASED')),
        PRIMARY KEY (declaration_number, declaration_line),
        FOREIGN KEY (licence_number, licence_line) REFERENCES licence_line
    )
    """,
    """
    CREATE TABLE usage_entry (
        entry_number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        licence_number text NOT NULL,
        licence_line integer NOT NULL,
        kind text NOT NULL CHECK (kind IN ('RESERVE', 'COMMIT', 'RELEASE')),
        declaration_number text NOT NULL,
        declaration_line integer NOT NULL,
        quantity numeric(21, 6) NOT NULL CHECK (quantity > 0),
        unit text NOT NULL,
        reserved_after numeric(21, 6) NOT NULL,
        committed_after numeric(21, 6) NOT NULL,
        available_after numeric(21, 6) NOT NULL CHECK (available_after >= 0),
        licence_state_after text NOT NULL,
        recorded_at timestamptz NOT NULL,
        recorded_by text NOT NULL,
        UNIQUE (declaration_number, declaration_line, kind),
        FOREIGN KEY (licence_number, licence_line) REFERENCES licence_line
    )
    """,
    "CREATE INDEX usage_entry_by_licence ON usage_entry (licence_number, entry_number)",
    """
    CREATE TABLE licence_change (
        seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
        number text NOT NULL REFERENCES licence,
        action text NOT NULL,
        state text NOT NULL,
        state_reason text NOT NULL,
        occurred_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX licence_change_feed ON licence_change (xid, seq)",
    # One row. Transaction ids start anew when a dump is restored; the owner then gives the feed a new epoch.
    "CREATE TABLE feed_epoch (single_row boolean PRIMARY KEY DEFAULT true CHECK (single_row), epoch uuid NOT NULL)",
    "INSERT INTO feed_epoch (epoch) VALUES (gen_random_uuid())",
)

_GRANTS = (
    "SELECT, INSERT, UPDATE (state, state_reason, version, uses_taken, uses_made, document_sha256,"
    " acknowledged_at, customs_reference) ON licence",
    "SELECT, INSERT, UPDATE (reserved, committed) ON licence_line",
    "SELECT, INSERT, UPDATE (last) ON licence_serial",
    "SELECT, INSERT ON licence_statement",
    "SELECT, INSERT, UPDATE (state, committed) ON declaration_line",
    "SELECT, INSERT ON usage_entry",
    "SELECT, INSERT ON licence_change",
    "SELECT ON feed_epoch",
)

# Who may see a licence at all: the holder, its province, and those who work on every licence.
_EVERY_LICENCE = (
    "current_setting('xuke.role', true) IN ('ministry_officer', 'ministry_director', 'customs_officer',"
    " 'enforcement_officer', 'auditor', 'procedure')"
)
_OWN_LICENCE = """
    (current_setting('xuke.role', true) IN ('exporter', 'agent')
        AND unified_social_credit_code = current_setting('xuke.organisation', true))
    OR (current_setting('xuke.role', true) = 'provincial_officer'
        AND province = current_setting('xuke.province', true))
"""
# A licence is issued by a decision of the ministry.
_ISSUER = "current_setting('xuke.role', true) IN ('ministry_officer', 'ministry_director', 'procedure')"
_ONLY_READS = "current_setting('xuke.role', true) IN ('provincial_officer', 'auditor')"
# Tables that belong to a licence are seen with it; the query is itself held to what the caller sees of it.
_OF_LICENCE = {
    "licence_line": "EXISTS (SELECT 1 FROM licence WHERE licence.number = licence_line.licence_number)",
    "licence_statement": "EXISTS (SELECT 1 FROM licence WHERE licence.number = licence_statement.licence_number)",
    "declaration_line": "EXISTS (SELECT 1 FROM licence WHERE licence.number = declaration_line.licence_number)",
    "usage_entry": "EXISTS (SELECT 1 FROM licence WHERE licence.number = usage_entry.licence_number)",
    "licence_change": "EXISTS (SELECT 1 FROM licence WHERE licence.number = licence_change.number)",
}


def upgrade() -> None:
    role = application_role(op)
    for statement in _TABLES:
        op.execute(statement)
    for grant in _GRANTS:
        op.execute(f'GRANT {grant} TO "{role}"')
    visible = f"({_EVERY_LICENCE} OR {_OWN_LICENCE})"
    op.execute("ALTER TABLE licence ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY seen ON licence FOR SELECT USING ({visible})")
    op.execute(f"CREATE POLICY issued ON licence FOR INSERT WITH CHECK ({_ISSUER})")
    op.execute(f"CREATE POLICY changed ON licence FOR UPDATE USING ({visible} AND NOT {_ONLY_READS})")
    for table, seen_with_licence in _OF_LICENCE.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY seen ON {table} USING ({_EVERY_LICENCE} OR {seen_with_licence})")
