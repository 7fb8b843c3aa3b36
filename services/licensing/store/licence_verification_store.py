"""What the public may learn of a licence, through the one function of the database that tells it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text

_SELECT = text("SELECT number, state, valid_from, valid_to FROM licence_verification(:number)")


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether a licence stands; days of law (Asia/Shanghai), both inclusive."""

    number: str
    state: str
    valid_from: date
    valid_to: date


def read_verification(connection: Connection, number: str) -> Verification | None:
    """The public status of a licence, or None if there is none of this number."""
    row = connection.execute(_SELECT, {"number": number}).one_or_none()
    return Verification(*row) if row is not None else None
