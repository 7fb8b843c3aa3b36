"""Experts who are asked for an opinion while the review limit is stopped (两用物项出口管制条例 Art. 17(3))."""

from alembic import op

from services.foundation.migrations import application_role

revision = "0011_experts"
down_revision = "0010_statistics"

_EXPERT = "current_setting('xuke.role', true) = 'expert'"
_SUBJECT = "current_setting('xuke.subject', true)"
# An expert reads the cases that this person was asked about, as an agency does.
_ASKED = f"{_EXPERT} AND submitted_at IS NOT NULL AND {_SUBJECT} = ANY (asked_experts)"
_READS = f"""
    CASE current_setting('xuke.role', true)
        WHEN 'ministry_officer' THEN true
        WHEN 'ministry_director' THEN true
        WHEN 'auditor' THEN true
        WHEN 'expert' THEN expert_subject = {_SUBJECT}
        ELSE false
    END
"""
_OF_VISIBLE = (
    "EXISTS (SELECT FROM application WHERE application.application_id = expert_request.application_id)"
)
# What of a visible case is not for experts: their opinion is to be their own.
_KEPT_FROM_EXPERTS = ("notice", "consultation_round", "decision")


def upgrade() -> None:
    role = application_role(op)
    op.execute("ALTER TABLE application ADD COLUMN asked_experts text[] NOT NULL DEFAULT '{}'")
    op.execute("CREATE INDEX application_of_experts ON application USING gin (asked_experts)")
    op.execute(
        """
        CREATE TABLE expert_request (
            expert_request_id uuid PRIMARY KEY,
            serial bigint GENERATED ALWAYS AS IDENTITY,
            application_id uuid NOT NULL REFERENCES application,
            exclusion_id uuid NOT NULL REFERENCES exclusion,
            expert_subject text NOT NULL REFERENCES person,
            asked_by text NOT NULL,
            asked_at timestamptz NOT NULL,
            question text NOT NULL,
            opinion text NOT NULL,
            answered_at timestamptz,
            UNIQUE (exclusion_id, expert_subject),
            CHECK ((opinion = '') = (answered_at IS NULL))
        )
        """
    )
    op.execute("CREATE INDEX expert_request_of_application ON expert_request (application_id, serial)")
    op.execute("ALTER TABLE expert_request ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY read ON expert_request FOR SELECT USING ({_READS})")
    op.execute(
        "CREATE POLICY ask ON expert_request FOR INSERT WITH CHECK"
        f" (current_setting('xuke.role', true) = 'ministry_officer' AND {_OF_VISIBLE})"
    )
    op.execute(
        "CREATE POLICY answer_own ON expert_request FOR UPDATE"
        f" USING ({_EXPERT} AND expert_subject = {_SUBJECT} AND answered_at IS NULL)"
        f" WITH CHECK ({_EXPERT} AND expert_subject = {_SUBJECT})"
    )
    op.execute(f'GRANT SELECT, INSERT, UPDATE (opinion, answered_at) ON expert_request TO "{role}"')
    op.execute(f"CREATE POLICY asked ON application FOR SELECT USING ({_ASKED})")
    # To hold the row while the opinion is recorded; the row itself is not for an expert to change.
    op.execute(f"CREATE POLICY asked_holds ON application FOR UPDATE USING ({_ASKED}) WITH CHECK (false)")
    for table in _KEPT_FROM_EXPERTS:
        op.execute(f"CREATE POLICY kept_from_experts ON {table} AS RESTRICTIVE USING (NOT ({_EXPERT}))")
