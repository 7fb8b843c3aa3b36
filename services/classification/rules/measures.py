"""A value with its unit as an exporter writes it, read into exact SI intervals.

Read are single figures, bounds (≥, 不小于, 以上, min), ranges (500~1200 ℃), tolerances (10±0.5 mm, ±3 ℃),
approximations (约), alternatives (915/2450 MHz) and grades of purity in nines (5N5). What cannot be read
keeps its text and the fault.
"""

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import Final

from services.classification.rules.faults import Fault
from services.classification.rules.intervals import Interval
from services.classification.rules.numerals import NUMERAL, plain_text, readings
from services.classification.rules.quantities import Better, Quantity
from services.classification.rules.remarks import (
    About,
    Bound,
    about_before,
    better_before,
    bound_before,
    sign_of_remark,
    words_after,
)
from services.classification.rules.units import Unit, UnitTable

LONGEST_VALUE: Final = 200
_APPROXIMATION: Final = Fraction(1, 20)
_HUNDRED: Final = Fraction(100)

_SEPARATOR: Final = r"(?:[~-]{1,2}|–|—|―|至|到|to|\.\.+|…|and|和|与)"
_UNIT: Final = r"(?:[^\d\s~±<>≤≥=;,+.×xX*·^-][^~±<>≤≥=;]*?|1\s?/\s?[^\d~±<>≤≥=;]+\d?|/[^\d~±<>≤≥=;]+\d?)"
_SINGLE: Final = re.compile(rf"(?P<one>{NUMERAL})\s*(?P<unit>{_UNIT})?")
_RANGE: Final = re.compile(
    rf"(?P<one>{NUMERAL})\s*(?P<first>{_UNIT})?\s*{_SEPARATOR}\s*(?P<two>{NUMERAL})\s*(?P<unit>{_UNIT})?"
)
_TOLERANCE: Final = re.compile(
    rf"(?P<one>{NUMERAL})?\s*(?P<first>{_UNIT})?\s*(?:±|\+/-|\+-)\s*(?P<two>{NUMERAL})\s*(?P<unit>{_UNIT})?"
)
_LETTERS_AT_END: Final = re.compile(r"[^\W\d_]+$")
_NINES: Final = re.compile(r"(?P<nines>[1-9])[Nn](?P<last>[1-9])?")
_ALTERNATIVES: Final = re.compile(r"\s*(?:/|、|或者|或|;|,(?!\d)|\bor\b)\s*(?=[\d.])")


_TOLERANCE_IN_BRACKETS: Final = re.compile(r"\(([^()]*±[^()]*)\)")
# Words in brackets after the value: 1300 MPa (typical).
_REMARK: Final = re.compile(r"\s*\((?P<remark>[^()\d]*)\)$")


@dataclass(frozen=True, slots=True)
class Measure:
    """One stated value: every reading of it in SI, or the fault that keeps it from being read.

    `written` is what was given, `written_si` its readings in SI; `conditions` are the quantities at which it was
    measured, with their readings. `qualified`: a remark beside it was not understood, so that it may be of another
    thing than the law means.
    """

    quantity: str
    written: str
    intervals: tuple[Interval, ...]
    unit: Unit | None = None
    fault: Fault | None = None
    is_range: bool = False
    conditions: tuple[tuple[str, Interval], ...] = ()
    written_si: str = ""
    qualified: bool = False

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
        qualified: bool = False,
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
            qualified,
        )


_FILLERS: Final = re.compile(
    r"^(?:在|介于|between\b|from\b|为|是|[ΦφØ⌀]|[:=])\s*|\s*(?:之间|范围内?)$", re.IGNORECASE
)


def read_measures(
    quantity: Quantity,
    value: str,
    unit: str,
    units: UnitTable,
    conditions: tuple[tuple[str, Interval], ...] = (),
) -> tuple[Measure, ...]:
    """The values that a text states for a quantity: one, or several where alternatives are listed."""
    has_unit = not unit or value.rstrip().endswith(unit)
    written = value.strip() if has_unit else f"{value} {unit}".strip()
    if len(written) > LONGEST_VALUE:
        return (Measure(quantity.identifier, written[:LONGEST_VALUE] + "…", (), fault=Fault.VALUE_TOO_LONG),)
    text = _joined(plain_text(value).strip(), plain_text(unit).strip(), units)
    parts = _ALTERNATIVES.split(text)
    forms = [_SINGLE.fullmatch(part) or _RANGE.fullmatch(part) for part in parts]
    if len(parts) > 1 and all(forms):
        common = (forms[-1]["unit"] or "") if forms[-1] else ""
        return tuple(
            _measure(
                quantity,
                part if form is None or form["unit"] else f"{part} {common}",
                written,
                units,
                conditions,
            )
            for part, form in zip(parts, forms, strict=True)
        )
    return (_measure(quantity, text, written, units, conditions),)


