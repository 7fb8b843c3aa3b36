"""Classifies files of items, row by row, and explains one entry; nothing is kept.

Files are CSV in UTF-8 with a first row of column names: id, hs, name_zh, name_en, description, parameters
(`name=value unit; ...`), destination, end_use; any of them may be absent except id. A row that cannot be read
as it stands, for example for an unknown commodity code, is classified by the rest of it and asks for the code.
"""

import csv
import pathlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import BinaryIO, Final

from services.classification.domain.classify import classify
from services.classification.domain.entries import ControlList
from services.classification.domain.index import ListIndex
from services.classification.domain.item import Item, StatedParameter
from services.classification.domain.legal_regimes import FoundRegime
from services.classification.domain.outcomes import (
    CATCH_ALL,
    Candidate,
    Classification,
    FindingCode,
    Outcome,
)
from services.classification.examination import Examination, read_examination
from services.classification.reference_files import read_control_list, read_search_policy
from services.classification.rules.parameters import split_parameters
from services.classification.sentences import question_text, reason_text, remark_text
from services.foundation.errors import XukeError, failed_precondition

RESULT_COLUMNS: Final = (
    "id",
    "overall",
    "codes",
    "questions",
    "reasons",
    "customs_remark",
    "related",
    "as_of",
    "list_version",
    "legal_regimes",
)
_LONGEST_FIELD: Final = 1 << 24
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
# No name of a column: it marks a row with more cells than there are columns, of which none is where it belongs.
MORE_CELLS: Final = "\0"

Advance = Callable[[int], None]
Row = Mapping[str, str]


@dataclass(frozen=True)
class Classifier:
    """One list with what its items are examined with, on one legal day."""

    index: ListIndex
    examination: Examination
    as_of: date

    def classify(self, item: Item) -> Classification:
        """Classifies an item. Errors: see `classify`."""
        regime = self.index.control_list.regime
        return classify(
            item,
            self.as_of,
            self.index,
            self.examination.register_of(regime),
            self.examination.judges_of(regime),
            self.examination.agencies_of(regime),
            regimes=self.examination.legal_regimes_of(regime),
        )


def classifier_of(as_of: date, control_list: ControlList | None = None) -> Classifier:
    """A classifier over a list; without one, over the list as shipped."""
    index = ListIndex(control_list or read_control_list(), read_search_policy())
    return Classifier(index, read_examination(), as_of)


def classify_rows(rows: Iterable[tuple[int, Row]], classifier: Classifier) -> Iterator[tuple[str, ...]]:
    """The result of each row, in order."""
    for _, row in rows:
        if MORE_CELLS in row:
            yield _result(row.get("id", ""), None, ("CLASSIFICATION_ROW_MORE_CELLS",), classifier)
            continue
        answer, wrong = _answer(item_of(row), classifier)
        yield _result(row.get("id", ""), answer, wrong, classifier)


def classify_rows_under(
    rows: Iterable[tuple[int, Row]], classifiers: Sequence[Classifier]
) -> Iterator[tuple[str, ...]]:
    """The results of each row, one of each list in their order; `list_version` tells which."""
    for row in rows:
        for classifier in classifiers:
            yield from classify_rows((row,), classifier)


def item_of(row: Row) -> Item:
    """The item of a row; a destination that is no country code is left out."""

    def value(column: str) -> str:
        return row.get(column, "").strip()

    destination = value("destination").upper()
    return Item(
        name_zh=value("name_zh"),
        name_en=value("name_en"),
        description=value("description"),
        hs_code=value("hs"),
        parameters=parameters_of(value("parameters")),
        destination=destination if _COUNTRY.fullmatch(destination) else "",
        end_use=value("end_use"),
    )


def parameters_of(text: str) -> tuple[StatedParameter, ...]:
    """The parameters of `name=value unit; ...`; a part without a value states nothing."""
    return tuple(StatedParameter(each.name, each.value) for each in split_parameters(text))


def _answer(item: Item, classifier: Classifier) -> tuple[Classification | None, tuple[str, ...]]:
    """The classification, without a commodity code that cannot be read, and why what could not be read."""
    try:
        return classifier.classify(item), ()
    except XukeError as error:
        reasons = tuple(violation.reason for violation in error.violations)
    if not item.hs_code:
        return None, reasons
    again, more = _answer(replace(item, hs_code=""), classifier)
    return again, (*reasons, *more)


