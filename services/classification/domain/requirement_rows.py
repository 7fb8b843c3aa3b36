"""The table of licence requirements (许可要求): its columns, its rows, and how a row stands on a day of law.

出口管制法 Art. 12 makes a licence the rule for what is listed; other provisions and announcements change that for
items, destinations, ends and users. Each of them is one dated row.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum, StrEnum

from services.classification.domain.codes import ancestors
from services.classification.domain.standings import EntryStatus
from services.classification.rules.truth import Truth


class RequirementOutcome(IntEnum):
    """What an export needs, from the least severe to the most."""

    NO_LISTED_REQUIREMENT = 1
    DECLARATION_ONLY = 2
    REGISTRATION = 3
    """登记填报信息方式获得出口凭证, 两用物项出口管制条例 Art. 19."""
    GENERAL_LICENCE_POSSIBLE = 4
    """通用许可, Art. 15(3)."""
    INDIVIDUAL_LICENCE = 5
    """单项许可, Art. 15(2), or the licence of another regime."""
    STRICT_REVIEW = 6
    PRESUMPTION_OF_DENIAL = 7
    """原则上不予许可."""
    PROHIBITED = 8


class Mode(StrEnum):
    """How the item leaves (出口管制法 Art. 2; 两用物项出口管制条例 Art. 2, 19, 48, 49)."""

    EXPORT = "EXPORT"
    TECHNOLOGY_TRANSFER = "TECHNOLOGY_TRANSFER"
    SERVICE = "SERVICE"
    PROVISION_TO_FOREIGN_PERSON = "PROVISION_TO_FOREIGN_PERSON"
    GIFT = "GIFT"
    EXHIBITION = "EXHIBITION"
    COOPERATION = "COOPERATION"
    AID = "AID"
    TRANSIT = "TRANSIT"
    REEXPORT = "REEXPORT"
    OUT_OF_SPECIAL_AREA = "OUT_OF_SPECIAL_AREA"
    WITHIN_SPECIAL_AREAS = "WITHIN_SPECIAL_AREAS"
    RETURN_AFTER_REPAIR_IN_CHINA = "RETURN_AFTER_REPAIR_IN_CHINA"
    REPAIR_ABROAD = "REPAIR_ABROAD"
    RETURN_AFTER_EXHIBITION_IN_CHINA = "RETURN_AFTER_EXHIBITION_IN_CHINA"
    EXHIBITION_ABROAD_AND_BACK = "EXHIBITION_ABROAD_AND_BACK"
    CIVIL_AIRCRAFT_PARTS = "CIVIL_AIRCRAFT_PARTS"
    FOREIGN_MADE = "FOREIGN_MADE"
    """Made abroad with items of Chinese origin and moved by whoever is abroad: Art. 49."""


class EndUse(StrEnum):
    """What the item is for."""

    CIVIL = "CIVIL"
    MILITARY = "MILITARY"
    RAISES_MILITARY_STRENGTH = "RAISES_MILITARY_STRENGTH"
    WEAPONS_OF_MASS_DESTRUCTION = "WEAPONS_OF_MASS_DESTRUCTION"
    TERRORISM = "TERRORISM"
    ENDANGERS_NATIONAL_SECURITY = "ENDANGERS_NATIONAL_SECURITY"
    ADVANCED_SEMICONDUCTORS = "ADVANCED_SEMICONDUCTORS"
    HUMANITARIAN = "HUMANITARIAN"


class EndUserStatus(StrEnum):
    """Who the end user or importer is to the law."""

    NONE = "NONE"
    MILITARY = "MILITARY"
    WATCH_LIST = "WATCH_LIST"
    CONTROL_LIST = "CONTROL_LIST"
    AFFILIATE_OF_LISTED = "AFFILIATE_OF_LISTED"


class Confidence(StrEnum):
    """How firmly the text of a row was read; one of low confidence does not count until an operator says so."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class ExportedItem:
    """An item as classified: a control code of the list, or a word for what is in another list or in none.

    `counts_as` is the word for a code that is in no list on the day asked.
    """

    name: str
    is_listed: bool
    counts_as: str = ""


