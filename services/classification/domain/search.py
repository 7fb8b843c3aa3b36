"""Looks entries up for a person: by control code, commodity code, CAS number, or text in either language."""

from collections import defaultdict
from collections.abc import Iterable

from services.classification.domain.codes import (
    normalise_cas_number,
    normalise_control_code,
    normalise_hs_code,
)
from services.classification.domain.entries import ControlEntry
from services.classification.domain.index import ListIndex, Pointer


def search(index: ListIndex, query: str) -> tuple[ControlEntry, ...]:
    """Entries that a query points to, the nearest first, then by identifier; whatever their standing."""
    sources: list[Iterable[tuple[str, Pointer]]] = [index.by_terms(query)]
    if control_code := normalise_control_code(query):
        sources.append(index.by_control_code(control_code))
    if hs_code := normalise_hs_code(query):
        sources.append(index.by_hs_code(hs_code))
    if cas_number := normalise_cas_number(query):
        sources.append(index.by_cas_number(cas_number))
    nearest: dict[str, float] = defaultdict(float)
    for source in sources:
        for identifier, pointer in source:
            nearest[identifier] = max(nearest[identifier], pointer.weight)
    if entry := index.entry(query.strip()):
        nearest[entry.identifier] = 1.0
    ordered = sorted(nearest, key=lambda identifier: (-round(nearest[identifier], 4), identifier))
    return tuple(index.entries(ordered))
