"""What statistics are computed from: every case as the ledger tells it, and the counts that the tables tell.

One statement, so that both are read in one snapshot: an act that commits meanwhile is in both or in neither.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from services.licensing.domain.application_state import ApplicationState, Outcome

# The conditions of the two indexes of the migration 0010 stand here word for word, else neither is used. The
# check that counts is the last.
_READ = """
WITH chosen AS MATERIALIZED (
    SELECT application_id, state, province, destination, submission_number, due_at FROM application
    WHERE submitted_at IS NOT NULL
        AND (%(province)s = '' OR province = %(province)s)
        AND (%(submitted_from)s::timestamptz IS NULL OR submitted_at >= %(submitted_from)s)
        AND (%(submitted_before)s::timestamptz IS NULL OR submitted_at < %(submitted_before)s)
),
folded AS (
    SELECT subject_id,
        string_agg(step, ' ' ORDER BY subject_sequence) AS path,
        string_agg(legal_day::text, ' ' ORDER BY subject_sequence) AS days
    FROM audit_event
    WHERE subject_type = 'application' AND action NOT IN ('create', 'update', 'attach', 'remove_attachment')
    GROUP BY subject_id
),
watched AS (
    SELECT subject_id, max(subject_sequence) AS subject_sequence FROM audit_event
    WHERE subject_type = 'application' AND action = 'pass_checks'
        AND payload LIKE '%%"verdict":"RESTRICTED"%%'
    GROUP BY subject_id
),
restricted AS (
    SELECT subject_id FROM watched
    WHERE NOT EXISTS (
        SELECT FROM audit_event AS later
        WHERE later.subject_type = 'application' AND later.subject_id = watched.subject_id
            AND later.subject_sequence > watched.subject_sequence AND later.action = 'pass_checks'
    )
),
checked AS MATERIALIZED (SELECT application_id, submission_number, control_codes FROM automatic_check),
agreed AS MATERIALIZED (SELECT application_id, outcome FROM decision
    WHERE agreed AND taken_back_at IS NULL)
SELECT 'path', path, days, CASE WHEN restricted.subject_id IS NULL THEN '' ELSE 'RESTRICTED' END, 1, 0
FROM folded LEFT JOIN restricted USING (subject_id)
WHERE %(province)s = '' OR subject_id IN (
    SELECT application_id::text FROM application WHERE province = %(province)s
)
UNION ALL
SELECT 'application', state, province, destination, count(*), count(*) FILTER (WHERE due_at <= %(now)s)
FROM chosen GROUP BY state, province, destination
UNION ALL
SELECT 'codes', control_codes::text, state, '', count(*), 0
FROM chosen JOIN checked USING (application_id, submission_number) GROUP BY control_codes, state
UNION ALL
SELECT 'decision', outcome, '', '', count(*), 0 FROM agreed JOIN chosen USING (application_id) GROUP BY outcome
UNION ALL
SELECT 'licence', '', '', '', count(*), 0 FROM licence JOIN chosen
    ON chosen.application_id::text = licence.application_id
"""


@dataclass(frozen=True)
class Scope:
    """Which cases: instants of the submission (UTC; the second excluded; None no bound), province ("" all)."""

    submitted_from: datetime | None
    submitted_before: datetime | None
    province: str


class Way(NamedTuple):
    """How cases went, from their events: actions and states by turns, parted by spaces. Drafting is left out.

    `restricted` where the last check found a party on the watch list.
    """

    path: str
    restricted: bool


@dataclass(frozen=True)
class ApplicationCount:
    """Applications of the tables that agree in state, province and destination."""

    state: ApplicationState
    province: str
    destination: str
    cases: int
    overdue: int


@dataclass(frozen=True)
class CodeCount:
    """Applications of the tables for whose items the automatic checks found the same control codes."""

    codes: frozenset[str]
    state: ApplicationState
    cases: int


@dataclass(frozen=True)
class Material:
    """What was read. `ledger` has by way the cases that went it: the days of law of their steps, counted from
    1970-01-01 and parted by spaces. It has those of every time: the ledger itself says when they began.
    """

    ledger: Mapping[Way, Sequence[str]]
    applications: Sequence[ApplicationCount]
    codes: Sequence[CodeCount]
    decisions: Mapping[Outcome, int]
    licences: int


def read(connection: Connection, scope: Scope, now: datetime) -> Material:
    """Reads it all. The ledger has no row-level security: who may see only a province must name it."""
    values = {
        "province": scope.province,
        "submitted_from": scope.submitted_from,
        "submitted_before": scope.submitted_before,
        "now": now,
    }
    applications, codes, licences = [], [], 0
    ledger: dict[Way, list[str]] = defaultdict(list)
    decisions: dict[Outcome, int] = {}
    for part, first, second, third, cases, overdue in connection.exec_driver_sql(_READ, values):
        match part:
            case "path":
                ledger[Way(first, bool(third))].append(second)
            case "application":
                applications.append(ApplicationCount(ApplicationState(first), second, third, cases, overdue))
            case "codes":
                codes.append(CodeCount(frozenset(json.loads(first)), ApplicationState(second), cases))
            case "decision":
                decisions[Outcome(first)] = cases
            case "licence":
                licences = cases
            case _:
                raise AssertionError(part)
    return Material(ledger, applications, codes, decisions, licences)
