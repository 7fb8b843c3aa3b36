"""Rows of products: the columns of the template, and what each says."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from services.classification.domain.codes import HsRegister
from services.classification.domain.item import Item, Nature, StatedParameter
from services.classification.domain.products import Product
from services.classification.domain.query import checked
from services.classification.product_files.cells import MOST_ROWS, Cell, CellLine, Spoilt
from services.classification.rules.parameters import split_parameters
from services.foundation.documents.printable import unprintable
from services.foundation.errors import XukeError
from services.foundation.file_faults import Faults

ARTICLE_NUMBER: Final = "article_number"
# The columns, each by its Chinese name as well, and how long a value may be (as in the contract).
COLUMNS: Final[Mapping[str, tuple[str, int]]] = {
    ARTICLE_NUMBER: ("货号", 100),
    "family": ("产品族", 200),
    "kind": ("类别", 40),
    "name_zh": ("中文名称", 400),
    "name_en": ("英文名称", 400),
    "description": ("说明", 8000),
    "hs_code": ("海关商品编号", 20),
    "cas_number": ("CAS号", 20),
    "control_code": ("管制编码", 40),
    "parameters": ("技术参数", 10_000),
}
_OTHER_NAMES: Final = {
    **{zh.lower(): column for column, (zh, _) in COLUMNS.items()},
    "hs": "hs_code",
    "cas": "cas_number",
    "claimed_control_code": "control_code",
}
_KINDS: Final = {
    "": Nature.UNSPECIFIED,
    "goods": Nature.GOODS,
    "货物": Nature.GOODS,
    "technology": Nature.TECHNOLOGY,
    "技术": Nature.TECHNOLOGY,
    "service": Nature.SERVICE,
    "服务": Nature.SERVICE,
    "data": Nature.DATA,
    "数据": Nature.DATA,
}
# Where a value is text even if it looks like a number: of these a spreadsheet must not have made one.
_CODES: Final = frozenset({ARTICLE_NUMBER, "hs_code", "cas_number", "control_code"})
_EXACT_DIGITS: Final = 15
_HS_LENGTHS_WITHOUT_ZERO: Final = (3, 5, 7, 9)
_MOST_PARAMETERS: Final = 200
_LONGEST_PARAMETER: Final = 200
_COLUMN_OF_FIELD: Final = {
    "item.hs_code": "hs_code",
    "item.cas_number": "cas_number",
    "item.claimed_control_code": "control_code",
}

_SEPARATOR: Final = re.compile(r"[;；\n]")

Lines = Callable[[bytes, Faults], Iterator[CellLine]]


@dataclass(frozen=True, slots=True)
class ProductRow:
    """One product of a file with the columns that the file has."""

    line: int
    article_number: str
    values: Mapping[str, str]
    parameters: tuple[StatedParameter, ...]

    def onto(self, before: Product | None) -> tuple[str, Item]:
        """Family and item that the row makes of a product, or of nothing."""
        values = self.values
        item = before.item if before is not None else Item()
        family = before.family if before is not None else ""
        return values.get("family", family), replace(
            item,
            nature=_KINDS[values["kind"].lower()] if "kind" in values else item.nature,
            name_zh=values.get("name_zh", item.name_zh),
            name_en=values.get("name_en", item.name_en),
            description=values.get("description", item.description),
            hs_code=values.get("hs_code", item.hs_code),
            cas_number=values.get("cas_number", item.cas_number),
            claimed_control_code=values.get("control_code", item.claimed_control_code),
            parameters=self.parameters if "parameters" in values else item.parameters,
        )


def product_rows(content: bytes, lines_of: Lines) -> list[ProductRow]:
    """The products of a file. Errors: INVALID_ARGUMENT with everything that is wrong with it."""
    faults = Faults()
    lines = (line for line in lines_of(content, faults) if not line.is_blank)
    heading = next(lines, None)
    if heading is None:
        faults.stop(1, "IMPORT_FILE_EMPTY")
    columns = _columns(heading, faults)
    rows: list[ProductRow] = []
    seen: dict[str, int] = {}
    for line in lines:
        if len(seen) >= MOST_ROWS:
            faults.stop(line.number, "IMPORT_TOO_MANY_ROWS", most=str(MOST_ROWS))
        row = _row(line, columns, faults)
        if row.article_number in seen:
            first = str(seen[row.article_number])
            faults.at(
                line.number, ARTICLE_NUMBER, "IMPORT_ENTRY_TWICE", value=row.article_number, other=first
            )
        seen.setdefault(row.article_number or f"\n{line.number}", line.number)
        rows.append(row)
    faults.settle()
    if not rows:
        faults.stop(1, "IMPORT_FILE_EMPTY")
    return rows


def faults_of_items(items: Iterable[tuple[int, Item]], register: HsRegister) -> None:
    """Passes if every item can be classified. Errors: INVALID_ARGUMENT naming line and column of each fault."""
    faults = Faults()
    for line, item in items:
        try:
            checked(item, register)
        except XukeError as error:
            for violation in error.violations:
                column = _COLUMN_OF_FIELD.get(violation.field, "")
                faults.at(line, column, f"PRODUCT_{violation.reason}", **violation.metadata)
    faults.settle()


def _columns(heading: CellLine, faults: Faults) -> Sequence[str]:
    names = [cell.text.strip().lower() for cell in heading.cells]
    while names and not names[-1]:
        names.pop()
    columns = [_OTHER_NAMES.get(name, name) for name in names]
    if ARTICLE_NUMBER not in columns:
        faults.column(ARTICLE_NUMBER, "IMPORT_COLUMN_MISSING")
    for column in dict.fromkeys(columns):
        if column not in COLUMNS:
            faults.column(column, "IMPORT_COLUMN_UNKNOWN", allowed=", ".join(COLUMNS))
        elif columns.count(column) > 1:
            faults.column(column, "IMPORT_COLUMN_TWICE")
    faults.settle()
    return columns


def _row(line: CellLine, columns: Sequence[str], faults: Faults) -> ProductRow:
    cells = line.cells
    if any(cell.text.strip() for cell in cells[len(columns) :]):
        faults.at(line.number, "", "IMPORT_CELLS_DIFFER", cells=str(len(cells)), columns=str(len(columns)))
    padded = (*cells, *(Cell("") for _ in range(len(columns) - len(cells))))
    values = {
        column: _value(line.number, column, cell, faults)
        for column, cell in zip(columns, padded, strict=False)
    }
    if not values[ARTICLE_NUMBER]:
        faults.at(line.number, ARTICLE_NUMBER, "IMPORT_VALUE_MISSING")
    if values.get("kind", "").lower() not in _KINDS:
        allowed = ", ".join(filter(None, _KINDS))
        faults.at(line.number, "kind", "IMPORT_WORD_UNKNOWN", value=values["kind"], allowed=allowed)
        values["kind"] = ""
    parameters = _parameters(line.number, values.get("parameters", ""), faults)
    return ProductRow(line.number, values[ARTICLE_NUMBER], values, parameters)


def _value(line: int, column: str, cell: Cell, faults: Faults) -> str:
    value = cell.text.replace("\r\n", "\n").replace("\t", " ").strip()
    _, most = COLUMNS[column]
    if len(value) > most:
        faults.at(line, column, "IMPORT_VALUE_TOO_LONG", most=str(most))
    if found := unprintable(value):
        faults.at(line, column, "PRODUCT_CHARACTER_INVISIBLE", character=f"U+{ord(found[0]):04X}")
    match cell.spoilt:
        case Spoilt.ERROR:
            faults.at(line, column, "PRODUCT_CELL_ERROR", value=value)
        case Spoilt.DATE:
            faults.at(line, column, "PRODUCT_CELL_DATE")
        case Spoilt.NUMBER if column in _CODES and len(value.lstrip("-")) > _EXACT_DIGITS:
            faults.at(line, column, "PRODUCT_CELL_DIGITS_LOST", value=value)
        case _ if column == "hs_code":
            return _hs_code(line, value, faults)
    return value


def _hs_code(line: int, value: str, faults: Faults) -> str:
    """A commodity code without its dots. A code without its leading zero is shown, never mended by guess."""
    digits = "".join(value.replace(".", " ").split())
    if digits.isascii() and digits.isdigit() and len(digits) in _HS_LENGTHS_WITHOUT_ZERO:
        faults.at(line, "hs_code", "PRODUCT_HS_CODE_ZERO_LOST", hs_code=value)
        return ""
    return digits


def _parameters(line: int, text: str, faults: Faults) -> tuple[StatedParameter, ...]:
    """What is stated; a part that states nothing would be lost in silence and is a fault."""
    found: list[StatedParameter] = []
    for part in filter(None, map(str.strip, _SEPARATOR.split(text))):
        stated = split_parameters(part)
        if not stated:
            faults.at(line, "parameters", "PRODUCT_PARAMETER_UNREADABLE", value=part)
        for each in stated:
            if max(len(each.name), len(each.value)) > _LONGEST_PARAMETER:
                faults.at(line, "parameters", "IMPORT_VALUE_TOO_LONG", most=str(_LONGEST_PARAMETER))
            found.append(StatedParameter(each.name, each.value))
    if len(found) > _MOST_PARAMETERS:
        faults.at(line, "parameters", "IMPORT_TOO_MANY_VALUES", most=str(_MOST_PARAMETERS))
    return tuple(found)
