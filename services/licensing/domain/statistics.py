"""Figures for managers: counts of the cases, and every headline figure a second time from the event ledger."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from services.licensing.domain.application_state import CONCLUDED, ApplicationState, Outcome
from services.licensing.domain.case_path import CasePath, Stage, Step, read_path
from services.licensing.domain.stage_durations import StageTally
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
    """Counts case after case as the ledger tells it.

    `first_day` and `last_day` are day numbers that bound the submission, both included; `limits_on` gives the
    limits of the procedure in force on the day number of a submission.
    """

    def __init__(
        self,
        ranks: WorkingDayRanks,
        limits_on: Callable[[int], Mapping[Stage, int]],
        first_day: int | None,
        last_day: int | None,
    ) -> None:
        self.stages = StageTally(ranks)
        self._ways: Counter[str] = Counter()
        self._submitted_on: Counter[int] = Counter()
        self._decided_on: Counter[int] = Counter()
        self._limits_on = limits_on
        self._bounds = (first_day, last_day)
        self._paths: dict[str, CasePath] = {}
        self._limits: dict[int, Mapping[Stage, int]] = {}

    def add(self, path_words: str, day_numbers: str, restricted: bool) -> None:
        """Adds a case: actions and states by turns, and the day of law of each, both parted by spaces."""
        path = self._paths.get(path_words)
        if path is None:
            path = self._paths[path_words] = read_path(_steps(path_words))
        if path.submitted is None:
            return
        days = list(map(int, day_numbers.split(" ")))
        submitted = days[path.submitted]
        first, last = self._bounds
        if (first is not None and submitted < first) or (last is not None and submitted > last):
            return
        limits = self._limits.get(submitted)
        if limits is None:
            limits = self._limits[submitted] = self._limits_on(submitted)
        self._ways[path_words] += 1
        self._submitted_on[submitted] += 1
        if path.decided is not None:
            self._decided_on[days[path.decided]] += 1
        self.stages.add(path, days, limits, restricted)

    def states(self) -> Counter[ApplicationState]:
        """Cases by the state that the last event left."""
        states: Counter[ApplicationState] = Counter()
        for words, cases in self._ways.items():
            states[self._paths[words].state] += cases
        return states

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
        in_ledger = self.states()
        outcomes: Counter[Outcome] = Counter()
        licensed = 0
        for words, cases in self._ways.items():
            path = self._paths[words]
            licensed += cases * path.licensed
            if path.outcome is not None:
                outcomes[path.outcome] += cases
        granted, refused = (
            Reconciliation(figure, decisions.get(outcome, 0), outcomes[outcome])
            for figure, outcome in (("GRANTED", Outcome.GRANT), ("REFUSED", Outcome.REFUSE))
        )
        return [
            Reconciliation("SUBMITTED", sum(states.values()), in_ledger.total()),
            Reconciliation("DECIDED", sum(decisions.values()), outcomes.total()),
            granted,
            refused,
            Reconciliation("LICENCES_ISSUED", licences, licensed),
            *(
                Reconciliation(f"STATE_{state}", states.get(state, 0), in_ledger[state])
                for state in ApplicationState
                if state in states or state in in_ledger
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
