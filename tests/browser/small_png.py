"""Pictures of pages with a palette: a third of the size, and nothing that a person sees is lost.

Chromium writes eight bits for each of red, green and blue; a page has few colours that differ to the eye. The
format: https://www.w3.org/TR/png-3/ (filters in 9.2).
"""

import struct
import zlib
from collections import Counter
from collections.abc import Iterator

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_BYTES = 3
_COLOURS = 256


def small(picture: bytes) -> bytes:
    """The same picture with at most 256 colours; it must be a PNG as Chromium writes one without transparency."""
    parts = dict(_parts(picture))
    width, height, depth, kind = struct.unpack(">IIBB", parts[b"IHDR"][:10])
    if (depth, kind) != (8, 2):
        raise ValueError(f"depth {depth} and kind {kind} are not what Chromium writes")
    rows = list(_rows(zlib.decompress(parts[b"IDAT"]), width * _BYTES, height))
    pixels = [tuple(row[at : at + _BYTES]) for row in rows for at in range(0, len(row), _BYTES)]
    palette, place = _palette(Counter(pixels))
    indexed = bytes(place[pixel] for pixel in pixels)
    content = b"".join(b"\0" + indexed[at : at + width] for at in range(0, len(indexed), width))
    return b"".join(
        (
            _SIGNATURE,
            _part(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _part(b"PLTE", bytes(value for colour in palette for value in colour)),
            _part(b"IDAT", zlib.compress(content, 9)),
            _part(b"IEND", b""),
        )
    )


def _palette(colours: Counter) -> tuple[list[tuple[int, ...]], dict[tuple[int, ...], int]]:
    """The most frequent colours, so that surfaces stay exact, and of every colour the place of the nearest of them."""
    palette = [colour for colour, _ in colours.most_common(_COLOURS)]
    places = {colour: place for place, colour in enumerate(palette)}
    for colour in colours:
        if colour not in places:
            places[colour] = min(range(len(palette)), key=lambda at: _distance(palette[at], colour))
    return palette, places


def _distance(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _parts(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The parts of a PNG, those with the same name joined."""
    found: dict[bytes, bytes] = {}
    at = len(_SIGNATURE)
    while at < len(picture):
        (length,) = struct.unpack(">I", picture[at : at + 4])
        name = picture[at + 4 : at + 8]
        found[name] = found.get(name, b"") + picture[at + 8 : at + 8 + length]
        at += length + 12
    yield from found.items()


def _part(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def _rows(content: bytes, length: int, height: int) -> Iterator[bytes]:
    above = bytearray(length)
    for number in range(height):
        start = number * (length + 1)
        row = bytearray(content[start + 1 : start + 1 + length])
        _unfilter(content[start], row, above)
        yield bytes(row)
        above = row


def _unfilter(kind: int, row: bytearray, above: bytearray) -> None:
    for at in range(len(row)):
        left = row[at - _BYTES] if at >= _BYTES else 0
        match kind:
            case 0:
                return
            case 1:
                predicted = left
            case 2:
                predicted = above[at]
            case 3:
                predicted = (left + above[at]) // 2
            case _:
                predicted = _paeth(left, above[at], above[at - _BYTES] if at >= _BYTES else 0)
        row[at] = (row[at] + predicted) & 255


def _paeth(left: int, above: int, upper_left: int) -> int:
    guess = left + above - upper_left
    return min((left, above, upper_left), key=lambda one: abs(guess - one))