def _result(
    identifier: str, answer: Classification | None, wrong: tuple[str, ...], classifier: Classifier
) -> tuple[str, ...]:
    day, version = classifier.as_of.isoformat(), classifier.index.control_list.version
    refused = tuple(reason_text(reason) for reason in wrong)
    if answer is None:
        return (identifier, Outcome.NEEDS_INFORMATION.name, "", _lines(refused), "", "", "", day, version, "")
    overall = max(answer.overall, Outcome.NEEDS_INFORMATION) if wrong else answer.overall
    # The three questions of the catch-all stand where nothing else is left to ask.
    asked = [question for question in answer.questions if question.code not in CATCH_ALL]
    if overall <= Outcome.DECONTROLLED:
        asked = list(answer.questions)
    return (
        identifier,
        overall.name,
        "; ".join(f"{each.entry.code}={each.outcome.name}" for each in answer.candidates),
        _lines((*refused, *(question_text(question).zh for question in asked))),
        _lines(_reason(candidate) for candidate in answer.candidates),
        remark_text(answer.remark).zh if answer.remark is not None and not wrong else "",
        "; ".join(f"{each.entry.code}={each.outcome.name}" for each in answer.related),
        day,
        version,
        "; ".join(_regime(each) for each in answer.regimes),
    )


def _regime(found: FoundRegime) -> str:
    name = f"{found.regime}/{found.track}" if found.track else found.regime.value
    return f"{name}={'POSSIBLE' if found.possible else 'CERTAIN'}"


def _reason(candidate: Candidate) -> str:
    pointed = ", ".join(f"{each.code}({each.entry_value})" for each in candidate.pointers)
    found = ", ".join(candidate.findings)
    if FindingCode.DECONTROL_SHOWN in candidate.findings:
        found += f"（{candidate.entry.decontrol_zh}）"
    return f"{candidate.entry.code}: {pointed}; {found}"


def _lines(texts: Iterable[str]) -> str:
    return " | ".join(text.replace("|", "/") for text in texts)


def read_rows(path: pathlib.Path, needed: Iterable[str], advance: Advance) -> Iterator[tuple[int, Row]]:
    """The rows of a file with their line; `advance` is told how many bytes were read.

    Errors: FAILED_PRECONDITION CLASSIFICATION_FILE_UNREADABLE, _NOT_UTF8, _EMPTY, _COLUMN_MISSING or
    _ROW_UNREADABLE with the file, the column and the line.
    """
    # A field may be longer than the module's limit; what is read of it is limited later.
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_FIELD))
    try:
        file = path.open("rb")
    except OSError as error:
        raise failed_precondition("CLASSIFICATION_FILE_UNREADABLE", file=str(path)) from error
    with file:
        reader = csv.reader(_decoded(file, path, advance))
        try:
            header = next(reader, None)
            if header is None:
                raise failed_precondition("CLASSIFICATION_FILE_EMPTY", file=str(path))
            columns = [name.strip().lower() for name in header]
            for column in needed:
                if column not in columns:
                    raise failed_precondition(
                        "CLASSIFICATION_FILE_COLUMN_MISSING", file=str(path), column=column, line="1"
                    )
            for values in reader:
                if values:
                    row = dict(zip(columns, values, strict=False))
                    if any(value.strip() for value in values[len(columns) :]):
                        row[MORE_CELLS] = "yes"
                    yield reader.line_num, row
        except csv.Error as error:
            raise failed_precondition(
                "CLASSIFICATION_FILE_ROW_UNREADABLE", file=str(path), column="", line=str(reader.line_num)
            ) from error


def _decoded(file: BinaryIO, path: pathlib.Path, advance: Advance) -> Iterator[str]:
    for number, line in enumerate(file, 1):
        advance(len(line))
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8").replace("\0", "")
        except UnicodeDecodeError as error:
            raise failed_precondition(
                "CLASSIFICATION_FILE_NOT_UTF8", file=str(path), line=str(number)
            ) from error
