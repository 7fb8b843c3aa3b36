"""The code printed on a licence: the address to verify it, with the signed statement after the hash sign.

What stands after the hash sign is not sent to the server, so that the public page learns the number only
while the reader's device still holds what it needs to verify offline.
"""

import io
from typing import Final

import segno

_ERROR_CORRECTION: Final = "m"
_QUIET_ZONE_MODULES: Final = 0


def verification_url(public_url: str, number: str, statement: str) -> str:
    """`{public_url}/verify/{number}#{statement}`."""
    return f"{public_url.rstrip('/')}/verify/{number}#{statement}"


def qr_svg(content: str) -> str:
    """A QR code (ISO/IEC 18004, error correction level M) as SVG that fills its box; same input, same text.

    The quiet zone of four modules is white space of the page, left by the layout. Raises
    segno.DataOverflowError if the content is longer than a QR code can hold (2,331 bytes at level M).
    """
    buffer = io.BytesIO()
    segno.make_qr(content, error=_ERROR_CORRECTION).save(
        buffer, kind="svg", border=_QUIET_ZONE_MODULES, xmldecl=False, omitsize=True, dark="#000"
    )
    return buffer.getvalue().decode()
