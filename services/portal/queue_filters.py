"""What of the work queue is shown: the filters of the page as they stand in its address."""

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from xuke.licensing.v1 import application_pb2 as a

from services.foundation.principal import Role
from services.portal.language import plain

CASES_SHOWN: Final = 25
GREATEST_QUERY: Final = 100
# Of the pages before the present one, so many can be gone back to one by one; the first always.
_TRAIL: Final = 20
WAITING, EVERY = "waiting", "every"
CONCLUDED: Final = frozenset(
    {
        a.APPLICATION_STATE_GATE_REFUSED,
        a.APPLICATION_STATE_NOT_ACCEPTED,
        a.APPLICATION_STATE_REFUSED,
        a.APPLICATION_STATE_LICENSED,
        a.APPLICATION_STATE_WITHDRAWN,
        a.APPLICATION_STATE_LAPSED,
    }
)
SUBMITTED_STATES: Final = tuple(
    number
    for number in a.ApplicationState.values()
    if number not in (a.APPLICATION_STATE_UNSPECIFIED, a.APPLICATION_STATE_DRAFT)
)
# What waits for whom; for other roles every case that is not concluded.
_WAITING_FOR: Final = {
    Role.PROVINCIAL_OFFICER: (a.APPLICATION_STATE_PROVINCIAL_REVIEW,),
    Role.MINISTRY_OFFICER: (
        a.APPLICATION_STATE_MINISTRY_INTAKE,
        a.APPLICATION_STATE_ACCEPTED,
        a.APPLICATION_STATE_IN_CONSULTATION,
        a.APPLICATION_STATE_READY_FOR_PROPOSAL,
        a.APPLICATION_STATE_PROPOSED,
    ),
    Role.MINISTRY_DIRECTOR: (a.APPLICATION_STATE_PROPOSED,),
}
_ASSIGNMENTS: Final = {
    "mine": a.ASSIGNMENT_FILTER_MINE,
    "nobodys": a.ASSIGNMENT_FILTER_NOBODYS,
}
ASSIGNMENTS: Final = tuple(_ASSIGNMENTS)


def waiting_states(role: Role) -> tuple[int, ...]:
    """The states in which a case waits for a role."""
    return _WAITING_FOR.get(role, tuple(state for state in SUBMITTED_STATES if state not in CONCLUDED))


@dataclass(frozen=True)
class Filters:
    """The filters, each empty for all; `state` is one state or `WAITING` or `EVERY`."""

    state: str = WAITING
    query: str = ""
    province: str = ""
    destination: str = ""
    assignment: str = ""
    overdue: bool = False
    page: str = ""
    trail: tuple[str, ...] = ()

    @classmethod
    def from_address(cls, arguments: Mapping[str, str]) -> Self:
        """What the address of the page says; what it says wrongly is left out."""
        state = arguments.get("state", WAITING)
        assignment = arguments.get("assignment", "")
        return cls(
            state=state if state in (WAITING, EVERY, *_STATE_WORDS) else WAITING,
            query=arguments.get("query", "").strip()[:GREATEST_QUERY],
            province=_matching("[1-9][0-9]", arguments.get("province", "")),
            destination=_matching("[A-Z]{2}", arguments.get("destination", "")),
            assignment=assignment if assignment in _ASSIGNMENTS else "",
            overdue=arguments.get("overdue") == "1",
            page=arguments.get("page", ""),
            trail=tuple(arguments.get("trail", "").split("~")) if arguments.get("trail") else (),
        )

    def states(self, role: Role) -> tuple[int, ...]:
        """The states asked for; empty for all."""
        if self.state == EVERY:
            return ()
        if self.state == WAITING:
            return waiting_states(role)
        return (_STATE_WORDS[self.state],)

    def request(self, role: Role) -> a.ListCasesRequest:
        """The question to the service."""
        return a.ListCasesRequest(
            states=[a.ApplicationState.ValueType(state) for state in self.states(role)],
            page_size=CASES_SHOWN,
            page_token=self.page,
            query=self.query,
            province=self.province,
            destination=self.destination,
            assignment=_ASSIGNMENTS.get(self.assignment, a.ASSIGNMENT_FILTER_UNSPECIFIED),
            overdue=self.overdue,
        )

    def address(self, state: str | None = None, assignment: str | None = None) -> dict[str, str]:
        """The arguments of the address of the first page under these filters, with the stated ones changed."""
        changed = dataclasses.replace(
            self,
            state=self.state if state is None else state,
            assignment=self.assignment if assignment is None else assignment,
            page="",
            trail=(),
        )
        return changed._arguments()

    def next_page(self, token: str) -> dict[str, str]:
        """The arguments of the page after the present one."""
        trail = (*self.trail, self.page)[-_TRAIL:] if self.page else ()
        return dataclasses.replace(self, page=token, trail=trail)._arguments()

    def previous_page(self) -> dict[str, str] | None:
        """The arguments of the page before the present one; None on the first."""
        if not self.page:
            return None
        before = self.trail[-1] if self.trail else ""
        return dataclasses.replace(self, page=before, trail=self.trail[:-1])._arguments()

    @property
    def narrowed(self) -> bool:
        """Whether anything but the state is asked for."""
        return bool(self.query or self.province or self.destination or self.assignment or self.overdue)

    def _arguments(self) -> dict[str, str]:
        stated = {
            "state": self.state if self.state != WAITING else "",
            "query": self.query,
            "province": self.province,
            "destination": self.destination,
            "assignment": self.assignment,
            "overdue": "1" if self.overdue else "",
            "page": self.page,
            "trail": "~".join(self.trail),
        }
        return {name: value for name, value in stated.items() if value}


_STATE_WORDS: Final = {plain(a.ApplicationState, state): state for state in SUBMITTED_STATES}


def _matching(pattern: str, value: str) -> str:
    return value if re.fullmatch(pattern, value) else ""


@dataclass(frozen=True)
class Chip:
    """A choice of states with the number of cases under the other filters."""

    state: str
    count: int
    chosen: bool


def chips(filters: Filters, counts: Mapping[int, int], role: Role) -> tuple[Chip, ...]:
    """What waits for the role, each state that any case is in, and all."""
    waiting = waiting_states(role)
    together = sum(counts.get(state, 0) for state in waiting)
    found = [Chip(WAITING, together, filters.state == WAITING)]
    for state in SUBMITTED_STATES:
        name = plain(a.ApplicationState, state)
        if counts.get(state, 0) or filters.state == name:
            found.append(Chip(name, counts.get(state, 0), filters.state == name))
    found.append(Chip(EVERY, sum(counts.values()), filters.state == EVERY))
    return tuple(found)
