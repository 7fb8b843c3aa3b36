"""The months of the year in English, as days are written out in both languages."""

from datetime import date
from typing import Final

ENGLISH: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def english_day(day: date) -> str:
    """A day as it is written in English, such as 20 November 2026."""
    return f"{day.day} {ENGLISH[day.month - 1]} {day.year}"


def month_of(word: str) -> int:
    """The number of the month whose name begins with a word, in any case. Raises ValueError if there is none."""
    for number, name in enumerate(ENGLISH, start=1):
        if name.lower().startswith(word.lower()):
            return number
    raise ValueError(word)
