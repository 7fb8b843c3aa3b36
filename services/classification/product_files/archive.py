"""The parts of an XLSX file: a ZIP archive of XML, of which nothing is believed before it is read.

Sizes and ratios are bounded by what the archive says and by what comes out of it. No document type, no entity and
nothing from outside the file is ever read: a part that declares one is refused at the declaration.
"""

import io
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import Final, Never
from xml.parsers import expat

from services.foundation.errors import XukeError, invalid_field

MOST_UNPACKED: Final = 32 * 1024 * 1024
_MOST_PARTS: Final = 500
# Sheets of text pack about tenfold, sheets of equal rows up to a hundredfold.
_HIGHEST_RATIO: Final = 250
_DEEPEST: Final = 20
# A thousand products in sixty columns, as cells and as shared strings, have fewer.
_MOST_ELEMENTS: Final = 400_000
_CHUNK: Final = 64 * 1024

Start = Callable[[str, Mapping[str, str]], None]
End = Callable[[str], None]
Characters = Callable[[str], None]


class StopReading(Exception):
    """Raised by a handler that needs nothing more of a part."""


class Archive:
    """The parts of one file. Errors: INVALID_ARGUMENT with PRODUCT_FILE_NOT_XLSX, _TOO_PACKED or _XML_REFUSED."""

    def __init__(self, content: bytes) -> None:
        self._left = MOST_UNPACKED
        self._elements = 0
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            parts = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise refused("PRODUCT_FILE_NOT_XLSX") from error
        if (
            len(parts) > _MOST_PARTS
            or sum(part.file_size for part in parts) > MOST_UNPACKED
            or any(part.file_size > _HIGHEST_RATIO * max(part.compress_size, 1) for part in parts)
        ):
            raise refused("PRODUCT_FILE_TOO_PACKED")
        self._names = frozenset(part.filename for part in parts)

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def read(self, name: str, start: Start, end: End, characters: Characters) -> None:
        """Reads a part element by element; names come without their namespace."""
        if name not in self._names:
            raise refused("PRODUCT_FILE_NOT_XLSX")
        depth = 0

        def on_start(element: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            self._elements += 1
            if depth > _DEEPEST:
                self._refuse()
            if self._elements > _MOST_ELEMENTS:
                raise refused("PRODUCT_FILE_TOO_PACKED")
            start(_local(element), {_local(key): value for key, value in attributes.items()})

        def on_end(element: str) -> None:
            nonlocal depth
            depth -= 1
            end(_local(element))

        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = on_start
        parser.EndElementHandler = on_end
        parser.CharacterDataHandler = characters
        for declared in ("StartDoctypeDecl", "EntityDecl", "UnparsedEntityDecl", "ExternalEntityRef"):
            setattr(parser, f"{declared}Handler", self._refuse)
        try:
            with self._zip.open(name) as part:
                while chunk := part.read(_CHUNK):
                    self._left -= len(chunk)
                    if self._left < 0:
                        raise refused("PRODUCT_FILE_TOO_PACKED")
                    parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except StopReading:
            return
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            RuntimeError,
            NotImplementedError,
            expat.ExpatError,
        ) as error:
            # A RuntimeError is a part behind a password.
            raise refused("PRODUCT_FILE_NOT_XLSX") from error

    def _refuse(self, *_: object) -> Never:
        raise refused("PRODUCT_FILE_XML_REFUSED")


def refused(reason: str) -> XukeError:
    """The file as a whole is not taken."""
    return invalid_field("content", reason)


def _local(name: str) -> str:
    return name.rpartition(":")[2]
