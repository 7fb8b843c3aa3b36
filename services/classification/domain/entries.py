"""Entries of a control list: what they say, how far the transcription can be trusted, how they stand on a day.

An entry is never deleted and its dates are data: announcements are made, suspended, revived and replaced
(出口管制法 Art. 9; 两用物项出口管制条例 Art. 11-12), and a case is always read with the list of its own day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from services.classification.domain.standings import EntryStatus, Standing, status_on


class ItemKind(StrEnum):
    """What an entry names: the letter of its control code."""

    SYSTEMS = "A"
    PRODUCTION_EQUIPMENT = "B"
    MATERIALS = "C"
    SOFTWARE = "D"
    TECHNOLOGY = "E"
    # A provision of a list whose codes have no such letter.
    OTHER = "-"


class Quality(StrEnum):
    """How far the transcription of an entry can be trusted."""

    OFFICIAL = "A"
    CHECKED = "A-"
    # Read from a parse of the catalogue: limits may be missing.
    PARSED = "B"
    # Name and code of the licence catalogue alone.
    NAME = "name"

    @property
    def decides(self) -> bool:
        """Whether an item can be settled by the text at hand; otherwise the entry proposes and asks."""
        return self in (Quality.OFFICIAL, Quality.CHECKED)


class HsTrust(StrEnum):
    """Where a commodity code of an entry was read."""

    ANNOUNCEMENT = "announcement"
    CATALOGUE = "catalogue"


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
class HsReference:
    """A commodity code that an announcement or the licence catalogue prints beside an entry, for reference."""

    code: str
    trust: HsTrust
    announcement: str


@dataclass(frozen=True, slots=True)
class Source:
    """The announcement that an entry stands in: its short number, Chinese title and address."""

    announcement: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class ControlEntry:
    """One entry of a control list with its dates; all days are days of law (Asia/Shanghai), inclusive.

    `identifier` is the control code, or a stable name of our own where no source prints a code;
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
    hs_references: tuple[HsReference, ...]
    terms: tuple[Term, ...]
    source: Source
    standings: tuple[Standing, ...]
    quality: Quality

    def status_on(self, day: date) -> EntryStatus:
        """How the entry stands on a day of law."""
        return status_on(self.standings, day)

    @property
    def code(self) -> str:
        """The control code, or the one proposed where none is printed."""
        return self.control_code or self.proposed_code or self.identifier

    @property
    def hs_codes(self) -> tuple[str, ...]:
        """The commodity codes, wherever they were read."""
        return tuple(reference.code for reference in self.hs_references)

    @property
    def effective_from(self) -> date:
        """The first day after its announcement."""
        return min(each.since for each in self.standings if each.status is not EntryStatus.ANNOUNCED)

    @property
    def effective_to(self) -> date | None:
        """The last day of its last standing; None while that is open."""
        return self.standings[-1].until

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
    """One version of the list of one regime: the version is derived from the content.

    `covers_from` is the first day for which the list can say that something is not listed; what was in force
    before stood in lists that are not loaded.
    """

    regime: str
    version: str
    edition: date
    covers_from: date
    entries: tuple[ControlEntry, ...]


_LETTERS: Final = {kind.value: kind for kind in ItemKind if kind is not ItemKind.OTHER}


def kind_of(code: str) -> ItemKind:
    """The kind that the second character of a code names, as in the Chinese and the European list."""
    return _LETTERS.get(code[1:2], ItemKind.OTHER)


def codes_of(entries: Iterable[ControlEntry]) -> dict[str, ControlEntry]:
    """Entries by their code, printed or proposed; the printed one goes first."""
    found: dict[str, ControlEntry] = {}
    for entry in sorted(entries, key=lambda each: (not each.control_code, each.identifier)):
        found.setdefault(entry.code, entry)
    return found
