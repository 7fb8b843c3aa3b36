"""Prohibitions and conditions that bind a destination together with an end user, an end use, or what is known.

Such rules are made by announcement on the basis of 出口管制法 Art. 10 and 两用物项出口管制条例 Art. 13, for
example MOFCOM Announcement 2026 No. 1 (Japan: military end users, military end uses, and whatever else
helps to raise military strength); the limbs of the catch-all clause (全面管制) are those of 出口管制法
Art. 12(3). They are data with dates, may be suspended or switched off, and bite whatever the item.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from services.screening.domain.lists import LegalSource, Verdict

ANY_DESTINATION = "*"
# The finding of no rule: names of the export are in a writing that cannot be compared; its texts are the names.
NAME_UNREADABLE = "NAME-UNREADABLE"


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


class CatchAllLimb(StrEnum):
    """A limb of the catch-all clause (出口管制法 Art. 12(3)(1) to (3)); there are no others."""

    NATIONAL_SECURITY = "NATIONAL_SECURITY"
    WEAPONS_OF_MASS_DESTRUCTION = "WEAPONS_OF_MASS_DESTRUCTION"
    TERRORISM = "TERRORISM"


class StateOfKnowledge(StrEnum):
    """What the exporter knows of a risk: 知道 (knows), 应当知道 (should know), 得到通知 (was notified)."""

    NO_INDICATION = "NO_INDICATION"
    SHOULD_KNOW = "SHOULD_KNOW"
    KNOWS = "KNOWS"
    NOTIFIED = "NOTIFIED"


class Demand(StrEnum):
    """What has to be shown besides: a higher tier of end-user certificate (条例 Art. 24), due diligence."""

    CERTIFICATE_GOVERNMENT_CERTIFIED = "CERTIFICATE_GOVERNMENT_CERTIFIED"
    CERTIFICATE_GOVERNMENT_ISSUED = "CERTIFICATE_GOVERNMENT_ISSUED"
    DUE_DILIGENCE = "DUE_DILIGENCE"


class Confidence(StrEnum):
    """How sure it is that a row says what its source says."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class DestinationRule:
    """One rule: it bites where the destination fits and so does everything else that it names.

    `verdict_if_unknown` follows where what the rule asks for is not known (None: nothing follows). All days
    are days of law (Asia/Shanghai), inclusive. A rule that is not `enabled` is kept and never bites: what it
    says is not certain enough, or cannot be told from what an export states.
    """

    rule_id: str
    destination: str
    end_user_kinds: frozenset[EndUserKind]
    end_use_purposes: frozenset[EndUsePurpose]
    catch_all_limbs: frozenset[CatchAllLimb]
    knowledge: frozenset[StateOfKnowledge]
    verdict: Verdict
    verdict_if_unknown: Verdict | None
    demands: tuple[Demand, ...]
    source: LegalSource
    effective_from: date
    effective_to: date | None
    suspended_from: date | None
    suspended_to: date | None
    confidence: Confidence
    enabled: bool
    text_zh: str
    text_en: str

    def applies_on(self, day: date) -> bool:
        """Whether the rule is in force on a day of law: begun, not ended, not suspended, not switched off."""
        begun = self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)
        suspended = (
            self.suspended_from is not None
            and self.suspended_from <= day
            and (self.suspended_to is None or day <= self.suspended_to)
        )
        return self.enabled and begun and not suspended

    def days_of_change(self) -> Iterable[date]:
        """The days on which the rule begins, ends, is suspended, or applies again."""
        return days_of_change(
            (self.effective_from, self.effective_to), (self.suspended_from, self.suspended_to)
        )


def days_of_change(*periods: tuple[date | None, date | None]) -> Iterable[date]:
    """The first day of each period, and the day after its last."""
    for first, last in periods:
        if first is not None:
            yield first
        if last is not None and last < date.max:
            yield date.fromordinal(last.toordinal() + 1)


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
    """Where the item goes, what for, and what the exporter knows of the risks of the catch-all clause.

    `end_user_countries` are the destination and the countries of the end users; `receiving_countries` are
    besides those of importers and consignees, for an item handed on to a country is an item destined for it.
    A limb that `catch_all` leaves out is not stated.
    """

    end_user_countries: frozenset[str]
    receiving_countries: frozenset[str]
    end_user_kind: EndUserKind
    end_use_purpose: EndUsePurpose
    catch_all: Mapping[CatchAllLimb, StateOfKnowledge] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """What bites, or may bite because what is asked for is not known: of a rule or of the register."""

    rule_id: str
    verdict: Verdict
    unknown: bool
    source: LegalSource
    text_zh: str
    text_en: str
    demands: tuple[Demand, ...] = ()


def in_order(findings: Iterable[RuleFinding]) -> tuple[RuleFinding, ...]:
    """The findings, most severe first, then by rule id."""
    return tuple(sorted(findings, key=lambda finding: (-finding.verdict, finding.rule_id)))


def evaluate(rule_set: RuleSet, transaction: Transaction, day: date) -> tuple[RuleFinding, ...]:
    """Every rule that bites or may bite on a day of law, most severe first, then by rule id."""
    return in_order(_findings(rule_set.rules, transaction, day))


def _findings(rules: Iterable[DestinationRule], transaction: Transaction, day: date) -> Iterable[RuleFinding]:
    for rule in rules:
        if not rule.applies_on(day):
            continue
        reached = transaction.end_user_countries if rule.end_user_kinds else transaction.receiving_countries
        if rule.destination != ANY_DESTINATION and rule.destination not in reached:
            continue
        parts = (_kind(rule, transaction), _purpose(rule, transaction), _knowledge(rule, transaction))
        if all(part is _Fit.FITS for part in parts):
            yield _finding(rule, rule.verdict, unknown=False)
        elif rule.verdict_if_unknown is not None and _Fit.FITS_NOT not in parts:
            yield _finding(rule, rule.verdict_if_unknown, unknown=True)


def _finding(rule: DestinationRule, verdict: Verdict, *, unknown: bool) -> RuleFinding:
    return RuleFinding(rule.rule_id, verdict, unknown, rule.source, rule.text_zh, rule.text_en, rule.demands)


class _Fit(StrEnum):
    FITS = "FITS"
    MAY_FIT = "MAY_FIT"
    FITS_NOT = "FITS_NOT"


def _kind(rule: DestinationRule, transaction: Transaction) -> _Fit:
    if not rule.end_user_kinds or transaction.end_user_kind in rule.end_user_kinds:
        return _Fit.FITS
    return _Fit.MAY_FIT if transaction.end_user_kind is EndUserKind.UNKNOWN else _Fit.FITS_NOT


def _purpose(rule: DestinationRule, transaction: Transaction) -> _Fit:
    if not rule.end_use_purposes or transaction.end_use_purpose in rule.end_use_purposes:
        return _Fit.FITS
    return _Fit.MAY_FIT if transaction.end_use_purpose is EndUsePurpose.UNKNOWN else _Fit.FITS_NOT


def _knowledge(rule: DestinationRule, transaction: Transaction) -> _Fit:
    """Whether the exporter's knowledge of one of the limbs is of a state that the rule names."""
    if not rule.catch_all_limbs:
        return _Fit.FITS
    stated = [transaction.catch_all.get(limb) for limb in sorted(rule.catch_all_limbs)]
    if any(state in rule.knowledge for state in stated if state is not None):
        return _Fit.FITS
    return _Fit.MAY_FIT if None in stated else _Fit.FITS_NOT
