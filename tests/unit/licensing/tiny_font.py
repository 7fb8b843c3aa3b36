"""A TrueType font with a single visible glyph, made by hand: a black square for one character."""

import struct


def tiny_font(character: str, family: str = "Tiny") -> bytes:
    """Bytes of a font (OpenType 1.9, TrueType outlines, 1000 units per em) that has only `character`."""
    square = struct.pack(">hhhhh", 1, 100, 0, 900, 800)  # one contour and its box
    square += struct.pack(">HH", 3, 0) + bytes(
        [1, 1, 1, 1]
    )  # last point, no instructions, four on-curve points
    square += struct.pack(">hhhh", 100, 800, 0, -800) + struct.pack(">hhhh", 0, 0, 800, 0)
    tables = {
        b"OS/2": _os2(),
        b"cmap": _cmap(ord(character)),
        b"glyf": square,
        b"head": struct.pack(
            ">IIIIHHQQhhhhHHhhh",
            *(0x00010000, 0x00010000, 0, 0x5F0F3CF5, 0, 1000, 0, 0),
            *(100, 0, 900, 800, 0, 8, 2, 1, 0),
        ),
        b"hhea": struct.pack(">IhhhHhhhhhhhhhhhH", 0x00010000, 880, -120, 0, 1000, 0, 0, 0, 1, *[0] * 7, 2),
        b"hmtx": struct.pack(">HhHh", 1000, 0, 1000, 100),
        b"loca": struct.pack(">III", 0, 0, len(square)),
        b"maxp": struct.pack(">IHHHHHHHHHHHHHH", 0x00010000, 2, 4, 1, 0, 0, 2, *[0] * 8),
        b"name": _name(family),
        b"post": struct.pack(">IIhhIIIII", 0x00030000, 0, 0, 0, 0, 0, 0, 0, 0),
    }
    directory, body = b"", b""
    offset = 12 + 16 * len(tables)
    for tag, table in tables.items():
        padded = table + bytes(-len(table) % 4)
        checksum = sum(struct.unpack(f">{len(padded) // 4}I", padded)) % 2**32
        directory += tag + struct.pack(">III", checksum, offset + len(body), len(table))
        body += padded
    return struct.pack(">IHHHH", 0x00010000, len(tables), 128, 3, len(tables) * 16 - 128) + directory + body


def _cmap(code_point: int) -> bytes:
    """Format 12 for the whole of Unicode: one group of one character, glyph 1."""
    group = struct.pack(">III", code_point, code_point, 1)
    subtable = struct.pack(">HHIII", 12, 0, 16 + len(group), 0, 1) + group
    return struct.pack(">HHHHI", 0, 1, 3, 10, 12) + subtable


def _name(family: str) -> bytes:
    names = [(1, family), (2, "Regular"), (4, f"{family} Regular"), (6, family)]
    records, storage = b"", b""
    for identifier, text in names:
        encoded = text.encode("utf-16-be")
        records += struct.pack(">HHHHHH", 3, 1, 0x409, identifier, len(encoded), len(storage))
        storage += encoded
    return struct.pack(">HHH", 0, len(names), 6 + len(records)) + records + storage


def _os2() -> bytes:
    return (
        struct.pack(">HhHHH", 4, 1000, 400, 5, 0)
        + struct.pack(">hhhhhhhhhhh", *[0] * 11)
        + bytes(10)
        + bytes(16)
        + b"TEST"
        + struct.pack(">HHHhhhHH", 64, 0xFFFF, 0xFFFF, 880, -120, 0, 880, 120)
        + bytes(8)
        + struct.pack(">hhHHH", 500, 700, 0, 32, 1)
    )
