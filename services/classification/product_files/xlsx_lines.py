"""Reads lines of cells from the first sheet of an XLSX file (ECMA-376, Office Open XML).

Numbers and dates are told apart from text: what a spreadsheet made of a code is seen, not guessed at.
"""

import math
import posixpath
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from services.classification.product_files.archive import Archive, StopReading, refused
from services.classification.product_files.cells import (
    MOST_CHARACTERS,
    MOST_COLUMNS,
    MOST_ROWS,
    Cell,
    CellLine,
    Spoilt,
)
from services.foundation.file_faults import Faults

_WORKBOOK: Final = "xl/workbook.xml"
_RELATIONS: Final = "xl/_rels/workbook.xml.rels"
_STRINGS: Final = "xl/sharedStrings.xml"
_STYLES: Final = "xl/styles.xml"
# The most that a cell, and a format, can hold in a spreadsheet program.
_LONGEST_STRING: Final = 32_767
_LONGEST_FORMAT: Final = 255
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
# Formats of dates and times that have a number and no text (ECMA-376 part 1, 18.8.30).
_DATE_FORMATS: Final = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_LITERAL: Final = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_DATE_LETTER: Final = re.compile(r"[ymdhs]", re.IGNORECASE)


def xlsx_lines(content: bytes, faults: Faults) -> Iterator[CellLine]:
    """The lines of the first sheet. Errors: those of `Archive`, IMPORT_TOO_MANY_ROWS and IMPORT_LINE_TOO_LONG."""
    archive = Archive(content)
    sheet = _first_sheet(archive)
    strings = _strings(archive) if _STRINGS in archive else []
    dates = _date_styles(archive) if _STYLES in archive else frozenset()
    reader = _Sheet(strings, dates, faults)
    archive.read(sheet, reader.start, reader.end, reader.characters)
    return iter(reader.lines)


def _first_sheet(archive: Archive) -> str:
    first: list[str] = []
    targets: dict[str, str] = {}

    def sheet(name: str, attributes: Mapping[str, str]) -> None:
        if name == "sheet" and not first:
            first.append(attributes.get("id", ""))

    def relation(name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    archive.read(_WORKBOOK, sheet, _ignored, _ignored)
    archive.read(_RELATIONS, relation, _ignored, _ignored)
    target = targets.get(first[0], "") if first else ""
    if not target:
        raise refused("PRODUCT_FILE_NOT_XLSX")
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))


def _strings(archive: Archive) -> list[str]:
    """The shared strings; a string may be in runs, and readings of Chinese or Japanese are not part of it."""
    strings: list[str] = []
    inside: list[str] = []

    def start(name: str, _: Mapping[str, str]) -> None:
        inside.append(name)
        if name == "si":
            strings.append("")

    def end(_: str) -> None:
        inside.pop()

    def characters(text: str) -> None:
        if inside[-1] == "t" and "rPh" not in inside and strings:
            if len(strings[-1]) + len(text) > _LONGEST_STRING:
                raise refused("PRODUCT_FILE_TOO_PACKED")
            strings[-1] += text

    archive.read(_STRINGS, start, end, characters)
    return strings


def _date_styles(archive: Archive) -> frozenset[int]:
    """The numbers of the cell styles that show a number as a date or time."""
    formats: dict[int, str] = {}
    styles: list[int] = []
    inside: list[str] = []

    def start(name: str, attributes: Mapping[str, str]) -> None:
        inside.append(name)
        if name == "numFmt":
            formats[_whole(attributes.get("numFmtId", ""))] = attributes.get("formatCode", "")[
                :_LONGEST_FORMAT
            ]
        elif name == "xf" and "cellXfs" in inside:
            styles.append(_whole(attributes.get("numFmtId", "")))

    def end(_: str) -> None:
        inside.pop()

    archive.read(_STYLES, start, end, _ignored)
    return frozenset(at for at, number in enumerate(styles) if _shows_date(number, formats))


def _shows_date(number: int, formats: Mapping[int, str]) -> bool:
    if number in formats:
        return _DATE_LETTER.search(_LITERAL.sub("", formats[number])) is not None
    return number in _DATE_FORMATS


class _Sheet:
    """Gathers the cells of one sheet."""

    def __init__(self, strings: list[str], dates: frozenset[int], faults: Faults) -> None:
        self.lines: list[CellLine] = []
        self._strings = strings
        self._dates = dates
        self._faults = faults
        self._row = 0
        self._cells: dict[int, Cell] = {}
        self._column = 0
        self._kind = ""
        self._style = 0
        self._text = ""
        self._inside: list[str] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._inside.append(name)
        if name == "row":
            self._row = _whole(attributes.get("r", "")) or self._row + 1
            self._cells, self._column = {}, 0
        elif name == "c":
            reference = _REFERENCE.fullmatch(attributes.get("r", ""))
            self._column = _column(reference[1]) if reference else self._column + 1
            self._kind = attributes.get("t", "n")
            self._style = _whole(attributes.get("s", ""))
            self._text = ""

    def end(self, name: str) -> None:
        self._inside.pop()
        if name == "c":
            cell = self._cell()
            if cell.text or cell.spoilt is not None:
                if self._column > MOST_COLUMNS:
                    self._faults.stop(self._row, "IMPORT_LINE_TOO_LONG")
                self._cells[self._column] = cell
        elif name == "row" and self._cells:
            width = max(self._cells)
            line = CellLine(self._row, tuple(self._cells.get(at, Cell("")) for at in range(1, width + 1)))
            if not line.is_blank:
                self.lines.append(line)
                if len(self.lines) > MOST_ROWS + 1:
                    raise StopReading

    def characters(self, text: str) -> None:
        if not self._inside or self._inside[-1] not in ("v", "t") or "rPh" in self._inside:
            return
        if len(self._text) + len(text) > MOST_CHARACTERS:
            self._faults.stop(self._row, "IMPORT_LINE_TOO_LONG")
        self._text += text

    def _cell(self) -> Cell:
        match self._kind:
            case "s":
                at = _whole(self._text, -1)
                if not 0 <= at < len(self._strings):
                    raise refused("PRODUCT_FILE_NOT_XLSX")
                return Cell(self._strings[at])
            case "str" | "inlineStr":
                return Cell(self._text)
            case "b":
                return Cell("TRUE" if self._text.strip() == "1" else "FALSE") if self._text else Cell("")
            case "e" | "d":
                return Cell(self._text, Spoilt.ERROR if self._kind == "e" else Spoilt.DATE)
            case _:
                return self._number()

    def _number(self) -> Cell:
        written = self._text.strip()
        if not written:
            return Cell("")
        if self._style in self._dates:
            return Cell(written, Spoilt.DATE)
        return Cell(_plain(written), Spoilt.NUMBER)


def _plain(written: str) -> str:
    """A number as a person wrote it: the shortest figure that stands for the same floating-point number."""
    try:
        number = float(written)
    except ValueError:
        return written
    if not math.isfinite(number):
        return written
    text = f"{Decimal(repr(number)):f}"
    return text.removesuffix(".0")


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _whole(text: str, otherwise: int = 0) -> int:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise


def _ignored(*_: object) -> None:
    """Nothing of this kind is wanted."""
