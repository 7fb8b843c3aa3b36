"""The reverse index: names and addresses of watched parties, searched by those of entries that change.

It holds each name and address once, however many exports state it; which exports those are is read from the
database when it matters. It may therefore hold what nobody states any more, and is brought up to date from the
database before every search: like the lists themselves it is never behind.
"""

import threading
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from services.screening.domain.addresses import AddressIndex, address_of
from services.screening.domain.finding import pieces_of
from services.screening.domain.likeness import judge, may_count
from services.screening.matching.alignment import Alignment, Match
from services.screening.matching.matcher import Comparison, Index, Matcher, read_matcher
from services.screening.matching.scoring import MILLION
from services.screening.matching.segment import IndexedName
from services.screening.matching.verdicts import PAIRS, AlertThresholds, NameVerdict, read_thresholds
from services.screening.store import watched

# What else agrees may add to a score (country, date of birth), and the order in which names are read may tell a
# little: so much below the threshold of a list, in millionths, a name is looked at again.
_MARGIN: Final = 80_000


@dataclass(frozen=True, slots=True)
class Stated:
    """Names and addresses in exports, up to a change."""

    names: tuple[str, ...]
    addresses: tuple[str, ...]
    change: int


class WatchIndex:
    """The names and addresses of watched parties in memory, shared by every thread of the process."""

    def __init__(self, matcher: Matcher | None = None) -> None:
        self._matcher = matcher or read_matcher()
        review = min(one.review for list_name, one in read_thresholds().items() if list_name != PAIRS)
        self._thresholds = AlertThresholds(match=MILLION, review=review - _MARGIN)
        self._names: set[str] = set()
        self._index: Index | None = None
        self._addresses: set[str] = set()
        self._by_word: defaultdict[str, set[str]] = defaultdict(set)
        self._change = 0
        self._lock = threading.Lock()

    def behind(self, connection: Connection) -> Stated:
        """What was stated since. Whoever catches up with it has held off who states another export meanwhile:

        numbers are given before the commit, and a lower one may become visible after a higher one.
        """
        change = watched.last_change(connection)
        if change == self._change:
            return Stated((), (), change)
        names, addresses = watched.stated_since(connection, self._change)
        return Stated(tuple(names), tuple(addresses), change)

    def catch_up(self, stated: Stated) -> None:
        """Adds what was stated since; after the transaction that read it, for a large index takes its time."""
        with self._lock:
            self._add(stated.names, stated.addresses)
            self._change = max(self._change, stated.change)

    def add(self, names: Iterable[str], addresses: Iterable[str] = ()) -> None:
        """Adds names and addresses."""
        with self._lock:
            self._add(names, addresses)

    def alike(self, names: Collection[str]) -> frozenset[str]:
        """The watched names that are like one of the names, or may be."""
        with self._lock:
            if self._index is None:
                return frozenset()
            found: set[str] = set()
            for name in sorted(names):
                for watched_name, piece, alignment in self._index.aligned(name, _may_count_turned):
                    if watched_name not in found and self._may_be(name, piece, alignment):
                        found.add(watched_name)
            return frozenset(found)

    def _may_be(self, listed: str, piece: str, alignment: Alignment) -> bool:
        turned = _turned(self._matcher, listed, piece, alignment)
        return judge(turned, self._thresholds).verdict is not NameVerdict.CLEAR

    def at(self, addresses: Collection[str]) -> frozenset[str]:
        """The watched addresses that are one of the addresses, written so or otherwise."""
        with self._lock:
            return frozenset(
                near
                for address in addresses
                for words in [address_of(address).words]
                for one in [AddressIndex([("", address)])]
                for near in set().union(*(self._by_word.get(word, set()) for word in words))
                if one.search(near)
            )

    def _add(self, names: Iterable[str], addresses: Iterable[str]) -> None:
        for address in set(addresses) - self._addresses:
            self._addresses.add(address)
            for word in address_of(address).words:
                self._by_word[word].add(address)
        added = sorted({name for name in names if name.strip()} - self._names)
        if not added:
            return
        entries = [IndexedName(name, piece) for name in added for piece in pieces_of(name) or [name]]
        if self._index is None:
            self._index = Index(self._matcher, entries)
        else:
            self._index = self._index.changed_by(entries, ())
        self._names.update(added)


def _may_count_turned(alignment: Alignment) -> bool:
    """`may_count` with the sides exchanged; nothing else is ever found."""
    return may_count(Alignment(alignment.matches, alignment.candidate_rest, alignment.query_rest))


def _turned(matcher: Matcher, listed: str, watched_name: str, found: Alignment) -> Comparison:
    """The comparison with the watched name as the one given, as a screening makes it: the score has two sides."""
    matches = tuple(Match(one.candidate, one.query, one.alike, one.way) for one in found.matches)
    alignment = Alignment(matches, found.candidate_rest, found.query_rest)
    scripts = matcher.analyser.read(watched_name).scripts, matcher.analyser.read(listed).scripts
    return Comparison(watched_name, listed, matcher.scorer.score(alignment, scripts), alignment)
