"""What the opinions of a round add up to: a truth table, read from the top, the first row that fits.

Only opinions that were given count. Silence, a passed due time and a waiver are not consent: they take no
part, and a mandatory opinion that is missing keeps the round from closing at all.
The result binds nobody: it is what the ministry, which decides (出口管制法 Art. 22), sees before it decides.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from services.consultation.domain.vocabulary import Consolidation, Opinion, TaskState

# Stands where the reason does, of a round that was abandoned: it closed without a result.
APPLICATION_WITHDRAWN: Final = "APPLICATION_WITHDRAWN"


class ConsolidationReason(StrEnum):
    """Which row of the table gave the result."""

    AGENCY_REFUSES = "AGENCY_REFUSES"
    AGENCY_SETS_CONDITIONS = "AGENCY_SETS_CONDITIONS"
    NO_AGENCY_OBJECTS = "NO_AGENCY_OBJECTS"
    NO_COMPETENT_OPINION = "NO_COMPETENT_OPINION"
    NO_AGENCY_CONSULTED = "NO_AGENCY_CONSULTED"


@dataclass(frozen=True)
class Answer:
    """One task as the table sees it."""

    mandatory: bool
    state: TaskState
    opinion: Opinion | None

    @property
    def is_missing(self) -> bool:
        """Whether a mandatory opinion has neither been given by a competent agency nor been waived."""
        if not self.mandatory or self.state is TaskState.WAIVED:
            return False
        return self.state is not TaskState.ANSWERED or self.opinion is Opinion.NOT_COMPETENT


@dataclass(frozen=True)
class Consolidated:
    """The result, and the row that gave it."""

    result: Consolidation
    reason: ConsolidationReason


@dataclass(frozen=True)
class Row:
    """Fits if any opinion given is one of `any_of`."""

    any_of: frozenset[Opinion]
    result: Consolidation
    reason: ConsolidationReason


TRUTH_TABLE: Final[tuple[Row, ...]] = (
    Row(frozenset({Opinion.REFUSE}), Consolidation.ADVERSE, ConsolidationReason.AGENCY_REFUSES),
    Row(
        frozenset({Opinion.APPROVE_WITH_CONDITIONS}),
        Consolidation.FAVOURABLE_WITH_CONDITIONS,
        ConsolidationReason.AGENCY_SETS_CONDITIONS,
    ),
    Row(
        frozenset({Opinion.APPROVE, Opinion.NO_OBJECTION}),
        Consolidation.FAVOURABLE,
        ConsolidationReason.NO_AGENCY_OBJECTS,
    ),
)


def consolidate(answers: Iterable[Answer]) -> Consolidated:
    """The result of a round whose mandatory opinions are all given or waived.

    A round without consulted agencies is lawful where the route names none (chemical items, 出口管制法
    Art. 22: 单独或者会同): it yields NO_OPINION, and the ministry decides alone. Raises ValueError while a
    mandatory opinion is missing.
    """
    asked = tuple(answers)
    if any(answer.is_missing for answer in asked):
        raise ValueError("a round with a missing mandatory opinion has no result")
    given = {answer.opinion for answer in asked if answer.state is TaskState.ANSWERED}
    for row in TRUTH_TABLE:
        if row.any_of & given:
            return Consolidated(row.result, row.reason)
    reason = ConsolidationReason.NO_COMPETENT_OPINION if asked else ConsolidationReason.NO_AGENCY_CONSULTED
    return Consolidated(Consolidation.NO_OPINION, reason)


def truth_table_as_markdown() -> str:
    """The table for readers."""
    lines = ["| if among the opinions given there is | the round is | because |", "|---|---|---|"]
    lines += [
        f"| {' or '.join(opinion for opinion in Opinion if opinion in row.any_of)} "
        f"| {row.result} | {row.reason} |"
        for row in TRUTH_TABLE
    ]
    none = Consolidation.NO_OPINION
    lines.append(f"| none of these | {none} | {ConsolidationReason.NO_COMPETENT_OPINION} |")
    lines.append(f"| no agency was asked | {none} | {ConsolidationReason.NO_AGENCY_CONSULTED} |")
    return "\n".join(lines)
