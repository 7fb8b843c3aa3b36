"""What customs reads most: the status of many licences in one statement.

Written in SQL and run by the driver: the expression language costs several times the query itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date, datetime

from sqlalchemy import Connection

from services.licensing.store.licence_driver import driver_connection

_SELECT = """
SELECT licence.number, state,
       CASE WHEN state_reason = '' AND state IN ('ISSUED', 'ACTIVE') AND due_diligence_missing
            THEN 'DUE_DILIGENCE_MISSING' ELSE state_reason END,
       state = 'ACTIVE' AND acknowledged_at IS NOT NULL AND NOT due_diligence_missing
           AND %(today)s BETWEEN valid_from AND valid_to
           AND (uses_allowed IS NULL OR uses_taken < uses_allowed)
           AND bool_or(reserved + committed < licensed) OVER (PARTITION BY licence.number),
       valid_from, valid_to, unified_social_credit_code, holder_name_zh, destination, consignee_name,
       end_user_name, customs_office, coalesce(uses_allowed, 0), uses_made, acknowledged_at,
       line_number, name_zh, name_en, control_code, hs_code, unit, trim_scale(licensed)::text,
       trim_scale(reserved)::text, trim_scale(committed)::text,
       trim_scale(licensed - reserved - committed)::text, trim_scale(value)::text, currency
FROM licence JOIN licence_line ON licence_line.licence_number = licence.number
CROSS JOIN LATERAL (
    SELECT due_diligence_recorded_at IS NULL AND reached_countries && %(demanding)s::text[]
        AS due_diligence_missing
) AS diligence
WHERE licence.number = ANY(%(numbers)s)
ORDER BY licence.number, line_number
"""


@dataclass(frozen=True, slots=True)
class StatusLine:
    """One line of a licence; quantities and value are decimals as text."""

    line_number: int
    name_zh: str
    name_en: str
    control_code: str
    hs_code: str
    unit: str
    licensed_quantity: str
    reserved_quantity: str
    committed_quantity: str
    available_quantity: str
    value: str
    currency: str


@dataclass(frozen=True, slots=True)
class Status:
    """The status of a licence as customs may know it; `uses_allowed` 0 means not limited."""

    number: str
    state: str
    state_reason: str
    usable: bool
    valid_from: date
    valid_to: date
    unified_social_credit_code: str
    holder_name_zh: str
    destination: str
    consignee_name: str
    end_user_name: str
    customs_office: str
    uses_allowed: int
    uses_made: int
    acknowledged_at: datetime | None
    lines: list[StatusLine] = field(default_factory=list)


_LINE_FROM = len(fields(Status)) - 1


def read_statuses(
    connection: Connection, numbers: Iterable[str], today: date, demanding: Iterable[str]
) -> dict[str, Status]:
    """The status of each licence that exists, by number. `today` is a day of law (Asia/Shanghai).

    `demanding` are the countries for which due diligence is demanded on that day.
    """
    found: dict[str, Status] = {}
    with driver_connection(connection) as driver:
        values = {"numbers": list(numbers), "today": today, "demanding": list(demanding)}
        rows = driver.execute(_SELECT, values).fetchall()
    for row in rows:
        status = found.get(row[0])
        if status is None:
            status = found[row[0]] = Status(*row[:_LINE_FROM])
        status.lines.append(StatusLine(*row[_LINE_FROM:]))
    return found
