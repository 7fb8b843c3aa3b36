"""Kleene's strong three-valued logic: what is not known stays not known.

A conjunction with a false part is false whatever the unknown parts are, and a disjunction with a true part is
true; nothing else is concluded from what is missing (S. C. Kleene, Introduction to Metamathematics, § 64).
"""

from collections.abc import Iterable
from enum import StrEnum


class Truth(StrEnum):
    """Whether something holds, as far as it is known."""

    TRUE = "TRUE"
    FALSE = "FALSE"
    UNKNOWN = "UNKNOWN"

    @property
    def negation(self) -> "Truth":
        """True for false, false for true, unknown for unknown."""
        if self is Truth.UNKNOWN:
            return self
        return Truth.FALSE if self is Truth.TRUE else Truth.TRUE

    @staticmethod
    def of(holds: bool | None) -> "Truth":
        """The truth of a boolean; None is unknown."""
        if holds is None:
            return Truth.UNKNOWN
        return Truth.TRUE if holds else Truth.FALSE


def conjunction(parts: Iterable[Truth]) -> Truth:
    """All parts hold; of no parts: true."""
    seen = set(parts)
    if Truth.FALSE in seen:
        return Truth.FALSE
    return Truth.UNKNOWN if Truth.UNKNOWN in seen else Truth.TRUE


def disjunction(parts: Iterable[Truth]) -> Truth:
    """At least one part holds; of no parts: false."""
    seen = set(parts)
    if Truth.TRUE in seen:
        return Truth.TRUE
    return Truth.UNKNOWN if Truth.UNKNOWN in seen else Truth.FALSE


def agreement(parts: Iterable[Truth]) -> Truth:
    """The common truth of several readings of one statement; unknown where they differ or there are none."""
    seen = set(parts)
    return seen.pop() if len(seen) == 1 else Truth.UNKNOWN
