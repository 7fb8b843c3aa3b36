"""Notifications, what has been read of them, and the e-mails that carry them."""

from alembic import op

from services.foundation.migrations import application_role

revision = "0009_notifications"
down_revision = "0008_organisations"

_TABLES = (
    # A licence may rest on an application of another system, so its id refers to no table here.
    """
    CREATE TABLE notification (
        notification_id uuid PRIMARY KEY,
        serial bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
        kind text NOT NULL,
        addressee text NOT NULL,
        caused_by text NOT NULL,
        application_id uuid NOT NULL,
        application_number text NOT NULL,
        licence_number text NOT NULL,
        created_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX notification_of_addressee ON notification (addressee, serial) INCLUDE (notification_id, caused_by)",
    """
    CREATE TABLE notification_read (
        subject text NOT NULL,
        notification_id uuid NOT NULL REFERENCES notification,
        read_at timestamptz NOT NULL,
        PRIMARY KEY (subject, notification_id)
    )
    """,
    """
    CREATE TABLE email (
        email_id uuid PRIMARY KEY,
        notification_id uuid NOT NULL REFERENCES notification,
        subject text NOT NULL,
        address text NOT NULL,
        name_zh text NOT NULL,
        name_en text NOT NULL,
        state text NOT NULL CHECK (state IN ('PENDING', 'SENT', 'FAILED')),
        attempts integer NOT NULL CHECK (attempts >= 0),
        created_at timestamptz NOT NULL,
        next_attempt_at timestamptz NOT NULL,
        last_failure text NOT NULL,
        UNIQUE (notification_id, subject)
    )
    """,
    "CREATE INDEX email_pending ON email (next_attempt_at) WHERE state = 'PENDING'",
    "CREATE INDEX email_failed ON email (created_at) WHERE state = 'FAILED'",
    # Runs as the owner: whose act it is that is told of may see neither the people nor their e-mails.
    """
    CREATE FUNCTION write_emails(told uuid, today date) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
    AS $$
        WITH news AS (
            SELECT *, split_part(addressee, ':', 1) AS group_kind,
                substr(addressee, strpos(addressee, ':') + 1) AS group_name
            FROM notification WHERE notification_id = told
        ), concerned AS (
            SELECT person.subject FROM news, person
            WHERE addressee = 'ministry' AND role IN ('ministry_officer', 'ministry_director')
            UNION
            SELECT person.subject FROM news, person
            WHERE group_kind = 'province' AND role = 'provincial_officer' AND province = group_name
            UNION
            SELECT group_name FROM news WHERE group_kind = 'person'
            UNION
            SELECT member.subject FROM news, member JOIN person USING (subject, organisation)
            WHERE group_kind = 'organisation' AND organisation = group_name AND receives_email
            UNION
            SELECT agent_subject FROM news, mandate
            WHERE group_kind = 'organisation' AND organisation = group_name
                AND revoked_at IS NULL AND today BETWEEN valid_from AND valid_to
        )
        INSERT INTO email (email_id, notification_id, subject, address, name_zh, name_en, state, attempts,
                           created_at, next_attempt_at, last_failure)
        SELECT gen_random_uuid(), notification_id, subject, email, name_zh, name_en, 'PENDING', 0,
               created_at, created_at, ''
        FROM news, concerned JOIN person USING (subject)
        WHERE email <> '' AND subject <> caused_by
    $$
    """,
    "REVOKE ALL ON FUNCTION write_emails(uuid, date) FROM PUBLIC",
)

_ROLE = "(SELECT current_setting('xuke.role', true))"
# Selected, so that each is looked up once and not for every row.
_ADDRESSED = """
    addressee = (
        SELECT CASE current_setting('xuke.role', true)
            WHEN 'exporter' THEN 'organisation:' || current_setting('xuke.organisation', true)
            WHEN 'agent' THEN 'organisation:' || current_setting('xuke.acting_for', true)
            WHEN 'provincial_officer' THEN 'province:' || current_setting('xuke.province', true)
            WHEN 'ministry_officer' THEN 'ministry'
            WHEN 'ministry_director' THEN 'ministry'
        END
    )
    OR addressee = (SELECT 'person:' || current_setting('xuke.subject', true))
"""
# Those whose acts are told of.
_ACTORS = f"""
    {_ROLE} IN ('exporter', 'agent', 'provincial_officer', 'ministry_officer', 'ministry_director',
                'enforcement_officer', 'customs_officer', 'procedure')
"""


def upgrade() -> None:
    role = application_role(op)
    for statement in _TABLES:
        op.execute(statement)
    for table in ("notification", "notification_read", "email"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY addressed ON notification FOR SELECT USING ({_ROLE} = 'notifier' OR {_ADDRESSED})"
    )
    op.execute(f"CREATE POLICY told ON notification FOR INSERT WITH CHECK ({_ACTORS})")
    op.execute(
        "CREATE POLICY own ON notification_read USING (subject = (SELECT current_setting('xuke.subject', true)))"
    )
    op.execute(f"CREATE POLICY delivered ON email USING ({_ROLE} = 'notifier')")
    op.execute(f'GRANT SELECT, INSERT ON notification, notification_read TO "{role}"')
    op.execute(f'GRANT SELECT, UPDATE (state, attempts, next_attempt_at, last_failure) ON email TO "{role}"')
    op.execute(f'GRANT EXECUTE ON FUNCTION write_emails(uuid, date) TO "{role}"')
