"""Names of the codes that stand on a licence, from the reference file, read once."""

import csv
import functools
import pathlib
from collections.abc import Mapping
from enum import StrEnum

from services.licensing.document.canonical import BilingualText, CodedName

_FILE = pathlib.Path(__file__).parent / "reference" / "licence_code_names.csv"


class CodeList(StrEnum):
    """The code lists of the reference file."""

    COUNTRY = "country"
    UNIT = "unit"
    CUSTOMS_OFFICE = "customs_office"
    TRANSFER_MODE = "transfer_mode"


@functools.cache
def _names() -> Mapping[tuple[str, str], BilingualText]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        return {
            (row["list"], row["code"]): BilingualText(row["name_zh"], row["name_en"])
            for row in csv.DictReader(file)
        }


def coded_name(code_list: CodeList, code: str) -> CodedName:
    """A code with its name; a code that the list does not know is its own name, so that nothing is guessed."""
    return CodedName(code, _names().get((code_list.value, code)) or BilingualText(code, code))
