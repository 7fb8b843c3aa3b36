"""The register of destinations: how much risk one carries, why, since when, and what is demanded for it.

出口管制法 Art. 8(2) and 两用物项出口管制条例 Art. 10 have destinations assessed (评估) and given a grade of
risk (风险等级), with measures that fit it. Grades that the authority has not published are a policy of whoever
runs the platform; a destination that is not in the register has no grade.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import assert_never

from services.screening.domain.lists import LegalSource, Verdict
from services.screening.domain.rules import Confidence, Demand, RuleFinding, days_of_change, in_order

FINDING_PREFIX = "DESTINATION-"


class Grade(StrEnum):
    """Grade of risk (风险等级)."""

    LOW = "LOW"
    ELEVATED = "ELEVATED"
    HIGH = "HIGH"


def verdict_of(grade: Grade) -> Verdict:
    """What a grade alone entails: a person looks at every export to a destination of high risk."""
    match grade:
        case Grade.LOW | Grade.ELEVATED:
            return Verdict.CLEAR
        case Grade.HIGH:
            return Verdict.REVIEW
        case _:
            assert_never(grade)


@dataclass(frozen=True, slots=True)
class Destination:
    """A country or territory (ISO 3166-1 alpha-2) with its grade; days of law (Asia/Shanghai), inclusive."""

    country: str
    grade: Grade
    demands: tuple[Demand, ...]
    source: LegalSource
    effective_from: date
    effective_to: date | None
    confidence: Confidence
    reason_zh: str
    reason_en: str

    def applies_on(self, day: date) -> bool:
        """Whether the grade is in force on a day of law."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)

    def days_of_change(self) -> Iterable[date]:
        """The days on which the grade begins and on which it holds no longer."""
        return days_of_change((self.effective_from, self.effective_to))


@dataclass(frozen=True, slots=True)
class Register:
    """One version of the register: the version is derived from the content.

    `newest` is the newest day on which a grade takes effect.
    """

    version: str
    newest: date
    destinations: tuple[Destination, ...]


def graded(register: Register, countries: Collection[str], day: date) -> tuple[RuleFinding, ...]:
    """What the grades of the countries that an export reaches entail on a day of law, most severe first.

    A low grade that demands nothing is no finding.
    """
    return in_order(
        RuleFinding(
            f"{FINDING_PREFIX}{destination.country}",
            verdict_of(destination.grade),
            unknown=False,
            source=destination.source,
            text_zh=destination.reason_zh,
            text_en=destination.reason_en,
            demands=destination.demands,
        )
        for destination in register.destinations
        if destination.country in countries
        and destination.applies_on(day)
        and (destination.grade is not Grade.LOW or destination.demands)
    )
