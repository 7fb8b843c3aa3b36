"""What is wrong with a file that was brought in: by line and column, apart from what is wrong with the form."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from services.foundation.errors import FieldViolation
from services.portal.answers import sentence

FAULTS_SHOWN: Final = 50
# "lines[12].effective_from"; the line alone where no column is at fault, the column alone where it is missing.
_PLACE: Final = re.compile(r"lines\[(?P<line>\d+)\](?:\.(?P<column>.+))?|columns\.(?P<header>.+)")


@dataclass(frozen=True)
class LineFault:
    """A fault at a line, counted from 1 with the line of headings; 0 is the whole file."""

    line: int
    column: str
    said: str


@dataclass(frozen=True)
class FileFaults:
    """The first faults in the order of the file, and how many there are."""

    shown: tuple[LineFault, ...] = ()
    count: int = 0


def faults_of_file(violations: Iterable[FieldViolation]) -> tuple[FileFaults, list[FieldViolation]]:
    """The faults of lines and columns, and the violations about anything else."""
    found: list[LineFault] = []
    others: list[FieldViolation] = []
    for one in violations:
        place = _PLACE.fullmatch(one.field)
        if place is None:
            others.append(one)
        else:
            found.append(
                LineFault(int(place["line"] or 0), place["column"] or place["header"] or "", sentence(one))
            )
    found.sort(key=lambda one: one.line)
    return FileFaults(tuple(found[:FAULTS_SHOWN]), len(found)), others
