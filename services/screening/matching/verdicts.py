"""From which score a comparison counts, by list: the budget of alerts is policy, and data."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from services.screening.matching.reference import rows
from services.screening.matching.scoring import Score

DEFAULT_LIST: Final = "*"
PAIRS: Final = "pairs"


class NameVerdict(StrEnum):
    """What a score entails for the list it was reached on."""

    MATCH = "MATCH"
    REVIEW = "REVIEW"
    CLEAR = "CLEAR"


@dataclass(frozen=True, slots=True)
class AlertThresholds:
    """Scores in millionths: from `match` on a name is taken for the listed one, from `review` on a person looks."""

    match: int
    review: int

    def verdict(self, score: Score) -> NameVerdict:
        """What a score entails."""
        if score.millionths >= self.match:
            return NameVerdict.MATCH
        return NameVerdict.REVIEW if score.millionths >= self.review else NameVerdict.CLEAR


def thresholds_of(list_name: str, table: Mapping[str, AlertThresholds] | None = None) -> AlertThresholds:
    """The thresholds of a list, or those that hold for any list; `pairs` are those of two single names."""
    known = read_thresholds() if table is None else table
    return known.get(list_name) or known[DEFAULT_LIST]


@lru_cache(maxsize=1)
def read_thresholds() -> dict[str, AlertThresholds]:
    """The thresholds that come with the program, by list."""
    return {
        row["list"]: AlertThresholds(int(row["match"]), int(row["review"]))
        for row in rows("alert_thresholds.csv")
    }
