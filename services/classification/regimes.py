"""Which list a regime has: the shipped one, or one from a file in either of the documented forms.

A file in the template (`imports/README.md`) is told by its column `identifier`; any other is read as the European list.
"""

import csv
import pathlib
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from services.classification.batch import Classifier, classifier_of
from services.classification.domain.entries import ControlList
from services.classification.domain.list_rows import list_of, standings_of
from services.classification.examination import ENCODED_REGIME
from services.classification.imports.template import read_template
from services.classification.list_files import read_list_content
from services.foundation.errors import XukeError, failed_precondition, invalid_argument

_NOT_IN_NAMES: Final = re.compile(r"[^0-9a-z]+")


def classifiers_of(regime: str, list_files: Sequence[pathlib.Path], as_of: date) -> tuple[Classifier, ...]:
    """A classifier of each file, or of the regime (empty: the shipped one) where there is none.

    A file is of the regime that is stated, else of the one that it is called after: `wa_list.csv` holds `wa_list`.
    Errors: see `classifier_of_regime`.
    """
    if not list_files:
        return (classifier_of_regime(regime or ENCODED_REGIME, None, as_of),)
    return tuple(
        classifier_of_regime(regime or regime_called_after(path), path, as_of) for path in list_files
    )


def regime_called_after(path: pathlib.Path) -> str:
    """The name of the regime whose list a file holds, by the name of the file."""
    return _NOT_IN_NAMES.sub("_", path.stem.lower()).strip("_") or "list"


def classifier_of_regime(regime: str, list_file: pathlib.Path | None, as_of: date) -> Classifier:
    """A classifier of a regime. Errors: FAILED_PRECONDITION CLASSIFICATION_LIST_NEEDED; see `read_list`."""
    if list_file is not None:
        return classifier_of(as_of, read_list(list_file, regime, as_of))
    if regime != ENCODED_REGIME:
        raise failed_precondition("CLASSIFICATION_LIST_NEEDED", regime=regime)
    return classifier_of(as_of)


def read_list(path: pathlib.Path, regime: str, as_of: date) -> ControlList:
    """The list of a file under the name of a regime.

    Errors: those of `read_list_content` for the European form; INVALID_ARGUMENT with every fault, each with file, line
    and column, for the template.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise failed_precondition("CLASSIFICATION_FILE_UNREADABLE", file=str(path)) from error
    if "identifier" not in _columns(content):
        return read_list_content(content, str(path), regime)
    try:
        rows = read_template(content, {}, as_of)
    except XukeError as error:
        faults = (replace(each, field=f"{path} {each.field}") for each in error.violations)
        raise invalid_argument(*faults) from error
    if not rows:
        raise failed_precondition("CLASSIFICATION_FILE_EMPTY", file=str(path))
    begun = [each.since for row in rows for each in standings_of(row)]
    return list_of(regime, max(begun), min(begun), rows)


def _columns(content: bytes) -> list[str]:
    first = content.split(b"\n", 1)[0].decode("utf-8-sig", errors="replace")
    return [name.strip().lower() for name in next(csv.reader([first]), [])]
