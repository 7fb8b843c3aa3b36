"""Figures for managers: counts of the cases, and every headline figure a second time from the event ledger."""

import functools
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.licensing.domain.application_state import CONCLUDED, ApplicationState, Outcome
from services.licensing.domain.case_path import CasePath, Stage, Step, read_path
from services.licensing.domain.procedure import Procedure
from services.licensing.domain.stage_durations import StageTally, limits
from services.licensing.domain.working_day_ranks import WorkingDayRanks, date_of


@dataclass(frozen=True)
class Reconciliation:
    """A figure counted in the tables and in the event ledger."""

    figure: str
    in_tables: int
    in_ledger: int


@dataclass
class Decided:
    """Applications, and how those decided were decided."""

    applications: int = 0
    granted: int = 0
    refused: int = 0

    def add(self, state: ApplicationState, cases: int) -> None:
        """Counts so many applications in a state."""
        self.applications += cases
        if state in (ApplicationState.APPROVED, ApplicationState.LICENSED):
            self.granted += cases
        elif state is ApplicationState.REFUSED:
            self.refused += cases


@dataclass
class ProvinceTally:
    """Cases of a province; `overdue` are open cases with a passed period."""

    open: int = 0
    concluded: int = 0
    overdue: int = 0

    def add(self, state: ApplicationState, cases: int, overdue: int) -> None:
        """Counts so many applications in a state."""
        if state in CONCLUDED:
            self.concluded += cases
        else:
            self.open += cases
            self.overdue += overdue


class LedgerTally:
    """Counts cases as the ledger tells them, all those at once that went the same way.

    `first_day` and `last_day` are day numbers that bound the submission, both included; `procedure_on` gives the
    version of the procedure that a case submitted on a day number follows.
    """

    def __init__(
        self,
        ranks: WorkingDayRanks,
        procedure_on: Callable[[int], Procedure],
        first_day: int | None,
        last_day: int | None,
    ) -> None:
        self.stages = StageTally(ranks)
        self.states: Counter[ApplicationState] = Counter()
        self._outcomes: Counter[Outcome] = Counter()
        self._licensed = 0
        self._submitted_on: Counter[int] = Counter()
        self._decided_on: Counter[int] = Counter()
        self._procedure_on = functools.cache(procedure_on)
        self._first = -math.inf if first_day is None else first_day
        self._last = math.inf if last_day is None else last_day

    def add(self, path_words: str, restricted: bool, cases: Iterable[str]) -> None:
        """Adds cases that went one way: actions and states by turns, and of each case the days of its steps.

        All are parted by spaces. `restricted` where no limit applies to the review of these cases.
        """
        path = read_path(_steps(path_words))
        start = path.submitted
        if start is None:
            return
        rows = (list(map(int, days.split(" "))) for days in cases)
        versions: dict[str, list[list[int]]] = defaultdict(list)
        limits_of: dict[str, Mapping[Stage, int]] = {}
        for row in rows:
            if self._first <= row[start] <= self._last:
                procedure = self._procedure_on(row[start])
                versions[procedure.version].append(row)
                if procedure.version not in limits_of:
                    limits_of[procedure.version] = limits(procedure)
        for version, chosen in versions.items():
            self._count(path, chosen)
            self.stages.add(path, chosen, limits_of[version], restricted)

    def _count(self, path: CasePath, rows: Sequence[Sequence[int]]) -> None:
        self.states[path.state] += len(rows)
        self._submitted_on.update(row[path.submitted or 0] for row in rows)
        self._licensed += len(rows) * path.licensed
        if path.outcome is not None and path.decided is not None:
            self._outcomes[path.outcome] += len(rows)
            self._decided_on.update(row[path.decided] for row in rows)

    def months(self) -> list[tuple[str, int, int]]:
        """Month of Asia/Shanghai, submissions and decisions in it, in order of time."""
        submitted, decided = _by_month(self._submitted_on), _by_month(self._decided_on)
        return [
            (month, submitted[month], decided[month]) for month in sorted(submitted.keys() | decided.keys())
        ]

    def reconcile(
        self,
        states: Mapping[ApplicationState, int],
        decisions: Mapping[Outcome, int],
        licences: int,
    ) -> list[Reconciliation]:
        """Each headline figure as the tables and as the ledger tell it."""
        granted, refused = (
            Reconciliation(figure, decisions.get(outcome, 0), self._outcomes[outcome])
            for figure, outcome in (("GRANTED", Outcome.GRANT), ("REFUSED", Outcome.REFUSE))
        )
        return [
            Reconciliation("SUBMITTED", sum(states.values()), self.states.total()),
            Reconciliation("DECIDED", sum(decisions.values()), self._outcomes.total()),
            granted,
            refused,
            Reconciliation("LICENCES_ISSUED", licences, self._licensed),
            *(
                Reconciliation(f"STATE_{state}", states.get(state, 0), self.states[state])
                for state in ApplicationState
                if state in states or state in self.states
            ),
        ]


def _steps(words: str) -> list[Step]:
    parts = words.split(" ")
    return [
        Step(action, ApplicationState(state)) for action, state in zip(parts[::2], parts[1::2], strict=True)
    ]


def _by_month(days: Mapping[int, int]) -> Counter[str]:
    months: Counter[str] = Counter()
    for day, cases in days.items():
        months[date_of(day).isoformat()[:7]] += cases
    return months


def most_first(counted: Mapping[str, Decided]) -> Sequence[tuple[str, Decided]]:
    """Names with what was counted, the most applications first."""
    return sorted(counted.items(), key=lambda entry: (-entry[1].applications, entry[0]))
