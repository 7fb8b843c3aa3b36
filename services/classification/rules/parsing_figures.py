"""Figures of rules from their written form: quantities, units, limits and test conditions."""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from services.classification.rules.intervals import Interval
from services.classification.rules.limits import Bounds, limit
from services.classification.rules.numerals import readings
from services.classification.rules.quantities import Better, Names, Quantity
from services.classification.rules.units import Unit, UnitTable
from services.classification.rules.vocabulary import Limit, Operator

LIMIT_KEYS: Final = frozenset(
    {"operator", "value", "values", "low", "high", "low_included", "high_included", "unit", "boundary"}
)
_BOUNDARY_OPERATORS: Final = frozenset({Operator.GREATER, Operator.AT_LEAST, Operator.LESS, Operator.AT_MOST})


@dataclass(frozen=True, slots=True)
class Tables:
    """What rules may speak of."""

    names: Names
    units: UnitTable


class FigureParser:
    """Reads what a node of a rule says in figures; `error` makes the exception for a place and a problem."""

    def __init__(self, tables: Tables, error: Callable[[str, str], Exception]) -> None:
        self._tables = tables
        self._error = error

    def closed(self, written: Mapping[str, Any], allowed: AbstractSet[str], position: str) -> None:
        """Refuses what is not in the vocabulary."""
        unknown = sorted(set(written) - allowed)
        if unknown:
            raise self._error(position, f"not in the vocabulary: {', '.join(unknown)}")

    def quantity(self, identifier: object, position: str) -> Quantity:
        """A quantity of the table."""
        quantity = self._tables.names.quantities.get(str(identifier))
        if quantity is None:
            raise self._error(position, f"unknown quantity {identifier}")
        return quantity

    def plausible(self, written: Any, quantity: Quantity, position: str) -> Interval | None:
        """What a figure can be for the thing of this entry (a kiln is not as wide as a pencil)."""
        if written is None:
            return None
        self.closed(written, {"low", "high", "unit"}, position)
        unit = self.unit(written.get("unit"), quantity, position)
        low, high = (unit.to_si(self.number(written.get(end), position)) for end in ("low", "high"))
        return Interval(low, high)

    def at(self, figure: Mapping[str, Any], condition: Quantity, position: str) -> Interval:
        """One printed figure of a test condition."""
        unit = self.unit(figure.get("unit"), condition, position)
        return Interval.point(unit.to_si(self.number(figure.get("value"), position)))

    def unit(self, symbol: object, quantity: Quantity, position: str) -> Unit:
        """A unit of the dimension of a quantity."""
        unit = self._tables.units.resolve(str(symbol or ""), quantity.dimension)
        if not isinstance(unit, Unit):
            raise self._error(position, f"unit {symbol!r} of {quantity.identifier}: {unit.value}")
        return unit

    def number(self, written: object, position: str) -> Fraction:
        """A number that can be read in one way only."""
        values = readings(written) if isinstance(written, str) else ()
        if len(values) != 1:
            raise self._error(position, f"{written!r} is not one decimal number in quotation marks")
        return values[0]

    def limit(self, written: Mapping[str, Any], quantity: Quantity, position: str) -> Limit:
        """The limit of a node."""
        try:
            operator = Operator(str(written.get("operator")))
        except ValueError:
            raise self._error(position, f"unknown operator {written.get('operator')!r}") from None
        if operator is Operator.BETTER and quantity.better is Better.NONE:
            raise self._error(position, f"{quantity.identifier} has no better direction")
        boundary = written.get("boundary", "stated")
        if boundary not in ("stated", "unresolved"):
            raise self._error(position, "boundary is `stated` or `unresolved`")
        if boundary == "unresolved" and operator not in _BOUNDARY_OPERATORS:
            raise self._error(position, "only a single limit can leave its own value open")
        unit = self.unit(written.get("unit"), quantity, position)
        return limit(
            operator,
            self._bounds(written, operator, position),
            unit,
            quantity.better,
            boundary_unresolved=boundary == "unresolved",
        )

    def _bounds(self, written: Mapping[str, Any], operator: Operator, position: str) -> Bounds:
        expected = {
            Operator.BETWEEN: {"low", "high"},
            Operator.OVERLAPS: {"low", "high"},
            Operator.CONTAINS: {"low", "high"},
            Operator.IN_SET: {"values"},
        }.get(operator, {"value"})
        present = {key for key in ("value", "values", "low", "high") if key in written}
        if present != expected and not (operator is Operator.OVERLAPS and present and present < expected):
            raise self._error(position, f"{operator.value} needs {sorted(expected)}")
        if operator is Operator.IN_SET:
            values = self.sequence(written["values"], position)
            return Bounds(tuple(self.number(value, position) for value in values))
        if "value" in written:
            return Bounds((self.number(written["value"], position),))
        low = self.number(written["low"], position) if "low" in written else None
        high = self.number(written["high"], position) if "high" in written else None
        if low is not None and high is not None and low > high:
            raise self._error(position, "the lower end lies above the upper")
        return Bounds(
            (),
            low,
            high,
            self.boolean(written, "low_included", position, default=True),
            self.boolean(written, "high_included", position, default=True),
        )

    def sequence(self, written: object, position: str) -> Sequence[object]:
        """A list with at least one part."""
        if not isinstance(written, list) or not written:
            raise self._error(position, "a group has at least one part")
        return written

    def boolean(self, written: Mapping[str, Any], key: str, position: str, *, default: bool) -> bool:
        """True or false, as written or by default."""
        value = written.get(key, default)
        if not isinstance(value, bool):
            raise self._error(position, f"{key} is true or false")
        return value
