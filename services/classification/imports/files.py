"""A file of a control list, in whichever format, as the entries of a regime will stand by it."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, assert_never

from services.classification.domain.list_changes import restated
from services.classification.domain.list_records import ListFormat
from services.classification.domain.list_rows import Row, row_of
from services.classification.imports.template import MOST_ROWS, read_template
from services.classification.list_files import read_list_content
from services.foundation.errors import ErrorCode, XukeError, invalid_field
from services.foundation.file_faults import Faults

# Characters that cannot be seen and are none of the spaces: neither kept nor shown.
_UNSEEN: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class StatedList:
    """What a file states. `is_whole` says that an entry which is not in it is listed no longer."""

    rows: Sequence[Row]
    is_whole: bool
    sha256: str


def read_file(
    content: bytes, file_name: str, file_format: ListFormat, regime: str, known: Sequence[Row], edition: date
) -> StatedList:
    """Reads a file against the entries that count. Errors: INVALID_ARGUMENT naming line and column."""
    by_identifier = {str(row["identifier"]): row for row in known}
    sha256 = hashlib.sha256(content).hexdigest()
    match file_format:
        case ListFormat.XUKE_CSV:
            return StatedList(read_template(content, by_identifier, edition), False, sha256)
        case ListFormat.EU_ANNEX_CSV:
            rows = [
                restated(by_identifier.get(str(row["identifier"])), row, edition)
                for row in _provisions(content, file_name, regime, edition)
            ]
            return StatedList(rows, True, sha256)
        case ListFormat.NONE:
            raise invalid_field("format", "LIST_FORMAT_UNKNOWN", allowed="XUKE_CSV, EU_ANNEX_CSV")
        case _:
            assert_never(file_format)


def _provisions(content: bytes, file_name: str, regime: str, edition: date) -> list[Row]:
    """The provisions of the European list; their source is the edition, which the file does not name."""
    unseen = _UNSEEN.search(content)
    if unseen is not None:
        faults = Faults()
        faults.stop(content[: unseen.start()].count(b"\n") + 1, "IMPORT_CONTROL_CHARACTER")
    try:
        read = read_list_content(content, file_name, regime)
    except XukeError as error:
        if error.code is not ErrorCode.FAILED_PRECONDITION:
            raise
        column = error.metadata.get("column", "")
        place = f"lines[{error.metadata.get('line', '1')}]" + (f".{column}" if column else "")
        raise invalid_field(place, error.reason, **error.metadata) from error
    if len(read.entries) > MOST_ROWS:
        Faults().stop(MOST_ROWS + 1, "IMPORT_TOO_MANY_ROWS", most=str(MOST_ROWS))
    source = f"{regime} {edition.isoformat()}"
    return [
        row_of(entry)
        | {
            "announcement": source,
            "announcement_title": source,
            "standings": [each | {"basis": source} for each in row_of(entry)["standings"]],
        }
        for entry in read.entries
    ]