@dataclass(frozen=True, slots=True)
class ItemSet:
    """A named group: every listed item, or prefixes of codes, third characters, words."""

    name: str
    every_listed: bool
    prefixes: tuple[str, ...]
    third_digits: str
    words: frozenset[str]

    def includes(self, item: ExportedItem) -> bool:
        """Whether an item is of the group."""
        if not item.is_listed:
            return (item.counts_as or item.name) in self.words
        code = item.name
        return (
            self.every_listed
            or any(prefix in (code, *ancestors(code)) for prefix in self.prefixes)
            or code[2:3] in tuple(self.third_digits)
        )


@dataclass(frozen=True, slots=True)
class Basis:
    """Where a row stands in law."""

    instrument: str
    article: str
    url: str


@dataclass(frozen=True, slots=True)
class Validity:
    """From when to when a row counts (Asia/Shanghai, all inclusive), and when it was suspended."""

    since: date
    until: date | None = None
    suspended_since: date | None = None
    suspended_until: date | None = None

    def on(self, day: date) -> EntryStatus:
        """The standing on a day. After a suspension that ended by its own text nobody has confirmed anything."""
        suspended = self.suspended_since is not None and self.suspended_since <= day
        if suspended and (self.suspended_until is None or day <= self.suspended_until):
            return EntryStatus.SUSPENDED
        if day < self.since:
            return EntryStatus.ANNOUNCED
        if self.until is not None and day > self.until:
            return EntryStatus.REPEALED
        return EntryStatus.UNCONFIRMED if suspended else EntryStatus.IN_FORCE


@dataclass(frozen=True, slots=True)
class RequirementRow:
    """One row; an empty column is any value. `instead_of` names rows in whose place it stands where it matches."""

    row_id: str
    regime: str
    outcome: RequirementOutcome
    basis: Basis
    validity: Validity
    item_sets: tuple[ItemSet, ...] = ()
    modes: frozenset[Mode] = frozenset()
    destinations: frozenset[str] = frozenset()
    end_uses: frozenset[EndUse] = frozenset()
    end_user_statuses: frozenset[EndUserStatus] = frozenset()
    content_from: Decimal | None = None
    """Least share of Chinese content by value in percent."""
    fact: str = ""
    """A fact of the item or of the destination that must hold."""
    instead_of: frozenset[str] = frozenset()
    documents: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    confidence: Confidence = Confidence.HIGH
    enabled: bool = True
    text_zh: str = ""
    text_en: str = ""


@dataclass(frozen=True, slots=True)
class RequirementTable:
    """All rows, with what is known of countries for facts about destinations."""

    version: str
    rows: tuple[RequirementRow, ...]
    destination_facts: Mapping[str, Mapping[str, bool]]

    @classmethod
    def of(
        cls,
        version: str,
        rows: Iterable[RequirementRow],
        destination_facts: Mapping[str, Mapping[str, bool]],
    ) -> "RequirementTable":
        """A table in the order of its row ids.

        Errors: ValueError for an id that stands twice or is not there, for a row of low confidence that is
        enabled, and for a row that replaces others and is replaced itself: the outcome would hang on the order.
        """
        ordered = tuple(sorted(rows, key=lambda row: row.row_id))
        ids = [row.row_id for row in ordered]
        if len(set(ids)) < len(ids):
            raise ValueError("a row id stands twice")
        replaced = frozenset[str]().union(*(row.instead_of for row in ordered))
        if replaced - set(ids):
            raise ValueError(f"rows that are not there: {sorted(replaced - set(ids))}")
        for row in ordered:
            if row.enabled and row.confidence is Confidence.LOW:
                raise ValueError(f"{row.row_id}: of low confidence and enabled")
            if row.instead_of and row.row_id in replaced:
                raise ValueError(f"{row.row_id}: replaces and is replaced")
        return cls(version, ordered, destination_facts)

    @property
    def facts(self) -> frozenset[str]:
        """Every fact that a row asks for."""
        return frozenset(row.fact for row in self.rows if row.fact)

    @property
    def words(self) -> frozenset[str]:
        """Every word for an item that is not a code of the list."""
        return frozenset(word for row in self.rows for group in row.item_sets for word in group.words)

    def fact_of_destination(self, fact: str, destination: str) -> Truth:
        """Whether a fact holds of a country, as far as the table knows."""
        return Truth.of(self.destination_facts.get(fact, {}).get(destination))
