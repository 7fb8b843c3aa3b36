"""What is screened: the parties of an export with those who hold them, where it goes, and what for."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Final

from services.screening.domain.rules import CatchAllLimb, EndUsePurpose, EndUserKind, StateOfKnowledge
from services.screening.matching.text import clean

# Part of every fingerprint: another number means that no earlier decision counts any more.
_FINGERPRINT_VERSION: Final = 1
_SHORTEST_IDENTIFIER: Final = 5
_NOT_OF_IDENTIFIER: Final = re.compile(r"[\W_]+")


class PartyRole(StrEnum):
    """The part a party plays in the export."""

    APPLICANT = "APPLICANT"
    IMPORTER = "IMPORTER"
    CONSIGNEE = "CONSIGNEE"
    END_USER = "END_USER"
    INTERMEDIARY = "INTERMEDIARY"


@dataclass(frozen=True, slots=True)
class Owner:
    """Who holds shares in a party, as stated; `percent` is None where the share is not stated."""

    name_zh: str
    name_en: str
    country: str = ""
    percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """A party of the export with its names in Chinese and English and its country (ISO 3166-1 alpha-2)."""

    role: PartyRole
    name_zh: str
    name_en: str
    country: str
    address: str = ""
    registration_number: str = ""
    owners: tuple[Owner, ...] = ()

    @property
    def fingerprint(self) -> str:
        """SHA-256 of who the party is, whatever its role and however it is spaced or capitalised.

        A decision on a hit counts for every party with the same fingerprint, and for no other.
        """
        who = [
            _FINGERPRINT_VERSION,
            _plain(self.name_zh),
            _plain(self.name_en),
            self.country,
            _plain(self.address),
            identifier_of(self.registration_number) or _plain(self.registration_number),
            sorted(_owner_content(owner) for owner in self.owners),
        ]
        canonical = json.dumps(who, ensure_ascii=False, separators=(",", ":"))
        # A text may hold half of a surrogate pair, which has no bytes in UTF-8.
        return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Export:
    """What is screened."""

    parties: tuple[Party, ...]
    destination: str
    end_user_kind: EndUserKind
    end_use_purpose: EndUsePurpose
    catch_all: Mapping[CatchAllLimb, StateOfKnowledge] = field(default_factory=dict)


def identifier_of(text: str) -> str:
    """A registration number as compared: letters and figures only; empty where it is too short to tell."""
    plain = _NOT_OF_IDENTIFIER.sub("", clean(text)).upper()
    return plain if len(plain) >= _SHORTEST_IDENTIFIER else ""


def _plain(text: str) -> str:
    return " ".join(clean(text).split())


def _owner_content(owner: Owner) -> tuple[str, str, str, str]:
    percent = "" if owner.percent is None else f"{owner.percent.normalize():f}"
    return _plain(owner.name_zh), _plain(owner.name_en), owner.country, percent
