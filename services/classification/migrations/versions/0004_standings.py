"""How an entry stands over time, and where each of its commodity codes was read."""

from alembic import op

from services.foundation.migrations import application_role

revision = "0004_standings"
down_revision = "0003_audit_log_identity"


def upgrade() -> None:
    role = application_role(op)
    for statement in (
        """
        CREATE TABLE entry_standing (
            list_version text NOT NULL,
            identifier text NOT NULL,
            position integer NOT NULL,
            status text NOT NULL,
            since date NOT NULL,
            until date CHECK (until >= since),
            basis text NOT NULL,
            PRIMARY KEY (list_version, identifier, position),
            FOREIGN KEY (list_version, identifier) REFERENCES control_entry
        )
        """,
        """
        CREATE TABLE entry_hs_reference (
            list_version text NOT NULL,
            identifier text NOT NULL,
            position integer NOT NULL,
            hs_code text NOT NULL,
            trust text NOT NULL,
            announcement text NOT NULL,
            PRIMARY KEY (list_version, identifier, position),
            FOREIGN KEY (list_version, identifier) REFERENCES control_entry
        )
        """,
        """
        INSERT INTO entry_hs_reference
        SELECT list_version, identifier, place - 1, code, 'catalogue', announcement
        FROM control_entry, unnest(hs_codes) WITH ORDINALITY AS named (code, place)
        """,
        """
        INSERT INTO entry_standing
        SELECT list_version, identifier, 0, 'IN_FORCE', effective_from,
               coalesce(suspended_from - 1, effective_to), announcement
        FROM control_entry
        WHERE suspended_from IS NULL OR effective_from < suspended_from
        """,
        """
        INSERT INTO entry_standing
        SELECT list_version, identifier, 1, 'SUSPENDED', greatest(suspended_from, effective_from),
               suspended_to, suspended_by
        FROM control_entry WHERE suspended_from IS NOT NULL
        """,
        """
        INSERT INTO entry_standing
        SELECT list_version, identifier, 2,
               CASE confirmation WHEN 'in_force' THEN 'IN_FORCE' ELSE 'UNCONFIRMED' END,
               suspended_to + 1, effective_to, suspended_by
        FROM control_entry WHERE suspended_to IS NOT NULL
        """,
        "ALTER TABLE list_version ADD COLUMN covers_from date NOT NULL DEFAULT '2024-12-01'",
        "ALTER TABLE list_version ALTER COLUMN covers_from DROP DEFAULT",
        """
        ALTER TABLE control_entry
            DROP COLUMN hs_codes, DROP COLUMN effective_from, DROP COLUMN effective_to,
            DROP COLUMN suspended_from, DROP COLUMN suspended_to, DROP COLUMN suspended_by,
            DROP COLUMN confirmation
        """,
        f'GRANT SELECT, INSERT ON entry_standing, entry_hs_reference TO "{role}"',
    ):
        op.execute(statement)
