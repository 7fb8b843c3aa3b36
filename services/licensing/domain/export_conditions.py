"""What an export of certain items needs besides a licence: a designated exporter, or a destination that is not shut out.

监控化学品管理条例 Art. 14(2): nobody but a designated company (被指定单位) may export controlled chemicals; others have
one act for them. 核出口管制条例 Art. 5(3): the receiving state has a comprehensive safeguards agreement in force. Both are
data with dates. Which companies are designated is data as well; nobody whose designation is not recorded counts as
designated.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import assert_never

from services.foundation.messages import LocalizedText
from services.licensing.domain.control_codes import compared
from services.licensing.domain.findings import LegalSource
from services.licensing.domain.procedure import Confidence


class ConditionKind(StrEnum):
    """What the condition is about; the words are reason codes of a refused dossier as well."""

    EXPORTER_NOT_DESIGNATED = "EXPORTER_NOT_DESIGNATED"
    DESTINATION_SHUT_OUT = "DESTINATION_SHUT_OUT"


@dataclass(frozen=True)
class ExportCondition:
    """One row; days of law, inclusive. A row that is not `enabled` is kept and never bites."""

    condition_id: str
    kind: ConditionKind
    pattern: str
    countries: frozenset[str]
    source: LegalSource
    confidence: Confidence
    effective_from: date
    effective_to: date | None
    enabled: bool
    text: LocalizedText

    def concerns(self, code: str, day: date) -> bool:
        """Whether it binds exports of a control code, however it is typed, on a day of law."""
        begun = self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)
        return self.enabled and begun and re.match(self.pattern, compared(code), re.IGNORECASE) is not None


@dataclass(frozen=True)
class Designation:
    """A company (by its unified social credit code) that is designated under a condition; days of law, inclusive."""

    condition_id: str
    unified_social_credit_code: str
    effective_from: date
    effective_to: date | None

    def holds_on(self, day: date) -> bool:
        """Whether it holds on a day of law."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


@dataclass(frozen=True)
class ExportConditions:
    """Every condition and every designation, past and future."""

    conditions: tuple[ExportCondition, ...] = ()
    designations: tuple[Designation, ...] = ()

    def unmet(
        self, codes: Iterable[str], exporter: str, countries: Collection[str], day: date
    ) -> tuple[ExportCondition, ...]:
        """The conditions on items of these control codes that an export does not meet, each once."""
        wanted = tuple(codes)
        return tuple(
            condition
            for condition in self.conditions
            if any(condition.concerns(code, day) for code in wanted)
            and self._is_unmet(condition, exporter, countries, day)
        )

    def _is_unmet(
        self, condition: ExportCondition, exporter: str, countries: Collection[str], day: date
    ) -> bool:
        match condition.kind:
            case ConditionKind.EXPORTER_NOT_DESIGNATED:
                return not any(
                    each.condition_id == condition.condition_id
                    and each.unified_social_credit_code == exporter
                    and each.holds_on(day)
                    for each in self.designations
                )
            case ConditionKind.DESTINATION_SHUT_OUT:
                return not condition.countries.isdisjoint(countries)
            case _:
                assert_never(condition.kind)
