"""A value with its unit as an exporter writes it, read into exact SI intervals.

Read are single figures, bounds (≥, 不小于, 以上, min), ranges (500~1200 ℃), tolerances (10±0.5 mm, ±3 ℃),
approximations (约), alternatives (915/2450 MHz) and grades of purity in nines (5N5). What cannot be read
keeps its text and the fault.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Final

from services.classification.rules.faults import Fault
from services.classification.rules.intervals import Interval
from services.classification.rules.numerals import NUMERAL, plain_text, readings
from services.classification.rules.quantities import Better, Quantity
from services.classification.rules.units import Unit, UnitTable

LONGEST_VALUE: Final = 200
_APPROXIMATION: Final = Fraction(1, 20)
_HUNDRED: Final = Fraction(100)

_AT_LEAST: Final = (
    "≥ >= => ≧ ⩾ 大于等于 大于或等于 不小于 不少于 不低于 至少 最小 最低 min. min minimum at-least not-less-than "
    "no-less-than greater-than-or-equal-to equal-to-or-greater-than"
)
_MORE: Final = "> 大于 超过 高于 多于 above over more-than greater-than exceeding exceeds"
_AT_MOST: Final = (
    "≤ <= =< ≦ ⩽ 小于等于 小于或等于 不大于 不超过 不多于 不高于 至多 最大 最高 max. max maximum at-most up-to "
    "not-more-than no-more-than less-than-or-equal-to equal-to-or-less-than within"
)
_LESS: Final = "< 小于 低于 少于 不足 不到 below under less-than"
_BETTER: Final = "优于 好于 better-than"
_ABOUT: Final = "约 大约 近似 左右 approx. approx approximately about circa ca. ≈ ~"
_AT_LEAST_AFTER: Final = "及以上 或以上 以上 or-more or-above and-above or-greater min. min minimum"
_AT_MOST_AFTER: Final = "及以下 或以下 以下 以内 之内 or-less or-below and-below max. max maximum"

_SEPARATOR: Final = r"(?:[~-]{1,2}|–|—|―|至|到|to|\.\.+|…|and|和|与)"
_UNIT: Final = r"(?:[^\d\s~±<>≤≥=;,+.×xX*·^-][^~±<>≤≥=;]*?|1\s?/\s?[^\d~±<>≤≥=;]+\d?|/[^\d~±<>≤≥=;]+\d?)"
_SINGLE: Final = re.compile(rf"(?P<one>{NUMERAL})\s*(?P<unit>{_UNIT})?")
_RANGE: Final = re.compile(
    rf"(?P<one>{NUMERAL})\s*(?P<first>{_UNIT})?\s*{_SEPARATOR}\s*(?P<two>{NUMERAL})\s*(?P<unit>{_UNIT})?"
)
_TOLERANCE: Final = re.compile(
    rf"(?P<one>{NUMERAL})?\s*(?P<first>{_UNIT})?\s*(?:±|\+/-|\+-)\s*(?P<two>{NUMERAL})\s*(?P<unit>{_UNIT})?"
)
_NINES: Final = re.compile(r"(?P<nines>[1-9])[Nn](?P<last>[1-9])?")
_ALTERNATIVES: Final = re.compile(r"\s*(?:/|、|或者|或|;|,(?!\d)|\bor\b)\s*(?=[\d.])")


_TOLERANCE_IN_BRACKETS: Final = re.compile(r"\(([^()]*±[^()]*)\)")
# Words in brackets after the value: 1300 MPa (typical).
_REMARK: Final = re.compile(r"\s*\([^()\d]*\)$")


@dataclass(frozen=True, slots=True)
class Measure:
    """One stated value: every reading of it in SI, or the fault that keeps it from being read.

    `written` is what was given, `written_si` its readings in SI; `conditions` are the quantities at which it was
    measured, with their readings.
    """

    quantity: str
    written: str
    intervals: tuple[Interval, ...]
    unit: Unit | None = None
    fault: Fault | None = None
    is_range: bool = False
    conditions: tuple[tuple[str, Interval], ...] = ()
    written_si: str = ""

    @staticmethod
    def of(
        quantity: Quantity,
        written: str,
        intervals: tuple[Interval, ...],
        unit: Unit | None,
        fault: Fault | None = None,
        *,
        is_range: bool = False,
        conditions: tuple[tuple[str, Interval], ...] = (),
    ) -> "Measure":
        """A value with its readings written in SI."""
        shown = " | ".join(interval.written for interval in intervals)
        symbol = quantity.dimension.si_unit
        return Measure(
            quantity.identifier,
            written,
            intervals,
            unit,
            fault,
            is_range,
            conditions,
            shown if symbol == "1" or not shown else f"{shown} {symbol}",
        )


@dataclass(frozen=True, slots=True)
class _Bound:
    at_least: bool
    included: bool


def _pattern(words: str, *, before: bool) -> re.Pattern[str]:
    spelled = [re.escape(word).replace(r"\-", r"[\s-]?") for word in words.split()]
    spelled.sort(key=len, reverse=True)
    joined = "|".join(spelled)
    return re.compile(rf"(?:{joined})\s*" if before else rf"\s*(?:{joined})", re.IGNORECASE)


_BEFORE: Final = tuple(
    (_pattern(words, before=True), bound)
    for words, bound in (
        (_AT_LEAST, _Bound(True, True)),
        (_AT_MOST, _Bound(False, True)),
        (_MORE, _Bound(True, False)),
        (_LESS, _Bound(False, False)),
    )
)
_AFTER: Final = (
    (_pattern(_AT_LEAST_AFTER, before=False), _Bound(True, True)),
    (_pattern(_AT_MOST_AFTER, before=False), _Bound(False, True)),
)
_BETTER_BEFORE: Final = _pattern(_BETTER, before=True)
_ABOUT_BEFORE: Final = _pattern(_ABOUT, before=True)
_FILLERS: Final = re.compile(
    r"^(?:在|介于|between\b|from\b|为|是|[ΦφΦ⌀]|[:=])\s*|\s*(?:之间|范围内?|左右)$", re.IGNORECASE
)


def read_measures(
    quantity: Quantity,
    value: str,
    unit: str,
    units: UnitTable,
    conditions: tuple[tuple[str, Interval], ...] = (),
) -> tuple[Measure, ...]:
    """The values that a text states for a quantity: one, or several where alternatives are listed."""
    written = f"{value} {unit}".strip() if unit and not value.rstrip().endswith(unit) else value.strip()
    if len(written) > LONGEST_VALUE:
        return (Measure(quantity.identifier, written[:LONGEST_VALUE] + "…", (), fault=Fault.VALUE_TOO_LONG),)
    text = plain_text(written).strip()
    parts = _ALTERNATIVES.split(text)
    if len(parts) > 1 and all(_SINGLE.fullmatch(part) for part in parts):
        last_unit = _SINGLE.fullmatch(parts[-1])
        common = (last_unit["unit"] or "") if last_unit else ""
        return tuple(
            _measure(quantity, part if _has_unit(part) else f"{part} {common}", written, units, conditions)
            for part in parts
        )
    return (_measure(quantity, text, written, units, conditions),)


def _has_unit(part: str) -> bool:
    match = _SINGLE.fullmatch(part)
    return match is not None and bool(match["unit"])


def _measure(
    quantity: Quantity,
    text: str,
    written: str,
    units: UnitTable,
    conditions: tuple[tuple[str, Interval], ...],
) -> Measure:
    read = _read(quantity, text, units)
    if isinstance(read, Fault):
        return Measure(quantity.identifier, written, (), fault=read, conditions=conditions)
    intervals, unit, is_range = read
    if quantity.plausible is not None and not all(
        interval.meets(quantity.plausible) for interval in intervals
    ):
        intervals = tuple(interval for interval in intervals if interval.meets(quantity.plausible))
        if not intervals:
            return Measure(
                quantity.identifier, written, (), unit, Fault.VALUE_IMPLAUSIBLE, conditions=conditions
            )
    fault = Fault.NUMBER_AMBIGUOUS if len(intervals) > 1 else None
    return Measure.of(quantity, written, intervals, unit, fault, is_range=is_range, conditions=conditions)


_Read = tuple[tuple[Interval, ...], Unit, bool]


def _read(quantity: Quantity, text: str, units: UnitTable) -> _Read | Fault:
    text = _without_fillers(_REMARK.sub("", _TOLERANCE_IN_BRACKETS.sub(r"\1", text)))
    nines = _NINES.fullmatch(_stripped_of_bounds(text))
    if nines is not None and quantity.dimension.identifier in ("ratio", "mass_fraction"):
        percent = units.resolve("%", quantity.dimension)
        if isinstance(percent, Unit):
            low = percent.to_si(_HUNDRED - Fraction(10) ** (2 - int(nines["nines"])) + _last_digit(nines))
            return (Interval(low, percent.to_si(_HUNDRED)),), percent, False
    bound, text = _bound_before(text, quantity)
    about = _ABOUT_BEFORE.match(text)
    if about is not None and about.end() < len(text):
        text = text[about.end() :]
    read = _core(quantity, text, units)
    if isinstance(read, Fault):
        for pattern, after in _AFTER:
            # 以上 may stand before the unit: 10以上 kW.
            found = pattern.search(text)
            if found is not None and found.start() > 0:
                shorter = _core(quantity, (text[: found.start()] + " " + text[found.end() :]).strip(), units)
                if not isinstance(shorter, Fault):
                    bound, read = bound or after, shorter
                    break
    if isinstance(read, Fault):
        return read
    intervals, unit, is_range = read
    if about is not None:
        intervals = tuple(_widened(interval) for interval in intervals)
    if bound is not None:
        intervals = tuple(_bounded(interval, bound) for interval in intervals)
    return intervals, unit, is_range


def _without_fillers(text: str) -> str:
    seen = ""
    while seen != text:
        seen = text
        text = _FILLERS.sub("", text).strip()
    return text


def _stripped_of_bounds(text: str) -> str:
    for pattern, _ in _BEFORE:
        match = pattern.match(text)
        if match is not None:
            return text[match.end() :].strip()
    return text


def _last_digit(nines: re.Match[str]) -> Fraction:
    """What the figure after N adds: 4N5 is 99.995 %."""
    if nines["last"] is None:
        return Fraction(0)
    return Fraction(int(nines["last"])) * Fraction(10) ** (1 - int(nines["nines"]))


def _bound_before(text: str, quantity: Quantity) -> tuple[_Bound | None, str]:
    better = _BETTER_BEFORE.match(text)
    if better is not None and quantity.better is not Better.NONE:
        return _Bound(quantity.better is Better.HIGHER, False), text[better.end() :]
    longest: tuple[int, _Bound] | None = None
    for pattern, bound in _BEFORE:
        match = pattern.match(text)
        if match is not None and match.end() < len(text) and (longest is None or match.end() > longest[0]):
            longest = match.end(), bound
    if longest is None:
        return None, text
    return longest[1], text[longest[0] :].strip()


def _core(quantity: Quantity, text: str, units: UnitTable) -> _Read | Fault:
    """A range, a tolerance or a single figure; a hyphen may belong to a unit (m-2), so all forms are tried."""
    faults = []
    for pattern, read in ((_RANGE, _range), (_TOLERANCE, _tolerance), (_SINGLE, _single)):
        match = pattern.fullmatch(text)
        if match is not None:
            found = read(quantity, match, units)
            if not isinstance(found, Fault):
                return found
            faults.append(found)
    return faults[-1] if faults else Fault.NUMBER_MALFORMED


def _single(quantity: Quantity, match: re.Match[str], units: UnitTable) -> _Read | Fault:
    unit = _unit(quantity, match["unit"], units)
    if isinstance(unit, Fault):
        return unit
    values = readings(match["one"])
    if not values:
        return Fault.NUMBER_MALFORMED
    return tuple(Interval.point(unit.to_si(value)) for value in values), unit, False


def _unit(quantity: Quantity, text: str | None, units: UnitTable) -> Unit | Fault:
    if not text and quantity.dimension.identifier == "number":
        return units.resolve("1", quantity.dimension)
    return units.resolve(text or "", quantity.dimension)


def _range(quantity: Quantity, match: re.Match[str], units: UnitTable) -> _Read | Fault:
    second = _unit(quantity, match["unit"] or match["first"], units)
    first = _unit(quantity, match["first"] or match["unit"], units)
    if isinstance(first, Fault):
        return first
    if isinstance(second, Fault):
        return second
    ends = [
        (first.to_si(low), second.to_si(high))
        for low, high in product(readings(match["one"]), readings(match["two"]))
    ]
    rising = tuple(dict.fromkeys(Interval(low, high) for low, high in ends if low <= high))
    return (rising, second, True) if rising else Fault.NUMBER_MALFORMED


def _tolerance(quantity: Quantity, match: re.Match[str], units: UnitTable) -> _Read | Fault:
    unit = _unit(quantity, match["unit"] or match["first"], units)
    if isinstance(unit, Fault):
        return unit
    margins = readings(match["two"])
    if match["one"] is None:
        # ±3 ℃ states the size of a deviation.
        found = tuple(Interval.point(unit.to_si(margin)) for margin in margins)
        return (found, unit, False) if found else Fault.NUMBER_MALFORMED
    found = tuple(
        Interval(unit.to_si(middle - abs(margin)), unit.to_si(middle + abs(margin)))
        for middle, margin in product(readings(match["one"]), margins)
    )
    return (found, unit, False) if found else Fault.NUMBER_MALFORMED


def _widened(interval: Interval) -> Interval:
    """An approximate value: five percent to either side."""
    low, high = interval.low, interval.high
    return Interval(
        None if low is None else low - abs(low) * _APPROXIMATION,
        None if high is None else high + abs(high) * _APPROXIMATION,
    )


def _bounded(interval: Interval, bound: _Bound) -> Interval:
    if bound.at_least:
        return Interval(interval.low, None, bound.included)
    return Interval(None, interval.high, True, bound.included)


def condition_intervals(measures: Iterable[Measure]) -> tuple[tuple[str, Interval], ...]:
    """The readings of measured conditions, without those that could not be read."""
    return tuple((measure.quantity, interval) for measure in measures for interval in measure.intervals)
