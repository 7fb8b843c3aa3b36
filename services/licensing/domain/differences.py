"""What changed in a case since a proposal was made, and what one proposal says otherwise than the one before."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.licensing.domain.assessment import ItemAssessment
from services.licensing.domain.case_parts import (
    AgencyOpinion,
    AssessedLine,
    AutomaticCheck,
    Basis,
    ClassifiedLine,
    ConsultationRound,
    Decision,
    ScreenedFinding,
)

# Names what is not one of several, so that every difference has a subject of its own within its kind.
VERDICT = "VERDICT"
# What is held of an item that no code was found for.
NOT_CONTROLLED = "NOT_CONTROLLED"

_NOTHING_ASSESSED: Mapping[int, ItemAssessment] = {}


class DifferenceKind(StrEnum):
    """What differs: the first five since the proposal was made, the others from the proposal before."""

    SUBMISSION = "SUBMISSION"
    CLASSIFICATION = "CLASSIFICATION"
    SCREENING = "SCREENING"
    OPINION = "OPINION"
    ASSESSMENT = "ASSESSMENT"
    OUTCOME = "OUTCOME"
    REASONS = "REASONS"
    FACTOR = "FACTOR"
    CONDITION = "CONDITION"


@dataclass(frozen=True)
class Difference:
    """One thing that changed.

    `subject` is a line number, `VERDICT` or the id of a finding, an agency, a factor (with ".comment" where the
    comment differs), or the number of a condition; empty where there is only one such thing. `before` and
    `after` are words or texts, empty where the thing was not there.
    """

    kind: DifferenceKind
    subject: str
    before: str
    after: str


def basis_of(
    submission_number: int,
    check: AutomaticCheck | None,
    rounds: Iterable[ConsultationRound],
    assessed: Mapping[int, ItemAssessment] = _NOTHING_ASSESSED,
) -> Basis:
    """What a proposal made now rests on. An opinion stands until the same agency gives another one."""
    stands: dict[str, str] = {}
    for consulted in rounds:
        for given in consulted.summary.opinions if consulted.summary is not None else ():
            stands[given.agency] = given.opinion or stands.get(given.agency) or given.task_state
    opinions = tuple(AgencyOpinion(agency, opinion) for agency, opinion in sorted(stands.items()))
    assessments = tuple(
        AssessedLine(line_number, assessed[line_number].control_codes) for line_number in sorted(assessed)
    )
    if check is None:
        return Basis(submission_number, opinions=opinions, assessments=assessments)
    return Basis(
        submission_number,
        tuple(
            ClassifiedLine(found.line_number, found.outcome, found.control_codes)
            for found in sorted(check.classifications, key=lambda found: found.line_number)
        ),
        check.screening.verdict.value,
        tuple(
            ScreenedFinding(found.finding_id, found.verdict.value)
            for found in sorted(check.screening.findings, key=lambda found: found.finding_id)
        ),
        opinions,
        assessments,
    )


def since_proposal(before: Basis, now: Basis) -> tuple[Difference, ...]:
    """What a proposal rested on and is otherwise now."""
    return (
        *_changed(
            DifferenceKind.SUBMISSION,
            {"": str(before.submission_number)},
            {"": str(now.submission_number)},
        ),
        *_changed(DifferenceKind.CLASSIFICATION, _lines(before), _lines(now)),
        *_changed(DifferenceKind.ASSESSMENT, _assessed(before), _assessed(now)),
        *_changed(DifferenceKind.SCREENING, {VERDICT: before.verdict}, {VERDICT: now.verdict}),
        *_changed(DifferenceKind.SCREENING, _findings(before), _findings(now)),
        *_changed(DifferenceKind.OPINION, _opinions(before), _opinions(now)),
    )


def from_proposal_before(before: Decision, now: Decision) -> tuple[Difference, ...]:
    """What a proposal says otherwise than the one before."""
    return (
        *_changed(DifferenceKind.OUTCOME, {"": before.outcome.value}, {"": now.outcome.value}),
        *_changed(DifferenceKind.REASONS, {"": before.reasons}, {"": now.reasons}),
        *_changed(DifferenceKind.FACTOR, _factors(before), _factors(now)),
        *_conditions(before, now),
    )


def differences(basis: Basis, decisions: Sequence[Decision]) -> tuple[Difference, ...]:
    """The differences of the last proposal from the case as it stands and from the proposal before."""
    if not decisions:
        return ()
    last = decisions[-1]
    rested_on = last.basis or basis
    earlier = from_proposal_before(decisions[-2], last) if len(decisions) > 1 else ()
    return (*since_proposal(rested_on, basis), *earlier)


def _changed(kind: DifferenceKind, before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Difference]:
    for subject in dict.fromkeys((*before, *now)):
        was, became = before.get(subject, ""), now.get(subject, "")
        if was != became:
            yield Difference(kind, subject, was, became)


def _lines(basis: Basis) -> dict[str, str]:
    return {
        str(line.line_number): " ".join((line.outcome, *line.control_codes)) for line in basis.classifications
    }


def _assessed(basis: Basis) -> dict[str, str]:
    return {
        str(line.line_number): " ".join(line.control_codes) or NOT_CONTROLLED for line in basis.assessments
    }


def _findings(basis: Basis) -> dict[str, str]:
    return {each.finding_id: each.verdict for each in basis.findings}


def _opinions(basis: Basis) -> dict[str, str]:
    return {each.agency: each.opinion for each in basis.opinions}


def _factors(decision: Decision) -> dict[str, str]:
    ratings = {each.factor: each.rating for each in decision.factors}
    return ratings | {f"{each.factor}.comment": each.comment for each in decision.factors}


def _conditions(before: Decision, now: Decision) -> Iterator[Difference]:
    """Conditions have no name but their words: one that is put otherwise was taken out, and another added."""
    for number, condition in enumerate(before.conditions, 1):
        if condition not in now.conditions:
            text = condition.zh or condition.en
            yield Difference(DifferenceKind.CONDITION, str(number), text, "")
    for number, condition in enumerate(now.conditions, 1):
        if condition not in before.conditions:
            text = condition.zh or condition.en
            yield Difference(DifferenceKind.CONDITION, str(number), "", text)
