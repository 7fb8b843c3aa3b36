"""Reads lines of cells from CSV in UTF-8; every value is text as it stands."""

import csv
import io
from collections.abc import Iterator
from typing import Final

from services.classification.product_files.cells import MOST_CHARACTERS, Cell, CellLine
from services.foundation.file_faults import Faults

_LONGEST_LINE: Final = MOST_CHARACTERS * 8


def csv_lines(content: bytes, faults: Faults) -> Iterator[CellLine]:
    """The lines of a file. Errors: INVALID_ARGUMENT with IMPORT_NOT_UTF8, _LINE_TOO_LONG or _ROW_UNREADABLE."""
    reader = csv.reader(_decoded(content, faults), strict=True)
    last = 0
    while True:
        try:
            values = next(reader, None)
        except csv.Error:
            faults.stop(last + 1, "IMPORT_ROW_UNREADABLE")
        if values is None:
            return
        yield CellLine(last + 1, tuple(Cell(value) for value in values))
        last = reader.line_num


def _decoded(content: bytes, faults: Faults) -> Iterator[str]:
    for number, line in enumerate(io.BytesIO(content), 1):
        if len(line) > _LONGEST_LINE:
            faults.stop(number, "IMPORT_LINE_TOO_LONG")
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            faults.stop(number, "IMPORT_NOT_UTF8")