def _joined(value: str, unit: str, units: UnitTable) -> str:
    """A value with its unit; where the value ends in another unit than the one given, neither is believed."""
    if not unit:
        return value
    before = value.removesuffix(unit)
    letters = _LETTERS_AT_END.search(before)
    if before != value:
        return f"{value} | {unit}" if letters else value
    # 19 m with the unit m are not 19 mm.
    return f"{value} | {unit}" if letters and units.is_unit(letters.group() + unit) else f"{value} {unit}"


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
    intervals, unit = read.intervals, read.unit
    if quantity.plausible is not None and not all(
        interval.meets(quantity.plausible) for interval in intervals
    ):
        intervals = tuple(interval for interval in intervals if interval.meets(quantity.plausible))
        if not intervals:
            return Measure(
                quantity.identifier, written, (), unit, Fault.VALUE_IMPLAUSIBLE, conditions=conditions
            )
    fault = Fault.NUMBER_AMBIGUOUS if len(intervals) > 1 else None
    return Measure.of(
        quantity,
        written,
        intervals,
        unit,
        fault,
        is_range=read.is_range,
        conditions=conditions,
        qualified=read.qualified,
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    intervals: tuple[Interval, ...]
    unit: Unit
    is_range: bool
    qualified: bool = False


def _read(quantity: Quantity, text: str, units: UnitTable) -> _Reading | Fault:
    text = _TOLERANCE_IN_BRACKETS.sub(r"\1", text)
    found = _bounded_reading(quantity, text, units)
    remark = _REMARK.search(text)
    # What stands in brackets may belong to the unit, as in % (按体积).
    if remark is None or found not in (Fault.UNIT_UNKNOWN, Fault.NUMBER_MALFORMED):
        return found
    sign = sign_of_remark(remark["remark"])
    again = _bounded_reading(quantity, (sign or "") + text[: remark.start()], units)
    if sign is None and isinstance(again, _Reading):
        return replace(again, qualified=True)
    return again


def _bounded_reading(quantity: Quantity, text: str, units: UnitTable) -> _Reading | Fault:
    text = _without_fillers(text)
    nines = _NINES.fullmatch(_stripped_of_bounds(text))
    if nines is not None and quantity.dimension.identifier in ("ratio", "mass_fraction"):
        percent = units.resolve("%", quantity.dimension)
        if isinstance(percent, Unit):
            low = percent.to_si(_HUNDRED - Fraction(10) ** (2 - int(nines["nines"])) + _last_digit(nines))
            return _Reading((Interval(low, percent.to_si(_HUNDRED)),), percent, False)
    bound, text = _bound_before(text, quantity)
    if bound is not None:
        twice, text = _bound_before(text, quantity)
        if twice not in (None, bound):
            return Fault.NUMBER_MALFORMED
    rest = about_before(text)
    about = rest is not None
    text = rest or text
    read = _core(quantity, text, units)
    if isinstance(read, Fault):
        # 以上 may stand before the unit: 10以上 kW.
        for meaning, shorter in words_after(text):
            other = _core(quantity, shorter, units)
            if isinstance(other, Fault):
                continue
            read = other
            if isinstance(meaning, About):
                about = True
            elif bound not in (None, meaning):
                return Fault.NUMBER_MALFORMED
            else:
                bound = meaning
            break
    if isinstance(read, Fault):
        return read
    intervals = read.intervals
    if about:
        intervals = tuple(_widened(interval) for interval in intervals)
    if bound is not None:
        intervals = tuple(_bounded(interval, bound) for interval in intervals)
    return replace(read, intervals=intervals)


def _without_fillers(text: str) -> str:
    seen = ""
    while seen != text:
        seen = text
        text = _FILLERS.sub("", text).strip()
    return text


def _stripped_of_bounds(text: str) -> str:
    found = bound_before(text)
    return text if found is None else found[1]


def _last_digit(nines: re.Match[str]) -> Fraction:
    """What the figure after N adds: 4N5 is 99.995 %."""
    if nines["last"] is None:
        return Fraction(0)
    return Fraction(int(nines["last"])) * Fraction(10) ** (1 - int(nines["nines"]))


def _bound_before(text: str, quantity: Quantity) -> tuple[Bound | None, str]:
    better = better_before(text)
    if better is not None and quantity.better is not Better.NONE:
        return Bound(quantity.better is Better.HIGHER, False), better
    return bound_before(text) or (None, text)


def _core(quantity: Quantity, text: str, units: UnitTable) -> _Reading | Fault:
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


def _single(quantity: Quantity, match: re.Match[str], units: UnitTable) -> _Reading | Fault:
    unit = _unit(quantity, match["unit"], units)
    if isinstance(unit, Fault):
        return unit
    values = readings(match["one"])
    if not values:
        return Fault.NUMBER_MALFORMED
    return _Reading(tuple(Interval.point(unit.to_si(value)) for value in values), unit, False)


def _unit(quantity: Quantity, text: str | None, units: UnitTable) -> Unit | Fault:
    if not text and quantity.dimension.identifier == "number":
        return units.resolve("1", quantity.dimension)
    return units.resolve(text or "", quantity.dimension)


def _range(quantity: Quantity, match: re.Match[str], units: UnitTable) -> _Reading | Fault:
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
    return _Reading(rising, second, True) if rising else Fault.NUMBER_MALFORMED


def _tolerance(quantity: Quantity, match: re.Match[str], units: UnitTable) -> _Reading | Fault:
    unit = _unit(quantity, match["unit"] or match["first"], units)
    if isinstance(unit, Fault):
        return unit
    margins = readings(match["two"])
    if match["one"] is None:
        # ±3 ℃ states the size of a deviation.
        found = tuple(Interval.point(unit.to_si(margin)) for margin in margins)
        return _Reading(found, unit, False) if found else Fault.NUMBER_MALFORMED
    found = tuple(
        Interval(unit.to_si(middle - abs(margin)), unit.to_si(middle + abs(margin)))
        for middle, margin in product(readings(match["one"]), margins)
    )
    return _Reading(found, unit, False) if found else Fault.NUMBER_MALFORMED


def _widened(interval: Interval) -> Interval:
    """An approximate value: five percent to either side."""
    low, high = interval.low, interval.high
    return Interval(
        None if low is None else low - abs(low) * _APPROXIMATION,
        None if high is None else high + abs(high) * _APPROXIMATION,
    )


def _bounded(interval: Interval, bound: Bound) -> Interval:
    if bound.at_least:
        return Interval(interval.low, None, bound.included)
    return Interval(None, interval.high, True, bound.included)
