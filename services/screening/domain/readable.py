"""Which names of an export can be compared with the lists.

A body without a name is not screened at all, nor is one whose name is too long to be read to its end. A name in
a writing that the matcher does not know says who the body is to a person, though not to the program.
"""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from services.foundation.errors import FieldViolation
from services.screening.domain.finding import is_written, pieces_of
from services.screening.matching.text import Script, clean, script_of


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one body, and the field that it stands in."""

    field: str
    name_zh: str
    name_en: str


def wrong_names(names: Names) -> Iterable[FieldViolation]:
    """Why a body is not screened: SCREENING_PARTY_UNNAMED, or SCREENING_NAME_TOO_LONG for each such name."""
    written = {
        own: name
        for own, name in (("name_zh", names.name_zh), ("name_en", names.name_en))
        if is_written(name)
    }
    if not written:
        yield FieldViolation(f"{names.field}.name_zh", "SCREENING_PARTY_UNNAMED")
    for own, name in written.items():
        if not pieces_of(name):
            yield FieldViolation(f"{names.field}.{own}", "SCREENING_NAME_TOO_LONG")


def unreadable_names(names: Names, reads: Callable[[str], bool]) -> list[str]:
    """The names of a body that cannot be read, or not all of whose words can."""
    return [
        name
        for name in (names.name_zh, names.name_en)
        if is_written(name) and (_holds_unknown_letters(name) or not any(map(reads, pieces_of(name))))
    ]


def _holds_unknown_letters(name: str) -> bool:
    """Whether a name holds letters of a writing that is passed over: what is left of it says too little."""
    return any(
        one.isalpha() and script_of(one) is Script.OTHER and unicodedata.category(one) != "Lm"
        for piece in pieces_of(name)
        for one in clean(piece)
    )
