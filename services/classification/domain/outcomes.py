"""What is asked of a classification and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum

from services.classification.domain.entries import ControlEntry, EntryStatus
from services.classification.domain.index import Pointer


class Outcome(IntEnum):
    """What can be said of an item under an entry, or over all entries; the higher the more severe."""

    NO_ENTRY_FOUND = 1
    NOT_CONTROLLED_FOR_ENTRY = 2
    DECONTROLLED = 3
    NEEDS_INFORMATION = 4
    CONTROLLED_UNLESS_DECONTROL_SHOWN = 5
    CONTROLLED = 6


class Nature(StrEnum):
    """What is exported (出口管制法 Art. 2)."""

    UNSPECIFIED = "UNSPECIFIED"
    GOODS = "GOODS"
    TECHNOLOGY = "TECHNOLOGY"
    SERVICE = "SERVICE"
    DATA = "DATA"


class FindingCode(StrEnum):
    """What decided the outcome of an entry."""

    DESCRIPTION_MET = "DESCRIPTION_MET"
    DESCRIPTION_NOT_SETTLED = "DESCRIPTION_NOT_SETTLED"
    PARAMETERS_MISSING = "PARAMETERS_MISSING"
    PARAMETERS_NOT_COMPARED = "PARAMETERS_NOT_COMPARED"
    DECONTROL_POSSIBLE = "DECONTROL_POSSIBLE"
    ENTRY_ANNOUNCED = "ENTRY_ANNOUNCED"
    ENTRY_SUSPENDED = "ENTRY_SUSPENDED"
    ENTRY_REPEALED = "ENTRY_REPEALED"
    ENTRY_UNCONFIRMED = "ENTRY_UNCONFIRMED"


class QuestionCode(StrEnum):
    """What must still be known."""

    CONFIRM_DESCRIPTION = "CONFIRM_DESCRIPTION"
    STATE_PARAMETERS = "STATE_PARAMETERS"
    COMPARE_PARAMETERS = "COMPARE_PARAMETERS"
    SHOW_DECONTROL = "SHOW_DECONTROL"
    CONTROL_CODE_NOT_LOADED = "CONTROL_CODE_NOT_LOADED"
    ITEM_TOO_VAGUE = "ITEM_TOO_VAGUE"
    CATCH_ALL_NATIONAL_SECURITY = "CATCH_ALL_NATIONAL_SECURITY"
    CATCH_ALL_MASS_DESTRUCTION = "CATCH_ALL_MASS_DESTRUCTION"
    CATCH_ALL_TERRORISM = "CATCH_ALL_TERRORISM"


# 出口管制法 Art. 12(3): the three risks under which an item outside every list still needs a licence.
CATCH_ALL = (
    QuestionCode.CATCH_ALL_NATIONAL_SECURITY,
    QuestionCode.CATCH_ALL_MASS_DESTRUCTION,
    QuestionCode.CATCH_ALL_TERRORISM,
)


@dataclass(frozen=True, slots=True)
class Item:
    """What is to be classified; `parameters` are the stated properties, name to value with unit."""

    nature: Nature = Nature.UNSPECIFIED
    name_zh: str = ""
    name_en: str = ""
    description: str = ""
    hs_code: str = ""
    cas_number: str = ""
    claimed_control_code: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, of which entry (None: of the item as a whole), and the given value it is about."""

    code: QuestionCode
    entry: ControlEntry | None = None
    item_value: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry the item may fall under: `score` between 0 and 1 orders candidates and decides nothing."""

    entry: ControlEntry
    status: EntryStatus
    outcome: Outcome
    findings: tuple[FindingCode, ...]
    pointers: tuple[Pointer, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Classification:
    """The answer for one item under one list version as of one legal day."""

    list_version: str
    as_of: date
    candidates: tuple[Candidate, ...]
    overall: Outcome
    questions: tuple[Question, ...]
