"""People who sign in, organisations, members and the mandates of agents; what estimates rest on."""

from alembic import op

from services.foundation.migrations import application_role

revision = "0008_organisations"
down_revision = "0007_assignment_and_notes"

_TABLES = (
    """
    CREATE TABLE person (
        subject text PRIMARY KEY,
        role text NOT NULL,
        organisation text NOT NULL,
        province text NOT NULL,
        agency text NOT NULL,
        name_zh text NOT NULL,
        name_en text NOT NULL,
        email text NOT NULL,
        first_signed_in_at timestamptz NOT NULL,
        last_signed_in_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX person_of_authority ON person (role, province)",
    """
    CREATE TABLE organisation (
        organisation text PRIMARY KEY,
        version bigint NOT NULL,
        particulars text NOT NULL
    )
    """,
    """
    CREATE TABLE member (
        organisation text NOT NULL REFERENCES organisation,
        subject text NOT NULL REFERENCES person,
        role text NOT NULL CHECK (role IN ('READER', 'FILER', 'ADMINISTRATOR')),
        receives_email boolean NOT NULL,
        version bigint NOT NULL,
        PRIMARY KEY (organisation, subject)
    )
    """,
    """
    CREATE TABLE mandate (
        mandate_id uuid PRIMARY KEY,
        organisation text NOT NULL REFERENCES organisation,
        agent_subject text NOT NULL,
        agent_name text NOT NULL,
        agent_organisation text NOT NULL,
        scope text NOT NULL CHECK (scope IN ('PREPARE', 'FILE')),
        document_number text NOT NULL,
        valid_from date NOT NULL,
        valid_to date NOT NULL,
        granted_by text NOT NULL,
        granted_at timestamptz NOT NULL,
        revoked_by text NOT NULL,
        revoked_at timestamptz,
        CHECK (valid_from <= valid_to),
        CHECK ((revoked_at IS NULL) = (revoked_by = ''))
    )
    """,
    "CREATE INDEX mandate_of_agent ON mandate (organisation, agent_subject)",
    # How long the ministry took from acceptance to the decision; the application's id is written, never read.
    """
    CREATE TABLE decision_time (
        application_id uuid PRIMARY KEY REFERENCES application,
        regime text NOT NULL,
        decided_on date NOT NULL,
        working_days integer NOT NULL CHECK (working_days >= 0)
    )
    """,
    "CREATE INDEX decision_time_by_day ON decision_time (regime, decided_on) INCLUDE (working_days)",
    "ALTER TABLE application ADD COLUMN copied_from uuid REFERENCES application",
)

_GRANTS = (
    "SELECT, INSERT, UPDATE (role, organisation, province, agency, name_zh, name_en, email, last_signed_in_at)"
    " ON person",
    "SELECT, INSERT, UPDATE (version, particulars) ON organisation",
    "SELECT, INSERT, UPDATE (role, receives_email, version) ON member",
    "SELECT, INSERT, UPDATE (revoked_by, revoked_at) ON mandate",
    "SELECT (regime, decided_on, working_days), INSERT ON decision_time",
)

# Those who work on every case, or on those of a province, and send what organisations are told.
_AUTHORITY = (
    "current_setting('xuke.role', true) IN"
    " ('provincial_officer', 'ministry_officer', 'ministry_director', 'auditor', 'procedure',"
    " 'notifier')"
)
# An agent acts for the organisation that the gate of applicants found a mandate of, and for no other.
_OWN_ORGANISATION = """
    CASE current_setting('xuke.role', true)
        WHEN 'exporter' THEN organisation = current_setting('xuke.organisation', true)
        WHEN 'agent' THEN organisation = current_setting('xuke.acting_for', true)
        ELSE false
    END
"""
_VISIBLE = {
    "person": f"""
        subject = current_setting('xuke.subject', true)
        OR ({_AUTHORITY})
        OR (role = 'exporter' AND {_OWN_ORGANISATION})
    """,
    "organisation": f"({_AUTHORITY}) OR {_OWN_ORGANISATION}",
    "member": f"({_AUTHORITY}) OR {_OWN_ORGANISATION}",
    "mandate": f"""
        ({_AUTHORITY})
        OR (current_setting('xuke.role', true) = 'exporter'
            AND organisation = current_setting('xuke.organisation', true))
        OR (current_setting('xuke.role', true) = 'agent'
            AND agent_subject = current_setting('xuke.subject', true))
    """,
}
# An agency that is asked about a case reads who of the authority handles it, and who of its own people answered.
_READ_BY_AGENCY = """
    current_setting('xuke.role', true) = 'agency_reviewer'
    AND (
        role IN ('provincial_officer', 'ministry_officer', 'ministry_director')
        OR (role = 'agency_reviewer' AND agency = current_setting('xuke.agency', true))
    )
"""
# Tables with rows of an organisation, and the column that names it.
_OF_ORGANISATION = {"application": "organisation", "licence": "unified_social_credit_code"}


def upgrade() -> None:
    role = application_role(op)
    for statement in _TABLES:
        op.execute(statement)
    for grant in _GRANTS:
        op.execute(f'GRANT {grant} TO "{role}"')
    for table, visible in _VISIBLE.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY visible ON {table} USING ({visible})")
    op.execute(f"CREATE POLICY read_by_agency ON person FOR SELECT USING ({_READ_BY_AGENCY})")
    for table, column in _OF_ORGANISATION.items():
        # Restrictive: it holds besides what the policies of these tables say already.
        op.execute(
            f"CREATE POLICY mandated ON {table} AS RESTRICTIVE USING"
            f" (current_setting('xuke.role', true) <> 'agent'"
            f" OR {column} = current_setting('xuke.acting_for', true))"
        )
