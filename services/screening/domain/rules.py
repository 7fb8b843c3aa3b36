"""Prohibitions and conditions that bind a destination together with an end user or an end use.

Such rules are made by announcement on the basis of 出口管制法 Art. 10 and 两用物项出口管制条例 Art. 13, for
example MOFCOM Announcement 2026 No. 1 (Japan: military end users, military end uses, and whatever else
helps to raise military strength). They are data with dates; whatever the item, they bite.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.screening.domain.lists import LegalSource, Verdict

ANY_DESTINATION = "*"


class EndUserKind(StrEnum):
    """What the end user is. Not stated counts as unknown."""

    CIVIL = "CIVIL"
    MILITARY = "MILITARY"
    GOVERNMENT = "GOVERNMENT"
    UNKNOWN = "UNKNOWN"


class EndUsePurpose(StrEnum):
    """What the item is for. Not stated counts as unknown."""

    CIVIL = "CIVIL"
    MILITARY = "MILITARY"
    RAISES_MILITARY_STRENGTH = "RAISES_MILITARY_STRENGTH"
    WEAPONS_OF_MASS_DESTRUCTION = "WEAPONS_OF_MASS_DESTRUCTION"
    TERRORISM = "TERRORISM"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class DestinationRule:
    """One rule: it bites where the destination fits and so does the end user or the end use it names.

    `verdict_if_unknown` follows where what the rule asks for is not known (None: nothing follows).
    """

    rule_id: str
    destination: str
    end_user_kinds: frozenset[EndUserKind]
    end_use_purposes: frozenset[EndUsePurpose]
    verdict: Verdict
    verdict_if_unknown: Verdict | None
    source: LegalSource
    effective_from: date
    effective_to: date | None
    confidence: str
    text_zh: str
    text_en: str

    def applies_on(self, day: date) -> bool:
        """Whether the rule is in force on a day of law."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One version of the rules: the version is derived from the content.

    `newest` is the newest day on which one of them takes effect.
    """

    version: str
    newest: date
    rules: tuple[DestinationRule, ...]


@dataclass(frozen=True, slots=True)
class Transaction:
    """Where the item goes and what for.

    `end_user_countries` are the destination and the countries of the end users; `receiving_countries` are
    besides those of importers and consignees, for an item handed on to a country is an item destined for it.
    """

    end_user_countries: frozenset[str]
    receiving_countries: frozenset[str]
    end_user_kind: EndUserKind
    end_use_purpose: EndUsePurpose


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """A rule that bites, or may bite because what it asks for is not known."""

    rule: DestinationRule
    verdict: Verdict
    unknown: bool


def evaluate(rule_set: RuleSet, transaction: Transaction, day: date) -> tuple[RuleFinding, ...]:
    """Every rule that bites or may bite on a day of law, most severe first, then by rule id."""
    return tuple(
        sorted(_findings(rule_set.rules, transaction, day), key=lambda f: (-f.verdict, f.rule.rule_id))
    )


def _findings(rules: Iterable[DestinationRule], transaction: Transaction, day: date) -> Iterable[RuleFinding]:
    for rule in rules:
        if not rule.applies_on(day):
            continue
        reached = transaction.end_user_countries if rule.end_user_kinds else transaction.receiving_countries
        if rule.destination != ANY_DESTINATION and rule.destination not in reached:
            continue
        kind_fits = not rule.end_user_kinds or transaction.end_user_kind in rule.end_user_kinds
        purpose_fits = not rule.end_use_purposes or transaction.end_use_purpose in rule.end_use_purposes
        if kind_fits and purpose_fits:
            yield RuleFinding(rule, rule.verdict, unknown=False)
        elif rule.verdict_if_unknown is not None:
            kind_may_fit = kind_fits or transaction.end_user_kind is EndUserKind.UNKNOWN
            purpose_may_fit = purpose_fits or transaction.end_use_purpose is EndUsePurpose.UNKNOWN
            if kind_may_fit and purpose_may_fit:
                yield RuleFinding(rule, rule.verdict_if_unknown, unknown=True)
