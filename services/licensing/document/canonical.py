"""The facts of a licence, and the one sequence of bytes that stands for them.

The printed page, the token in its code and the archive all rest on the same digests of the same bytes. The
bytes are JSON by the rules of RFC 8785 (JSON Canonicalization Scheme): UTF-8, keys sorted, no white space.
The scheme leaves only numbers to care about, so quantities and values are written as text.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives import hashes

from services.foundation.documents.printable import unprintable
from services.foundation.errors import FieldViolation, invalid_argument
from services.licensing.domain.licence_number import LicenceNumber

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

SCHEMA: Final = "xuke.licence/1"
"""Name of the form of the canonical bytes; a change of fields is a new name."""


@dataclass(frozen=True, slots=True)
class BilingualText:
    """A text in Chinese and English; one of them may be absent. Raises ValueError if both are."""

    zh: str | None
    en: str | None = None

    def __post_init__(self) -> None:
        if not (self.zh or self.en):
            raise ValueError("a text needs Chinese or English")


@dataclass(frozen=True, slots=True)
class CodedName:
    """A code of a public code list, with its name."""

    code: str
    name: BilingualText


@dataclass(frozen=True, slots=True)
class Exporter:
    """出口经营者, by name and unified social credit code (统一社会信用代码, GB 32100)."""

    name: BilingualText
    unified_social_credit_code: str


@dataclass(frozen=True, slots=True)
class ForeignParty:
    """A party abroad: importer, consignee or end user. The country is ISO 3166-1 alpha-2."""

    name: BilingualText
    country: CodedName
    address: str


@dataclass(frozen=True, slots=True)
class LicenceLine:
    """One item of the licence. The quantity is in `unit`, the value in `currency` (ISO 4217)."""

    line_number: int
    item: BilingualText
    control_code: str
    hs_code: str
    quantity: Decimal
    unit: CodedName
    value: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class LicenceFacts:
    """Everything a licence states. Dates are days in Asia/Shanghai, both ends of the validity inclusive.

    Raises ValueError where the facts cannot be those of a licence: no line, line numbers not 1, 2, 3 ...,
    a quantity that is not positive, a negative value, a validity that ends before it begins. Raises XukeError
    INVALID_ARGUMENT, UNPRINTABLE_CHARACTER, naming every text with a character that has no shape on paper.
    """

    number: LicenceNumber
    application_number: str
    exporter: Exporter
    end_user: ForeignParty
    importer: ForeignParty
    consignee: ForeignParty
    destination: CodedName
    end_use: BilingualText
    contract_number: str
    transfer_mode: CodedName
    customs_office: CodedName
    lines: tuple[LicenceLine, ...]
    valid_from: date
    valid_to: date
    issued_on: date
    issuing_authority: BilingualText
    conditions: tuple[BilingualText, ...]
    legal_basis: BilingualText

    def __post_init__(self) -> None:
        if [line.line_number for line in self.lines] != list(range(1, len(self.lines) + 1)):
            raise ValueError("the lines of a licence are numbered 1, 2, 3 ... and there is at least one")
        if not self.lines:
            raise ValueError("a licence has at least one line")
        if self.valid_to < self.valid_from:
            raise ValueError(f"the validity ends on {self.valid_to}, before it begins on {self.valid_from}")
        for line in self.lines:
            if not (line.quantity.is_finite() and line.quantity > 0):
                raise ValueError(f"line {line.line_number}: the quantity is not positive: {line.quantity}")
            if not (line.value.is_finite() and line.value >= 0):
                raise ValueError(f"line {line.line_number}: the value is negative: {line.value}")
        refused = [
            FieldViolation(path, "UNPRINTABLE_CHARACTER", {"character": f"U+{ord(character):04X}"})
            for path, text in texts(self)
            for character in unprintable(text)
        ]
        if refused:
            raise invalid_argument(*refused)


@dataclass(frozen=True, slots=True)
class LicenceDigests:
    """Digests of the canonical bytes, in lower-case hexadecimal."""

    sha256: str
    sm3: str
    """SM3 (GB/T 32905), so that a verifier bound to Chinese algorithms can check the same facts."""


def canonical_bytes(facts: LicenceFacts) -> bytes:
    """The one sequence of bytes that stands for these facts (RFC 8785)."""
    document = {"schema": SCHEMA, "instrument": facts.number.instrument.value, **_members(facts)}
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(content: bytes) -> LicenceDigests:
    """SHA-256 and SM3 of canonical bytes."""
    return LicenceDigests(_hexadecimal(hashes.SHA256(), content), _hexadecimal(hashes.SM3(), content))


def decimal_text(value: Decimal) -> str:
    """A decimal as plain text: no exponent, no grouping, no needless zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def texts(facts: LicenceFacts) -> Iterator[tuple[str, str]]:
    """Every text in the facts with its path, such as `lines[0].item.zh`."""
    yield from _texts("", facts)


def _texts(path: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, tuple):
        for index, element in enumerate(value):
            yield from _texts(f"{path}[{index}]", element)
    elif is_dataclass(value) and not isinstance(value, LicenceNumber):
        for member in fields(value):
            yield from _texts(f"{path}.{member.name}".lstrip("."), getattr(value, member.name))


def _members(facts: "DataclassInstance") -> dict[str, object]:
    return {member.name: _plain(getattr(facts, member.name)) for member in fields(facts)}


def _plain(value: object) -> object:
    if isinstance(value, LicenceNumber):
        return str(value)
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(element) for element in value]
    if is_dataclass(value) and not isinstance(value, type):
        return _members(value)
    return value


def _hexadecimal(algorithm: hashes.HashAlgorithm, content: bytes) -> str:
    state = hashes.Hash(algorithm)
    state.update(content)
    return state.finalize().hex()
