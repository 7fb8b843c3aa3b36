"""The unified social credit code (统一社会信用代码), GB 32100-2015: 18 characters, the last one a check."""

import re

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_FORM = re.compile(rf"[{ALPHABET}]{{18}}")


def check_character(first_seventeen: str) -> str:
    """The check character of GB 32100-2015: weights are the powers of 3 modulo 31."""
    total = sum(
        ALPHABET.index(character) * pow(3, position, 31) for position, character in enumerate(first_seventeen)
    )
    return ALPHABET[-total % 31]


def is_valid(code: str) -> bool:
    """Whether the code has the form of the standard and the right check character."""
    return _FORM.fullmatch(code) is not None and check_character(code[:17]) == code[17]
