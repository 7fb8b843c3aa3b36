"""Lists of parties and how an entry of one stands on a day of law.

Three lists with different effects: the control list (管控名单, 两用物项出口管制条例 Art. 28-29), the watch
list (关注名单, Art. 26), and the unreliable entity list (不可靠实体清单), which has another legal basis and
informs the review only. An entry is never deleted: its listing, suspension and end are dates.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum, StrEnum
from typing import assert_never

from services.foundation.errors import XukeError, failed_precondition
from services.screening.domain.names import Name, NameRules


class Verdict(IntEnum):
    """What follows from a finding; the higher the more severe."""

    CLEAR = 1
    REVIEW = 2
    RESTRICTED = 3
    PROHIBITED = 4


class ListCode(StrEnum):
    """The lists that every screening needs. One that is missing stops the screening."""

    CONTROL_LIST = "control_list"
    WATCH_LIST = "watch_list"
    UNRELIABLE_ENTITY_LIST = "unreliable_entity_list"


class Standing(StrEnum):
    """How an entry stands on a legal day."""

    ANNOUNCED = "ANNOUNCED"
    IN_FORCE = "IN_FORCE"
    # No source confirms that the entry still stands as listed: it is applied, and marked.
    UNCONFIRMED = "UNCONFIRMED"
    SUSPENDED = "SUSPENDED"
    STOPPED = "STOPPED"
    DELISTED = "DELISTED"


@dataclass(frozen=True, slots=True)
class LegalSource:
    """Title of the instrument in Chinese, article or paragraph, and address; empty where there is none."""

    instrument: str
    article: str
    url: str


@dataclass(frozen=True, slots=True)
class ListedParty:
    """One entry of a list; all days are days of law (Asia/Shanghai), inclusive.

    `names` are every printed name and alias as compared. Measures on a party may be suspended for a time or
    stopped; `unconfirmed_from` is the day from which no source says how the entry stands.
    """

    entry_id: str
    list_code: ListCode
    name_zh: str
    name_en: str
    aliases: tuple[str, ...]
    names: tuple[Name, ...]
    region: str
    source: LegalSource
    effective_from: date
    effective_to: date | None
    suspended_from: date | None
    suspended_to: date | None
    stopped_from: date | None
    unconfirmed_from: date | None
    standing_basis: str
    also_unreliable_entity: bool

    def standing_on(self, day: date) -> Standing:
        """How the entry stands on a day of law."""
        if day < self.effective_from:
            return Standing.ANNOUNCED
        if self.effective_to is not None and day > self.effective_to:
            return Standing.DELISTED
        if self.stopped_from is not None and day >= self.stopped_from:
            return Standing.STOPPED
        if (
            self.suspended_from is not None
            and day >= self.suspended_from
            and (self.suspended_to is None or day <= self.suspended_to)
        ):
            return Standing.SUSPENDED
        if self.unconfirmed_from is not None and day >= self.unconfirmed_from:
            return Standing.UNCONFIRMED
        return Standing.IN_FORCE


def listed_names(rules: NameRules, name_zh: str, name_en: str, aliases: tuple[str, ...]) -> tuple[Name, ...]:
    """Every printed name and alias of an entry as compared."""
    return tuple(name for text in (name_zh, name_en, *aliases) for name in rules.readings(text))


@dataclass(frozen=True, slots=True)
class Measure:
    """What a listing entails, with its article and dates."""

    measure: str
    source: LegalSource
    effective_from: date
    effective_to: date | None
    text_zh: str
    text_en: str

    def applies_on(self, day: date) -> bool:
        """Whether the measure is in force on a day of law."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


@dataclass(frozen=True, slots=True)
class PartyList:
    """One version of one list: the version is derived from the content.

    `read_on` is the day on which the list was last compared with its official source, `maximum_age_days` how
    old that may be before screening stops (a policy of the operator).
    """

    list_code: ListCode
    version: str
    name_zh: str
    name_en: str
    match_verdict: Verdict
    likeness_verdict: Verdict
    source: LegalSource
    effective_from: date
    read_on: date
    maximum_age_days: int
    entries: tuple[ListedParty, ...]
    measures: tuple[Measure, ...]

    def verdict_of(self, standing: Standing, is_match: bool) -> Verdict:
        """What a name that is, or is like, that of an entry entails.

        While measures are suspended or stopped a licence application is still examined: a person reviews.
        """
        match standing:
            case Standing.ANNOUNCED | Standing.DELISTED:
                return Verdict.CLEAR
            case Standing.SUSPENDED | Standing.STOPPED:
                return Verdict.REVIEW
            case Standing.IN_FORCE | Standing.UNCONFIRMED:
                return self.match_verdict if is_match else self.likeness_verdict
            case _:
                assert_never(standing)


def require_usable(lists: tuple[PartyList, ...], today: date) -> None:
    """Passes if every required list is there, holds entries and is fresh; screening fails closed otherwise.

    Errors: FAILED_PRECONDITION with SCREENING_LIST_MISSING, SCREENING_LIST_EMPTY or SCREENING_LIST_STALE.
    """
    by_code = {party_list.list_code: party_list for party_list in lists}
    for code in ListCode:
        party_list = by_code.get(code)
        if party_list is None:
            raise failed_precondition("SCREENING_LIST_MISSING", list_code=code.value)
        if not party_list.entries:
            raise failed_precondition("SCREENING_LIST_EMPTY", list_code=code.value)
        if today > party_list.read_on + timedelta(days=party_list.maximum_age_days):
            raise _stale(party_list)


def _stale(party_list: PartyList) -> XukeError:
    return failed_precondition(
        "SCREENING_LIST_STALE",
        list_code=party_list.list_code.value,
        version=party_list.version,
        read_on=party_list.read_on.isoformat(),
        maximum_age_days=str(party_list.maximum_age_days),
    )
