"""Hits, and what people decided about them."""

from alembic import op

from services.foundation.migrations import application_role

revision = "0005_hits"
down_revision = "0004_lists_as_data"

# A province reads what was screened for its own applicants; what is of no province is read by none.
_OF_PROVINCE = """
    current_setting('xuke.role', true) = 'provincial_officer'
    AND province <> '' AND province = current_setting('xuke.province', true)
"""
_SEES_SCREENINGS = f"""
    current_setting('xuke.role', true) IN (
        'procedure', 'ministry_officer', 'ministry_director', 'agency_reviewer', 'enforcement_officer', 'auditor'
    )
    OR {_OF_PROVINCE}
"""
# As for screenings; a list editor learns what a proposal would change, and for that decisions have to be applied.
_READS = """
    current_setting('xuke.role', true) IN (
        'procedure', 'ministry_officer', 'ministry_director', 'agency_reviewer', 'enforcement_officer', 'auditor',
        'list_editor'
    )
"""
_READS_HITS = f"{_READS} OR {_OF_PROVINCE}"
# How a likeness stands counts in every screening; it names nobody, and says nothing of why.
_READS_LIKENESSES = f"{_READS} OR current_setting('xuke.role', true) = 'provincial_officer'"
# A decision counts for every export with the same party: it is read wherever that is, also where the entry has changed
# since. The rows of `hit` are those that the reader sees.
_READS_DECISIONS = f"""
    {_READS} OR current_setting('xuke.role', true) = 'provincial_officer' AND EXISTS (
        SELECT FROM resemblance AS decided
        JOIN resemblance AS met USING (fingerprint, list_code, entry_id, relation)
        JOIN hit ON hit.resemblance_id = met.resemblance_id
        WHERE decided.resemblance_id = hit_decision.resemblance_id
    )
"""
_READS_COUNTERSIGNATURES = f"""
    {_READS} OR current_setting('xuke.role', true) = 'provincial_officer' AND EXISTS (
        SELECT FROM hit_decision WHERE hit_decision.decision_id = hit_countersignature.decision_id
    )
"""
# Only the procedure has an export watched, and so opens hits.
_OPENS = "current_setting('xuke.role', true) = 'procedure'"
_DECIDES = "current_setting('xuke.role', true) IN ('ministry_officer', 'ministry_director')"


def upgrade() -> None:
    role = application_role(op)
    for statement in (
        "ALTER TABLE screening ADD COLUMN result_sha256 text NOT NULL DEFAULT ''",
        "ALTER TABLE screening ALTER COLUMN result_sha256 DROP DEFAULT",
        "ALTER TABLE screening ADD COLUMN province text NOT NULL DEFAULT ''",
        "ALTER TABLE screening ALTER COLUMN province DROP DEFAULT",
        f"ALTER POLICY visible ON screening USING ({_SEES_SCREENINGS})",
        # A party that is like an entry, as both are: how it stands with those who decide it, in whatever export.
        """
        CREATE TABLE resemblance (
            resemblance_id uuid PRIMARY KEY DEFAULT uuidv7(),
            fingerprint text NOT NULL,
            list_code text NOT NULL,
            entry_id text NOT NULL,
            relation text NOT NULL,
            entry_digest text NOT NULL,
            state text NOT NULL,
            decision_id uuid,
            is_seconded boolean NOT NULL DEFAULT false,
            change bigint NOT NULL DEFAULT 1,
            UNIQUE (fingerprint, list_code, entry_id, relation, entry_digest)
        )
        """,
        """
        CREATE TABLE hit_decision (
            decision_id uuid PRIMARY KEY DEFAULT uuidv7(),
            resemblance_id uuid NOT NULL REFERENCES resemblance,
            outcome text NOT NULL,
            reason text NOT NULL CHECK (reason <> ''),
            decided_by text NOT NULL,
            decided_at timestamptz NOT NULL
        )
        """,
        "CREATE INDEX hit_decision_of_resemblance ON hit_decision (resemblance_id, decision_id)",
        """
        CREATE TABLE hit_countersignature (
            decision_id uuid NOT NULL REFERENCES hit_decision,
            sequence bigint GENERATED ALWAYS AS IDENTITY,
            agreed boolean NOT NULL,
            reason text NOT NULL CHECK (reason <> ''),
            countersigned_by text NOT NULL,
            countersigned_at timestamptz NOT NULL,
            PRIMARY KEY (decision_id, sequence)
        )
        """,
        """
        CREATE TABLE hit (
            hit_id uuid PRIMARY KEY,
            watched_as text NOT NULL CHECK (watched_as <> ''),
            province text NOT NULL,
            resemblance_id uuid NOT NULL REFERENCES resemblance,
            screening_id uuid NOT NULL REFERENCES screening,
            list_code text NOT NULL,
            entry_id text NOT NULL,
            relation text NOT NULL,
            severity integer NOT NULL,
            content jsonb NOT NULL,
            party jsonb NOT NULL,
            is_current boolean NOT NULL,
            opened_at timestamptz NOT NULL,
            cause text NOT NULL,
            cause_version text NOT NULL
        )
        """,
        "CREATE INDEX hit_of_export ON hit (watched_as)",
        "CREATE INDEX hit_of_resemblance ON hit (resemblance_id)",
        "CREATE INDEX hit_in_order ON hit (severity DESC, opened_at, hit_id) WHERE is_current",
        f'GRANT SELECT, INSERT, UPDATE ON hit TO "{role}"',
        f'GRANT SELECT, INSERT, UPDATE (state, decision_id, is_seconded, change) ON resemblance TO "{role}"',
        f'GRANT SELECT, INSERT ON hit_decision, hit_countersignature TO "{role}"',
    ):
        op.execute(statement)
    for table, reads in (("resemblance", _READS_LIKENESSES), ("hit", _READS_HITS)):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY visible ON {table} FOR SELECT USING ({reads})")
        op.execute(f"CREATE POLICY opened ON {table} FOR INSERT WITH CHECK ({_OPENS})")
        # Whoever decides a hit holds it meanwhile.
        op.execute(f"CREATE POLICY followed ON {table} FOR UPDATE USING ({_OPENS} OR {_DECIDES})")
    for table, reads in (
        ("hit_decision", _READS_DECISIONS),
        ("hit_countersignature", _READS_COUNTERSIGNATURES),
    ):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY visible ON {table} FOR SELECT USING ({reads})")
        op.execute(f"CREATE POLICY decided ON {table} FOR INSERT WITH CHECK ({_DECIDES})")
