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
        self._mentioned: dict[str, tuple[str, ...]] = {}
        named: dict[str, dict[str, None]] = defaultdict(dict)
        for entry in ordered:
            text = f"{entry.name_zh} {entry.parameters_zh} {entry.note_zh}"
            mentioned = [other for code in _CODE.findall(text) for other in by_code.get(code, ())]
            self._mentioned[entry.identifier] = tuple(dict.fromkeys(mentioned))
            for other in mentioned:
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

        unread = _Unread([entry for entry in ordered if not entry.quality.decides], elements)
        self._unread = {entry.identifier: unread.kin_of(entry) for entry in ordered if entry.quality.decides}

    def unread_kin(self, identifiers: Iterable[str]) -> dict[str, str]:
        """Entries that were not read in full and may cover what the given ones cover, each with the first of them.

        They stand beside a given entry under the same heading, or name a material of the same element.
        """
        found: dict[str, str] = {}
        for identifier in identifiers:
            for other in self._unread.get(identifier, ()):
                found.setdefault(other, identifier)
        return found

    def mentioned_by(self, identifier: str) -> tuple[str, ...]:
        """Entries that the text of an entry names by their code, as that of a technology names what it makes."""
        return self._mentioned[identifier]

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


class _Unread:
    """Entries that were not read in full, by their heading and by the elements of their material."""

    def __init__(self, entries: Iterable[ControlEntry], elements: frozenset[str]) -> None:
        self._elements = elements
        self._by_heading: dict[str, list[str]] = defaultdict(list)
        self._by_element: dict[str, list[str]] = defaultdict(list)
        self._codes: dict[str, str] = {}
        for entry in entries:
            self._codes[entry.identifier] = entry.code
            for heading in ancestors(entry.code)[:1]:
                self._by_heading[heading].append(entry.identifier)
            for element in self._elements_of(entry):
                self._by_element[element].append(entry.identifier)

    def kin_of(self, entry: ControlEntry) -> tuple[str, ...]:
        """Those beside an entry under its heading, then those of the same material; what stands above it is none."""
        above = ancestors(entry.code)
        kin = [
            *(other for heading in above[:1] for other in self._by_heading.get(heading, ())),
            *(other for element in self._elements_of(entry) for other in self._by_element[element]),
        ]
        return tuple(other for other in dict.fromkeys(kin) if self._codes[other] not in above)

    def _elements_of(self, entry: ControlEntry) -> list[str]:
        if entry.kind is not ItemKind.MATERIALS:
            return []
        return [character for character in dict.fromkeys(entry.name_zh) if character in self._elements]
