"""Numbers as people write them, read exactly.

A numeral that can be read in two ways gives both readings: 1,270 is one thousand two hundred and seventy or
1.27 with a decimal comma, and 3×106 is 318 or three million with a lost superscript.
"""

import re
import unicodedata
from fractions import Fraction
from typing import Final

_SUPERSCRIPT_RUN: Final = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+")
_SUPERSCRIPTS: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_MULTIPLIERS: Final = {"万": 10**4, "亿": 10**8, "": 1}
_LARGEST_EXPONENT: Final = 60
_LONGEST_NUMERAL: Final = 60

# A numeral in normalised text; the sign belongs to it only where no digit or unit stands before.
NUMERAL: Final = (
    r"[-+]?(?:10\^[-+]?\d{1,3}"
    r"|(?:\d[\d,]*+(?:\.\d*+)?|\.\d++)(?:\s?[x×*·]\s?10\^?[-+]?\d{1,3}|[eE][-+]?\d{1,3}(?!\d))?)(?:万|亿)?"
)
_PARTS: Final = re.compile(
    r"(?P<sign>[-+]?)(?:10\^(?P<power>[-+]?\d{1,3})"
    r"|(?P<mantissa>\d[\d,]*+(?:\.\d*+)?|\.\d++)"
    r"(?:\s?[x×*·]\s?10(?P<caret>\^?)(?P<times>[-+]?\d{1,3})|[eE](?P<exponent>[-+]?\d{1,3}))?)"
    r"(?P<multiplier>[万亿]?)"
)
# Spaces between groups of three figures: 1 300.
_GROUPS: Final = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
_GROUPED: Final = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+")


def plain_text(text: str) -> str:
    """Text in one width, with raised figures after ^ and one minus sign."""
    raised = _SUPERSCRIPT_RUN.sub(lambda run: "^" + run.group().translate(_SUPERSCRIPTS), text)
    plain = _GROUPS.sub("", unicodedata.normalize("NFKC", raised))
    return plain.replace("−", "-").replace("‐", "-").replace("‑", "-").replace("✕", "×").replace("X10", "x10")


def readings(numeral: str) -> tuple[Fraction, ...]:
    """All values that a numeral in plain text can mean, the likeliest first; none where it is no numeral."""
    match = _PARTS.fullmatch(numeral.strip())
    if match is None or len(numeral) > _LONGEST_NUMERAL:
        return ()
    sign = -1 if match["sign"] == "-" else 1
    scale = sign * _MULTIPLIERS[match["multiplier"]]
    if match["power"] is not None:
        power = _power(match["power"])
        return () if power is None else (scale * power,)
    mantissas = _mantissas(match["mantissa"])
    exponent = match["exponent"] or match["times"]
    if exponent is None:
        factors: tuple[Fraction, ...] = (Fraction(1),)
    else:
        power = _power(exponent)
        if power is None:
            return ()
        # Without a caret and without a sign the exponent may be digits of the factor itself.
        lost = match["times"] is not None and not match["caret"] and exponent[0] not in "+-"
        factors = (power, Fraction(int("10" + exponent))) if lost else (power,)
    return tuple(dict.fromkeys(scale * mantissa * factor for mantissa in mantissas for factor in factors))


def _power(exponent: str) -> Fraction | None:
    number = int(exponent)
    return Fraction(10) ** number if abs(number) <= _LARGEST_EXPONENT else None


def _mantissas(text: str) -> tuple[Fraction, ...]:
    if "," not in text:
        return (Fraction(text.rstrip(".") or "0"),)
    whole, point, decimals = text.partition(".")
    if point:
        return (
            (Fraction(whole.replace(",", "") + "." + (decimals or "0")),) if _GROUPED.fullmatch(whole) else ()
        )
    grouped = (Fraction(text.replace(",", "")),) if _GROUPED.fullmatch(text) else ()
    # Several commas can only separate thousands.
    decimal = (Fraction(text.replace(",", ".")),) if text.count(",") == 1 and not text.endswith(",") else ()
    return grouped + decimal


def as_written(value: Fraction) -> str:
    """A value as a decimal numeral: exact where it ends, else to fifteen significant figures after ≈."""
    denominator = value.denominator
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    if denominator == 1:
        return _exact(value)
    if value < 0:
        return "≈-" + as_written(-value).removeprefix("≈")
    shift = 15 - len(str(int(value))) if value >= 1 else 15 + _leading_zeros(value)
    return "≈" + _exact(Fraction(round(value * Fraction(10) ** shift)) / Fraction(10) ** shift)


def _leading_zeros(value: Fraction) -> int:
    zeros = 0
    while value * Fraction(10) ** (zeros + 1) < 1:
        zeros += 1
    return zeros


def _exact(value: Fraction) -> str:
    digits = 0
    scaled = value
    while scaled.denominator != 1:
        scaled *= 10
        digits += 1
    number = abs(scaled.numerator)
    sign = "-" if value < 0 else ""
    if not digits:
        return f"{sign}{number}"
    text = str(number).rjust(digits + 1, "0")
    return f"{sign}{text[:-digits]}.{text[-digits:]}"
