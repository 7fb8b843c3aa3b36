"""A personal name in Han characters as it is written elsewhere: in Taiwan, Hong Kong, Korea and Japan.

The same characters are Chiang in Wade-Giles, Cheung in Hong Kong, 장 in Korea. Readings are made only where a table
knows every character, so that they add few chance likenesses.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from services.screening.matching.characters import fold_han
from services.screening.matching.reference import rows
from services.screening.matching.text import Script

_LONGEST: Final = 4
_LONGEST_JAPANESE: Final = 6
_LONGEST_SURNAME: Final = 3

_WADE_GILES_WHOLE: Final = {
    "yi": "i", "you": "yu", "yan": "yen", "ye": "yeh", "yong": "yung", "zhi": "chih", "chi": "chih", "shi": "shih",
    "ri": "jih", "zi": "tzu", "ci": "tzu", "si": "ssu", "er": "erh", "e": "o", "ge": "ko", "ke": "ko", "he": "ho",
    "gui": "kuei", "kui": "kuei",
}  # fmt: skip
_WADE_GILES_INITIALS: Final = (
    ("zh", "ch"), ("ch", "ch"), ("sh", "sh"), ("b", "p"), ("d", "t"), ("g", "k"), ("j", "ch"), ("q", "ch"),
    ("x", "hs"), ("r", "j"), ("z", "ts"), ("c", "ts"),
)  # fmt: skip
_WADE_GILES_FINALS: Final = {
    "ian": "ien", "ie": "ieh", "iong": "iung", "ong": "ung", "ue": "ueh", "ve": "ueh", "v": "u",
}  # fmt: skip
_SHORT_O: Final = ("d", "t", "n", "l", "z", "c", "s", "zh", "ch", "r")


@lru_cache(maxsize=1024)
def wade_giles(syllable: str) -> str:
    """A pinyin syllable in Wade-Giles, without apostrophes and accents."""
    whole = _WADE_GILES_WHOLE.get(syllable)
    if whole is not None:
        return whole
    initial = next(
        (one for one in ("zh", "ch", "sh", *"bpmfdtnlgkhjqxrzcsyw") if syllable.startswith(one)), ""
    )
    final = syllable[len(initial) :]
    final = "o" if final == "uo" and initial in _SHORT_O else _WADE_GILES_FINALS.get(final, final)
    return dict(_WADE_GILES_INITIALS).get(initial, initial) + final


@lru_cache(maxsize=1)
def _abroad() -> dict[str, tuple[str, str]]:
    return {row["characters"]: (row["cantonese"], row["hangul"]) for row in rows("han_readings.csv")}


@lru_cache(maxsize=1)
def _japanese() -> dict[tuple[str, str], str]:
    return {(row["kind"], row["characters"]): row["reading"] for row in rows("japanese_names.csv")}


def readings_elsewhere(text: str) -> Iterator[tuple[Script, tuple[str, ...]]]:
    """Surname and given name with the script they are written in; none for what is no such name."""
    folded = fold_han(text)
    yield from _in_japan(folded)
    if not 2 <= len(folded) <= _LONGEST:
        return
    table = _abroad()
    surname_length = 2 if folded[:2] in table and len(folded) > 2 else 1
    surname, given = table.get(folded[:surname_length]), folded[surname_length:]
    if surname is None or any(one not in table for one in given):
        return
    yield Script.LATIN, (surname[0], "".join(table[one][0] for one in given))
    yield Script.HANGUL, (surname[1], "".join(table[one][1] for one in given))


def _in_japan(folded: str) -> Iterator[tuple[Script, tuple[str, ...]]]:
    if not 2 <= len(folded) <= _LONGEST_JAPANESE:
        return
    table = _japanese()
    for length in range(min(_LONGEST_SURNAME, len(folded) - 1), 0, -1):
        surname, given = table.get(("surname", folded[:length])), table.get(("given", folded[length:]))
        if surname and given:
            yield Script.LATIN, (surname, given)
            return
