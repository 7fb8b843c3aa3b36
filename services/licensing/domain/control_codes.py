"""Control codes as people type them: how one is written down, and how it is held against a pattern.

A control code is a digit for the field, a capital letter for the kind of item, three digits, then sub-items in small
letters and digits after dots (两用物项出口管制清单, Announcement 2024 No. 51).
"""

import re
import unicodedata
from typing import Final

_SHAPE: Final = re.compile(r"[0-9][A-E][0-9]{3}(?:\.[a-z0-9]{1,3})*")


def spelled(code: str) -> str:
    """The one spelling of a control code; what has not its shape is only brought to one width and trimmed."""
    plain = unicodedata.normalize("NFKC", code).strip()
    head, dot, tail = plain.partition(".")
    spelling = head.upper() + dot + tail.lower()
    return spelling if _SHAPE.fullmatch(spelling) else plain


def compared(code: str) -> str:
    """A code as patterns are matched against it: one width, capitals, nothing that is not seen.

    A claim is free text, and 「１c 450」 is read as 1C450 by people and by the classification.
    """
    plain = unicodedata.normalize("NFKC", code)
    return "".join(
        each for each in plain if not each.isspace() and unicodedata.category(each) != "Cf"
    ).upper()
