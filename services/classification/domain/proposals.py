"""Which entries an item may fall under, each with the reasons, from every source together."""

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from services.classification.domain.codes import normalise_cas_number, normalise_control_code, plain_code
from services.classification.domain.fusion import SourceKind
from services.classification.domain.index import ListIndex, Pointed, Pointer, PointerCode, PointerKind
from services.classification.domain.item import Item
from services.classification.domain.query import Query

_CAS_IN_TEXT: Final = re.compile(r"(?<![0-9-])[0-9]{2,7} ?- ?[0-9]{2} ?- ?[0-9](?![0-9-])")
_CODE_IN_TEXT: Final = re.compile(
    r"(?<![0-9A-Za-z])[0-9][A-Ea-e][0-9]{3}(?:\.[A-Za-z0-9]{1,3})*(?![0-9A-Za-z])"
)

_TEXT_CODES: Final = frozenset(
    {
        PointerCode.TEXT_EXACT,
        PointerCode.TEXT_CONTAINED,
        PointerCode.TEXT_PARTIAL,
        PointerCode.TEXT_SIMILAR,
    }
)

# Entries that were decided for like items before, by identifier, each with what it rests on. They only propose.
Precedents = Callable[[Item], Iterable[Pointed]]


def no_precedents(item: Item) -> Iterable[Pointed]:
    """For a platform that keeps no decisions to propose from."""
    return ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """An entry with what points to it, the weightiest reason first, and its fused score."""

    identifier: str
    pointers: tuple[Pointer, ...]
    score: float


def propose(query: Query, index: ListIndex, precedents: Precedents = no_precedents) -> list[Proposal]:
    """Every entry that something of the item points to, the nearest first, equal ones by identifier."""
    found: dict[str, list[Pointer]] = defaultdict(list)
    rankings: dict[SourceKind, dict[str, float]] = {}
    for kind, pointed in _sources(query, index, precedents):
        ranking = rankings.setdefault(kind, {})
        for identifier, pointer in pointed:
            ranking[identifier] = max(ranking.get(identifier, 0.0), pointer.weight)
            found[identifier].append(pointer)
    fused = index.policy.fusion.fuse(rankings)
    proposals = []
    for identifier, pointers in found.items():
        reasons = _reasons(pointers)
        missed = math.prod(1 - pointer.weight for pointer in reasons)
        strength = (1 - missed) ** index.policy.fusion.strength
        proposals.append(Proposal(identifier, reasons, fused[identifier] * strength))
    return sorted(proposals, key=lambda proposal: (-round(proposal.score, 6), proposal.identifier))


def _sources(
    query: Query, index: ListIndex, precedents: Precedents
) -> Iterable[tuple[SourceKind, Iterable[Pointed]]]:
    if query.control_code:
        yield SourceKind.CONTROL_CODE, index.by_control_code(query.control_code)
    if query.cas_number:
        yield SourceKind.CAS_NUMBER, index.by_cas_number(query.cas_number)
    if query.hs_code:
        yield SourceKind.HS_CODE, index.by_hs_code(query.hs_code)
    yield SourceKind.PRECEDENT, precedents(query.item)
    vocabulary = index.policy.vocabulary
    for name in query.names:
        if not vocabulary.is_vague(name):
            yield SourceKind.TERM, index.by_terms(name)
    if query.is_vague(vocabulary):
        return
    yield SourceKind.TERM, index.by_terms(query.description, from_description=True)
    yield SourceKind.MENTION, _codes_in_text(query, index)
    yield SourceKind.TEXT_ZH, index.by_shared_words(PointerKind.TEXT_ZH, (query.name_zh, query.description))
    yield SourceKind.TEXT_EN, index.by_shared_words(PointerKind.TEXT_EN, (query.name_en, query.description))


def _codes_in_text(query: Query, index: ListIndex) -> Iterable[Pointed]:
    """Control codes and CAS numbers that stand in the texts: they propose, because a text may exclude them."""
    text = plain_code(" ".join((*query.names, query.description)))
    for number in dict.fromkeys(_CAS_IN_TEXT.findall(text)):
        if (normal := normalise_cas_number(number)) is not None:
            for identifier, pointer in index.by_cas_number(normal):
                yield identifier, _weakened(pointer, PointerCode.CAS_NUMBER_IN_TEXT, index.policy.weights)
    for code in dict.fromkeys(_CODE_IN_TEXT.findall(text)):
        if (normal := normalise_control_code(code)) is not None:
            for identifier, pointer in index.by_control_code(normal):
                if pointer.code is not PointerCode.CONTROL_CODE_ABOVE:
                    yield (
                        identifier,
                        _weakened(pointer, PointerCode.CONTROL_CODE_IN_TEXT, index.policy.weights),
                    )


def _weakened(pointer: Pointer, code: PointerCode, weights: Mapping[PointerCode, float]) -> Pointer:
    return Pointer(pointer.kind, code, pointer.item_value, pointer.entry_value, weights[code], True)


def _reasons(pointers: Iterable[Pointer]) -> tuple[Pointer, ...]:
    """The pointers without repetition; shared words say nothing beside a term that was found itself."""
    every = list(dict.fromkeys(pointers))
    languages = {pointer.kind for pointer in every if pointer.code in _TEXT_CODES}
    kept = [
        pointer
        for pointer in every
        if pointer.code is not PointerCode.TEXT_SHARED or pointer.kind not in languages
    ]
    return tuple(
        sorted(kept, key=lambda each: (-round(each.weight, 6), each.code, each.item_value, each.entry_value))
    )
