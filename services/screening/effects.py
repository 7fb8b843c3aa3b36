"""What a proposed version would do to the exports that are watched: told before it is activated.

Whoever reads a proposal waits for it, so that counting ends after a while: what was not counted is said to be so.
"""

import threading
import time
from collections.abc import Sequence
from typing import Final

from services.foundation.clock import legal_day
from services.foundation.database import UnitOfWork
from services.screening import conversion
from services.screening.bases import Bases
from services.screening.domain.destinations import Register
from services.screening.domain.list_index import ListIndex
from services.screening.domain.lists import PartyList
from services.screening.domain.rescreening import (
    Concern,
    changed_destinations,
    changed_entries,
    changed_rules,
)
from services.screening.domain.rules import RuleSet
from services.screening.domain.screen import Basis, basis_of, conclude, find
from services.screening.store import hits, watched
from services.screening.watch_index import WatchIndex

# How many verdicts would become graver, and how many milder; minus one each where it was not counted.
Effects = tuple[int, int]
UNCOUNTED: Final[Effects] = (-1, -1)
LONGEST_COUNT: Final = 2.5
# Looking up more of them takes longer than that.
_MOST_ENTRIES: Final = 500
_LISTS_HELD: Final = 2


class EffectsCounter:
    """Counts effects; an index that was built for a proposed list is held for the next reader.

    Errors: those of `find`, except that a list may be past its review day: re-screening follows a change all the
    same.
    """

    def __init__(self, bases: Bases, index: WatchIndex) -> None:
        self._bases = bases
        self._index = index
        self._built: dict[str, ListIndex] = {}
        self._lock = threading.Lock()

    def of_list(self, work: UnitOfWork, proposed: PartyList) -> Effects:
        """What a version of a list would do today."""
        ends_at = time.monotonic() + LONGEST_COUNT
        current = self._bases.current(work.connection)
        before = next((listed for listed in current.lists if listed.list_code == proposed.list_code), None)
        traces = changed_entries(before, proposed, current.lists)
        if len(traces) > _MOST_ENTRIES:
            return UNCOUNTED
        # Somebody may just be stating an export under a lower number: only who holds them off moves the place on.
        stated = self._index.behind(work.connection)
        self._index.add(stated.names, stated.addresses)
        names: set[str] = set()
        addresses: set[str] = set()
        identifiers: set[str] = set()
        for trace in traces:
            if time.monotonic() > ends_at:
                return UNCOUNTED
            names |= self._index.alike(trace.names)
            addresses |= self._index.at(trace.addresses)
            identifiers |= trace.identifiers
        concern = Concern(
            names=frozenset(names), addresses=frozenset(addresses), identifiers=frozenset(identifiers)
        )
        return _count(work, self._with_list(current, proposed), concern, ends_at)

    def of_rules(self, work: UnitOfWork, proposed: RuleSet) -> Effects:
        """What a version of the rules would do today."""
        ends_at = time.monotonic() + LONGEST_COUNT
        current = self._bases.current(work.connection)
        basis = _basis(current, current.lists, proposed, current.destinations, current.indexes)
        return _count(work, basis, changed_rules(current.rules, proposed), ends_at)

    def of_destinations(self, work: UnitOfWork, proposed: Register) -> Effects:
        """What a version of the register of destinations would do today."""
        ends_at = time.monotonic() + LONGEST_COUNT
        current = self._bases.current(work.connection)
        basis = _basis(current, current.lists, current.rules, proposed, current.indexes)
        return _count(work, basis, changed_destinations(current.destinations, proposed), ends_at)

    def _with_list(self, current: Basis, proposed: PartyList) -> Basis:
        others = [listed for listed in current.lists if listed.list_code != proposed.list_code]
        before = next(
            (one for one in current.indexes if one.party_list.list_code == proposed.list_code), None
        )
        with self._lock:
            index = self._built.pop(proposed.version, None) or ListIndex(proposed, before=before)
            self._built[proposed.version] = index
            while len(self._built) > _LISTS_HELD:
                del self._built[next(iter(self._built))]
        lists = sorted([*others, proposed], key=lambda listed: listed.list_code)
        indexes = (*current.indexes, index)
        return _basis(current, lists, current.rules, current.destinations, indexes)


def _basis(
    current: Basis,
    lists: Sequence[PartyList],
    rules: RuleSet,
    destinations: Register,
    indexes: Sequence[ListIndex],
) -> Basis:
    known = {index.party_list.version: index for index in indexes}
    return basis_of(lists, rules, destinations, current.comparison, known)


def _count(work: UnitOfWork, basis: Basis, concern: Concern, ends_at: float) -> Effects:
    """Counted against the verdict that each watched export has now; nothing is kept."""
    today = legal_day(work.call.now)
    reliable = basis.reliable_day(today)
    more = less = 0
    for one in watched.watched_that(work.connection, watched.concerned(concern)):
        if time.monotonic() > ends_at:
            return UNCOUNTED
        export = conversion.export_of(conversion.restated(one.export))
        found = find(export, basis, today, reliable)
        decided = hits.applied_to(work.connection, (hit.key for hit in found.hits))
        verdict = conclude(found, decided).verdict
        more += verdict > one.verdict
        less += verdict < one.verdict
    return more, less
