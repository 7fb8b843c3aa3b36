"""The score: a sum of points for features, each of which can only add, and its reading as a probability.

The points are whole thousandths of a logit, so that a sum is exact and a replay gives the same bytes. The offset
of the pair of scripts calibrates: names carried from one script to another differ more, and carry less. The
score between 0 and 1 is read from the sum by a table with linear steps, in millionths.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

from services.screening.matching.alignment import Alignment
from services.screening.matching.features import FEATURE_NAMES, Features, features_of
from services.screening.matching.reference import calibration, score_points
from services.screening.matching.text import Script

MODEL_VERSION: Final = "1"
MILLION: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Points:
    """What one feature gave: its name, its amount and its points."""

    feature: str
    amount: int
    points: int


@dataclass(frozen=True, slots=True)
class Score:
    """The sum and what it is made of: `total` is the sum of the points; `millionths` is read from it."""

    points: tuple[Points, ...]
    total: int
    millionths: int

    @property
    def value(self) -> Decimal:
        """The score between 0 and 1 with six places."""
        return Decimal(self.millionths).scaleb(-6)


class Scorer:
    """Points by feature and step. Pure."""

    def __init__(
        self, steps: Iterable[tuple[str, int, int]], offsets: Mapping[str, int], table: Iterable[tuple[int, int]]
    ) -> None:
        """Steps of (feature, from which amount, points), offsets by script of the query, table of total -> millionths."""
        self._steps: Final[dict[str, list[tuple[int, int]]]] = {name: [] for name in FEATURE_NAMES}
        for feature, lowest, points in sorted(steps):
            if points < 0:
                raise ValueError(f"{feature} takes points away")
            self._steps[feature].append((lowest, points))
        self._offsets: Final = dict(offsets)
        self._table: Final = sorted(table)

    def score(self, alignment: Alignment, script: Script) -> Score:
        """The score of an alignment; `script` is the other script where the two differ, else Latin."""
        return self.of_features(features_of(alignment), script)

    def of_features(self, features: Features, script: Script) -> Score:
        """The score of features."""
        given = [Points("base", 0, self._offsets["base"])]
        if script.value in self._offsets:
            given.append(Points("scripts", 0, self._offsets[script.value]))
        for name in FEATURE_NAMES:
            amount = getattr(features, name)
            points = sum(points for lowest, points in self._steps[name] if amount >= lowest)
            given.append(Points(name, amount, points))
        total = sum(one.points for one in given)
        return Score(tuple(given), total, self._read(total))

    def _read(self, total: int) -> int:
        before = self._table[0]
        if total <= before[0]:
            return before[1]
        for at, millionths in self._table:
            if total <= at:
                return before[1] + (millionths - before[1]) * (total - before[0]) // max(1, at - before[0])
            before = at, millionths
        return before[1]


@lru_cache(maxsize=1)
def read_scorer() -> Scorer:
    """The scorer with the fitted points that come with the program."""
    steps, offsets = score_points()
    return Scorer(steps, offsets, calibration())
