"""The words that say how a figure was measured: 1000 ℃时, @1.1 g, 退火态, GB/T 228.1."""

import re
from collections.abc import Iterable
from typing import Final

from services.classification.rules.intervals import Interval
from services.classification.rules.measures import LONGEST_VALUE, read_measures
from services.classification.rules.numerals import NUMERAL, plain_text
from services.classification.rules.quantities import Quantity
from services.classification.rules.remarks import sign_of_remark
from services.classification.rules.units import UnitTable

# A figure with what may be its unit.
FIGURE: Final = re.compile(rf"(?P<figure>{NUMERAL})\s*(?P<unit>[^\d\s,;，；()（）]*(?:/[^\d\s,;]+\d?)?)")
# The letters of a unit before other words: 1.1g标准模拟破片.
_LETTERS: Final = re.compile(r"[A-Za-z°μ/]+")
_CONNECTOR: Final = re.compile(r"[,，;；、@()（）]|条件下|测得|\bat\b|[在时下]")

Conditions = tuple[tuple[str, Interval], ...]


class ConditionReader:
    """Reads test conditions as the quantities that tests of the law are made under."""

    def __init__(self, quantities: Iterable[Quantity], units: UnitTable) -> None:
        self._quantities = tuple(quantities)
        self._units = units

    def read(self, text: str) -> tuple[Conditions, bool]:
        """The figures of a test condition, and whether nothing else in it can change a value."""
        if not text.strip():
            return (), True
        if len(text) > LONGEST_VALUE:
            return (), False
        plain = plain_text(text)
        found: list[tuple[str, Interval]] = []
        rest, end = "", 0
        for figure in FIGURE.finditer(plain):
            letters = _LETTERS.match(figure["unit"])
            for unit in dict.fromkeys((figure["unit"], letters.group() if letters else "")):
                read = self._figure(figure["figure"], unit)
                if read:
                    found.extend(read)
                    rest += plain[end : figure.start()] + ","
                    end = figure.start("unit") + len(unit)
                    break
        words = _CONNECTOR.split(rest + plain[end:])
        return tuple(found), all(sign_of_remark(word) == "" for word in words)

    def _figure(self, figure: str, unit: str) -> Conditions:
        return tuple(
            (quantity.identifier, interval)
            for quantity in self._quantities
            for measure in read_measures(quantity, figure, unit, self._units)
            for interval in measure.intervals
        )
