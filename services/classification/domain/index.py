"""One list version as it is searched: by control code, commodity code, CAS number and text.

Every pointer only proposes entries. Commodity codes in announcements are for reference
(海关商品编号仅供参考): the description governs, and an item without a listed code may still be controlled.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from services.classification.domain.closure import Relations
from services.classification.domain.codes import HS_LENGTHS, ancestors, normalise_cas_number
from services.classification.domain.entries import ControlEntry, ControlList, HsReference, HsTrust, TermKind
from services.classification.domain.fusion import Fusion, SourceKind
from services.classification.domain.matching import Closeness, Likeness, TermIndex, TextMatch
from services.classification.domain.retrieval import TextCutter, TextRanking
from services.classification.domain.text import Vocabulary, has_han

__all__ = ["ListIndex", "Pointer", "PointerCode", "PointerKind", "SearchPolicy", "SourceKind"]

# More entries than a person looks through for one text.
RANKED_KEPT: Final = 20
# Of entries that share only the first digits of a commodity code; those that name the very code are all kept.
HS_KEPT: Final = 10
# A technology for half of the list is described by none of it.
_MENTIONED_READ: Final = 6


class PointerKind(StrEnum):
    """What of the item pointed to an entry."""

    CONTROL_CODE = "CONTROL_CODE"
    HS_CODE = "HS_CODE"
    CAS_NUMBER = "CAS_NUMBER"
    TEXT_ZH = "TEXT_ZH"
    TEXT_EN = "TEXT_EN"
    PRECEDENT = "PRECEDENT"
    RELATION = "RELATION"


class PointerCode(StrEnum):
    """How it pointed."""

    CONTROL_CODE_EXACT = "CONTROL_CODE_EXACT"
    CONTROL_CODE_BELOW = "CONTROL_CODE_BELOW"
    CONTROL_CODE_ABOVE = "CONTROL_CODE_ABOVE"
    CONTROL_CODE_PROPOSED = "CONTROL_CODE_PROPOSED"
    HS_CODE_10 = "HS_CODE_10"
    HS_CODE_10_CATALOGUE = "HS_CODE_10_CATALOGUE"
    HS_CODE_8 = "HS_CODE_8"
    HS_CODE_6 = "HS_CODE_6"
    HS_CODE_4 = "HS_CODE_4"
    CAS_NUMBER_EXACT = "CAS_NUMBER_EXACT"
    CAS_NUMBER_IN_TEXT = "CAS_NUMBER_IN_TEXT"
    CONTROL_CODE_IN_TEXT = "CONTROL_CODE_IN_TEXT"
    TEXT_EXACT = "TEXT_EXACT"
    TEXT_CONTAINED = "TEXT_CONTAINED"
    TEXT_PARTIAL = "TEXT_PARTIAL"
    TEXT_SIMILAR = "TEXT_SIMILAR"
    TEXT_SHARED = "TEXT_SHARED"
    PRECEDENT = "PRECEDENT"
    RELATED_ENTRY = "RELATED_ENTRY"


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


Pointed = tuple[str, Pointer]


@dataclass(frozen=True, slots=True)
class SearchPolicy:
    """The weights of the pointers and the words of the comparison; data, see reference/text_matching.toml.

    `least_share` is the part of a text's weight that an entry must share to be proposed by words alone, and
    `least_score` the weight of shared words that makes up for it in a long text;
    `weighing_share` the part from which it weighs beside an entry that describes the item. `elements` are the
    characters of chemical elements by which materials are akin.
    """

    weights: Mapping[PointerCode, float]
    description_factor: float
    likeness: Likeness
    least_share: float
    least_score: float
    weighing_share: float
    elements: frozenset[str]
    fusion: Fusion
    vocabulary: Vocabulary


_HS_POINTERS: Final[Mapping[int, PointerCode]] = {
    8: PointerCode.HS_CODE_8,
    6: PointerCode.HS_CODE_6,
    4: PointerCode.HS_CODE_4,
}
_TEXT_POINTERS: Final[Mapping[Closeness, PointerCode]] = {
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
        self._by_hs: dict[str, dict[str, HsReference]] = defaultdict(dict)
        self._by_cas: dict[str, set[str]] = defaultdict(set)
        self._by_code: dict[str, list[ControlEntry]] = defaultdict(list)
        for entry in sorted(
            control_list.entries, key=lambda each: (not each.quality.decides, each.identifier)
        ):
            for reference in sorted(
                entry.hs_references, key=lambda each: (len(each.code), each.trust.value, each.code)
            ):
                for length in HS_LENGTHS:
                    if length <= len(reference.code):
                        self._by_hs[reference.code[:length]].setdefault(entry.identifier, reference)
            for term in entry.terms:
                if term.kind is TermKind.CAS_NUMBER and (number := normalise_cas_number(term.text)):
                    self._by_cas[number].add(entry.identifier)
            for code in {entry.control_code, entry.proposed_code} - {""}:
                for prefix in (code, *ancestors(code)):
                    self._by_code[prefix].append(entry)
        self.relations = Relations(control_list.entries, policy.elements)
        self._terms = TermIndex(control_list.entries, policy.vocabulary, policy.likeness)
        cutter = TextCutter(
            (term.text for entry in control_list.entries for term in entry.terms), policy.vocabulary
        )
        self._texts = {
            PointerKind.TEXT_ZH: TextRanking(self._documents(chinese=True), cutter),
            PointerKind.TEXT_EN: TextRanking(self._documents(chinese=False), cutter),
        }

    def _documents(self, chinese: bool) -> dict[str, str]:
        """What is said of each entry in one language, with the names of those above it and of those it names."""
        found = {}
        for entry in self.control_list.entries:
            context = [
                self._by_identifier[other]
                for other in dict.fromkeys(
                    (*ancestors(entry.code), *self.relations.mentioned_by(entry.identifier)[:_MENTIONED_READ])
                )
                if other in self._by_identifier
            ]
            texts = [
                *(term.text for term in entry.terms if has_han(term.text) is chinese),
                *(
                    (entry.name_zh, entry.parameters_zh, *(each.name_zh for each in context))
                    if chinese
                    else (entry.name_en, entry.parameters_en, *(each.name_en for each in context))
                ),
            ]
            if any(texts):
                found[entry.identifier] = " ; ".join(filter(None, texts))
        return found

    def entry(self, identifier: str) -> ControlEntry | None:
        """The entry of an identifier or control code exactly as spelt."""
        return self._by_identifier.get(identifier)

    def entries(self, identifiers: Iterable[str]) -> Iterator[ControlEntry]:
        """The entries of known identifiers."""
        return (self._by_identifier[identifier] for identifier in identifiers)

    def below(self, code: str) -> Sequence[ControlEntry]:
        """Entries of a normalised code and below it, printed or proposed."""
        return self._by_code.get(code, ())

    def names_hs_code(self, hs_code: str) -> bool:
        """Whether an entry names a normalised commodity code of ten digits itself."""
        return hs_code in self._by_hs

    def by_control_code(self, code: str) -> Iterator[Pointed]:
        """Entries with a normalised control code, below it, above it, or proposed for it."""
        for entry in self._by_code.get(code, ()):
            if entry.control_code == code:
                found = PointerCode.CONTROL_CODE_EXACT
            elif entry.control_code:
                found = PointerCode.CONTROL_CODE_BELOW
            else:
                found = PointerCode.CONTROL_CODE_PROPOSED
            yield (
                entry.identifier,
                self._pointer(PointerKind.CONTROL_CODE, found, code, entry.code),
            )
        for above in ancestors(code):
            if (found_above := self._by_identifier.get(above)) is not None:
                yield (
                    found_above.identifier,
                    self._pointer(
                        PointerKind.CONTROL_CODE, PointerCode.CONTROL_CODE_ABOVE, code, found_above.code
                    ),
                )

    def by_hs_code(self, hs_code: str) -> Iterator[Pointed]:
        """Entries that name a normalised commodity code; only if none does, those that share fewer digits."""
        for length in HS_LENGTHS:
            if length > len(hs_code) or not (found := self._by_hs.get(hs_code[:length])):
                continue
            exact = {each: named for each, named in found.items() if named.code == hs_code}
            wider = [(each, named) for each, named in found.items() if each not in exact]
            for identifier, reference in [*exact.items(), *wider[: max(0, HS_KEPT - len(exact))]]:
                if length < 10:
                    code = _HS_POINTERS[length]
                elif reference.trust is HsTrust.ANNOUNCEMENT:
                    code = PointerCode.HS_CODE_10
                else:
                    code = PointerCode.HS_CODE_10_CATALOGUE
                yield identifier, self._pointer(PointerKind.HS_CODE, code, hs_code, reference.code)
            return

    def by_cas_number(self, number: str) -> Iterator[Pointed]:
        """Entries that name a normalised CAS number."""
        for identifier in sorted(self._by_cas.get(number, ())):
            yield (
                identifier,
                self._pointer(PointerKind.CAS_NUMBER, PointerCode.CAS_NUMBER_EXACT, number, number),
            )

    def named_by(self, name: str) -> frozenset[str]:
        """Entries of which a term is the whole name, neutral words and figures apart."""
        return self._terms.named_by(name)

    def by_terms(self, text: str, from_description: bool = False) -> Iterator[Pointed]:
        """Entries whose terms stand in a text or are like it."""
        factor = self.policy.description_factor if from_description else 1.0
        for identifier, match in self._terms.find(text, by_likeness=not from_description).items():
            kind = PointerKind.TEXT_ZH if has_han(match.entry_value) else PointerKind.TEXT_EN
            code = _TEXT_POINTERS[match.closeness]
            yield (
                identifier,
                Pointer(
                    kind,
                    code,
                    match.item_value,
                    match.entry_value,
                    self._text_weight(code, match) * factor,
                    from_description,
                ),
            )

    def by_shared_words(self, kind: PointerKind, texts: Sequence[str]) -> Iterator[Pointed]:
        """Entries that share words with the texts, the nearest first."""
        for ranked in self._texts[kind].rank(texts, RANKED_KEPT):
            if ranked.share >= self.policy.least_share or ranked.score >= self.policy.least_score:
                entry = self._by_identifier[ranked.identifier]
                name = entry.name_zh if kind is PointerKind.TEXT_ZH else entry.name_en
                weight = self.policy.weights[PointerCode.TEXT_SHARED] * ranked.share
                yield (
                    ranked.identifier,
                    Pointer(kind, PointerCode.TEXT_SHARED, "", name, weight, from_description=True),
                )

    def _text_weight(self, code: PointerCode, match: TextMatch) -> float:
        weight = self.policy.weights[code]
        return weight if match.closeness is Closeness.EXACT else weight * (0.5 + match.share / 2)

    def _pointer(self, kind: PointerKind, code: PointerCode, item_value: str, entry_value: str) -> Pointer:
        return Pointer(kind, code, item_value, entry_value, self.policy.weights[code])
