"""Reads CSV files row by row, saying which column and line is wrong.

Files are CSV in UTF-8 with a first row of column names. Errors: FAILED_PRECONDITION with SCREENING_FILE_UNREADABLE,
SCREENING_FILE_NOT_UTF8, SCREENING_FILE_EMPTY, SCREENING_FILE_COLUMN_MISSING, SCREENING_FILE_ROW_UNREADABLE,
SCREENING_FILE_CELLS_TOO_MANY, SCREENING_FILE_QUOTATION; the metadata name the file, the column and the line.
"""

import csv
import pathlib
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

from services.foundation.errors import XukeError, failed_precondition

Advance = Callable[[int], None]
Row = dict[str, str]


def read_rows(path: pathlib.Path, needed: Sequence[str], advance: Advance) -> Iterator[tuple[int, Row]]:
    """The rows of a file with their line; `advance` is told how many bytes were read."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise failed_precondition("SCREENING_FILE_UNREADABLE", file=str(path)) from error
    with file:
        records = _records(_lines(file, path, advance), path)
        header = next(records, None)
        if header is None:
            raise failed_precondition("SCREENING_FILE_EMPTY", file=str(path))
        columns = [name.strip().lower() for name in header[1]]
        for column in needed:
            if column not in columns:
                raise failed_precondition(
                    "SCREENING_FILE_COLUMN_MISSING", file=str(path), column=column, line="1"
                )
        last = max(columns.index(column) for column in needed)
        for line, values in records:
            if not values:
                continue
            if len(values) <= last:
                raise _refused("SCREENING_FILE_ROW_UNREADABLE", path, line, column=columns[len(values)])
            if any(value.strip() for value in values[len(columns) :]):
                raise _refused("SCREENING_FILE_CELLS_TOO_MANY", path, line, columns=str(len(columns)))
            yield line, dict(zip(columns, values, strict=False))


def _records(lines: Iterator[str], path: pathlib.Path) -> Iterator[tuple[int, list[str]]]:
    """The records of a file, each with the line on which it ends; where one is not CSV, the line it begins on."""
    # Without `strict` an open quotation mark would take in all that follows, and say nothing.
    reader = csv.reader(lines, strict=True)
    while True:
        begins = reader.line_num + 1
        try:
            values = next(reader, None)
        except csv.Error as error:
            raise _refused("SCREENING_FILE_QUOTATION", path, begins) from error
        if values is None:
            return
        yield reader.line_num, values


def _lines(file: BinaryIO, path: pathlib.Path, advance: Advance) -> Iterator[str]:
    for number, line in enumerate(file, 1):
        advance(len(line))
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8").replace("\0", "")
        except UnicodeDecodeError as error:
            raise _refused("SCREENING_FILE_NOT_UTF8", path, number) from error


def _refused(reason: str, path: pathlib.Path, line: int, **metadata: str) -> XukeError:
    return failed_precondition(reason, file=str(path), line=str(line), **metadata)
