"""Reads the records of an XML file one by one, and refuses what an honest list never holds.

No document type, no entity, nothing from outside the file is ever read: a file with a declaration of one is
refused at the declaration, before anything could be expanded. Depth, length of a text and number of records are
bounded, and of the file no more than one record is in memory.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Final, Never
from xml.parsers import expat

from services.foundation.file_faults import Faults

_CHUNK: Final = 64 * 1024
_DEEPEST: Final = 12
_MOST_CHARACTERS: Final = 100_000
_MOST_ELEMENTS_OF_A_RECORD: Final = 20_000


@dataclass(slots=True)
class Element:
    """An element with its text, its children in order, and the line it begins in."""

    name: str
    line: int
    text: str = ""
    children: list["Element"] = field(default_factory=list)

    def all(self, *path: str) -> list[str]:
        """The texts at the end of a path of names, without spaces around them, empty ones left out."""
        found = [self]
        for name in path:
            found = [child for element in found for child in element.children if child.name == name]
        return [text for text in (" ".join(element.text.split()) for element in found) if text]

    def one(self, *path: str) -> str:
        """The first of them; empty where there is none."""
        return next(iter(self.all(*path)), "")

    def each(self, name: str) -> list["Element"]:
        """The children of a name."""
        return [child for child in self.children if child.name == name]


def read_records(
    file: BinaryIO, root: str, names: Collection[str], most: int, faults: Faults
) -> Iterator[Element]:
    """Every element with one of the names below the root, in the order of the file.

    Errors: INVALID_ARGUMENT with IMPORT_XML_UNREADABLE, IMPORT_XML_DECLARATIONS, IMPORT_XML_OTHER_KIND,
    IMPORT_TOO_MANY_ROWS, IMPORT_LINE_TOO_LONG.
    """
    records = _Records(root, names, faults)
    count = 0
    while chunk := file.read(_CHUNK):
        records.feed(chunk, is_last=False)
        for record in records.take():
            count += 1
            if count > most:
                faults.stop(record.line, "IMPORT_TOO_MANY_ROWS", most=str(most))
            yield record
    records.feed(b"", is_last=True)
    yield from records.take()


class _Records:
    def __init__(self, root: str, names: Collection[str], faults: Faults) -> None:
        self._root = root
        self._names = names
        self._faults = faults
        self._depth = 0
        self._elements = 0
        self._open: list[Element] = []
        self._done: list[Element] = []
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.EntityDeclHandler = self._refuse
        self._parser.UnparsedEntityDeclHandler = self._refuse
        self._parser.ExternalEntityRefHandler = self._refuse

    def feed(self, chunk: bytes, *, is_last: bool) -> None:
        try:
            self._parser.Parse(chunk, is_last)
        except expat.ExpatError as error:
            self._faults.stop(error.lineno, "IMPORT_XML_UNREADABLE")

    def take(self) -> list[Element]:
        done, self._done = self._done, []
        return done

    def _start(self, name: str, _: dict[str, str]) -> None:
        line = self._parser.CurrentLineNumber
        if self._depth == 0 and name != self._root:
            self._faults.stop(line, "IMPORT_XML_OTHER_KIND", value=name)
        self._depth += 1
        if self._depth > _DEEPEST:
            self._faults.stop(line, "IMPORT_XML_UNREADABLE")
        if self._open or name in self._names:
            self._elements += 1
            if self._elements > _MOST_ELEMENTS_OF_A_RECORD:
                self._faults.stop(line, "IMPORT_LINE_TOO_LONG")
            element = Element(name, line)
            if self._open:
                self._open[-1].children.append(element)
            self._open.append(element)

    def _end(self, _: str) -> None:
        self._depth -= 1
        if self._open:
            element = self._open.pop()
            if not self._open:
                self._elements = 0
                self._done.append(element)

    def _characters(self, text: str) -> None:
        if self._open:
            element = self._open[-1]
            if len(element.text) + len(text) > _MOST_CHARACTERS:
                self._faults.stop(self._parser.CurrentLineNumber, "IMPORT_LINE_TOO_LONG")
            element.text += text

    def _refuse(self, *_: object) -> Never:
        self._faults.stop(self._parser.CurrentLineNumber, "IMPORT_XML_DECLARATIONS")
