"""How long the stages of the procedure take, in working days, over many cases."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.licensing.domain.case_path import CasePath, ReviewSpan, Stage
from services.licensing.domain.procedure import Procedure
from services.licensing.domain.working_day_ranks import WorkingDayRanks


@dataclass(frozen=True)
class StageDuration:
    """Days are working days; `limit` is 0 where there is none."""

    stage: Stage
    cases: int
    median: int
    ninetieth_percentile: int
    limit: int
    beyond_limit: int
    not_countable: int


def limits(procedure: Procedure) -> Mapping[Stage, int]:
    """The limits of a version of the procedure in working days."""
    return {
        Stage.PROVINCIAL_REVIEW: procedure.deadline("provincial_review").working_days,
        Stage.MINISTRY_INTAKE: procedure.deadline("ministry_intake").working_days,
        Stage.REVIEW: procedure.deadline("ministry_review").working_days,
        Stage.CONSULTATION: procedure.agency_opinion_working_days,
        # No text sets the applicant a period for the supplement.
        Stage.APPLICANT: 0,
    }


def nearest_rank(histogram: Mapping[int, int], per_hundred: int) -> int:
    """The percentile by nearest rank: the least value that so many per hundred do not exceed; 0 of nothing."""
    rank = math.ceil(sum(histogram.values()) * per_hundred / 100)
    for value in sorted(histogram):
        rank -= histogram[value]
        if rank <= 0:
            return value
    return 0


class StageTally:
    """Collects the stages of case after case."""

    def __init__(self, ranks: WorkingDayRanks) -> None:
        self._ranks = ranks
        self._days: dict[Stage, Counter[int]] = {stage: Counter() for stage in Stage}
        self._beyond: Counter[Stage] = Counter()
        self._not_countable: Counter[Stage] = Counter()
        self._years: set[int] = set()

    def add(
        self, path: CasePath, days: Sequence[int], stage_limits: Mapping[Stage, int], restricted: bool
    ) -> None:
        """Adds a case: its path, the day number of each step, its limits, and whether no review limit applies."""
        between, tallied = self._ranks.between, self._days
        for stage, stays in path.left:
            total = longest = 0
            for received, start, end in stays:
                of_period = taken = between(days[start], days[end])
                if received != start:
                    of_period = between(days[received], days[end])
                if taken is None or of_period is None:
                    self._leave_out(stage, days[received], days[end])
                    break
                total += taken
                longest = max(longest, of_period)
            else:
                tallied[stage][total] += 1
                self._beyond[stage] += longest > stage_limits[stage] > 0
        if path.review is not None:
            self._add_review(path.review, days, 0 if restricted else stage_limits[Stage.REVIEW])

    def _add_review(self, review: ReviewSpan, days: Sequence[int], limit: int) -> None:
        total = self._ranks.between(days[review.start], days[review.end])
        if total is None:
            self._leave_out(Stage.REVIEW, days[review.start], days[review.end])
            return
        for opened, closed in review.exclusions:
            total -= self._ranks.between(days[opened], days[closed]) or 0
        self._days[Stage.REVIEW][total] += 1
        self._beyond[Stage.REVIEW] += total > limit > 0

    def _leave_out(self, stage: Stage, after: int, through: int) -> None:
        self._not_countable[stage] += 1
        self._years.add(self._ranks.unpublished_year(after, through))

    @property
    def unpublished_years(self) -> tuple[int, ...]:
        """Years without a calendar that left cases out."""
        return tuple(sorted(self._years))

    def durations(self, limits_now: Mapping[Stage, int]) -> tuple[StageDuration, ...]:
        """The result, every stage in the order of the procedure."""
        return tuple(
            StageDuration(
                stage=stage,
                cases=self._days[stage].total(),
                median=nearest_rank(self._days[stage], 50),
                ninetieth_percentile=nearest_rank(self._days[stage], 90),
                limit=limits_now[stage],
                beyond_limit=self._beyond[stage],
                not_countable=self._not_countable[stage],
            )
            for stage in Stage
        )
