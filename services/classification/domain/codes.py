"""Codes: control codes of the dual-use list, commodity codes of the tariff, CAS numbers.

A control code is a digit for the field, a letter for the kind of item, three digits, then sub-items after
dots (两用物项出口管制清单, Announcement 2024 No. 51). A commodity code is kept as text: leading zeros count.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_CONTROL_CODE = re.compile(r"^([0-9][A-E][0-9]{3})((?:\.[a-z0-9]{1,3})*)$")
_CAS_NUMBER = re.compile(r"^([0-9]{2,7})-([0-9]{2})-([0-9])$")
HS_LENGTHS = (10, 8, 6, 4)
# What word processors and input methods put in the place of a hyphen, among them the minus sign.
_HYPHENS: Final = str.maketrans(dict.fromkeys("\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"))


def plain_code(text: str) -> str:
    """Text in which codes are read: one width of characters, one hyphen."""
    return unicodedata.normalize("NFKC", text).translate(_HYPHENS)


def normalise_control_code(text: str) -> str | None:
    """The one spelling of a control code, for example "1C117.d.1"; None when it is not one."""
    squeezed = "".join(plain_code(text).split()).rstrip(".")
    head, dot, tail = squeezed.partition(".")
    match = _CONTROL_CODE.match(head.upper() + dot + tail.lower())
    return match.group(0) if match else None


def ancestors(control_code: str) -> tuple[str, ...]:
    """The codes above a normalised control code, nearest first: 1C117.d.1 gives 1C117.d and 1C117."""
    parts = control_code.split(".")
    return tuple(".".join(parts[:length]) for length in range(len(parts) - 1, 0, -1))


def normalise_hs_code(text: str) -> str | None:
    """The digits of a commodity code of 4, 6, 8 or 10 digits; None when it is not one."""
    digits = re.sub(r"[-.\s]", "", plain_code(text))
    return digits if digits.isascii() and digits.isdigit() and len(digits) in HS_LENGTHS else None


def normalise_cas_number(text: str) -> str | None:
    """A CAS registry number whose check digit holds; None otherwise.

    The check digit is the sum of the other digits, each times its place from the right, modulo 10.
    """
    match = _CAS_NUMBER.match(re.sub(r"\s*-\s*", "-", plain_code(text).strip()))
    if match is None:
        return None
    digits = (match.group(1) + match.group(2))[::-1]
    weighed = sum(place * int(digit) for place, digit in enumerate(digits, start=1))
    return match.group(0) if weighed % 10 == int(match.group(3)) else None


@dataclass(frozen=True, slots=True)
class HsRegister:
    """The commodity codes that exist: HS 2022 to six digits and national codes known from announcements."""

    codes: frozenset[str]
    _headings: frozenset[str]
    _licence_catalogue: frozenset[str]

    @classmethod
    def of(cls, codes: Iterable[str], licence_catalogue: Iterable[str] = ()) -> "HsRegister":
        """A register of the given codes of 6, 8 or 10 digits, and which of them the licence catalogue prints."""
        known = frozenset(codes)
        headings = frozenset(code[:length] for code in known for length in (4, 6))
        return cls(known, headings, frozenset(licence_catalogue))

    def exists(self, hs_code: str) -> bool:
        """Whether the international part of a normalised code (its first four or six digits) exists.

        The national digits behind it are not decided here: the register holds only those that control
        announcements and the licence catalogue name.
        """
        return hs_code[:6] in self._headings

    def in_licence_catalogue(self, hs_code: str) -> bool:
        """Whether the licence catalogue of the year prints a normalised code of ten digits.

        两用物项和技术进出口许可证管理目录: goods under such a code need a licence where they are what an entry
        describes, and some of its codes have no entry in the list as loaded.
        """
        return hs_code in self._licence_catalogue

    @property
    def without_licence_catalogue(self) -> "HsRegister":
        """The same codes, none of them of the licence catalogue."""
        return HsRegister(self.codes, self._headings, frozenset())
