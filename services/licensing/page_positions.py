"""Page tokens of lists that are ordered by an instant and an id."""

import uuid
from datetime import datetime

from services.foundation.errors import invalid_field
from services.foundation.pagination import decode_page_token, encode_page_token


def encode_position(instant: datetime, identifier: uuid.UUID) -> str:
    """Token for the place after an entry."""
    return encode_page_token(instant.isoformat(), str(identifier))


def decode_position(token: str) -> tuple[datetime, uuid.UUID] | None:
    """Place of a token; None for the first page. Errors: INVALID_ARGUMENT for a token not made here."""
    position = decode_page_token(token, 2)
    if position is None:
        return None
    try:
        return datetime.fromisoformat(position[0]), uuid.UUID(position[1])
    except ValueError as error:
        raise invalid_field("page_token", "PAGE_TOKEN_INVALID") from error
