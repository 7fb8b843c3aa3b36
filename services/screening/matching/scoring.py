"""The score: a sum of points for features, each of which can only add, and its reading as a probability.

The points are whole thousandths of a logit, so that a sum is exact and a replay gives the same bytes. The offset
of the pair of scripts calibrates: names carried from one script to another differ more, and carry less. The
score between 0 and 1 is read from the sum by a table with linear steps, in millionths.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

from services.screening.matching.alignment import Alignment
from services.screening.matching.features import FEATURE_NAMES, Features, features_of
from services.screening.matching.reference import calibration, score_points
from services.screening.matching.text import Script

MODEL_VERSION: Final = "2"
MILLION: Final = 1_000_000

_MOST_REMEMBERED: Final = 50_000

Scripts = tuple[frozenset[Script], frozenset[Script]]


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
        self,
        steps: Iterable[tuple[str, int, int]],
        offsets: Mapping[str, int],
        table: Iterable[tuple[int, int]],
    ) -> None:
        """Steps of (feature, from which amount, points), offsets by script, table of total -> millionths."""
        bounds: dict[str, list[int]] = {name: [] for name in FEATURE_NAMES}
        sums: dict[str, list[int]] = {name: [0] for name in FEATURE_NAMES}
        for feature, lowest, points in sorted(steps):
            if points < 0:
                raise ValueError(f"{feature} takes points away")
            bounds[feature].append(lowest)
            sums[feature].append(sums[feature][-1] + points)
        self._steps: Final = {name: (tuple(bounds[name]), tuple(sums[name])) for name in FEATURE_NAMES}
        self._in_order: Final = tuple((name, *self._steps[name]) for name in FEATURE_NAMES if bounds[name])
        self._offsets: Final = dict(offsets)
        self._offsets_of: dict[Scripts, int] = {}
        self._known: dict[tuple[str, int], Points] = {}
        self._table: Final = sorted(table)

    def score(self, alignment: Alignment, scripts: Scripts) -> Score:
        """The score of an alignment of two names by the scripts of either."""
        return self.of_features(features_of(alignment, scripts[0] == scripts[1]), scripts)

    def with_points(self, score: Score, more: tuple[Points, ...]) -> Score:
        """A score with further points."""
        total = score.total + sum(one.points for one in more)
        return Score((*score.points, *more), total, self._read(total))

    def total(self, features: Features, scripts: Scripts) -> int:
        """The sum of the points alone: the same as in `of_features`, sooner."""
        gained = self._offsets["base"] + self._offset(scripts)
        for name, bounds, sums in self._in_order:
            gained += sums[bisect_right(bounds, getattr(features, name))]
        return gained

    def _offset(self, scripts: Scripts) -> int:
        """The highest of the offsets of the scripts met: a further word in another script takes nothing away."""
        found = self._offsets_of.get(scripts)
        if found is None:
            offsets = (self._offsets.get(script.value, 0) for script in scripts[0] | scripts[1])
            found = self._offsets_of[scripts] = max(offsets, default=0)
        return found

    def _points(self, feature: str, amount: int) -> Points:
        """What a feature of an amount gives; the same object for the same amount, for it is asked for often."""
        found = self._known.get((feature, amount))
        if found is None:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            bounds, sums = self._steps[feature]
            found = self._known[feature, amount] = Points(feature, amount, sums[bisect_right(bounds, amount)])
        return found

    def of_features(self, features: Features, scripts: Scripts) -> Score:
        """The score of features."""
        given = [Points("base", 0, self._offsets["base"])]
        if offset := self._offset(scripts):
            given.append(Points("scripts", 0, offset))
        given += [self._points(name, getattr(features, name)) for name in FEATURE_NAMES]
        total = sum([one.points for one in given])
        return Score(tuple(given), total, self._read(total))

    def _read(self, total: int) -> int:
        after = bisect_right(self._table, (total, MILLION))
        if after == 0:
            return self._table[0][1]
        at, millionths = self._table[after - 1]
        if after == len(self._table):
            return millionths
        next_at, next_millionths = self._table[after]
        return millionths + (next_millionths - millionths) * (total - at) // (next_at - at)


@lru_cache(maxsize=1)
def read_scorer() -> Scorer:
    """The scorer with the fitted points that come with the program."""
    steps, offsets = score_points()
    return Scorer(steps, offsets, calibration())
