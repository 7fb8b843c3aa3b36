"""What a file is by its structure: real files, files cut off, and files that only begin right."""

import io
import struct
import zlib

import pypdf
import pytest
import segno
import typst
from hypothesis import given
from hypothesis import strategies as st

from services.foundation.documents.media_type import MediaType, claimed_type, is_sound


def jpeg(height: int = 1, *, frame: bool = True, fill: bytes = b"") -> bytes:
    """A baseline image of one grey pixel, put together from its segments (ITU-T T.81 annex B)."""

    def segment(mark: int, data: bytes) -> bytes:
        return b"\xff" + bytes([mark]) + (len(data) + 2).to_bytes(2) + data

    parts = [
        b"\xff\xd8",
        segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"),
        segment(0xDB, b"\x00" + b"\x10" * 64),
        b"\xff",  # a fill byte before a marker is allowed
        segment(0xC0, b"\x08" + height.to_bytes(2) + b"\x00\x01\x01\x01\x11\x00") if frame else b"",
        segment(0xC4, b"\x00" + b"\x01" + b"\x00" * 15 + b"\x00"),
        segment(0xDA, b"\x01\x01\x00\x00\x3f\x00"),
        b"\x3f",
        b"\xff\xd9",
    ]
    return b"".join(part for part in parts if part != b"\xff" or frame) + fill


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(*, width: int = 1, image: bool = True, after: bytes = b"") -> bytes:
    parts = [b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", struct.pack(">IIBBBBB", width, 1, 8, 0, 0, 0, 0))]
    if image:
        parts.append(chunk(b"IDAT", zlib.compress(b"\x00\x00")))
    return b"".join([*parts, chunk(b"IEND", b""), after])


def pdf() -> bytes:
    """A document whose cross references are a stream."""
    return bytes(typst.compile(b"= A contract"))


def table_pdf() -> bytes:
    """A document whose cross references are a table, then added to, as signing does."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    first = io.BytesIO()
    writer.write(first)
    update = pypdf.PdfWriter(io.BytesIO(first.getvalue()), incremental=True)
    update.add_metadata({"/Title": "updated"})
    second = io.BytesIO()
    update.write(second)
    return second.getvalue()


def written_png() -> bytes:
    out = io.BytesIO()
    segno.make("XK-2026").save(out, kind="png")
    return out.getvalue()


SOUND = {
    "pdf with a stream": (pdf(), MediaType.PDF),
    "pdf with a table, updated": (table_pdf(), MediaType.PDF),
    "pdf with a line break after its end": (pdf() + b"\r\n", MediaType.PDF),
    "jpeg": (jpeg(), MediaType.JPEG),
    "jpeg filled up": (jpeg(fill=b"\x00" * 40), MediaType.JPEG),
    "png": (png(), MediaType.PNG),
    "png by a library": (written_png(), MediaType.PNG),
}


@pytest.mark.parametrize(("data", "kind"), SOUND.values(), ids=SOUND)
def test_sound_files(data: bytes, kind: MediaType) -> None:
    assert claimed_type(data[:16]) is kind
    assert is_sound(io.BytesIO(data), kind)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF",
        b"%PDF-9.9\n",
        b"GIF89a",
        b"PK\x03\x04",
        b"<html>",
        b"\xff\xd8",
        b" %PDF-1.7",
        "合同".encode(),
    ],
)
def test_what_is_not_accepted(data: bytes) -> None:
    assert claimed_type(data[:16]) is None


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\nthis is a letter, not a document\n", MediaType.PDF),
        (b"%PDF-1.7\nstartxref\n9999\n%%EOF", MediaType.PDF),
        (b"%PDF-1.7\nnothing here\nstartxref\n9\n%%EOF", MediaType.PDF),
        (pdf() + b"x" * 1024, MediaType.PDF),
        (jpeg(frame=False), MediaType.JPEG),
        (jpeg(height=0), MediaType.JPEG),
        (b"\xff\xd8\xff\xd9", MediaType.JPEG),
        (b"\xff\xd8\xff\xe0\x00\x00\xff\xd9", MediaType.JPEG),
        (b"\xff\xd8\xff" + b"\x00" * 50 + b"\xff\xd9", MediaType.JPEG),
        (png(width=0), MediaType.PNG),
        (png(image=False), MediaType.PNG),
        (png(after=b"<script>"), MediaType.PNG),
        (png().replace(b"IHDR", b"IHDX"), MediaType.PNG),
        (png()[:20] + b"\x09" + png()[21:], MediaType.PNG),
        (png()[:8], MediaType.PNG),
    ],
)
def test_files_that_only_begin_right(data: bytes, kind: MediaType) -> None:
    assert claimed_type(data[:16]) is kind
    assert not is_sound(io.BytesIO(data), kind)


@pytest.mark.parametrize(
    ("data", "kind", "spare"),
    [(pdf(), MediaType.PDF, 1), (jpeg(), MediaType.JPEG, 0), (png(), MediaType.PNG, 0)],
)
def test_a_file_cut_off_anywhere_is_not_sound(data: bytes, kind: MediaType, spare: int) -> None:
    # A PDF may lose the line break at its end.
    for length in range(16, len(data.rstrip(b"\r\n")) if spare else len(data)):
        assert not is_sound(io.BytesIO(data[:length]), kind), length


@given(st.sampled_from(MediaType), st.binary(max_size=300))
def test_any_bytes_are_answered(kind: MediaType, data: bytes) -> None:
    starts = {
        MediaType.PDF: b"%PDF-1.7",
        MediaType.JPEG: b"\xff\xd8\xff",
        MediaType.PNG: b"\x89PNG\r\n\x1a\n",
    }
    assert is_sound(io.BytesIO(starts[kind] + data), kind) in (True, False)
