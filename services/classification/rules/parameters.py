"""Parameters as exporters write them, read into facts.

Names are read in Chinese and English with their synonyms (reference/quantities.csv, facts.csv); a unit or test
condition may stand in the name: `密度（g/cm³）`, `1000 ℃时温度均匀性`, `uniformity @ 1000 °C`. A name that is
not known is kept, never guessed.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from services.classification.rules.conditions import ConditionReader
from services.classification.rules.facts import Facts, Parameter
from services.classification.rules.measures import LONGEST_VALUE, Measure, read_measures
from services.classification.rules.quantities import (
    Characteristic,
    Composite,
    Meaning,
    Names,
    Quantity,
    Question,
    name_key,
)
from services.classification.rules.remarks import sign_of_remark
from services.classification.rules.sizes import edges_of_block, read_size
from services.classification.rules.truth import Truth, agreement
from services.classification.rules.units import Unit, UnitTable, spelling

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
# 是?, ~是, 等轴晶*: looked up by its letters alone, an answer in doubt would be a plain one.
_DOUBTFUL: Final = re.compile(r"[?？¿~～≈≠¬!！*±…]|\.{2,}")
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
_SIGN_AFTER: Final = re.compile(r"(?P<head>.+?)\s*(?P<sign>[≥≤<>＜＞≧≦≈~～±]=?)\s*")
_GAP: Final = re.compile(r"[_\s]")
_IN_A_VALUE: Final = re.compile(
    r"(?P<head>.+?)\s*(?:@|\bat\b|[(（])\s*(?P<condition>[^()（）]*\d[^()（）]*)[)）]?"
)
_MEMBER: Final = re.compile(r"(?P<list>[A-Za-z_]+)\[(?P<index>\d{1,3})\]\.(?P<name>.+)")
_COUNT: Final = re.compile(r"(?P<list>[A-Za-z_]+)\.count")
_SMALL_NUMBER: Final = re.compile(r"\s*\d{1,4}\s*")
_NO_COUNT: Final = -1
_WORD_BOUNDARY: Final = re.compile(r"[;,、，；/]|\band\b|\bor\b|和|及|或")


@dataclass(frozen=True, slots=True)
class _Named:
    """What a name means, with the unit, the test condition and the sign (≥, ~) that stand in it.

    `qualified`: something else stands beside it that was not understood.
    """

    meaning: Meaning | tuple[Characteristic, str]
    unit: str
    condition: str
    sign: str = ""
    qualified: bool = False

    @property
    def has_remark(self) -> bool:
        """Whether anything but the unit stands beside the name."""
        return self.qualified or bool(self.sign or self.condition.strip())


class ParameterReader:
    """Reads parameters with one table of names and units; build once, use from any thread."""

    def __init__(self, names: Names, units: UnitTable, conditions: Iterable[Quantity]) -> None:
        self._names = names
        self._units = units
        self._conditions = ConditionReader(conditions, units)

    def read(self, parameters: Iterable[Parameter]) -> Facts:
        """The facts that parameters state; those past the two hundredth are kept as not recognised."""
        stated = _Stated()
        for number, parameter in enumerate(parameters):
            if number >= _MOST_PARAMETERS or not self._take(parameter, stated):
                stated.not_recognised.append(parameter)
        for edge, measure in edges_of_block(stated.measures):
            stated.measures.pop(edge, None)
            stated.add(self._names.quantities[edge], measure.written, measure)
        return stated.facts()

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
            number = int(parameter.value)
            # Two counts that differ count nothing.
            is_same = stated.counts.setdefault(count["list"], number) == number
            stated.counts[count["list"]] = number if is_same else _NO_COUNT
            return True
        found = self._meaning(name, parameter)
        if found is None:
            return False
        match found.meaning:
            case Quantity() as meaning:
                self._measure(meaning, parameter.value, found, stated)
                return True
            case Composite() as meaning:
                written = f"{parameter.value} {found.unit}".strip()
                sizes = read_size(meaning, written, self._names.quantities, self._units)
                for quantity, measure in sizes:
                    kept = replace(measure, qualified=measure.qualified or found.has_remark)
                    stated.add(self._names.quantities[quantity], written, kept)
                return bool(sizes)
            case Characteristic() as meaning:
                if found.has_remark:
                    stated.partly_read.add(meaning.identifier)
                return self._word(meaning, parameter.value, stated)
            case Question() as meaning:
                answer = Truth.UNKNOWN if found.has_remark else _boolean(parameter.value)
                given = stated.answers.get(meaning.identifier, answer)
                stated.answers[meaning.identifier] = agreement((given, answer))
                return answer is not Truth.UNKNOWN
            case (characteristic, value):
                return self._value_as_name(characteristic, value, parameter.value, stated)

    def _meaning(self, name: str, parameter: Parameter) -> _Named | None:
        unit, condition = parameter.unit, parameter.test_condition
        signed = _SIGN_AFTER.fullmatch(name)
        if signed is not None and self._names.meaning(signed["head"]) is not None:
            found = self._meaning(signed["head"], parameter)
            return None if found is None else replace(found, sign=signed["sign"])
        meaning = self._names.meaning(name)
        if meaning is not None:
            return _Named(meaning, unit, condition)
        for pattern in (_BRACKETED, _UNIT_AFTER):
            match = pattern.fullmatch(name)
            found = None if match is None else self._beside(match["head"], match["inside"].strip(), parameter)
            if found is not None:
                return found
        for pattern in (_CONDITION_BEFORE, _CONDITION_FIRST, _CONDITION_AFTER, _CONDITION_LAST):
            match = pattern.fullmatch(name)
            if match is not None:
                meaning = self._names.meaning(match["head"])
                if meaning is not None:
                    return _Named(meaning, unit, f"{condition} {match['condition']}")
        for gap in _GAP.finditer(name):
            # density_g_cm3, density min: the end of the name is its unit or a remark.
            head, last = name[: gap.start()], name[gap.end() :].replace("_", "/")
            if self._names.meaning(head) is not None and (self._units.is_unit(last) or sign_of_remark(last)):
                return self._beside(head, last, parameter)
        for characteristic in self._names.characteristics.values():
            value = self._names.value(characteristic.identifier, name)
            if value is not None and _boolean(parameter.value) is not Truth.UNKNOWN:
                return _Named((characteristic, value), unit, condition)
        return None

    def _beside(self, head: str, inside: str, parameter: Parameter) -> _Named | None:
        """What a name means beside which, in brackets, stands its unit, another name of it, or a remark."""
        unit, condition = parameter.unit, parameter.test_condition
        meaning, other = self._names.meaning(head), self._names.meaning(inside)
        if meaning is None:
            return None if other is None else _Named(other, unit, condition, qualified=True)
        if other is not None:
            return _Named(meaning, unit, condition, qualified=other != meaning)
        is_unit = self._units.is_unit(inside)
        if isinstance(meaning, Quantity):
            is_unit = isinstance(self._units.resolve(inside, meaning.dimension), Unit)
        if is_unit:
            return _Named(meaning, _one_unit(unit, inside), condition)
        sign = sign_of_remark(inside)
        if sign is not None:
            return _Named(meaning, unit, condition, sign)
        if self._units.is_unit(inside):
            return _Named(meaning, _one_unit(unit, inside), condition)
        return _Named(meaning, unit, f"{condition} {inside}")

    def _measure(self, quantity: Quantity, value: str, named: _Named, stated: "_Stated") -> None:
        conditions, understood = self._conditions.read(named.condition)
        value = named.sign + value
        measures = read_measures(quantity, value, named.unit, self._units, conditions)
        if not any(measure.intervals for measure in measures):
            inside = _IN_A_VALUE.fullmatch(value) if len(value) <= LONGEST_VALUE else None
            if inside is not None:
                inner, inner_understood = self._conditions.read(f"{named.condition} {inside['condition']}")
                again = read_measures(quantity, inside["head"], named.unit, self._units, inner)
                if any(measure.intervals for measure in again):
                    measures, understood = again, inner_understood
        if named.qualified or not understood:
            measures = tuple(replace(measure, qualified=True) for measure in measures)
        stated.measures[quantity.identifier].extend(measures)

    def _word(self, characteristic: Characteristic, value: str, stated: "_Stated") -> bool:
        if len(value) > LONGEST_VALUE:
            return False
        whole = self._names.value(characteristic.identifier, value)
        parts = [word for word in _WORD_BOUNDARY.split(value) if word.strip()]
        known = (
            {whole}
            if whole is not None
            else {self._names.value(characteristic.identifier, word) for word in parts}
        )
        if None in known or not known or _DOUBTFUL.search(value):
            stated.partly_read.add(characteristic.identifier)
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
        self.partly_read: set[str] = set()
        self.answers: dict[str, Truth] = {}
        self.members: dict[str, dict[int, _Stated]] = defaultdict(dict)
        self.counts: dict[str, int] = {}
        self.not_recognised: list[Parameter] = []

    def add(self, quantity: Quantity, written: str, measure: Measure) -> None:
        """States a measure for a quantity, under the words in which it was given."""
        self.measures[quantity.identifier].append(
            Measure.of(
                quantity,
                written,
                measure.intervals,
                measure.unit,
                measure.fault,
                conditions=measure.conditions,
                qualified=measure.qualified,
            )
        )

    def member(self, list_name: str, index: int) -> "_Stated":
        return self.members[list_name].setdefault(index, _Stated())

    def facts(self) -> Facts:
        return Facts(
            measures={name: tuple(measures) for name, measures in self.measures.items()},
            words={name: frozenset(words) for name, words in self.words.items()},
            partly_read=frozenset(self.partly_read),
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


def _one_unit(stated: str, in_name: str) -> str:
    """The unit of a value; two that are not the same are no unit."""
    if not stated or spelling(stated) == spelling(in_name):
        return in_name
    return f"{stated} | {in_name}"


def _boolean(text: str) -> Truth:
    if len(text) > _LONGEST_NAME or _DOUBTFUL.search(text):
        return Truth.UNKNOWN
    key = name_key(text)
    if key in _YES:
        return Truth.TRUE
    return Truth.FALSE if key in _NO else Truth.UNKNOWN


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
