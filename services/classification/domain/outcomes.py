"""What a classification answers."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from services.classification.domain.agencies import CompetentAgency
from services.classification.domain.customs import CustomsRemark
from services.classification.domain.entries import ControlEntry
from services.classification.domain.index import Pointer
from services.classification.domain.legal_regimes import FoundRegime
from services.classification.domain.ruling import Ruling
from services.classification.domain.standings import EntryStatus


class Outcome(IntEnum):
    """What can be said of an item under an entry, or over all entries; the higher the more severe."""

    NO_ENTRY_FOUND = 1
    NOT_CONTROLLED_FOR_ENTRY = 2
    DECONTROLLED = 3
    NEEDS_INFORMATION = 4
    CONTROLLED_UNLESS_DECONTROL_SHOWN = 5
    CONTROLLED = 6


class FindingCode(StrEnum):
    """What decided the outcome of an entry."""

    DESCRIPTION_MET = "DESCRIPTION_MET"
    DESCRIPTION_NOT_SETTLED = "DESCRIPTION_NOT_SETTLED"
    TEXT_NOT_VERIFIED = "TEXT_NOT_VERIFIED"
    PARAMETERS_MISSING = "PARAMETERS_MISSING"
    PARAMETERS_NOT_COMPARED = "PARAMETERS_NOT_COMPARED"
    LIMITS_MET = "LIMITS_MET"
    LIMITS_NOT_MET = "LIMITS_NOT_MET"
    LIMITS_NOT_SETTLED = "LIMITS_NOT_SETTLED"
    LIMITS_CONTRADICT_CLAIM = "LIMITS_CONTRADICT_CLAIM"
    DECONTROL_POSSIBLE = "DECONTROL_POSSIBLE"
    DECONTROL_SHOWN = "DECONTROL_SHOWN"
    ENTRY_ANNOUNCED = "ENTRY_ANNOUNCED"
    ENTRY_SUSPENDED = "ENTRY_SUSPENDED"
    ENTRY_REPEALED = "ENTRY_REPEALED"
    ENTRY_TEMPORARY = "ENTRY_TEMPORARY"
    ENTRY_UNCONFIRMED = "ENTRY_UNCONFIRMED"


class QuestionCode(StrEnum):
    """What must still be known."""

    CONFIRM_DESCRIPTION = "CONFIRM_DESCRIPTION"
    CONFIRM_TEXT = "CONFIRM_TEXT"
    STATE_PARAMETERS = "STATE_PARAMETERS"
    STATE_QUANTITY = "STATE_QUANTITY"
    ANSWER_QUESTION = "ANSWER_QUESTION"
    COMPARE_PARAMETERS = "COMPARE_PARAMETERS"
    RESOLVE_CLAIM = "RESOLVE_CLAIM"
    SHOW_DECONTROL = "SHOW_DECONTROL"
    CONTROL_CODE_NOT_LOADED = "CONTROL_CODE_NOT_LOADED"
    HS_CODE_IN_LICENCE_CATALOGUE = "HS_CODE_IN_LICENCE_CATALOGUE"
    DAY_BEFORE_LIST = "DAY_BEFORE_LIST"
    ITEM_TOO_LONG = "ITEM_TOO_LONG"
    ITEM_TOO_VAGUE = "ITEM_TOO_VAGUE"
    TEXT_NOT_READ = "TEXT_NOT_READ"
    NAME_NOT_ACCOUNTED_FOR = "NAME_NOT_ACCOUNTED_FOR"
    TOO_MANY_ENTRIES = "TOO_MANY_ENTRIES"
    OTHER_LIST = "OTHER_LIST"
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
class Question:
    """What is asked, of which entry (None: of the item as a whole), and what it is about.

    `quote` are the words of the law that the answer serves; `settles` the entries that it may settle.
    """

    code: QuestionCode
    entry: ControlEntry | None = None
    item_value: str = ""
    quantity_zh: str = ""
    quantity_en: str = ""
    quote: str = ""
    settles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry the item may fall under: `score` between 0 and 1 orders candidates and decides nothing.

    `identified` says that the item is what the entry describes, limits apart.
    """

    entry: ControlEntry
    status: EntryStatus
    outcome: Outcome
    findings: tuple[FindingCode, ...]
    pointers: tuple[Pointer, ...]
    score: float
    identified: bool
    ruling: Ruling | None = None
    agencies: tuple[CompetentAgency, ...] = ()


@dataclass(frozen=True, slots=True)
class Classification:
    """The answer for one item under one list version as of one legal day.

    `related` are entries near the candidates to which nothing of the item points; `regimes` the bodies of law under
    which an export is, or may be, decided.
    """

    list_version: str
    as_of: date
    candidates: tuple[Candidate, ...]
    related: tuple[Candidate, ...]
    overall: Outcome
    questions: tuple[Question, ...]
    remark: CustomsRemark | None
    regimes: tuple[FoundRegime, ...] = ()
