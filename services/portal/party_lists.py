"""Lists of parties as the screening service keeps them: which there are, and whether each may be relied on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from xuke.screening.v1 import screening_pb2 as s

from services.foundation.errors import not_found
from services.foundation.permissions import allow
from services.foundation.principal import Role
from services.portal.formats import SHANGHAI
from services.portal.services import services

# Lists change by the hand of their editors alone; whoever decides on cases, or watches over it, reads them.
EDITORS: Final = allow(Role.LIST_EDITOR)
READERS: Final = allow(
    *EDITORS.roles,
    Role.PROVINCIAL_OFFICER,
    Role.MINISTRY_OFFICER,
    Role.MINISTRY_DIRECTOR,
    Role.AGENCY_REVIEWER,
    Role.AUDITOR,
)
# What is proposed and does not count yet is for those who decide on lists and on cases.
PROPOSAL_READERS: Final = allow(*EDITORS.roles, Role.MINISTRY_OFFICER, Role.MINISTRY_DIRECTOR, Role.AUDITOR)
# So long before its review day a list is asked for.
_ASKED_BEFORE: Final = timedelta(days=30)


class Reliance(StrEnum):
    """Whether a list may be relied on."""

    CURRENT = "CURRENT"
    # Its review day is near.
    DUE = "DUE"
    PAST = "PAST"
    EMPTY = "EMPTY"


@dataclass(frozen=True)
class ReadList:
    """A list with how far it may be relied on."""

    list: s.PartyList
    reliance: Reliance

    @property
    def stops(self) -> bool:
        """Whether no application passes the automatic checks because of it."""
        return self.reliance is Reliance.PAST or (self.list.required and self.reliance is Reliance.EMPTY)


def reliance(party_list: s.PartyList, today: date) -> Reliance:
    """How far a list may be relied on, on a day of law (Asia/Shanghai); its review day is the last on which it may."""
    if not party_list.entry_count:
        return Reliance.EMPTY
    if not party_list.review_by:
        return Reliance.CURRENT
    last = date.fromisoformat(party_list.review_by)
    if today > last:
        return Reliance.PAST
    return Reliance.DUE if today > last - _ASKED_BEFORE else Reliance.CURRENT


def read_lists() -> tuple[ReadList, ...]:
    """Every list that is loaded."""
    today = legal_today()
    found = services().ask(services().screening.ListPartyLists, s.ListPartyListsRequest()).lists
    return tuple(ReadList(one, reliance(one, today)) for one in found)


def find_list(list_code: str, lists: Iterable[ReadList] | None = None) -> ReadList:
    """One of them. Errors: NOT_FOUND."""
    for one in read_lists() if lists is None else lists:
        if one.list.list_code == list_code:
            return one
    raise not_found("list", list_code)


def legal_today() -> date:
    """The present day of law."""
    return datetime.now(SHANGHAI).date()
