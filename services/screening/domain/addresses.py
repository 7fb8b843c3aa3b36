"""Whether two parties stand at the same address: a weak sign, never more than a reason to look.

An address is a set of words and figures, in Chinese or in Latin letters; the order does not count, nor do words
that every address has. Two addresses agree where nearly all of both is the same and no figure differs. An address
at which many listed ones stand says nothing of anybody: it is that of an agent or of a building.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Final

from services.screening.matching.characters import fold_han
from services.screening.matching.text import clean, fold

_SMALLEST_SHARE: Final = Decimal("0.85")
_FEWEST_WORDS: Final = 2
_MOST_AT_ONE_ADDRESS: Final = 5
_LONGEST_POSTING: Final = 2_000
_WORD: Final = re.compile(r"[0-9]+|[\u3400-\u9fff]+|[^\W\d_\u3400-\u9fff]+")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_CHINESE_DIVISIONS: Final = re.compile("[省市区县镇乡村路街道巷弄号楼层室座幢栋]|自治区|特别行政区")
_SHORT: Final = {
    "st": "street", "str": "street", "rd": "road", "ave": "avenue", "av": "avenue", "blvd": "boulevard",
    "bldg": "building", "fl": "floor", "flr": "floor", "rm": "room", "ln": "lane", "dr": "drive", "sq": "square",
    "hwy": "highway", "pkwy": "parkway", "ste": "suite",
}  # fmt: skip
_SAYS_NOTHING: Final = frozenset(
    {"no", "number", "the", "of", "and", "p", "o", "box", "po", "zip", "room", "floor"}
)
# Points of what agrees, in thousandths: a figure tells more than a word.
_FIGURE: Final = 1_500
_PLACE: Final = 1_000
_FOUR_PLACES: Final = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Address:
    """An address as compared."""

    words: frozenset[str]

    @property
    def figures(self) -> frozenset[str]:
        """Numbers of houses, floors, rooms, and postal codes."""
        return frozenset(word for word in self.words if word.isdecimal())


@dataclass(frozen=True, slots=True)
class SameAddress:
    """An entry that stands at an address: how much of both agrees (0 to 1), and in which words."""

    entry_id: str
    listed: str
    score: Decimal
    shared: tuple[str, ...]


def points_of(word: str) -> int:
    """What one word that agrees is worth, in thousandths."""
    return _FIGURE if word.isdecimal() else _PLACE


def address_of(text: str) -> Address:
    """The words of an address, those written in Chinese and those in Latin letters alike."""
    words: set[str] = set()
    for run in _WORD.findall(clean(text)):
        if run.isdecimal():
            words.add(str(int(run)))
        elif _HAN.match(run):
            words.update(piece for piece in _CHINESE_DIVISIONS.split(fold_han(run)) if piece)
        else:
            word = fold(run)
            words.add(_SHORT.get(word, word))
    return Address(frozenset(words - _SAYS_NOTHING))


class AddressIndex:
    """The addresses of the entries of a list. Immutable."""

    def __init__(self, listed: Iterable[tuple[str, str]], before: "AddressIndex | None" = None) -> None:
        """Addresses as (entry id, text); what the index `before` has read is not read again."""
        known = {text: address for _, text, address in before._listed} if before is not None else {}
        self._listed: Final[Sequence[tuple[str, str, Address]]] = [
            (entry_id, text, known.get(text) or address_of(text)) for entry_id, text in sorted(set(listed))
        ]
        postings: dict[str, list[int]] = {}
        for at, (_, _, address) in enumerate(self._listed):
            for word in address.words:
                postings.setdefault(word, []).append(at)
        self._postings: Final[Mapping[str, list[int]]] = postings

    def search(self, text: str) -> list[SameAddress]:
        """The entries at an address, the most alike first; none where it is the address of many."""
        given = address_of(text)
        if not given.figures or len(given.words - given.figures) < _FEWEST_WORDS:
            return []
        best: dict[str, SameAddress] = {}
        for at in sorted(self._near(given)):
            entry_id, listed, address = self._listed[at]
            found = _compared(entry_id, listed, given, address)
            if found is not None and (entry_id not in best or found.score > best[entry_id].score):
                best[entry_id] = found
        if len(best) > _MOST_AT_ONE_ADDRESS:
            return []
        return sorted(best.values(), key=lambda found: (-found.score, found.entry_id))

    def _near(self, given: Address) -> set[int]:
        """Addresses that share a word that few have."""
        lists = sorted((self._postings.get(word, []) for word in given.words), key=len)
        return {at for places in lists if len(places) <= _LONGEST_POSTING for at in places}


def _compared(entry_id: str, text: str, given: Address, listed: Address) -> SameAddress | None:
    shared = given.words & listed.words
    if len(shared - given.figures) < _FEWEST_WORDS or not (shared & given.figures):
        return None
    if given.figures - listed.figures and listed.figures - given.figures:
        return None
    both = sum(map(points_of, given.words)) + sum(map(points_of, listed.words))
    score = (Decimal(2 * sum(map(points_of, shared))) / both).quantize(_FOUR_PLACES, ROUND_DOWN)
    if score < _SMALLEST_SHARE:
        return None
    return SameAddress(entry_id, text, score, tuple(sorted(shared)))
