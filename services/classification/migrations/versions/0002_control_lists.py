"""Versions of the control lists with their entries."""

from alembic import op

from services.foundation.migrations import application_role

revision = "0002_control_lists"
down_revision = "0001_ledger"


def upgrade() -> None:
    role = application_role(op)
    for statement in (
        """
        CREATE TABLE list_version (
            list_version text PRIMARY KEY,
            sequence bigint GENERATED ALWAYS AS IDENTITY,
            regime text NOT NULL,
            edition date NOT NULL,
            entry_count integer NOT NULL CHECK (entry_count > 0),
            loaded_at timestamptz NOT NULL
        )
        """,
        """
        CREATE TABLE control_entry (
            list_version text NOT NULL REFERENCES list_version,
            identifier text NOT NULL,
            position integer NOT NULL,
            control_code text NOT NULL,
            proposed_code text NOT NULL,
            kind text NOT NULL,
            category_zh text NOT NULL,
            category_en text NOT NULL,
            name_zh text NOT NULL,
            name_en text NOT NULL,
            parameters_zh text NOT NULL,
            parameters_en text NOT NULL,
            parameters_complete boolean NOT NULL,
            decontrol_zh text NOT NULL,
            decontrol_en text NOT NULL,
            note_zh text NOT NULL,
            note_en text NOT NULL,
            hs_codes text[] NOT NULL,
            announcement text NOT NULL,
            announcement_title text NOT NULL,
            announcement_url text NOT NULL,
            effective_from date NOT NULL,
            effective_to date,
            suspended_from date,
            suspended_to date,
            suspended_by text NOT NULL,
            confirmation text NOT NULL,
            quality text NOT NULL,
            PRIMARY KEY (list_version, identifier),
            UNIQUE (list_version, position),
            CHECK (effective_to IS NULL OR effective_to >= effective_from),
            CHECK (suspended_to IS NULL OR suspended_to >= suspended_from)
        )
        """,
        """
        CREATE TABLE entry_term (
            list_version text NOT NULL,
            identifier text NOT NULL,
            position integer NOT NULL,
            text text NOT NULL,
            kind text NOT NULL,
            PRIMARY KEY (list_version, identifier, position),
            FOREIGN KEY (list_version, identifier) REFERENCES control_entry
        )
        """,
        f'GRANT SELECT, INSERT ON list_version, control_entry, entry_term TO "{role}"',
    ):
        op.execute(statement)
