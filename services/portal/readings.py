"""How what people type is read: full-width digits, grouped numbers, days as they are written in both languages."""

import re
import unicodedata
from datetime import date
from typing import Final

from services.foundation.months import month_of

_DAY_NUMBERS: Final = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_DAY_DIGITS: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DAY_WORDS: Final = re.compile(r"(\d{1,2})\s+([a-z]{3,9})\.?,?\s+(\d{4})")
_BLANKS: Final = re.compile(r"[\t\v\f\xa0\u2028\u2029]")
# Controls and marks of format.
_UNSEEN: Final = frozenset({"Cc", "Cf"})
_GROUPED: Final = re.compile(r"\d{1,3}(,\d{3})+(\.\d*)?")


def as_text(typed: str) -> str:
    """A text without blanks around it, and without what nobody sees.

    Tabs are pasted with text from tables, and zero-width blanks and marks of order or direction with text from
    documents. Nothing that is printed may hold them, and nobody could find them to take them away.
    """
    plain = _BLANKS.sub(" ", typed)
    return "".join(one for one in plain if one == "\n" or unicodedata.category(one) not in _UNSEEN).strip()


def as_control_code(typed: str) -> str:
    """A code of the control list as it is spelt there: "１ｃ１１７．Ｄ．１" is "1C117.d.1"."""
    head, dot, tail = re.sub(r"\s", "", unicodedata.normalize("NFKC", as_text(typed))).partition(".")
    return head.upper() + dot + tail.lower()


def as_code(typed: str) -> str:
    """Capital letters and digits, however they were grouped: "2841.80 1000" is "2841801000"."""
    return re.sub(r"[\s.\-]", "", unicodedata.normalize("NFKC", as_text(typed))).upper()


def as_number(typed: str) -> str:
    """A decimal without groups: "12,000.5" is "12000.5".

    A comma that groups no thousands stays, so that "12,5" is found wrong and not taken for 125.
    """
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", as_text(typed)))
    return plain.replace(",", "") if _GROUPED.fullmatch(plain) else plain


def day_of_law(typed: str) -> str | None:
    """A day as YYYY-MM-DD, empty where none is typed, None for what is no day; see `as_day`."""
    try:
        return date.fromisoformat(as_day(typed)).isoformat() if typed.strip() else ""
    except ValueError:
        return None


def as_day(typed: str) -> str:
    """A day as YYYY-MM-DD: from 2026-10-12, 2026/10/12, 2026年10月12日, 20261012 or 12 October 2026.

    Raises ValueError for what is no day.
    """
    plain = unicodedata.normalize("NFKC", as_text(typed)).lower()
    if not plain:
        return ""
    if match := _DAY_NUMBERS.fullmatch(plain) or _DAY_DIGITS.fullmatch(plain):
        year, month, day = map(int, match.groups())
    elif match := _DAY_WORDS.fullmatch(plain):
        year, month, day = int(match[3]), month_of(match[2]), int(match[1])
    else:
        raise ValueError(typed)
    return date(year, month, day).isoformat()


def lines(typed: str) -> list[str]:
    """The lines that say something."""
    return [line for line in map(as_text, typed.splitlines()) if line]
