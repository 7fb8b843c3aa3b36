"""Reads the documented template of a control list (see README.md beside this file) into rows of entries."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from services.classification.domain.codes import (
    normalise_cas_number,
    normalise_control_code,
    normalise_hs_code,
)
from services.classification.domain.entries import HsTrust, Quality, TermKind
from services.classification.domain.list_rows import FIELDS, Row, standing_row, standings_of
from services.classification.domain.standings import (
    EARLIEST_DAY,
    LATEST_DAY,
    EntryStatus,
    Standing,
    TemporaryControlError,
    checked,
    is_over,
    with_standing,
)
from services.foundation.file_faults import Faults

_TEXTS: Final = (
    "control_code",
    "proposed_code",
    "category_zh",
    "category_en",
    "name_zh",
    "name_en",
    "parameters_zh",
    "parameters_en",
    "decontrol_zh",
    "decontrol_en",
    "note_zh",
    "note_en",
    "announcement",
    "announcement_title",
    "announcement_url",
)
COLUMNS: Final = (
    "identifier",
    *_TEXTS,
    "parameters_complete",
    "hs_codes",
    "terms",
    "cas_numbers",
    "quality",
    "status",
    "effective_from",
    "effective_to",
)
_NEEDED: Final = ("identifier", "announcement")
MOST_ROWS: Final = 20_000
_MOST_CHARACTERS: Final = 20_000
_MOST_VALUES: Final = 200
_IDENTIFIER: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._:/-]{0,39}")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_YES: Final = {"yes": True, "no": False}


def read_template(content: bytes, known: Mapping[str, Row], edition: date) -> list[Row]:
    """The entries that a file states, each as it will stand.

    What a file has no column for stays as it is in `known` (entries by identifier). Errors: INVALID_ARGUMENT with
    every fault, each with line and column.
    """
    faults = Faults()
    rows: dict[str, Row] = {}
    lines: dict[str, int] = {}
    for number, values in _lines(content, faults):
        line = _Line(number, values, faults)
        identifier = line.identifier()
        if identifier in lines:
            line.fault("identifier", "IMPORT_ENTRY_TWICE", value=identifier, other=str(lines[identifier]))
        lines[identifier] = number
        rows[identifier] = _entry(line, identifier, known.get(identifier), edition)
    faults.settle()
    return list(rows.values())


class _Line:
    """One row of the file; readings of a value note a fault and go on."""

    def __init__(self, number: int, values: Mapping[str, str], faults: Faults) -> None:
        self._number = number
        self._values = values
        self._faults = faults

    def __contains__(self, column: str) -> bool:
        return column in self._values

    def fault(self, column: str, reason: str, **metadata: str) -> None:
        self._faults.at(self._number, column, reason, **metadata)

    def text(self, column: str) -> str:
        value = self._values.get(column, "").strip()
        if len(value) > _MOST_CHARACTERS:
            self.fault(column, "IMPORT_VALUE_TOO_LONG", most=str(_MOST_CHARACTERS))
        if _CONTROL.search(value):
            self.fault(column, "IMPORT_CONTROL_CHARACTER")
        return value

    def texts(self, column: str) -> list[str]:
        found = list(dict.fromkeys(filter(None, map(str.strip, self.text(column).split(";")))))
        if len(found) > _MOST_VALUES:
            self.fault(column, "IMPORT_TOO_MANY_VALUES", most=str(_MOST_VALUES))
        return found

    def identifier(self) -> str:
        value = self.text("identifier")
        if not value:
            self.fault("identifier", "IMPORT_VALUE_MISSING")
        elif not _IDENTIFIER.fullmatch(value):
            self.fault("identifier", "IMPORT_IDENTIFIER_INVALID", value=value)
        # A code has one spelling: 1c001 names the entry 1C001 and is no other.
        return normalise_control_code(value) or value

    def day(self, column: str) -> date | None:
        value = self.text(column)
        if not value:
            return None
        try:
            day = date.fromisoformat(value)
        except ValueError:
            day = None
        if day is None or day.isoformat() != value or not EARLIEST_DAY <= day <= LATEST_DAY:
            self.fault(column, "IMPORT_DAY_INVALID", value=value)
            return None
        return day

    def word(self, column: str, words: Mapping[str, Any], otherwise: str) -> str:
        value = self.text(column)
        if value and value not in words:
            self.fault(column, "IMPORT_WORD_UNKNOWN", value=value, allowed=", ".join(words))
            return otherwise
        return value or otherwise


def _entry(line: _Line, identifier: str, old: Row | None, edition: date) -> Row:
    row: dict[str, Any] = {"identifier": identifier}
    for column in _TEXTS:
        row[column] = line.text(column) if column in line or old is None else old[column]
    if not (row["name_zh"] or row["name_en"]):
        line.fault("name_zh", "IMPORT_ENTRY_UNNAMED")
    if not row["announcement"]:
        line.fault("announcement", "IMPORT_VALUE_MISSING")
    for column in ("control_code", "proposed_code"):
        if row[column] and len(row[column]) > 40:
            line.fault(column, "IMPORT_VALUE_TOO_LONG", most="40")
        # Codes of other regimes have other forms; one that is a code of ours has one spelling.
        row[column] = normalise_control_code(row[column]) or row[column]
    complete = line.word("parameters_complete", _YES, "no" if old is None else _word(old))
    row["parameters_complete"] = _YES[complete]
    qualities = {each.value: each for each in Quality}
    row["quality"] = line.word("quality", qualities, str(old["quality"]) if old else Quality.PARSED.value)
    row["hs_references"] = _hs_references(line, old, row["announcement"])
    row["terms"] = _terms(line, old, row)
    row["standings"] = _standings(line, old, row["announcement"], edition)
    return {name: row[name] for name in (old or FIELDS)}


def _word(old: Row) -> str:
    return "yes" if old["parameters_complete"] else "no"


def _hs_references(line: _Line, old: Row | None, announcement: str) -> list[dict[str, str]]:
    before = {str(each["code"]): dict(each) for each in old["hs_references"]} if old is not None else {}
    if "hs_codes" not in line:
        return list(before.values())
    found = []
    for text in line.texts("hs_codes"):
        code = normalise_hs_code(text)
        if code is None:
            line.fault("hs_codes", "IMPORT_HS_CODE_INVALID", value=text)
            continue
        stated = {"code": code, "trust": HsTrust.ANNOUNCEMENT.value, "announcement": announcement}
        found.append(before.get(code, stated))
    return found


def _terms(line: _Line, old: Row | None, row: Row) -> list[dict[str, str]]:
    """A new name is a term by itself; other words and CAS numbers are those of their columns, or stay."""
    names = [row[name] for name in ("name_zh", "name_en") if row[name]]
    before = [dict(each) for each in old["terms"]] if old is not None else []
    if old is not None:
        names_before = {old["name_zh"], old["name_en"]}
        before = [each for each in before if each["text"] not in names_before - set(names)]
        names = [name for name in names if name not in names_before]
    kept = [
        each
        for each in before
        if ("cas_numbers" if each["kind"] == TermKind.CAS_NUMBER.value else "terms") not in line
        or each["kind"] == TermKind.NAME.value
    ]
    stated = [{"text": text, "kind": TermKind.ALIAS.value} for text in line.texts("terms")]
    for text in line.texts("cas_numbers"):
        number = normalise_cas_number(text)
        if number is None:
            line.fault("cas_numbers", "IMPORT_CAS_NUMBER_INVALID", value=text)
        else:
            stated.append({"text": number, "kind": TermKind.CAS_NUMBER.value})
    held = {each["text"] for each in kept}
    added = [{"text": name, "kind": TermKind.NAME.value} for name in names if name not in held]
    held |= set(names)
    return [*kept, *added, *(each for each in stated if each["text"] not in held)]


def _standings(line: _Line, old: Row | None, basis: str, edition: date) -> list[dict[str, Any]]:
    """The standings with what the file states of them; nothing stated changes nothing."""
    since, until = line.day("effective_from"), line.day("effective_to")
    statuses = {each.value: each for each in EntryStatus}
    status = EntryStatus(line.word("status", statuses, EntryStatus.IN_FORCE.value))
    if since is None and old is not None and is_over(standings_of(old)) and not until:
        # A file that states an entry that has ended lists it again.
        since = edition
    if since is None:
        if old is None:
            line.fault("effective_from", "IMPORT_VALUE_MISSING")
            return []
        if until is not None:
            line.fault("effective_to", "IMPORT_DAY_WITHOUT_BEGIN", other="effective_from")
        return list(old["standings"])
    if until is not None and until < since:
        line.fault("effective_to", "IMPORT_DAYS_REVERSED", other="effective_from")
        return []
    before = standings_of(old) if old is not None else ()
    if any((each.status, each.since) == (status, since) and until in (None, each.until) for each in before):
        return list(old["standings"]) if old is not None else []
    try:
        after = checked(with_standing(before, Standing(status, since, until, basis)), line.text("identifier"))
    except TemporaryControlError:
        line.fault("effective_to", "TEMPORARY_CONTROL_NOT_ALLOWED")
        return []
    except ValueError:
        line.fault("effective_from", "STANDINGS_NOT_ALLOWED")
        return []
    return [standing_row(each) for each in after]


def _lines(content: bytes, faults: Faults) -> Iterator[tuple[int, Mapping[str, str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        faults.stop(content[: error.start].count(b"\n") + 1, "IMPORT_NOT_UTF8")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    columns = [name.strip().lower() for name in _next(reader, faults) or ()]
    if not columns:
        faults.stop(1, "IMPORT_FILE_EMPTY")
    for name in _NEEDED:
        if name not in columns:
            faults.column(name, "IMPORT_COLUMN_MISSING")
    for name in dict.fromkeys(columns):
        if name not in COLUMNS:
            faults.column(name, "IMPORT_COLUMN_UNKNOWN", allowed=", ".join(COLUMNS))
        elif columns.count(name) > 1:
            faults.column(name, "IMPORT_COLUMN_TWICE")
    faults.settle()
    count, first = 0, reader.line_num + 1
    while (values := _next(reader, faults)) is not None:
        number, first = first, reader.line_num + 1
        if not any(value.strip() for value in values):
            continue
        if len(values) != len(columns):
            faults.at(number, "", "IMPORT_CELLS_DIFFER", cells=str(len(values)), columns=str(len(columns)))
            continue
        count += 1
        if count > MOST_ROWS:
            faults.stop(number, "IMPORT_TOO_MANY_ROWS", most=str(MOST_ROWS))
        yield number, dict(zip(columns, values, strict=True))
    faults.settle()
    if not count:
        faults.stop(1, "IMPORT_FILE_EMPTY")


def _next(reader: Any, faults: Faults) -> list[str] | None:
    number = reader.line_num + 1
    try:
        values: list[str] | None = next(reader, None)
    except csv.Error:
        faults.stop(number, "IMPORT_ROW_UNREADABLE")
    return values
