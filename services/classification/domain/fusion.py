"""Joins rankings from several sources by reciprocal rank (Cormack, Clarke and Büttcher, 2009).

Sources cannot be compared by their scores: a commodity code and a likeness of words are not on one scale. Their
ranks can. Entries that a source cannot tell apart share a rank.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby


class SourceKind(StrEnum):
    """What proposes entries."""

    CONTROL_CODE = "CONTROL_CODE"
    CAS_NUMBER = "CAS_NUMBER"
    HS_CODE = "HS_CODE"
    TERM = "TERM"
    TEXT_ZH = "TEXT_ZH"
    TEXT_EN = "TEXT_EN"
    MENTION = "MENTION"
    PRECEDENT = "PRECEDENT"


@dataclass(frozen=True, slots=True)
class Fusion:
    """`constant` dampens the first ranks; `shares` weigh the sources; data, see reference/text_matching.toml.

    `strength` is the power by which the weight of an entry's own reasons moves its score: ranks alone would
    give a lone weak pointer the score of a sure one.
    """

    constant: float
    strength: float
    shares: Mapping[SourceKind, float]

    def fuse(self, rankings: Mapping[SourceKind, Mapping[str, float]]) -> dict[str, float]:
        """Scores by identifier, 1 for what every source that found something has first.

        Each ranking maps identifiers to how near they are.
        """
        fused: defaultdict[str, float] = defaultdict(float)
        for kind in SourceKind:
            nearness = rankings.get(kind, {})
            ordered = sorted(nearness, key=lambda each: (-round(nearness[each], 9), each))
            rank = 1
            for _, group in groupby(ordered, key=lambda each: round(nearness[each], 9)):
                tied = list(group)
                for identifier in tied:
                    fused[identifier] += self.shares[kind] / (self.constant + rank)
                rank += len(tied)
        most = sum(self.shares[kind] for kind in rankings if rankings[kind]) / (self.constant + 1)
        return {identifier: score / most for identifier, score in fused.items()}
