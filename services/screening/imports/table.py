"""Reads the documented templates: CSV in UTF-8 whose first line names the columns."""

import csv
import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any, BinaryIO, Final

from services.foundation.file_faults import Faults

MOST_ROWS: Final = 200_000
MOST_CHARACTERS: Final = 10_000
LONGEST_TEXT: Final = 1000
# Characters that cannot be seen and are none of the spaces: neither kept nor shown.
CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


class Line:
    """One row with its place in the file; readings of a value note a fault and go on."""

    def __init__(self, number: int, values: dict[str, str], faults: Faults) -> None:
        self.number = number
        self._values = values
        self._faults = faults

    def __contains__(self, column: str) -> bool:
        return column in self._values

    def text(self, column: str, most: int = LONGEST_TEXT) -> str:
        """The value without spaces around it; empty where the file has no such column."""
        value = self._values.get(column, "").strip()
        if len(value) > most:
            self.fault(column, "IMPORT_VALUE_TOO_LONG", most=str(most))
        self._require_visible(column, value)
        return value

    def needed(self, column: str, most: int = LONGEST_TEXT) -> str:
        """The value, which has to be there."""
        value = self.text(column, most)
        if not value:
            self.fault(column, "IMPORT_VALUE_MISSING")
        return value

    def texts(self, column: str, most: int, longest: int = LONGEST_TEXT) -> list[str]:
        """The values of a cell that are separated by semicolons, in order, each once."""
        found = list(dict.fromkeys(filter(None, map(str.strip, self.values(column)))))
        if len(found) > most:
            self.fault(column, "IMPORT_TOO_MANY_VALUES", most=str(most))
        for one in found:
            if len(one) > longest:
                self.fault(column, "IMPORT_VALUE_TOO_LONG", most=str(longest))
            self._require_visible(column, one)
        return found

    def values(self, column: str) -> Sequence[str]:
        """What is separated by semicolons in a cell."""
        return self._values.get(column, "").split(";")

    def day(self, column: str) -> str:
        """A day of law, YYYY-MM-DD; empty where there is none."""
        value = self.text(column)
        if value and not is_day(value):
            self.fault(column, "IMPORT_DAY_INVALID", value=value)
            return ""
        return value

    def needed_day(self, column: str) -> str:
        """A day of law, which has to be there."""
        if not self.text(column):
            self.fault(column, "IMPORT_VALUE_MISSING")
        return self.day(column)

    def word(self, column: str, words: Collection[str]) -> str:
        """One of the words; empty where there is none."""
        value = self.text(column)
        if value and value not in words:
            self.fault(
                column, "IMPORT_WORD_UNKNOWN", value=value, allowed=", ".join(sorted(filter(None, words)))
            )
            return ""
        return value

    def words(self, column: str, words: Collection[str], most: int = 50) -> list[str]:
        """Several of the words, separated by semicolons."""
        found = self.texts(column, most)
        for value in found:
            if value not in words:
                self.fault(column, "IMPORT_WORD_UNKNOWN", value=value, allowed=", ".join(sorted(words)))
        return [value for value in found if value in words]

    def fault(self, column: str, reason: str, **metadata: str) -> None:
        """Notes that something is wrong in the column."""
        self._faults.at(self.number, column, reason, **metadata)

    def _require_visible(self, column: str, value: str) -> None:
        if CONTROL.search(value):
            self.fault(column, "IMPORT_CONTROL_CHARACTER")


def is_day(text: str) -> bool:
    """Whether a text is a day of the calendar, written YYYY-MM-DD."""
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def read_table(
    file: BinaryIO, known: Collection[str], needed: Collection[str], faults: Faults
) -> Iterator[Line]:
    """The rows of a file with their lines; empty lines are passed over.

    A column that is not known is a fault, so that a misspelt one is not lost in silence. Errors: INVALID_ARGUMENT
    at once where the file cannot be read at all; else the faults are for the caller to settle.
    """
    reader = csv.reader(_lines(file, faults), strict=True)
    try:
        header = next(reader, None)
    except csv.Error:
        faults.stop(1, "IMPORT_ROW_UNREADABLE")
    if header is None:
        faults.stop(1, "IMPORT_FILE_EMPTY")
    columns = [name.strip().lower() for name in header]
    for name in needed:
        if name not in columns:
            faults.column(name, "IMPORT_COLUMN_MISSING")
    for name in dict.fromkeys(columns):
        if name not in known:
            faults.column(name, "IMPORT_COLUMN_UNKNOWN", allowed=", ".join(known))
        elif columns.count(name) > 1:
            faults.column(name, "IMPORT_COLUMN_TWICE")
    faults.settle()
    yield from _rows(reader, columns, faults)


def _rows(reader: Any, columns: list[str], faults: Faults) -> Iterator[Line]:
    count, last = 0, reader.line_num
    while True:
        number = last + 1
        try:
            values = next(reader, None)
        except csv.Error:
            faults.stop(number, "IMPORT_ROW_UNREADABLE")
        if values is None:
            break
        last = reader.line_num
        if not any(value.strip() for value in values):
            continue
        if len(values) != len(columns):
            faults.at(number, "", "IMPORT_CELLS_DIFFER", cells=str(len(values)), columns=str(len(columns)))
            continue
        count += 1
        if count > MOST_ROWS:
            faults.stop(number, "IMPORT_TOO_MANY_ROWS", most=str(MOST_ROWS))
        yield Line(number, dict(zip(columns, values, strict=True)), faults)
    if not count:
        faults.settle()
        faults.stop(1, "IMPORT_FILE_EMPTY")


def _lines(file: BinaryIO, faults: Faults) -> Iterator[str]:
    for number, line in enumerate(file, 1):
        if len(line) > MOST_CHARACTERS * 8:
            faults.stop(number, "IMPORT_LINE_TOO_LONG")
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            faults.stop(number, "IMPORT_NOT_UTF8")
