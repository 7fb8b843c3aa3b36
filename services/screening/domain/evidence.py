"""What a comparison of names consists of, to be kept with a hit: the parts that match, and the points of each.

The points add up to the sum that the score is read from. Sentences are made when the record is read.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Final

from services.screening.matching.alignment import Match
from services.screening.matching.matcher import Comparison
from services.screening.matching.parts import Part
from services.screening.matching.words import Kind

ONLY_GIVEN: Final = "ONLY_GIVEN"
ONLY_LISTED: Final = "ONLY_LISTED"
SAME_ADDRESS: Final = "SAME_ADDRESS"
# Features that rise with what matches: their points are those of the parts.
_OF_PARTS: Final = ("matched", "covered", "covered_query", "covered_candidate", "shorter_covered")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One line of a comparison: what was given, what is listed, by what they agree, and its points.

    `feature` is a way in which two parts agree, a feature of the score (lower case), `ONLY_GIVEN` or
    `ONLY_LISTED` for what has no counterpart. Points are thousandths of a logit.
    """

    given: str
    listed: str
    feature: str
    points: int


def evidence_of(comparison: Comparison) -> tuple[Evidence, ...]:
    """The matched parts with their points, then the features of the whole, then what has no counterpart."""
    alignment = comparison.alignment
    points = comparison.score.points
    of_parts = sum(one.points for one in points if one.feature in _OF_PARTS)
    matches = sorted(alignment.matches, key=lambda match: (-_worth(match), _texts(match.query)))
    shares = _shared(of_parts, [_worth(match) for match in matches])
    return (
        *(
            Evidence(_texts(match.query), _texts(match.candidate), match.way.value, share)
            for match, share in zip(matches, shares, strict=True)
        ),
        *(
            Evidence("", "", one.feature, one.points)
            for one in points
            if one.points and (one.feature not in _OF_PARTS or not matches)
        ),
        *_left_over(alignment.query_rest, ONLY_GIVEN),
        *_left_over(alignment.candidate_rest, ONLY_LISTED),
    )


def _worth(match: Match) -> int:
    return match.weight * match.alike * match.alike // 1_000_000


def _shared(points: int, weights: list[int]) -> list[int]:
    """Points shared out by weight in whole numbers, without a rest."""
    total = max(1, sum(weights))
    ends = [0, *(points * reached // total for reached in accumulate(weights))]
    ends[-1] = points
    return [after - before for before, after in pairwise(ends)]


def _left_over(parts: Iterable[Part], feature: str) -> Iterable[Evidence]:
    for part in sorted(parts, key=lambda part: part.text):
        if part.kind is Kind.PARTICLE:
            continue
        given, listed = (part.text, "") if feature == ONLY_GIVEN else ("", part.text)
        yield Evidence(given, listed, feature, 0)


def _texts(parts: Iterable[Part]) -> str:
    return " ".join(sorted(part.text for part in parts))
