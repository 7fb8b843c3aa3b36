"""What besides the name says that two parties are one: country, identifiers, date of birth.

What agrees adds points; what is missing or differs adds none, so that a qualifier never hides a match of names.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from services.screening.matching.reference import qualifier_points
from services.screening.matching.scoring import Points


@dataclass(frozen=True, slots=True)
class Qualifiers:
    """What is known of a party; empty where nothing is. Identifiers as written, without spaces and hyphens."""

    country: str = ""
    identifiers: frozenset[str] = field(default_factory=frozenset)
    born: date | None = None


def agreeing(given: Qualifiers, listed: Qualifiers) -> tuple[Points, ...]:
    """The points of what agrees."""
    table = _points()
    found: list[Points] = []
    if given.country and given.country.casefold() == listed.country.casefold():
        found.append(Points("country", 1, table["country"]))
    if given.identifiers & listed.identifiers:
        found.append(Points("identifier", 1, table["identifier"]))
    if given.born is not None and given.born == listed.born:
        found.append(Points("born", 1, table["born"]))
    return tuple(found)


@lru_cache(maxsize=1)
def _points() -> dict[str, int]:
    return qualifier_points()
