"""How long the stages of the procedure take, in working days, over many cases."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from services.licensing.domain.case_path import CasePath, Stage
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


def _each(
    combine: Callable[[Sequence[int]], int], columns: Sequence[Sequence[int | None]]
) -> Sequence[int | None]:
    """Row by row what becomes of the columns; None where one of them has no number."""
    if len(columns) == 1:
        return columns[0]
    return [
        None if None in row else combine([days for days in row if days is not None])
        for row in zip(*columns, strict=True)
    ]


class StageTally:
    """Collects the stages of cases, all those at once that went the same way: column by column, not row by row."""

    def __init__(self, ranks: WorkingDayRanks) -> None:
        self._ranks = ranks
        self._days: dict[Stage, Counter[int]] = {stage: Counter() for stage in Stage}
        self._beyond: Counter[Stage] = Counter()
        self._not_countable: Counter[Stage] = Counter()
        self._years: set[int] = set()

    def add(
        self,
        path: CasePath,
        cases: Sequence[Sequence[int]],
        stage_limits: Mapping[Stage, int],
        restricted: bool,
    ) -> None:
        """Adds cases of one path: the day number of each step of each, their limits, and whether no review limit
        applies to them."""
        columns = list(zip(*cases, strict=True))
        for stage, stays in path.left:
            taken = [self._ranks.spans(columns[stay.start], columns[stay.end]) for stay in stays]
            periods = [self._ranks.spans(columns[stay.received], columns[stay.end]) for stay in stays]
            self._count(stage, _each(sum, taken), _each(max, periods), stage_limits[stage])
            self._note_years(columns[stays[0].received], columns[stays[-1].end])
        if path.review is not None:
            review = path.review
            total: Sequence[int | None] = self._ranks.spans(columns[review.start], columns[review.end])
            for opened, closed in review.exclusions:
                left_out = self._ranks.spans(columns[opened], columns[closed])
                total = _each(lambda days: days[0] - days[1], [total, left_out])
            limit = 0 if restricted else stage_limits[Stage.REVIEW]
            self._count(Stage.REVIEW, total, total, limit)
            self._note_years(columns[review.start], columns[review.end])

    def _count(
        self, stage: Stage, taken: Sequence[int | None], periods: Sequence[int | None], limit: int
    ) -> None:
        counted = [days for days in taken if days is not None]
        self._days[stage].update(counted)
        self._not_countable[stage] += len(taken) - len(counted)
        if limit:
            self._beyond[stage] += sum(days is not None and days > limit for days in periods)

    def _note_years(self, first: Sequence[int], last: Sequence[int]) -> None:
        for after, through in self._ranks.uncovered(first, last):
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
