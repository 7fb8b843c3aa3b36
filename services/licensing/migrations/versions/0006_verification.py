"""Public verification: whether a licence stands, through a function that can show nothing else."""

from alembic import op

from services.foundation.migrations import application_role

revision = "0006_verification"
down_revision = "0005_audit_log_identity"


def upgrade() -> None:
    role = application_role(op)
    # Runs as the owner, whom row-level security does not hold: the role `portal` itself sees no licence at all.
    op.execute(
        """
        CREATE FUNCTION licence_verification(asked text)
        RETURNS TABLE (number text, state text, valid_from date, valid_to date)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
        AS $$
            SELECT licence.number, licence.state, licence.valid_from, licence.valid_to
            FROM licence
            WHERE licence.number = asked AND current_setting('xuke.role', true) = 'portal'
        $$
        """
    )
    op.execute("REVOKE ALL ON FUNCTION licence_verification(text) FROM PUBLIC")
    op.execute(f'GRANT EXECUTE ON FUNCTION licence_verification(text) TO "{role}"')
