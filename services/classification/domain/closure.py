"""Entries beside those that are proposed: above them, beside them, and those that their text names.

A person who looks at 1C117.d.1 also wants to see 1C117.d.2 and the technology for both. They are shown and
evaluated, and the outcome over all entries does not rest on them: nothing of the item points to them.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from services.classification.domain.codes import ancestors
from services.classification.domain.entries import ControlEntry, ItemKind

_CODE: Final = re.compile(r"(?<![0-9A-Za-z])([0-9][A-E][0-9]{3}(?:\.[a-z0-9]{1,3})*)(?![0-9A-Za-z])")


class Relations:
    """Which entries stand near which; immutable once built."""

    def __init__(self, entries: Iterable[ControlEntry], elements: frozenset[str]) -> None:
        ordered = sorted(entries, key=lambda entry: entry.identifier)
        by_code: dict[str, list[str]] = defaultdict(list)
        below: dict[str, list[str]] = defaultdict(list)
        for entry in ordered:
            by_code[entry.code].append(entry.identifier)
            for parent in ancestors(entry.code)[:1]:
                below[parent].append(entry.identifier)
        self._near: dict[str, tuple[str, ...]] = {}
        named: dict[str, dict[str, None]] = defaultdict(dict)
        for entry in ordered:
            for code in _CODE.findall(f"{entry.name_zh} {entry.parameters_zh} {entry.note_zh}"):
                for other in by_code.get(code, ()):
                    named[entry.identifier][other] = None
                    named[other][entry.identifier] = None
        for entry in ordered:
            above = ancestors(entry.code)
            near = [
                *named[entry.identifier],
                *(other for code in above for other in by_code.get(code, ())),
                *(below.get(above[0], ()) if above else ()),
                *below.get(entry.code, ()),
            ]
            self._near[entry.identifier] = tuple(
                other for other in dict.fromkeys(near) if other != entry.identifier
            )

        self._unread = {
            entry.identifier: tuple(
                other.identifier
                for other in ordered
                if not other.quality.decides and other is not entry and _akin(entry, other, elements)
            )
            for entry in ordered
            if entry.quality.decides
        }

    def unread_kin(self, identifiers: Iterable[str]) -> dict[str, str]:
        """Entries that were not read in full and may cover what the given ones cover, each with the first of them.

        They stand beside a given entry under the same heading, or name a material of the same element.
        """
        found: dict[str, str] = {}
        for identifier in identifiers:
            for other in self._unread.get(identifier, ()):
                found.setdefault(other, identifier)
        return found

    def near(self, identifiers: Iterable[str]) -> dict[str, str]:
        """Entries near the given ones and not among them, each with the first it is near to."""
        given = list(identifiers)
        known = set(given)
        found: dict[str, str] = {}
        for identifier in given:
            for other in self._near.get(identifier, ()):
                if other not in known:
                    found.setdefault(other, identifier)
        return found


def _akin(entry: ControlEntry, other: ControlEntry, elements: frozenset[str]) -> bool:
    above = ancestors(entry.code)
    if other.code in above:
        return False
    if above and ancestors(other.code)[:1] == above[:1]:
        return True
    both_materials = entry.kind is ItemKind.MATERIALS and other.kind is ItemKind.MATERIALS
    return both_materials and bool(elements & set(entry.name_zh) & set(other.name_zh))
