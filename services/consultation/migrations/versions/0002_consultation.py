"""Rounds, tasks, opinions and conditions, with row-level security as the second line behind permissions."""

from alembic import op

from services.foundation.migrations import application_role

revision = "0002_consultation"
down_revision = "0001_ledger"

_TABLES = """
CREATE TABLE consultation (
    application_id uuid PRIMARY KEY,
    first_opened_at timestamptz NOT NULL
);
CREATE TABLE consultation_round (
    round_id uuid PRIMARY KEY DEFAULT uuidv7(),
    application_id uuid NOT NULL REFERENCES consultation,
    round_number integer NOT NULL CHECK (round_number >= 1),
    state text NOT NULL CHECK (state IN ('OPEN', 'CLOSED')),
    consolidation text,
    consolidation_reason text NOT NULL DEFAULT '',
    opened_at timestamptz NOT NULL,
    closed_at timestamptz,
    UNIQUE (application_id, round_number),
    CHECK ((state = 'CLOSED') = (consolidation IS NOT NULL AND closed_at IS NOT NULL))
);
CREATE TABLE task (
    task_id uuid PRIMARY KEY DEFAULT uuidv7(),
    round_id uuid NOT NULL REFERENCES consultation_round,
    application_id uuid NOT NULL REFERENCES consultation,
    position integer NOT NULL,
    agency text NOT NULL CHECK (agency <> ''),
    mandatory boolean NOT NULL,
    reason text NOT NULL,
    state text NOT NULL CHECK (state IN ('OPEN', 'OVERDUE', 'ANSWERED', 'WAIVED', 'CLOSED_UNANSWERED')),
    due_at timestamptz,
    opinion_number integer NOT NULL DEFAULT 0,
    waived_by text,
    waiver_reason text,
    waived_at timestamptz,
    reminders_sent integer NOT NULL DEFAULT 0,
    version integer NOT NULL DEFAULT 1,
    UNIQUE (round_id, agency),
    CHECK (state <> 'ANSWERED' OR opinion_number > 0),
    CHECK ((state = 'WAIVED') = (waived_by IS NOT NULL AND waiver_reason IS NOT NULL AND waived_at IS NOT NULL))
);
CREATE INDEX task_inbox ON task (agency, due_at, task_id);
CREATE INDEX task_application ON task (application_id);
CREATE TABLE opinion (
    task_id uuid NOT NULL REFERENCES task,
    opinion_number integer NOT NULL CHECK (opinion_number >= 1),
    opinion text NOT NULL,
    reasons text NOT NULL CHECK (reasons <> ''),
    given_by text NOT NULL,
    given_at timestamptz NOT NULL,
    PRIMARY KEY (task_id, opinion_number)
);
CREATE TABLE factor_assessment (
    task_id uuid NOT NULL,
    opinion_number integer NOT NULL,
    factor text NOT NULL,
    rating text NOT NULL,
    comment text NOT NULL,
    PRIMARY KEY (task_id, opinion_number, factor),
    FOREIGN KEY (task_id, opinion_number) REFERENCES opinion
);
CREATE TABLE condition (
    condition_id uuid PRIMARY KEY DEFAULT uuidv7(),
    task_id uuid NOT NULL REFERENCES task,
    opinion_number integer NOT NULL,
    position integer NOT NULL,
    agency text NOT NULL,
    text_zh text NOT NULL,
    text_en text NOT NULL,
    lifted boolean NOT NULL DEFAULT false,
    version integer NOT NULL DEFAULT 1,
    UNIQUE (task_id, opinion_number, position)
);
CREATE TABLE condition_change (
    condition_id uuid NOT NULL REFERENCES condition,
    version integer NOT NULL CHECK (version >= 2),
    text_zh text NOT NULL,
    text_en text NOT NULL,
    lifted boolean NOT NULL,
    reason text NOT NULL,
    changed_by text NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (condition_id, version)
);
"""

# Who conducts or oversees consultation sees all of it; an agency sees what it was asked; others see nothing.
_CONDUCTS = "current_setting('xuke.role', true) IN ('procedure', 'ministry_director')"
_OVERSEES = (
    "current_setting('xuke.role', true) IN ('procedure', 'ministry_director', 'ministry_officer', 'auditor')"
)
_OWN = "(current_setting('xuke.role', true) = 'agency_reviewer' AND agency = current_setting('xuke.agency', true))"
_ASKED = {
    "task": _OWN,
    "condition": _OWN,
    "consultation": "EXISTS (SELECT FROM task WHERE task.application_id = consultation.application_id)",
    "consultation_round": "EXISTS (SELECT FROM task WHERE task.round_id = consultation_round.round_id)",
    "opinion": "EXISTS (SELECT FROM task WHERE task.task_id = opinion.task_id)",
    "factor_assessment": "EXISTS (SELECT FROM task WHERE task.task_id = factor_assessment.task_id)",
    "condition_change": (
        "EXISTS (SELECT FROM condition WHERE condition.condition_id = condition_change.condition_id)"
    ),
}
# Only what may change; a task's agency, reason and mandatory word never do.
_GRANTS = {
    "consultation": "SELECT, INSERT, UPDATE (first_opened_at)",
    "consultation_round": ("SELECT, INSERT, UPDATE (state, consolidation, consolidation_reason, closed_at)"),
    "task": (
        "SELECT, INSERT, UPDATE (state, opinion_number, waived_by, waiver_reason, waived_at,"
        " reminders_sent, version)"
    ),
    "opinion": "SELECT, INSERT",
    "factor_assessment": "SELECT, INSERT",
    "condition": "SELECT, INSERT, UPDATE (text_zh, text_en, lifted, version)",
    "condition_change": "SELECT, INSERT",
}


def upgrade() -> None:
    role = application_role(op)
    for statement in _TABLES.split(";"):
        if statement.strip():
            op.execute(statement)
    for table, asked in _ASKED.items():
        # The subqueries see only the caller's own tasks; without the role they would see an officer's too.
        own = f"(current_setting('xuke.role', true) = 'agency_reviewer' AND {asked})"
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY readers ON {table} FOR SELECT USING ({_OVERSEES} OR {own})")
        op.execute(f"CREATE POLICY writers ON {table} FOR ALL USING ({_CONDUCTS} OR {own})")
        op.execute(f'GRANT {_GRANTS[table]} ON {table} TO "{role}"')
    # Tells whose a condition is, so that another agency is refused by name and not told that nothing is there.
    op.execute(
        "CREATE FUNCTION condition_agency(uuid) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER"
        " SET search_path = public, pg_temp AS 'SELECT agency FROM condition WHERE condition_id = $1'"
    )
    op.execute("REVOKE EXECUTE ON FUNCTION condition_agency(uuid) FROM PUBLIC")
    op.execute(f'GRANT EXECUTE ON FUNCTION condition_agency(uuid) TO "{role}"')
