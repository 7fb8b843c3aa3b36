"""The number of a licence: readable, sortable by year, and safe against a slip of the pen.

    XK A 2026 32 0000123 C
    |  | |    |  |       check character
    |  | |    |  serial within instrument, year and issuer
    |  | |    issuer: 00 the ministry, otherwise the province (GB/T 2260, first two digits)
    |  | year of issue
    |  instrument
    prefix of the platform

The check character is that of ISO/IEC 7064:2003 MOD 11-2 (GB/T 17710-2008), the system of the resident
identity number (GB 11643). A pure system over a prime modulus detects every substitution of one character and
every transposition of two neighbours; the hybrid systems MOD 11,10 and MOD 37,36 miss some transpositions.
It needs no letter but X, so nothing in a number can be mistaken for anything else.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self, assert_never

from services.foundation.errors import FieldViolation, XukeError, invalid_argument

PREFIX: Final = "XK"
LENGTH: Final = 17
MINISTRY: Final = "00"
GREATEST_SERIAL: Final = 9_999_999

_EXAMPLE: Final = "XKA20263200001231"
_INSTRUMENT_AT: Final = len(PREFIX)
_DIGITS_FROM: Final = _INSTRUMENT_AT + 1
_CHECK_AT: Final = LENGTH - 1
_CHECK_CHARACTERS: Final = "0123456789X"
_LOOKALIKES: Final = {
    "O": "0",
    "Q": "0",
    "D": "0",
    "I": "1",
    "L": "1",
    "Z": "2",
    "S": "5",
    "G": "6",
    "B": "8",
}


class Instrument(StrEnum):
    """The kinds of export permission of 两用物项出口管制条例 (Regulation 792) Art. 15."""

    SINGLE = "SINGLE"
    """单项许可, Art. 15(2)."""
    GENERAL = "GENERAL"
    """通用许可, Art. 15(3)."""
    CERTIFICATE = "CERTIFICATE"
    """登记填报信息获得的出口凭证, Art. 15(4)."""


def instrument_letter(instrument: Instrument) -> str:
    """The letter of an instrument in the number: none that looks like a digit or like another letter used."""
    match instrument:
        case Instrument.SINGLE:
            return "A"
        case Instrument.GENERAL:
            return "T"
        case Instrument.CERTIFICATE:
            return "P"
        case _:
            assert_never(instrument)


_INSTRUMENT_BY_LETTER: Final = {instrument_letter(instrument): instrument for instrument in Instrument}
_VALUE_OF_LETTER: Final = {letter: value for value, letter in enumerate(_INSTRUMENT_BY_LETTER, start=1)}


def check_character(values: Iterable[int]) -> str:
    """Check character of ISO/IEC 7064 MOD 11-2 for values 0 to 9, most significant first."""
    total = 0
    for value in values:
        total = (total + value) * 2 % 11
    return _CHECK_CHARACTERS[(12 - total) % 11]


@dataclass(frozen=True, slots=True)
class LicenceNumber:
    """A licence number in its parts. Raises ValueError for a part out of range."""

    instrument: Instrument
    year: int
    issuer: str
    serial: int

    def __post_init__(self) -> None:
        if not 1000 <= self.year <= 9999:
            raise ValueError(f"the year of a licence number has four digits, not {self.year}")
        if not re.fullmatch("[0-9]{2}", self.issuer):
            raise ValueError(f"the issuer of a licence number is two digits, not {self.issuer!r}")
        if not 1 <= self.serial <= GREATEST_SERIAL:
            raise ValueError(f"the serial of a licence number is 1 to {GREATEST_SERIAL}, not {self.serial}")

    def __str__(self) -> str:
        """The number as stored and sent: 17 characters without separators."""
        return "".join(self._parts())

    @property
    def display(self) -> str:
        """The number in groups, as printed."""
        prefix, letter, *rest = self._parts()
        return " ".join((prefix + letter, *rest))

    def _parts(self) -> tuple[str, str, str, str, str, str]:
        letter = instrument_letter(self.instrument)
        digits = f"{self.year:04d}{self.issuer}{self.serial:07d}"
        check = check_character([_VALUE_OF_LETTER[letter], *map(int, digits)])
        return PREFIX, letter, digits[:4], digits[4:6], digits[6:], check

    @classmethod
    def parse(cls, text: str, field: str = "number") -> Self:
        """Read a number as people write it: spaces, hyphens, small and full-width letters are allowed.

        Raises XukeError INVALID_ARGUMENT naming `field`, with the position (from 1, separators not counted)
        of every character that cannot be there and what to write instead, or saying that the check fails.
        """
        compact = re.sub(r"[\s-]+", "", unicodedata.normalize("NFKC", text)).upper()
        violations = list(_violations(compact, field))
        if violations:
            raise invalid_argument(*violations)
        letter, digits = compact[_INSTRUMENT_AT], compact[_DIGITS_FROM:_CHECK_AT]
        if check_character([_VALUE_OF_LETTER[letter], *map(int, digits)]) != compact[_CHECK_AT]:
            raise _refused(field, "LICENCE_NUMBER_CHECK", number=compact)
        if not (int(digits[:4]) >= 1000 and int(digits[6:]) >= 1):
            raise _refused(field, "LICENCE_NUMBER_NEVER_ISSUED", number=compact)
        return cls(_INSTRUMENT_BY_LETTER[letter], int(digits[:4]), digits[4:6], int(digits[6:]))


def _refused(field: str, reason: str, **metadata: str) -> XukeError:
    return invalid_argument(FieldViolation(field, reason, metadata))


def _violations(compact: str, field: str) -> Iterable[FieldViolation]:
    if len(compact) != LENGTH:
        lengths = {"length": str(len(compact)), "expected": str(LENGTH), "example": _EXAMPLE}
        yield FieldViolation(field, "LICENCE_NUMBER_LENGTH", lengths)
        return
    for position, (found, expected) in enumerate(zip(compact, PREFIX, strict=False), start=1):
        if found != expected:
            yield _character(field, "LICENCE_NUMBER_CHARACTER", position, found, expected)
    if compact[_INSTRUMENT_AT] not in _INSTRUMENT_BY_LETTER:
        allowed = ", ".join(_INSTRUMENT_BY_LETTER)
        yield _character(
            field, "LICENCE_NUMBER_CHARACTER", _INSTRUMENT_AT + 1, compact[_INSTRUMENT_AT], allowed
        )
    for position, found in enumerate(compact[_DIGITS_FROM:], start=_DIGITS_FROM + 1):
        is_check = position == LENGTH
        if found in _CHECK_CHARACTERS[: 11 if is_check else 10]:
            continue
        if found in _LOOKALIKES:
            yield _character(field, "LICENCE_NUMBER_LOOKALIKE", position, found, _LOOKALIKES[found])
        else:
            yield _character(
                field, "LICENCE_NUMBER_CHARACTER", position, found, "0-9, X" if is_check else "0-9"
            )


def _character(field: str, reason: str, position: int, found: str, expected: str) -> FieldViolation:
    return FieldViolation(field, reason, {"position": str(position), "found": found, "expected": expected})
