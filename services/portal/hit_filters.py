"""Which hits the queue shows: the filters of the page as they stand in its address."""

import dataclasses
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Self

from xuke.screening.v1 import hit_pb2 as h
from xuke.screening.v1 import screening_pb2 as s

from services.portal.language import plain

HITS_SHOWN: Final = 25
_LIST_CODE: Final = re.compile("[a-z][a-z0-9_]{0,59}")
OPEN, EVERY = "open", "every"
OPEN_STATES: Final = (s.HIT_STATE_UNDECIDED, s.HIT_STATE_NEEDS_MORE, s.HIT_STATE_AWAITING_SECOND)
STATES: Final = {plain(s.HitState, number): number for number in s.HitState.values() if number}
VERDICTS: Final = {
    plain(s.Verdict, number): number
    for number in (s.VERDICT_PROHIBITED, s.VERDICT_RESTRICTED, s.VERDICT_REVIEW)
}


@dataclass(frozen=True)
class Chip:
    """A choice of states with the number of hits."""

    state: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class HitFilters:
    """The filters, each empty for all; `state` is one state or `OPEN` or `EVERY`."""

    state: str = OPEN
    list_code: str = ""
    verdict: str = ""
    page: str = ""

    @classmethod
    def from_address(cls, arguments: Mapping[str, str]) -> Self:
        """What the address of the page says; what it says wrongly is left out."""
        state, verdict = arguments.get("state", OPEN), arguments.get("verdict", "")
        return cls(
            state=state if state in (OPEN, EVERY, *STATES) else OPEN,
            list_code=code if _LIST_CODE.fullmatch(code := arguments.get("list", "")) else "",
            verdict=verdict if verdict in VERDICTS else "",
            page=arguments.get("page", "")[:400],
        )

    def states(self) -> tuple[s.HitState.ValueType, ...]:
        """The states asked for; empty for all."""
        if self.state == EVERY:
            return ()
        return OPEN_STATES if self.state == OPEN else (STATES[self.state],)

    def request(self) -> h.ListHitsRequest:
        """The question to the service."""
        return h.ListHitsRequest(
            states=self.states(),
            list_code=self.list_code,
            verdicts=[VERDICTS[self.verdict]] if self.verdict else [],
            page_size=HITS_SHOWN,
            page_token=self.page,
        )

    def address(self, state: str | None = None) -> dict[str, str]:
        """The arguments of the address of the first page under these filters, or under another state."""
        changed = dataclasses.replace(self, state=self.state if state is None else state, page="")
        stated = {
            "state": changed.state if changed.state != OPEN else "",
            "list": changed.list_code,
            "verdict": changed.verdict,
        }
        return {name: value for name, value in stated.items() if value}

    @property
    def narrowed(self) -> bool:
        """Whether anything but the state is asked for."""
        return bool(self.list_code or self.verdict)


def chips(filters: HitFilters, counts: Iterable[h.HitCount]) -> tuple[Chip, ...]:
    """What is open, each state that any hit is in, and all."""
    number = {one.state: one.count for one in counts}
    found = [Chip(OPEN, sum(number.get(state, 0) for state in OPEN_STATES), filters.state == OPEN)]
    found += [
        Chip(name, number.get(state, 0), filters.state == name)
        for name, state in STATES.items()
        if number.get(state, 0) or filters.state == name
    ]
    return (*found, Chip(EVERY, sum(number.values()), filters.state == EVERY))


def open_count(counts: Iterable[h.HitCount]) -> int:
    """How many wait for somebody."""
    return sum(one.count for one in counts if one.state in OPEN_STATES)
