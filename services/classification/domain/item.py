"""What is to be classified."""

from dataclasses import dataclass
from enum import StrEnum


class Nature(StrEnum):
    """What is exported (出口管制法 Art. 2)."""

    UNSPECIFIED = "UNSPECIFIED"
    GOODS = "GOODS"
    TECHNOLOGY = "TECHNOLOGY"
    SERVICE = "SERVICE"
    DATA = "DATA"


@dataclass(frozen=True, slots=True)
class StatedParameter:
    """A property as the applicant wrote it."""

    name: str
    value: str
    unit: str = ""
    test_condition: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """An item as described, for whom and for what; `destination` is an ISO 3166-1 alpha-2 code or empty."""

    nature: Nature = Nature.UNSPECIFIED
    name_zh: str = ""
    name_en: str = ""
    description: str = ""
    hs_code: str = ""
    cas_number: str = ""
    claimed_control_code: str = ""
    parameters: tuple[StatedParameter, ...] = ()
    destination: str = ""
    end_use: str = ""
