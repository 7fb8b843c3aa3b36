"""What statistics read: what each event did and on which day of law, and the control codes that the checks found.

The database computes these columns from the row they stand in, so they cannot say anything else than it.
"""

from alembic import op

revision = "0010_statistics"
down_revision = "0009_notifications"


def upgrade() -> None:
    op.execute(
        """
        ALTER TABLE audit_event
        ADD COLUMN step text GENERATED ALWAYS AS (action || ' ' || (payload::jsonb ->> 'state')) STORED,
        ADD COLUMN legal_day integer GENERATED ALWAYS AS (
            (occurred_at AT TIME ZONE 'Asia/Shanghai')::date - date '1970-01-01'
        ) STORED
        """
    )
    # The ledger of applications in order, without the payloads and the drafting: one pass that reads no table row.
    op.execute(
        "CREATE INDEX audit_event_of_applications ON audit_event (subject_id, subject_sequence)"
        " INCLUDE (step, legal_day) WHERE subject_type = 'application'"
        " AND action NOT IN ('create', 'update', 'attach', 'remove_attachment')"
    )
    # Checks that found a party on the watch list: no limit applies to the review (两用物项出口管制条例 Art. 26(2)).
    op.execute(
        "CREATE INDEX audit_event_of_watch_list ON audit_event (subject_id, subject_sequence)"
        " WHERE subject_type = 'application' AND action = 'pass_checks'"
        ' AND payload LIKE \'%"verdict":"RESTRICTED"%\''
    )
    op.execute(
        """
        ALTER TABLE automatic_check ADD COLUMN control_codes jsonb GENERATED ALWAYS AS (
            jsonb_path_query_array(
                classifications::jsonb, '$[*] ? (@.outcome == "CONTROLLED").control_codes[0]'
            )
        ) STORED
        """
    )
