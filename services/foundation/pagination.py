"""Page tokens (AIP-158): opaque to the caller, a list of texts to us."""

import base64
import binascii
import json

from services.foundation.errors import invalid_field

DEFAULT_PAGE_SIZE = 50


def encode_page_token(*position: str) -> str:
    """Token for the place in a list after `position`."""
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode().rstrip("=")


def decode_page_token(token: str, length: int, field: str = "page_token") -> tuple[str, ...] | None:
    """Position of a token made by `encode_page_token`; None for the empty token of the first page."""
    if not token:
        return None
    try:
        position = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except (binascii.Error, ValueError) as error:
        raise invalid_field(field, "PAGE_TOKEN_INVALID") from error
    if not (
        isinstance(position, list)
        and len(position) == length
        # No token of ours holds the character that no database takes.
        and all(isinstance(x, str) and "\0" not in x for x in position)
    ):
        raise invalid_field(field, "PAGE_TOKEN_INVALID")
    return tuple(position)


def page_size(requested: int) -> int:
    """The size asked for, or the default."""
    return requested or DEFAULT_PAGE_SIZE
