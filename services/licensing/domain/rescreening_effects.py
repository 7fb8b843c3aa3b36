"""What a later screening does to a licence in use, by its verdict and by how certain its findings are.

Policy where the law leaves it open: each row names its source. A grave change of the factors on which a licence
rests stops its use (两用物项出口管制条例 Art. 18(4)), and customs is told at once (Art. 22(2)).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from services.licensing.domain.findings import (
    LegalSource,
    ScreeningFinding,
    ScreeningSummary,
    ScreeningVerdict,
)
from services.licensing.domain.procedure import Confidence

# The event that says that a later screening was recorded. Its `verdict` is the one that counts from then on.
RESCREEN: Final = "rescreen"
_CONFIRMED = "CONFIRMED"


class Certainty(StrEnum):
    """How certain a finding is."""

    CONFIRMED = "CONFIRMED"
    """People say that the party is the listed one."""
    MATCHED = "MATCHED"
    """The comparison of names says so, and nobody has decided it yet."""
    RULE = "RULE"
    """A rule on the destination, the end user or the end use bites."""


class LicenceEffect(StrEnum):
    """What follows for a licence in use."""

    SUSPEND = "SUSPEND"
    TELL = "TELL"


@dataclass(frozen=True)
class EffectRule:
    """One row of the policy."""

    effect: LicenceEffect
    source: LegalSource
    confidence: Confidence


EffectRules = Mapping[tuple[ScreeningVerdict, Certainty], EffectRule]


def certainty_of(finding: ScreeningFinding) -> Certainty:
    """How certain a finding is: only hits have an id and are decided."""
    if not finding.hit_id:
        return Certainty.RULE
    return Certainty.CONFIRMED if finding.hit_state == _CONFIRMED else Certainty.MATCHED


def effect_of(rules: EffectRules, screening: ScreeningSummary) -> LicenceEffect:
    """The gravest effect of the findings that make the verdict. A verdict without one of them is a matched one."""
    certainties = {
        certainty_of(finding)
        for finding in screening.findings
        if finding.verdict is screening.verdict and finding.counts
    }
    found = {
        rules[screening.verdict, certainty].effect
        for certainty in certainties or {Certainty.MATCHED}
        if (screening.verdict, certainty) in rules
    }
    return LicenceEffect.SUSPEND if LicenceEffect.SUSPEND in found else LicenceEffect.TELL
