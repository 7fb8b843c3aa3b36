"""One list version as it is searched: by control code, commodity code, CAS number and text.

Every pointer only proposes entries. Commodity codes in announcements are for reference
(海关商品编号仅供参考): the description governs, and an item without a listed code may still be controlled.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.classification.domain.codes import HS_LENGTHS, ancestors, normalise_cas_number
from services.classification.domain.entries import ControlEntry, ControlList, TermKind
from services.classification.domain.matching import Closeness, Likeness, TermIndex, TextMatch
from services.classification.domain.text import Vocabulary, has_han


class PointerKind(StrEnum):
    """What of the item pointed to an entry."""

    CONTROL_CODE = "CONTROL_CODE"
    HS_CODE = "HS_CODE"
    CAS_NUMBER = "CAS_NUMBER"
    TEXT_ZH = "TEXT_ZH"
    TEXT_EN = "TEXT_EN"


class PointerCode(StrEnum):
    """How it pointed."""

    CONTROL_CODE_EXACT = "CONTROL_CODE_EXACT"
    CONTROL_CODE_BELOW = "CONTROL_CODE_BELOW"
    CONTROL_CODE_ABOVE = "CONTROL_CODE_ABOVE"
    CONTROL_CODE_PROPOSED = "CONTROL_CODE_PROPOSED"
    HS_CODE_10 = "HS_CODE_10"
    HS_CODE_8 = "HS_CODE_8"
    HS_CODE_6 = "HS_CODE_6"
    HS_CODE_4 = "HS_CODE_4"
    CAS_NUMBER_EXACT = "CAS_NUMBER_EXACT"
    TEXT_EXACT = "TEXT_EXACT"
    TEXT_CONTAINED = "TEXT_CONTAINED"
    TEXT_PARTIAL = "TEXT_PARTIAL"
    TEXT_SIMILAR = "TEXT_SIMILAR"


@dataclass(frozen=True, slots=True)
class Pointer:
    """Why an entry is proposed: what of the item matched what of the entry, and how much it weighs (0 to 1).

    A description may mention what the item is made from or used with, so what it points to is only proposed.
    """

    kind: PointerKind
    code: PointerCode
    item_value: str
    entry_value: str
    weight: float
    from_description: bool = False


@dataclass(frozen=True, slots=True)
class SearchPolicy:
    """The weights of the pointers and the words of the comparison; data, see reference/text_matching.toml."""

    weights: Mapping[PointerCode, float]
    description_factor: float
    likeness: Likeness
    vocabulary: Vocabulary


_HS_POINTERS: Mapping[int, PointerCode] = {
    10: PointerCode.HS_CODE_10,
    8: PointerCode.HS_CODE_8,
    6: PointerCode.HS_CODE_6,
    4: PointerCode.HS_CODE_4,
}
_TEXT_POINTERS: Mapping[Closeness, PointerCode] = {
    Closeness.EXACT: PointerCode.TEXT_EXACT,
    Closeness.CONTAINED: PointerCode.TEXT_CONTAINED,
    Closeness.PARTIAL: PointerCode.TEXT_PARTIAL,
    Closeness.SIMILAR: PointerCode.TEXT_SIMILAR,
}


class ListIndex:
    """One list version in memory; immutable once built, shared by every thread."""

    def __init__(self, control_list: ControlList, policy: SearchPolicy) -> None:
        self.control_list = control_list
        self.policy = policy
        self._by_identifier = {entry.identifier: entry for entry in control_list.entries}
        self._by_hs: dict[str, set[str]] = defaultdict(set)
        self._by_cas: dict[str, set[str]] = defaultdict(set)
        for entry in control_list.entries:
            for hs_code in entry.hs_codes:
                for length in HS_LENGTHS:
                    if length <= len(hs_code):
                        self._by_hs[hs_code[:length]].add(entry.identifier)
            for term in entry.terms:
                if term.kind is TermKind.CAS_NUMBER and (number := normalise_cas_number(term.text)):
                    self._by_cas[number].add(entry.identifier)
        self._terms = TermIndex(control_list.entries, policy.vocabulary, policy.likeness)

    def entry(self, identifier: str) -> ControlEntry | None:
        """The entry of an identifier or control code exactly as spelt."""
        return self._by_identifier.get(identifier)

    def entries(self, identifiers: Iterable[str]) -> Iterator[ControlEntry]:
        """The entries of known identifiers."""
        return (self._by_identifier[identifier] for identifier in identifiers)

    def by_control_code(self, code: str) -> Iterator[tuple[str, Pointer]]:
        """Entries with a normalised control code, below it, above it, or proposed for it."""
        above = set(ancestors(code))
        for entry in self.control_list.entries:
            own = entry.control_code
            if own == code:
                found = PointerCode.CONTROL_CODE_EXACT
            elif own.startswith(code + "."):
                found = PointerCode.CONTROL_CODE_BELOW
            elif own in above:
                found = PointerCode.CONTROL_CODE_ABOVE
            elif entry.proposed_code and (
                entry.proposed_code == code or entry.proposed_code.startswith(code + ".")
            ):
                found = PointerCode.CONTROL_CODE_PROPOSED
            else:
                continue
            yield (
                entry.identifier,
                self._pointer(PointerKind.CONTROL_CODE, found, code, own or entry.proposed_code),
            )

    def by_hs_code(self, hs_code: str) -> Iterator[tuple[str, Pointer]]:
        """Entries that name a normalised commodity code; only if none does, those that share fewer digits."""
        for length in HS_LENGTHS:
            if length > len(hs_code) or not (found := self._by_hs.get(hs_code[:length])):
                continue
            for identifier in found:
                named = self._by_identifier[identifier].hs_codes
                reference = next(code for code in sorted(named) if code.startswith(hs_code[:length]))
                yield identifier, self._pointer(PointerKind.HS_CODE, _HS_POINTERS[length], hs_code, reference)
            return

    def by_cas_number(self, number: str) -> Iterator[tuple[str, Pointer]]:
        """Entries that name a normalised CAS number."""
        for identifier in self._by_cas.get(number, ()):
            yield (
                identifier,
                self._pointer(PointerKind.CAS_NUMBER, PointerCode.CAS_NUMBER_EXACT, number, number),
            )

    def by_text(self, text: str, from_description: bool = False) -> Iterator[tuple[str, Pointer]]:
        """Entries whose terms stand in a text or are like it."""
        factor = self.policy.description_factor if from_description else 1.0
        for identifier, match in self._terms.find(text, by_likeness=not from_description).items():
            kind = PointerKind.TEXT_ZH if has_han(match.entry_value) else PointerKind.TEXT_EN
            code = _TEXT_POINTERS[match.closeness]
            weight = self._text_weight(code, match) * factor
            yield (
                identifier,
                Pointer(kind, code, match.item_value, match.entry_value, weight, from_description),
            )

    def _text_weight(self, code: PointerCode, match: TextMatch) -> float:
        weight = self.policy.weights[code]
        return weight if match.closeness is Closeness.EXACT else weight * (0.5 + match.share / 2)

    def _pointer(self, kind: PointerKind, code: PointerCode, item_value: str, entry_value: str) -> Pointer:
        return Pointer(kind, code, item_value, entry_value, self.policy.weights[code])
