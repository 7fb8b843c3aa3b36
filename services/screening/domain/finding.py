"""Finds the entries of lists that a party is like: by its names and number, its owners, its holders, its address."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Final

from services.screening.domain.addresses import SameAddress, points_of
from services.screening.domain.evidence import SAME_ADDRESS, Evidence, evidence_of
from services.screening.domain.export import Owner, Party
from services.screening.domain.hits import Hit, HitKey, Relation
from services.screening.domain.likeness import Ground
from services.screening.domain.list_index import Alike, ListIndex
from services.screening.domain.lists import ListedParty, PartyList, Standing, digest_of
from services.screening.matching.verdicts import NameVerdict

_FOUR_PLACES: Final = Decimal("0.0001")
_NO_EFFECT: Final = (Standing.ANNOUNCED, Standing.DELISTED)
_WORD: Final = re.compile(r"\w+")
_UNSEEN: Final = ("Cf", "Cc", "Co", "Cn", "Cs")
# The matcher reads names up to a bound. A longer one is read piece by piece, each overlapping the next by half.
_WORDS_IN_A_PIECE: Final = 20
_LONGEST_PIECE: Final = 200
_MOST_PIECES: Final = 24


def pieces_of(name: str) -> list[str]:
    """A name in pieces that are read in full; none where it is too long to be read at all."""
    visible = name
    if not (name.isascii() and name.isprintable()):
        visible = "".join(one for one in name if one.isspace() or unicodedata.category(one) not in _UNSEEN)
    places = [found.span() for found in _WORD.finditer(visible)]
    if len(places) <= _WORDS_IN_A_PIECE and len(visible) <= _LONGEST_PIECE:
        return [name] if places else []
    pieces: list[str] = []
    for first in range(0, len(places), _WORDS_IN_A_PIECE // 2):
        start = places[first][0]
        end = places[min(first + _WORDS_IN_A_PIECE, len(places)) - 1][1]
        pieces += [
            visible[at : min(at + _LONGEST_PIECE, end)]
            for at in range(start, max(end - _LONGEST_PIECE // 2, start + 1), _LONGEST_PIECE // 2)
        ]
        if len(pieces) > _MOST_PIECES:
            return []
    return list(dict.fromkeys(pieces))


def is_written(name: str) -> bool:
    """Whether a name holds anything but spaces and punctuation."""
    return any(one.isalnum() for one in name)


def hits_of(index: int, party: Party, lists: Sequence[ListIndex], day: date) -> list[Hit]:
    """The hits of one party of an export, as the entries stand on a day of law."""
    finder = _Finder(index, party, {one.party_list.list_code: one for one in lists}, day)
    return [hit for hit in finder.hits() if hit.standing not in _NO_EFFECT]


class _Finder:
    def __init__(self, index: int, party: Party, lists: Mapping[str, ListIndex], day: date) -> None:
        self._index = index
        self._party = party
        self._lists = lists
        self._day = day
        self._fingerprint = party.fingerprint

    def hits(self) -> Iterable[Hit]:
        party = self._party
        names = [*pieces_of(party.name_zh), *pieces_of(party.name_en)]
        like: list[Alike] = []
        for searched in self._lists.values():
            own = searched.alike(names, party.country, party.registration_number)
            for alike in own:
                yield self._hit(searched.party_list, alike, Relation.PARTY)
            like += own
            yield from self._owned(searched)
            named = {alike.entry.entry_id for alike in own}
            for found in searched.at_address(party.address):
                entry = searched.entry(found.entry_id)
                if entry is not None and found.entry_id not in named and self._may_be_in(entry):
                    yield self._at_address(searched.party_list, entry, found)
        yield from self._held(like)

    def _owned(self, searched: ListIndex) -> Iterable[Hit]:
        best: dict[str, Hit] = {}
        for owner in self._party.owners:
            for alike in searched.alike(_names_of(owner), owner.country, ""):
                hit = replace(self._hit(searched.party_list, alike, Relation.OWNER), percent=owner.percent)
                known = best.get(alike.entry.entry_id)
                best[alike.entry.entry_id] = hit if known is None else _together(known, hit)
        return best.values()

    def _held(self, like: Iterable[Alike]) -> Iterable[Hit]:
        """The listed ones that hold shares in an entity that the party is like; one line for each of them.

        The entities of one holder are not held together: the party is at most one of them.
        """
        best: dict[tuple[str, str], Hit] = {}
        held: dict[tuple[str, str], set[str]] = {}
        for alike in like:
            for holder in alike.entry.holders:
                searched = self._lists.get(holder.list_code)
                entry = searched.entry(holder.entry_id) if searched is not None else None
                if searched is None or entry is None:
                    continue
                hit = self._hit(searched.party_list, alike, Relation.HELD_BY_LISTED, entry)
                hit = replace(hit, percent=holder.percent)
                at = holder.list_code, holder.entry_id
                known = best.get(at)
                best[at] = hit if known is None else _either(known, hit)
                held.setdefault(at, set()).add(alike.entry.digest)
        for at, hit in best.items():
            digest = f"{hit.entry.digest}.{digest_of(sorted(held[at]))}"
            yield replace(hit, key=replace(hit.key, entry_digest=digest))

    def _hit(
        self, party_list: PartyList, alike: Alike, relation: Relation, entry: ListedParty | None = None
    ) -> Hit:
        meant = entry or alike.entry
        comparison = alike.comparison
        return Hit(
            party_index=self._index,
            party_role=self._party.role,
            party_name=comparison.query,
            listed_name=comparison.candidate,
            party_list=party_list,
            entry=meant,
            key=self._key(party_list, meant, relation),
            score=comparison.score.value.quantize(_FOUR_PLACES, ROUND_DOWN),
            ground=alike.judgement.ground,
            is_match=alike.judgement.verdict is NameVerdict.MATCH,
            standing=meant.standing_on(self._day),
            evidence=evidence_of(comparison),
        )

    def _at_address(self, party_list: PartyList, entry: ListedParty, found: SameAddress) -> Hit:
        return Hit(
            party_index=self._index,
            party_role=self._party.role,
            party_name=self._party.address,
            listed_name=found.listed,
            party_list=party_list,
            entry=entry,
            key=self._key(party_list, entry, Relation.ADDRESS),
            score=found.score,
            ground=Ground.SAME_ADDRESS,
            is_match=False,
            standing=entry.standing_on(self._day),
            evidence=tuple(Evidence(word, word, SAME_ADDRESS, points_of(word)) for word in found.shared),
        )

    def _key(self, party_list: PartyList, entry: ListedParty, relation: Relation) -> HitKey:
        return HitKey(self._fingerprint, party_list.list_code, entry.entry_id, relation, entry.digest)

    def _may_be_in(self, entry: ListedParty) -> bool:
        return not (self._party.country and entry.region) or self._party.country == entry.region


def _names_of(owner: Owner) -> list[str]:
    return [*pieces_of(owner.name_zh), *pieces_of(owner.name_en)]


def _together(known: Hit, other: Hit) -> Hit:
    """Two owners that are like the same entry: the likelier one stands for both, with the shares of both.

    Shares of an owner who is only like the entry are not added to those of one who matches it.
    """
    first, second = sorted((known, other), key=_likelier)
    if first.is_match is not second.is_match or first.percent is None or second.percent is None:
        return first
    return replace(first, percent=first.percent + second.percent)


def _either(known: Hit, other: Hit) -> Hit:
    """Two entities of one holder that the party is like: the likelier one stands for both, with the larger share.

    The share in one that the party is only like does not stand for that in one that it matches.
    """
    first, second = sorted((known, other), key=_likelier)
    if first.is_match is not second.is_match:
        return first
    stated = [hit.percent for hit in (first, second) if hit.percent is not None]
    return replace(first, percent=max(stated, default=None))


def _likelier(hit: Hit) -> tuple[bool, Decimal, str, str]:
    return not hit.is_match, -hit.score, hit.party_name, hit.listed_name
