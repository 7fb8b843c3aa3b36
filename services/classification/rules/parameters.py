"""Parameters as exporters write them, read into facts.

Names are read in Chinese and English with their synonyms (reference/quantities.csv, facts.csv); a unit or test
condition may stand in the name: `密度（g/cm³）`, `1000 ℃时温度均匀性`, `uniformity @ 1000 °C`. A name that is
not known is kept, never guessed.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from services.classification.rules.facts import Facts, Parameter
from services.classification.rules.faults import Fault
from services.classification.rules.intervals import Interval
from services.classification.rules.measures import LONGEST_VALUE, Measure, read_measures
from services.classification.rules.numerals import NUMERAL, plain_text
from services.classification.rules.quantities import (
    Characteristic,
    Composite,
    Names,
    Quantity,
    Question,
    name_key,
)
from services.classification.rules.truth import Truth
from services.classification.rules.units import UnitTable

_LONGEST_NAME: Final = 200
_MOST_PARAMETERS: Final = 200
_LONGEST_STATEMENT: Final = 2000
_YES: Final = frozenset(
    name_key(word) for word in ("是", "有", "已", "真", "yes", "true", "y", "1", "满足", "属于")
)
_NO: Final = frozenset(
    name_key(word)
    for word in ("否", "无", "没有", "未", "不", "不是", "假", "no", "false", "n", "0", "none", "不属于")
)
_BRACKETED: Final = re.compile(r"(?P<head>.+?)\s*[(\[{（【](?P<inside>[^()\[\]{}（）【】]*)[)\]}）】]\s*")
_UNIT_AFTER: Final = re.compile(r"(?P<head>.+?)\s*[,/，]\s*(?P<inside>[^,，]+)")
_CONDITION_BEFORE: Final = re.compile(
    r"(?:在)?(?P<condition>[^时下]*\d[^时下]*?)(?:的情况下|条件下|时|下)的?(?P<head>.+)"
)
_CONDITION_FIRST: Final = re.compile(r"(?P<condition>\d+(?:\.\d+)?\s*(?:℃|°C|K))\s*(?P<head>.+)")
_CONDITION_AFTER: Final = re.compile(r"(?P<head>.+?)\s*(?:@|\bat\b)\s*(?P<condition>.*\d.*)")
_CONDITION_LAST: Final = re.compile(
    r"(?P<head>.+?)[_\s]*(?:at)?[_\s]*(?P<condition>\d+(?:\.\d+)?\s*(?:℃|°C|degC|C|K))"
)
_GAP: Final = re.compile(r"[_\s]")
_IN_A_VALUE: Final = re.compile(
    r"(?P<head>.+?)\s*(?:@|\bat\b|[(（])\s*(?P<condition>[^()（）]*\d[^()（）]*)[)）]?"
)
_MEMBER: Final = re.compile(r"(?P<list>[A-Za-z_]+)\[(?P<index>\d{1,3})\]\.(?P<name>.+)")
_COUNT: Final = re.compile(r"(?P<list>[A-Za-z_]+)\.count")
_SMALL_NUMBER: Final = re.compile(r"\s*\d{1,4}\s*")
_SIZE_SIGN: Final = re.compile(r"\s*[×xX*✕✖]\s*")
_FIGURE: Final = re.compile(rf"(?P<figure>{NUMERAL})\s*(?P<unit>[^\d\s,;，；()（）]*(?:/[^\d\s,;]+\d?)?)")
_EDGES: Final = 3
_BLOCK_EDGES: Final = ("block_longest_edge", "block_middle_edge", "block_shortest_edge")
_WORD_BOUNDARY: Final = re.compile(r"[;,、，；/]|\band\b|\bor\b|和|及|或")


class ParameterReader:
    """Reads parameters with one table of names and units; build once, use from any thread."""

    def __init__(self, names: Names, units: UnitTable, conditions: Iterable[Quantity]) -> None:
        self._names = names
        self._units = units
        self._conditions = tuple(conditions)

    def read(self, parameters: Iterable[Parameter]) -> Facts:
        """The facts that parameters state; those past the two hundredth are kept as not recognised."""
        stated = _Stated()
        for number, parameter in enumerate(parameters):
            if number >= _MOST_PARAMETERS or not self._take(parameter, stated):
                stated.not_recognised.append(parameter)
        self._edges(stated)
        return stated.facts()

    def _edges(self, stated: "_Stated") -> None:
        """The edges of a block from its length, width and height or thickness, largest first."""
        if any(edge in stated.measures for edge in _BLOCK_EDGES):
            return
        sides = [
            measures[0]
            for side in (("length",), ("width",), ("height", "thickness"))
            for measures in [[each for name in side for each in stated.measures.get(name, ())]]
            if len(measures) == 1
        ]
        if len(sides) == _EDGES:
            for edge, side in zip(_BLOCK_EDGES, sorted(sides, key=_size_of, reverse=True), strict=True):
                stated.add(self._names.quantities[edge], side.written, side)

    def _take(self, parameter: Parameter, stated: "_Stated") -> bool:
        name = parameter.name.strip()
        if not name or len(name) > _LONGEST_NAME:
            return False
        member = _MEMBER.fullmatch(name)
        if member is not None:
            inner = Parameter(member["name"], parameter.value, parameter.unit, parameter.test_condition)
            return self._take(inner, stated.member(member["list"], int(member["index"])))
        count = _COUNT.fullmatch(name)
        if count is not None and _SMALL_NUMBER.fullmatch(parameter.value):
            stated.counts[count["list"]] = int(parameter.value)
            return True
        found = self._meaning(name, parameter)
        if found is None:
            return False
        meaning, unit, condition = found
        match meaning:
            case Quantity():
                self._measure(meaning, parameter.value, unit, condition, stated)
                return True
            case Composite():
                return self._size(meaning, parameter.value, unit, stated)
            case Characteristic():
                return self._word(meaning, parameter.value, stated)
            case Question():
                answer = _boolean(parameter.value)
                stated.answers[meaning.identifier] = answer
                return answer is not Truth.UNKNOWN
            case (characteristic, value):
                return self._value_as_name(characteristic, value, parameter.value, stated)

    def _meaning(
        self, name: str, parameter: Parameter
    ) -> (
        tuple[Quantity | Composite | Characteristic | Question | tuple[Characteristic, str], str, str] | None
    ):
        """What a name means, with the unit and the test condition that stand in it."""
        unit, condition = parameter.unit, parameter.test_condition
        meaning = self._names.meaning(name)
        if meaning is not None:
            return meaning, unit, condition
        for pattern in (_BRACKETED, _UNIT_AFTER):
            match = pattern.fullmatch(name)
            if match is None:
                continue
            meaning = self._names.meaning(match["head"]) or self._names.meaning(match["inside"])
            if meaning is None:
                continue
            inside = match["inside"].strip()
            if self._units.is_unit(inside):
                return meaning, unit or inside, condition
            return meaning, unit, condition or inside
        for pattern in (_CONDITION_BEFORE, _CONDITION_FIRST, _CONDITION_AFTER, _CONDITION_LAST):
            match = pattern.fullmatch(name)
            if match is not None:
                meaning = self._names.meaning(match["head"])
                if meaning is not None:
                    return meaning, unit, condition or match["condition"]
        for gap in _GAP.finditer(name):
            # density_g_cm3: the end of the name is its unit.
            meaning = self._names.meaning(name[: gap.start()])
            last = name[gap.end() :].replace("_", "/")
            if meaning is not None and self._units.is_unit(last):
                return meaning, unit or last, condition
        for characteristic in self._names.characteristics.values():
            value = self._names.value(characteristic.identifier, name)
            if value is not None and _boolean(parameter.value) is not Truth.UNKNOWN:
                return (characteristic, value), unit, condition
        return None

    def _measure(self, quantity: Quantity, value: str, unit: str, condition: str, stated: "_Stated") -> None:
        measures = read_measures(quantity, value, unit, self._units, self._conditions_in(condition))
        if not any(measure.intervals for measure in measures):
            inside = _IN_A_VALUE.fullmatch(value) if len(value) <= LONGEST_VALUE else None
            if inside is not None:
                conditions = self._conditions_in(f"{condition} {inside['condition']}")
                again = read_measures(quantity, inside["head"], unit, self._units, conditions)
                if any(measure.intervals for measure in again):
                    measures = again
        stated.measures[quantity.identifier].extend(measures)

    def _conditions_in(self, text: str) -> tuple[tuple[str, Interval], ...]:
        """The figures of a test condition as the quantities that tests are made under."""
        if not text.strip() or len(text) > LONGEST_VALUE:
            return ()
        found: list[tuple[str, Interval]] = []
        for figure in _FIGURE.finditer(plain_text(text)):
            for quantity in self._conditions:
                for measure in read_measures(quantity, figure["figure"], figure["unit"], self._units):
                    found.extend((quantity.identifier, interval) for interval in measure.intervals)
        return tuple(found)

    def _size(self, composite: Composite, value: str, unit: str, stated: "_Stated") -> bool:
        if len(value) > LONGEST_VALUE:
            return False
        text = plain_text(f"{value} {unit}".strip())
        factors = [factor for factor in _SIZE_SIGN.split(text) if factor]
        for names in composite.parts:
            if len(names) == len(factors):
                break
        else:
            return False
        common = next((match["unit"] for match in _FIGURE.finditer(factors[-1]) if match["unit"]), "")
        read = [
            measure
            for stated_names, factor in zip(names, factors, strict=True)
            for measure in read_measures(
                self._names.quantities[stated_names[0]],
                factor,
                "" if _has_unit(factor) else common,
                self._units,
            )
        ]
        if len(names) == _EDGES:
            read.sort(key=_size_of, reverse=True)
        for stated_names, measure in zip(names, read, strict=False):
            for quantity in stated_names:
                stated.add(self._names.quantities[quantity], f"{value} {unit}".strip(), measure)
        return True

    def _word(self, characteristic: Characteristic, value: str, stated: "_Stated") -> bool:
        if len(value) > LONGEST_VALUE:
            return False
        words = [value, *_WORD_BOUNDARY.split(value)]
        known = {self._names.value(characteristic.identifier, word) for word in words if word.strip()}
        stated.words[characteristic.identifier] |= {word for word in known if word is not None}
        return any(word is not None for word in known)

    def _value_as_name(
        self, characteristic: Characteristic, value: str, answer: str, stated: "_Stated"
    ) -> bool:
        """`单晶=是`: the value of a characteristic stands as the name."""
        if _boolean(answer) is Truth.TRUE:
            stated.words[characteristic.identifier].add(value)
            return True
        others = [other for other in characteristic.values if other != value]
        if len(others) == 1 and characteristic.exclusive:
            stated.words[characteristic.identifier].add(others[0])
            return True
        return False


class _Stated:
    def __init__(self) -> None:
        self.measures: dict[str, list[Measure]] = defaultdict(list)
        self.words: dict[str, set[str]] = defaultdict(set)
        self.answers: dict[str, Truth] = {}
        self.members: dict[str, dict[int, _Stated]] = defaultdict(dict)
        self.counts: dict[str, int] = {}
        self.not_recognised: list[Parameter] = []

    def add(self, quantity: Quantity, written: str, measure: Measure) -> None:
        """States a measure for a quantity, under the words in which it was given."""
        self.measures[quantity.identifier].append(
            Measure.of(quantity, written, measure.intervals, measure.unit, measure.fault)
        )

    def member(self, list_name: str, index: int) -> "_Stated":
        return self.members[list_name].setdefault(index, _Stated())

    def facts(self) -> Facts:
        return Facts(
            measures={name: tuple(measures) for name, measures in self.measures.items()},
            words={name: frozenset(words) for name, words in self.words.items()},
            answers=dict(self.answers),
            lists={
                name: tuple(members[index].facts() for index in sorted(members))
                for name, members in self.members.items()
            },
            complete_lists=frozenset(
                name for name, count in self.counts.items() if count == len(self.members.get(name, {}))
            ),
            not_recognised=tuple(self.not_recognised),
        )


def _boolean(text: str) -> Truth:
    if len(text) > _LONGEST_NAME:
        return Truth.UNKNOWN
    key = name_key(text)
    if key in _YES:
        return Truth.TRUE
    return Truth.FALSE if key in _NO else Truth.UNKNOWN


def _has_unit(factor: str) -> bool:
    figure = _FIGURE.search(factor)
    return figure is not None and bool(figure["unit"])


def _size_of(measure: Measure) -> tuple[bool, object]:
    low = (
        measure.intervals[0].low
        if measure.intervals and measure.fault is not Fault.NUMBER_AMBIGUOUS
        else None
    )
    return (low is not None, low if low is not None else 0)


_STATEMENT: Final = re.compile(r"[;；\n]+")
_NAMED: Final = (
    re.compile(
        r"(?P<name>[^=＝≥≤<>≧≦＞＜]+?)\s*(?P<sign>>=|<=|=>|=<|==?|[＝≥≤<>≧≦＞＜])\s*(?P<value>.+)", re.DOTALL
    ),
    re.compile(r"(?P<name>[^:：]+?)\s*(?P<sign>[:：])\s*(?P<value>.+)", re.DOTALL),
    # 密度不小于18 g/cm3, density 18 g/cm3.
    re.compile(
        r"(?P<name>[^\d=＝:：≥≤<>≧≦＞＜]+?)(?P<sign>)\s*(?P<value>(?:为|是)?(?:[不大小超高低等于或过至少约优]{2,6}\s*)?[-+±Φφ]?\d.*)",
        re.DOTALL,
    ),
)
_EQUAL: Final = frozenset({"=", "==", "＝", ":", "："})


def split_parameters(text: str) -> tuple[Parameter, ...]:
    """Parameters from one line `name=value unit; name≥value unit`; a statement without a value states nothing."""
    found = []
    for statement in _STATEMENT.split(text):
        part = statement.strip()
        if len(part) > _LONGEST_STATEMENT:
            continue
        named = next(filter(None, (pattern.fullmatch(part) for pattern in _NAMED)), None)
        if named is not None:
            sign = "" if named["sign"] in _EQUAL else named["sign"]
            found.append(Parameter(named["name"].strip(), sign + named["value"].strip()))
    return tuple(found)
