"""Entries of a control list and how they stand in law on a day.

An entry is never deleted and its dates are data: announcements are made, suspended, revived and replaced
(出口管制法 Art. 9; 两用物项出口管制条例 Art. 11-12), and a case is always read with the list of its own day.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ItemKind(StrEnum):
    """What an entry names: the letter of its control code."""

    SYSTEMS = "A"
    PRODUCTION_EQUIPMENT = "B"
    MATERIALS = "C"
    SOFTWARE = "D"
    TECHNOLOGY = "E"


class Confirmation(StrEnum):
    """Whether a published source says how the entry stands now."""

    IN_FORCE = "in_force"
    # The suspension has run out by its own text and no source says what follows.
    UNCONFIRMED_AFTER_SUSPENSION = "unconfirmed_after_suspension"


class EntryStatus(StrEnum):
    """How an entry stands on a legal day."""

    ANNOUNCED = "ANNOUNCED"
    IN_FORCE = "IN_FORCE"
    UNCONFIRMED = "UNCONFIRMED"
    SUSPENDED = "SUSPENDED"
    REPEALED = "REPEALED"

    @property
    def applies(self) -> bool:
        """Whether the entry is applied. One of unconfirmed standing is, and is marked: fail closed."""
        return self in (EntryStatus.IN_FORCE, EntryStatus.UNCONFIRMED)


class TermKind(StrEnum):
    """How a searchable term relates to its entry."""

    NAME = "name"
    ALIAS = "alias"
    # Calls for a look at the entry without naming what it covers: it proposes and never identifies.
    RELATED = "related"
    CAS_NUMBER = "cas"


@dataclass(frozen=True, slots=True)
class Term:
    """A word by which an entry is found."""

    text: str
    kind: TermKind


@dataclass(frozen=True, slots=True)
class Source:
    """The announcement that an entry stands in: its short number, Chinese title and address."""

    announcement: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class ControlEntry:
    """One entry of a control list with its dates; all days are days of law (Asia/Shanghai), inclusive.

    `identifier` is the control code, or a stable name of our own where the announcement prints no code;
    `proposed_code` is then the code that its wording matches, still to be confirmed by a person.
    """

    identifier: str
    control_code: str
    proposed_code: str
    kind: ItemKind
    category_zh: str
    category_en: str
    name_zh: str
    name_en: str
    parameters_zh: str
    parameters_en: str
    parameters_complete: bool
    decontrol_zh: str
    decontrol_en: str
    note_zh: str
    note_en: str
    hs_codes: tuple[str, ...]
    terms: tuple[Term, ...]
    source: Source
    effective_from: date
    effective_to: date | None
    suspended_from: date | None
    suspended_to: date | None
    suspended_by: str
    confirmation: Confirmation
    quality: str

    def status_on(self, day: date) -> EntryStatus:
        """How the entry stands on a day of law."""
        if day < self.effective_from:
            return EntryStatus.ANNOUNCED
        if self.effective_to is not None and day > self.effective_to:
            return EntryStatus.REPEALED
        if self.suspended_from is not None and day >= self.suspended_from:
            if self.suspended_to is None or day <= self.suspended_to:
                return EntryStatus.SUSPENDED
            if self.confirmation is Confirmation.UNCONFIRMED_AFTER_SUSPENSION:
                return EntryStatus.UNCONFIRMED
        return EntryStatus.IN_FORCE

    @property
    def has_parameters(self) -> bool:
        """Whether the entry holds only for items that meet stated limits or characteristics."""
        return bool(self.parameters_zh or self.parameters_en)

    @property
    def has_decontrol(self) -> bool:
        """Whether the text of the entry releases certain items from it."""
        return bool(self.decontrol_zh or self.decontrol_en)


@dataclass(frozen=True, slots=True)
class ControlList:
    """One version of the list of one regime: the version is derived from the content."""

    regime: str
    version: str
    edition: date
    entries: tuple[ControlEntry, ...]
