"""Reads the list of another regime from a file that the user has: a regime is data.

The file is CSV in UTF-8 with one provision or note a row, and the columns entry_code, path, parent_path, kind
(provision, decontrol_note, note, technical_note, nb), text and valid_from (YYYY-MM-DD). Further columns are
ignored. Without encoded rules every provision decides by description: it proposes and asks, and never clears.
"""

import csv
import hashlib
import io
import pathlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from services.classification.domain.codes import ancestors
from services.classification.domain.entries import (
    ControlEntry,
    ControlList,
    Quality,
    Source,
    Term,
    TermKind,
    kind_of,
)
from services.classification.domain.standings import EARLIEST_DAY, LATEST_DAY, EntryStatus, Standing
from services.foundation.errors import XukeError, failed_precondition

COLUMNS: Final = ("path", "kind", "text", "valid_from")
_PROVISION: Final = "provision"
_DECONTROL: Final = "decontrol_note"
_KINDS: Final = frozenset({_PROVISION, _DECONTROL, "note", "technical_note", "nb"})
_NOT_USED: Final = re.compile(r"(not used|reserved|\[reserved\])[;. ]*", re.IGNORECASE)
_CAS: Final = re.compile(r"\(?\s*(?:C\.?A\.?S\.?)[^0-9()]{0,12}([0-9]{2,7}-[0-9]{2}-[0-9])\s*\)?")
_LONGEST_NAME: Final = 120
_SHOWN: Final = 200


def read_list_file(path: pathlib.Path, regime: str) -> ControlList:
    """The list of a file under the name of a regime; its version names the file's content.

    Errors: FAILED_PRECONDITION CLASSIFICATION_FILE_UNREADABLE, CLASSIFICATION_FILE_NOT_UTF8,
    CLASSIFICATION_FILE_COLUMN_MISSING, CLASSIFICATION_FILE_ROW_UNREADABLE or CLASSIFICATION_FILE_EMPTY with
    the file, the column and the line.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise failed_precondition("CLASSIFICATION_FILE_UNREADABLE", file=str(path)) from error
    return read_list_content(content, str(path), regime)


def read_list_content(content: bytes, path: str, regime: str) -> ControlList:
    """The same of the content of a file; `path` names it in errors."""
    rows = _rows(path, content)
    texts: dict[str, list[str]] = defaultdict(list)
    notes: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    since: dict[str, date] = {}
    for line, row in rows:
        code, text = row["path"].strip(), " ".join(row["text"].split())
        if not code or not text:
            continue
        if row["kind"] not in _KINDS:
            # A provision under a misspelt kind would be taken for one that is listed no longer.
            raise _unreadable(path, line, "kind")
        if row["kind"] == _PROVISION:
            if not _NOT_USED.fullmatch(text):
                texts[code].append(text)
                since.setdefault(code, _day(row["valid_from"], path, line))
        else:
            notes[code][row["kind"]].append(text)
    if not texts:
        raise failed_precondition("CLASSIFICATION_FILE_EMPTY", file=path)
    edition = max(since.values())
    version = f"{regime} {edition.isoformat()} sha256:{hashlib.sha256(content).hexdigest()[:12]}"
    source = Source(version, f"{regime} {edition.isoformat()}", "")
    entries = tuple(
        _entry(code, " ".join(dict.fromkeys(found)), _notes_of(code, notes), source, since[code])
        for code, found in texts.items()
    )
    return ControlList(regime, version, edition, min(since.values()), entries)


def _rows(path: str, content: bytes) -> Iterable[tuple[int, Mapping[str, str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise failed_precondition("CLASSIFICATION_FILE_NOT_UTF8", file=path, line=str(line)) from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    for column in COLUMNS:
        if column not in (reader.fieldnames or ()):
            raise failed_precondition(
                "CLASSIFICATION_FILE_COLUMN_MISSING", file=path, column=column, line="1"
            )
    try:
        for row in reader:
            if any(row[column] is None for column in COLUMNS):
                raise _unreadable(path, reader.line_num)
            yield reader.line_num, row
    except csv.Error as error:
        raise _unreadable(path, reader.line_num) from error


def _unreadable(path: str, line: int, column: str = "") -> XukeError:
    return failed_precondition("CLASSIFICATION_FILE_ROW_UNREADABLE", file=path, column=column, line=str(line))


def _day(text: str, path: str, line: int) -> date:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as error:
        raise _unreadable(path, line, "valid_from") from error
    if not EARLIEST_DAY <= day <= LATEST_DAY:
        raise _unreadable(path, line, "valid_from")
    return day


def _notes_of(code: str, notes: Mapping[str, Mapping[str, Sequence[str]]]) -> tuple[str, str]:
    """What releases from a provision, and its other notes; those above it hold for it as well."""
    released: list[str] = []
    other: list[str] = []
    for place in (code, *ancestors(code)):
        for kind, texts in notes.get(place, {}).items():
            (released if kind == _DECONTROL else other).extend(texts)
    return " ".join(released), " ".join(other)


def _entry(code: str, text: str, notes: tuple[str, str], source: Source, since: date) -> ControlEntry:
    bare = _CAS.sub(" ", text)
    name = " ".join(bare.split()).strip(" ;.:,")
    shown = name if len(name) <= _SHOWN else name[:_SHOWN].rsplit(" ", 1)[0] + " …"
    terms = [Term(number, TermKind.CAS_NUMBER) for number in _CAS.findall(text)]
    # A heading, or a characteristic below one, names no thing by itself: it is found by its words only.
    if terms and 0 < len(name) <= _LONGEST_NAME:
        terms.append(Term(name, TermKind.NAME))
    released, other = notes
    return ControlEntry(
        identifier=code,
        control_code=code,
        proposed_code="",
        kind=kind_of(code),
        category_zh="",
        category_en="",
        name_zh="",
        name_en=shown,
        parameters_zh="",
        parameters_en=text,
        parameters_complete=False,
        decontrol_zh="",
        decontrol_en=released,
        note_zh="",
        note_en=other,
        hs_references=(),
        terms=tuple(terms),
        source=source,
        standings=(Standing(EntryStatus.IN_FORCE, since, None, source.announcement),),
        quality=Quality.PARSED,
    )
