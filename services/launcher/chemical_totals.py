"""What left the country of controlled chemicals, by year: figures for declarations under the convention.

Totals are those of the usage ledger of licences: quantities that customs committed, on the day of law (Asia/Shanghai)
on which it did. The schedule is that of the Chemical Weapons Convention; the class is that of the national list
(监控化学品管理条例 Art. 3) as the numbering of 1C450 tells it. Units are kept apart, and nothing is converted.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC
from decimal import Decimal
from typing import Final

from xuke.licensing.v1 import licence_pb2

from services.classification.domain.obligations import Arrangement, ObligationTable
from services.foundation.clock import legal_day

COLUMNS: Final = (
    "year",
    "schedule",
    "class",
    "control_code",
    "destination",
    "unit",
    "quantity",
    "licences",
)

_Key = tuple[int, str, str, str, str, str]


@dataclass
class _Total:
    quantity: Decimal = Decimal(0)
    licences: set[str] = field(default_factory=set)


def is_chemical(table: ObligationTable, control_code: str) -> bool:
    """Whether a control code is that of a controlled chemical."""
    return bool(_class_of(table, control_code) or table.schedule_of(control_code))


def totals(
    table: ObligationTable,
    used: Iterable[tuple[licence_pb2.Licence, Iterable[licence_pb2.UsageEntry]]],
    year: int | None = None,
) -> Iterator[tuple[str, ...]]:
    """Rows of COLUMNS, by year, schedule, class, code, destination and unit; of one year, or of every one."""
    found: defaultdict[_Key, _Total] = defaultdict(_Total)
    for licence, entries in used:
        codes = {line.line_number: line.control_code for line in licence.lines}
        for entry in entries:
            code = codes.get(entry.licence_line, "")
            if entry.kind != licence_pb2.USAGE_KIND_COMMIT or not is_chemical(table, code):
                continue
            when = legal_day(entry.recorded_at.ToDatetime(UTC)).year
            if year in (None, when):
                total = found[
                    when,
                    table.schedule_of(code),
                    _class_of(table, code),
                    code,
                    licence.destination,
                    entry.unit,
                ]
                total.quantity += Decimal(entry.quantity)
                total.licences.add(licence.number)
    for key, total in sorted(found.items()):
        yield (*(str(each) for each in key), f"{total.quantity:f}", str(len(total.licences)))


def _class_of(table: ObligationTable, code: str) -> str:
    national = (
        each.reference for each in table.of_code(code) if each.arrangement is Arrangement.CONTROLLED_CHEMICALS
    )
    return next(national, "")
