"""The board of a consultation: what each agency says, and the eight factors over all of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from xuke.consultation.v1 import consultation_pb2 as co


@dataclass(frozen=True)
class FactorRow:
    """One of the eight factors (出口管制法 Art. 13) with the assessment of each agency, in the order of the tasks."""

    factor: int
    assessments: tuple[co.FactorAssessment | None, ...]


@dataclass(frozen=True)
class Board:
    """A round with its factors; agencies without an assessment have no column."""

    round: co.Round
    assessed: tuple[co.Task, ...]
    factors: tuple[FactorRow, ...]

    @property
    def answered(self) -> int:
        """How many agencies have answered."""
        return sum(task.state == co.TASK_STATE_ANSWERED for task in self.round.tasks)


def boards(rounds: Sequence[co.Round]) -> tuple[Board, ...]:
    """The rounds, the last first."""
    return tuple(_board(one) for one in sorted(rounds, key=lambda one: -one.round_number))


def _board(consulted: co.Round) -> Board:
    assessed = tuple(task for task in consulted.tasks if task.factors)
    rows = tuple(
        FactorRow(
            factor,
            tuple(next((one for one in task.factors if one.factor == factor), None) for task in assessed),
        )
        for factor in co.ReviewFactor.values()
        if factor
    )
    return Board(consulted, assessed, rows if assessed else ())
