"""Which companies are designated: the file as shipped, and an operator's file of the same columns laid beside it."""

import csv
import io
from collections.abc import Collection, Iterator
from datetime import date
from pathlib import Path
from typing import Final

from services.foundation.errors import XukeError, failed_precondition
from services.licensing.domain import credit_code
from services.licensing.domain.export_conditions import Designation

NEEDED: Final = ("condition_id", "unified_social_credit_code", "effective_from", "effective_to")


def read_designations(path: Path, conditions: Collection[str]) -> tuple[Designation, ...]:
    """The designations of a file (CSV in UTF-8) under the conditions of these ids.

    Errors: FAILED_PRECONDITION DESIGNATIONS_UNREADABLE with the file, the line (the heading is the first) and the
    column: a designation that is misread would open an export, or shut one, so nothing of such a file counts.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, 1) from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    for column in NEEDED:
        if column not in (reader.fieldnames or ()):
            raise _unreadable(path, 1, column)
    return tuple(_designations(path, reader, conditions))


def _designations(
    path: Path, reader: "csv.DictReader[str]", conditions: Collection[str]
) -> Iterator[Designation]:
    for row in reader:
        line = reader.line_num
        for column in NEEDED:
            # A row that is too short, or has more cells than there are columns, says nothing certain.
            if row[column] is None or None in row:
                raise _unreadable(path, line, column)
        condition, code = row["condition_id"].strip(), row["unified_social_credit_code"].strip()
        if condition not in conditions:
            raise _unreadable(path, line, "condition_id")
        if not credit_code.is_valid(code):
            raise _unreadable(path, line, "unified_social_credit_code")
        since = _day(row["effective_from"], path, line, "effective_from")
        until = _day(row["effective_to"], path, line, "effective_to") if row["effective_to"].strip() else None
        if until is not None and until < since:
            raise _unreadable(path, line, "effective_to")
        yield Designation(condition, code, since, until)


def _day(text: str, path: Path, line: int, column: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise _unreadable(path, line, column) from error


def _unreadable(path: Path, line: int, column: str = "") -> XukeError:
    return failed_precondition("DESIGNATIONS_UNREADABLE", file=str(path), line=str(line), column=column)
