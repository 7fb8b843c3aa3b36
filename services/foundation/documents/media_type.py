"""What a file is by its structure, whatever it is called.

Applications are filed as PDF, JPEG or PNG (the kinds that paperless filing accepts since 2021-07). A file
is taken for one of these only if its beginning, its end, and what joins them are as the format demands;
that turns away renamed files and uploads that were cut off, and is no check of what a viewer would show.
"""

import re
import struct
import zlib
from enum import StrEnum
from typing import IO, Final

_PDF_HEADER: Final = re.compile(rb"%PDF-[12]\.[0-9]")
_PDF_END: Final = re.compile(rb"startxref\s+([0-9]{1,10})\s+%%EOF")
# At the offset that startxref gives: a table, or an object that holds the table as a stream (ISO 32000-2 7.5).
_PDF_CROSS_REFERENCE: Final = re.compile(rb"\s*(xref\b|[0-9]+\s+[0-9]+\s+obj\b)")
# ISO 32000-2 puts the end at the very end; readers search this many bytes, and so do we.
_PDF_TAIL_BYTES: Final = 1024

_JPEG_START: Final = b"\xff\xd8\xff"
_JPEG_END: Final = b"\xff\xd9"
# Start-of-frame markers (ITU-T T.81 table B.1): C0 to CF but C4 (DHT), C8 (JPG) and CC (DAC).
_JPEG_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_SCAN: Final = 0xDA
_JPEG_SEGMENTS_AT_MOST: Final = 4096

_PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"


class MediaType(StrEnum):
    """The kinds of file that an application may carry."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"

    @property
    def extensions(self) -> tuple[str, ...]:
        """The endings of file names that belong to the kind."""
        match self:
            case MediaType.PDF:
                return (".pdf",)
            case MediaType.JPEG:
                return (".jpg", ".jpeg")
            case MediaType.PNG:
                return (".png",)


def claimed_type(head: bytes) -> MediaType | None:
    """What the first bytes of a file say it is; None for anything that is not accepted."""
    if _PDF_HEADER.match(head):
        return MediaType.PDF
    if head.startswith(_JPEG_START):
        return MediaType.JPEG
    if head.startswith(_PNG_SIGNATURE):
        return MediaType.PNG
    return None


def is_sound(file: IO[bytes], claimed: MediaType) -> bool:
    """Whether a file, read from anywhere, has the structure of the kind that its first bytes claim."""
    match claimed:
        case MediaType.PDF:
            return _is_sound_pdf(file)
        case MediaType.JPEG:
            return _is_sound_jpeg(file)
        case MediaType.PNG:
            return _is_sound_png(file)


def _is_sound_pdf(file: IO[bytes]) -> bool:
    size = file.seek(0, 2)
    file.seek(max(0, size - _PDF_TAIL_BYTES))
    ends = _PDF_END.findall(file.read())
    if not ends or int(ends[-1]) >= size:
        return False
    file.seek(int(ends[-1]))
    return _PDF_CROSS_REFERENCE.match(file.read(64)) is not None


def _is_sound_jpeg(file: IO[bytes]) -> bool:
    """Walks the segments to the first scan, which a frame must precede, and looks for the end of image."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 64))
    # Some cameras and scanners fill up the last block with zeros.
    if not file.read().rstrip(b"\x00").endswith(_JPEG_END):
        return False
    file.seek(2)
    framed = False
    for _ in range(_JPEG_SEGMENTS_AT_MOST):
        mark = file.read(2)
        while mark == b"\xff\xff":  # fill bytes may precede a marker
            mark = mark[1:] + file.read(1)
        if len(mark) < 2 or mark[0] != 0xFF:
            return False
        if mark[1] == _JPEG_SCAN:
            return framed
        segment = file.read(2)
        length = int.from_bytes(segment) if len(segment) == 2 else 0
        if length < 2:
            return False
        if mark[1] in _JPEG_FRAMES:
            frame = file.read(5)
            framed = len(frame) == 5 and int.from_bytes(frame[3:5]) > 0
            file.seek(-len(frame), 1)
            height = frame[1:3]
            framed = framed and int.from_bytes(height) > 0
        file.seek(length - 2, 1)
    return False


def _is_sound_png(file: IO[bytes]) -> bool:
    """Walks the chunks: IHDR first with its checksum, image data in between, IEND last and nothing after."""
    size = file.seek(0, 2)
    file.seek(len(_PNG_SIGNATURE))
    first, has_image = True, False
    while True:
        header = file.read(8)
        if len(header) < 8:
            return False
        length, kind = struct.unpack(">I4s", header)
        if first:
            data, checksum = file.read(13), file.read(4)
            intact = (
                kind == b"IHDR" and length == 13 and checksum == struct.pack(">I", zlib.crc32(kind + data))
            )
            if not intact or 0 in struct.unpack(">II", data[:8]):
                return False
            first = False
            continue
        if kind == b"IEND":
            return has_image and length == 0 and file.tell() + 4 == size and file.read(4) == b"\xaeB`\x82"
        has_image = has_image or kind == b"IDAT"
        if file.seek(length + 4, 1) > size:
            return False
