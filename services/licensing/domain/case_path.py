"""The way of one case through the procedure, read from its event ledger: where it stayed, and in what order.

Nothing here knows an instant: a path is a sequence of steps, and positions in it. Thousands of cases go the same
way, so that a way is read once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from services.licensing.domain.application_state import Action, ApplicationState, Outcome


class Stage(StrEnum):
    """Stages whose length is published."""

    PROVINCIAL_REVIEW = "PROVINCIAL_REVIEW"
    MINISTRY_INTAKE = "MINISTRY_INTAKE"
    REVIEW = "REVIEW"
    CONSULTATION = "CONSULTATION"
    APPLICANT = "APPLICANT"


_STAGE_OF_STATE = {
    ApplicationState.PROVINCIAL_REVIEW: Stage.PROVINCIAL_REVIEW,
    ApplicationState.MINISTRY_INTAKE: Stage.MINISTRY_INTAKE,
    ApplicationState.IN_CONSULTATION: Stage.CONSULTATION,
    ApplicationState.SUPPLEMENT_REQUESTED: Stage.APPLICANT,
}
# With the applicant for a supplement, or in the automatic checks: the case comes back to where it was.
_COMES_BACK = (ApplicationState.SUPPLEMENT_REQUESTED, ApplicationState.SUBMITTED)

_DECIDED = {ApplicationState.APPROVED: Outcome.GRANT, ApplicationState.REFUSED: Outcome.REFUSE}
# Acts with which an authority receives the materials of a case (行政许可法 Art. 32).
_RECEIPTS = frozenset({Action.SUBMIT, Action.SUPPLEMENT, Action.FORWARD})
_ACCEPTANCES = frozenset({Action.ACCEPT, Action.DEEM_ACCEPTED})


@dataclass(frozen=True)
class Step:
    """One event: what was done, and the state after it."""

    action: str
    state: ApplicationState


@dataclass(frozen=True)
class Stay:
    """An unbroken stay in a state between two positions of the path; `end` is None while it lasts.

    `received` is the position from which the period of the authority runs: that of the materials' receipt.
    """

    state: ApplicationState
    received: int
    start: int
    end: int | None


class ClosedStay(NamedTuple):
    """The positions of a stay that is over."""

    received: int
    start: int
    end: int


@dataclass(frozen=True)
class ReviewSpan:
    """From acceptance to the decision, with the spans that the law leaves out (两用物项出口管制条例 Art. 17(3))."""

    start: int
    end: int
    exclusions: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class CasePath:
    """What a sequence of steps says; positions count from 0. `submitted` is None for what stayed a draft."""

    stays: tuple[Stay, ...]
    # The stays of each stage that the case has left, and does not come back to from the applicant.
    left: tuple[tuple[Stage, tuple[ClosedStay, ...]], ...]
    submitted: int | None
    decided: int | None
    outcome: Outcome | None
    review: ReviewSpan | None
    licensed: bool

    @property
    def state(self) -> ApplicationState:
        """The state after the last step."""
        return self.stays[-1].state


def read_path(steps: Sequence[Step]) -> CasePath:
    """The path of at least one step."""
    decided = _decided(steps)
    submitted = next((at for at, step in enumerate(steps) if step.action == Action.SUBMIT), None)
    stays = _stays(steps)
    return CasePath(
        stays=stays,
        left=_left(stays),
        submitted=submitted,
        decided=decided,
        outcome=None if decided is None else _DECIDED[steps[decided].state],
        review=None if decided is None else _review(steps, decided),
        licensed=any(step.action == Action.ISSUE_LICENCE for step in steps),
    )


def _decided(steps: Sequence[Step]) -> int | None:
    """Where the decision stands that counts: the first that was not taken back."""
    decided: int | None = None
    for at, step in enumerate(steps):
        if step.action == Action.SEND_BACK:
            decided = None
        elif decided is None and step.state in _DECIDED:
            decided = at
    return decided


def _stays(steps: Sequence[Step]) -> tuple[Stay, ...]:
    starts = [at for at, step in enumerate(steps) if at == 0 or steps[at - 1].state is not step.state]
    return tuple(
        Stay(steps[start].state, _received(steps, start), start, end)
        for start, end in zip(starts, [*starts[1:], None], strict=True)
    )


def _left(stays: tuple[Stay, ...]) -> tuple[tuple[Stage, tuple[ClosedStay, ...]], ...]:
    state = stays[-1].state
    now = _STAGE_OF_STATE.get(state)
    found: dict[Stage, list[ClosedStay]] = {}
    for stay in stays:
        stage = _STAGE_OF_STATE.get(stay.state)
        if stage is None or stage is now or stay.end is None:
            continue
        if state in _COMES_BACK and stage is not Stage.CONSULTATION:
            continue
        found.setdefault(stage, []).append(ClosedStay(stay.received, stay.start, stay.end))
    return tuple((stage, tuple(spans)) for stage, spans in found.items())


def _received(steps: Sequence[Step], start: int) -> int:
    """Where the automatic checks stand between receipt and stay, the receipt; else the start."""
    if start and steps[start].action == Action.PASS_CHECKS:
        return next((at for at in reversed(range(start)) if steps[at].action in _RECEIPTS), start)
    return start


def _review(steps: Sequence[Step], decided: int) -> ReviewSpan | None:
    accepted = next((at for at in range(decided) if steps[at].action in _ACCEPTANCES), None)
    if accepted is None:
        return None
    start = accepted
    if steps[accepted].action == Action.DEEM_ACCEPTED:
        # Silence is acceptance as of the receipt of the materials (行政许可法 Art. 32(4)).
        start = next((at for at in reversed(range(accepted)) if steps[at].action in _RECEIPTS), accepted)
    exclusions: list[tuple[int, int]] = []
    opened: int | None = None
    for at in range(accepted, decided):
        if steps[at].action == Action.START_EXCLUSION:
            opened = at
        elif steps[at].action == Action.END_EXCLUSION and opened is not None:
            exclusions.append((opened, at))
            opened = None
    if opened is not None:
        exclusions.append((opened, decided))
    return ReviewSpan(start, decided, tuple(exclusions))
