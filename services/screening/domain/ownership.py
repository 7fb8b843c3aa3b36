"""Entities held by listed ones: shares are added up, and a dated policy says what follows.

That whoever is held by half or more by listed entities counts as listed was announced once (商务部公告2025年第61号)
and suspended before it began (2025年第70号). What holds after the suspension no source says: until a source does,
the policy is off, the shares are shown, and a person looks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from services.screening.domain.lists import LegalSource


class PolicyStanding(StrEnum):
    """How an ownership policy stands on a day of law."""

    NOT_BEGUN = "NOT_BEGUN"
    IN_FORCE = "IN_FORCE"
    SUSPENDED = "SUSPENDED"
    # The suspension has run out, and no source says that the policy applies again.
    UNSOURCED = "UNSOURCED"
    ENDED = "ENDED"


@dataclass(frozen=True, slots=True)
class OwnershipPolicy:
    """From which share on an entity held by listed ones is treated as listed; days of law, inclusive.

    `is_aggregate`: the shares of several listed holders are added up; else the largest counts.
    `applies_after_suspension` says whether a source confirms that the policy applies once the suspension has run out.
    """

    policy_id: str
    lists: frozenset[str]
    threshold_percent: Decimal
    is_aggregate: bool
    effective_from: date
    effective_to: date | None
    suspended_from: date | None
    suspended_to: date | None
    applies_after_suspension: bool
    source: LegalSource
    suspended_by: str
    text_zh: str
    text_en: str
    text_zh_if_off: str
    text_en_if_off: str

    def standing_on(self, day: date) -> PolicyStanding:
        """How the policy stands on a day of law. Only `IN_FORCE` has an effect."""
        if self.suspended_from is not None and day >= self.suspended_from:
            if self.suspended_to is None or day <= self.suspended_to:
                return PolicyStanding.SUSPENDED
            if not self.applies_after_suspension:
                return PolicyStanding.UNSOURCED
        if day < self.effective_from:
            return PolicyStanding.NOT_BEGUN
        if self.effective_to is not None and day > self.effective_to:
            return PolicyStanding.ENDED
        return PolicyStanding.IN_FORCE


@dataclass(frozen=True, slots=True)
class Share:
    """What one listed holder holds of a party, in percent; None where the share is not stated."""

    list_code: str
    entry_id: str
    percent: Decimal | None


def held(policy: OwnershipPolicy, shares: Iterable[Share]) -> Decimal:
    """The share that counts under a policy: of the holders on its lists, added up or the largest; exact."""
    counted = [
        share.percent for share in shares if share.list_code in policy.lists and share.percent is not None
    ]
    if not counted:
        return Decimal(0)
    return sum(counted, Decimal(0)) if policy.is_aggregate else max(counted)


def reaches(policy: OwnershipPolicy, shares: Iterable[Share]) -> bool:
    """Whether listed holders hold at least the share of the policy."""
    return held(policy, shares) >= policy.threshold_percent
