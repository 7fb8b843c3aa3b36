"""One version of a list, ready to be searched: by names in any script, by identifiers, by addresses.

What is found rests on that version alone and not on what else is loaded, so that a replay finds the same.
"""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from services.screening.domain.addresses import AddressIndex, SameAddress
from services.screening.domain.export import identifier_of
from services.screening.domain.likeness import Ground, Judgement, judge, may_count
from services.screening.domain.lists import ListedParty, PartyList
from services.screening.matching.matcher import Comparison, Index, Matcher, read_matcher
from services.screening.matching.qualifiers import Qualifiers
from services.screening.matching.segment import IndexedName
from services.screening.matching.verdicts import NameVerdict, thresholds_of

# More names than this are never like one name, but for names that say hardly anything.
_MOST_LIKE: Final = 60
_RANK: Final = {NameVerdict.CLEAR: 0, NameVerdict.REVIEW: 1, NameVerdict.MATCH: 2}


@dataclass(frozen=True, slots=True)
class Alike:
    """An entry that a name or an identifier is like, by which comparison, and what that entails."""

    entry: ListedParty
    comparison: Comparison
    judgement: Judgement

    @property
    def order(self) -> tuple[int, int, str, str]:
        """The gravest and nearest first; ties by the names."""
        return (
            -_RANK[self.judgement.verdict],
            -self.comparison.score.total,
            self.comparison.query,
            self.comparison.candidate,
        )


class ListIndex:
    """The names, identifiers and addresses of one version of a list. Searched by one thread at a time."""

    def __init__(
        self, party_list: PartyList, matcher: Matcher | None = None, before: "ListIndex | None" = None
    ) -> None:
        """Reads every name, which takes about a tenth of a millisecond for each.

        What `before`, the index of another version, has read is taken over; the same is found either way.
        """
        self.party_list: Final = party_list
        self._matcher: Final[Matcher] = before._matcher if before is not None else matcher or read_matcher()
        self._thresholds: Final = thresholds_of(party_list.list_code)
        self._entries: Final[dict[str, ListedParty]] = {entry.entry_id: entry for entry in party_list.entries}
        self._names: Final[Index] = (
            Index(self._matcher, _indexed(party_list.entries))
            if before is None
            else self._names_after(before)
        )
        self._by_identifier: Final = _by_identifier(party_list.entries)
        self._addresses: Final[AddressIndex] = AddressIndex(
            ((entry.entry_id, address) for entry in party_list.entries for address in entry.addresses),
            None if before is None else before._addresses,
        )
        # The matcher keeps what it has compared, and an array to reckon in.
        self._lock: Final = threading.Lock()

    def _names_after(self, before: "ListIndex") -> Index:
        """The names, taken over from another version but for those of entries that bear others now."""
        changed: list[ListedParty] = []
        gone = set(before._entries)
        for entry in self.party_list.entries:
            known = before._entries.get(entry.entry_id)
            if known is not None and (known is entry or names_of(known) == names_of(entry)):
                gone.discard(entry.entry_id)
            else:
                changed.append(entry)
        return before._names.changed_by(_indexed(changed), gone)

    def reads(self, name: str) -> bool:
        """Whether anything can be read in a name."""
        return self._names.reads(name)

    def entry(self, entry_id: str) -> ListedParty | None:
        """The entry with an id."""
        return self._entries.get(entry_id)

    def alike(self, names: Sequence[str], country: str, identifier: str) -> list[Alike]:
        """The entries that any of the names of one body is like, or that bear its identifier; one line each."""
        given = Qualifiers(country, frozenset(filter(None, [identifier_of(identifier)])))
        best: dict[str, Alike] = {}
        with self._lock:
            for found in self._found(names, given):
                known = best.get(found.entry.entry_id)
                if known is None or found.order < known.order:
                    best[found.entry.entry_id] = found
        return sorted(best.values(), key=lambda one: one.entry.entry_id)

    def at_address(self, address: str) -> list[SameAddress]:
        """The entries that stand at an address."""
        return self._addresses.search(address) if address else []

    def _found(self, names: Sequence[str], given: Qualifiers) -> Iterable[Alike]:
        for name in names:
            for match in self._names.names_like(name, _MOST_LIKE, may_count):
                found = self._judged(self._entries[match.entity], match.comparison, given)
                if found.judgement.verdict is not NameVerdict.CLEAR:
                    yield found
        for identifier in sorted(given.identifiers):
            for entry in self._by_identifier.get(identifier, ()):
                yield self._same_identifier(entry, names, given)

    def _judged(self, entry: ListedParty, comparison: Comparison, given: Qualifiers) -> Alike:
        qualified = self._matcher.qualified(comparison, given, _qualifiers(entry))
        return Alike(entry, qualified, judge(qualified, self._thresholds))

    def _same_identifier(self, entry: ListedParty, names: Sequence[str], given: Qualifiers) -> Alike:
        """The same number is a match with a name that is like, and with any other name a reason to look.

        Registers of two places may give the same number.
        """
        compared = [
            self._judged(entry, self._matcher.compare(name, listed), given)
            for name in names
            for listed in names_of(entry)
        ]
        nearest = min(compared, key=lambda one: one.order)
        like = nearest.judgement.verdict is not NameVerdict.CLEAR
        verdict = NameVerdict.MATCH if like else NameVerdict.REVIEW
        return Alike(entry, nearest.comparison, Judgement(Ground.SAME_IDENTIFIER, verdict))


def _indexed(entries: Iterable[ListedParty]) -> list[IndexedName]:
    return [IndexedName(entry.entry_id, name) for entry in entries for name in names_of(entry)]


def names_of(entry: ListedParty) -> list[str]:
    """Every name and alias of an entry as printed."""
    return [name for name in (entry.name_zh, entry.name_en, *entry.aliases) if name.strip()]


def _qualifiers(entry: ListedParty) -> Qualifiers:
    return Qualifiers(entry.region, frozenset(filter(None, map(identifier_of, entry.identifiers))))


def _by_identifier(entries: Iterable[ListedParty]) -> dict[str, list[ListedParty]]:
    found: dict[str, list[ListedParty]] = {}
    for entry in entries:
        for identifier in sorted(set(filter(None, map(identifier_of, entry.identifiers)))):
            found.setdefault(identifier, []).append(entry)
    return found
