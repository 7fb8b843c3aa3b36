"""Who signs a licence, and the short signed statement that travels in its code.

A signer does two things: it signs the statement (a compact JWS, RFC 7515) and the PDF (PAdES). ES256 is the
implementation here. A signer with Chinese algorithms keeps to the same protocol: its statement carries
`alg` SM2 with an SM2-with-SM3 signature (GB/T 32918, GB/T 35275), made in a hardware module or UKey, and its
PDF the seal structure of GB/T 38540. It is not implemented here: no library at hand signs with SM2 safely
against side channels. The SM3 digest is printed on every licence already.
"""

import json
import pathlib
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Protocol, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from cryptography.x509.oid import NameOID
from joserfc import jws
from joserfc.jwk import ECKey

from services.licensing.document.canonical import LicenceDigests, LicenceFacts
from services.licensing.document.pades import SigningMaterial, sign_pdf

STATEMENT_ALGORITHM: Final = "ES256"
STATEMENT_TYPE: Final = "licence+jws"
DEVELOPMENT_UNIT: Final = "Development: no legal effect"
"""Organisational unit in the subject of every certificate that no authority has issued."""

KEY_FILE: Final = "licence-signing-key.pem"
CHAIN_FILE: Final = "licence-signing-chain.pem"
TRUST_FILE: Final = "licence-trust.pem"


class SignerStanding(StrEnum):
    """Whether what the signer signs has legal effect."""

    OFFICIAL = "OFFICIAL"
    DEVELOPMENT = "DEVELOPMENT"


@dataclass(frozen=True, slots=True)
class LicenceStatement:
    """What the code on a licence states: this number, these facts, issued then, valid until then.

    Dates are days in Asia/Shanghai; `sha256` is that of the canonical bytes, in lower-case hexadecimal.
    """

    number: str
    sha256: str
    issued: date
    valid_to: date

    @classmethod
    def of(cls, facts: LicenceFacts, digests: LicenceDigests) -> Self:
        """The statement about these facts."""
        return cls(str(facts.number), digests.sha256, facts.issued_on, facts.valid_to)

    def to_json(self) -> bytes:
        """The payload of the JWS."""
        members = {
            "number": self.number,
            "sha256": self.sha256,
            "issued": self.issued.isoformat(),
            "valid_to": self.valid_to.isoformat(),
        }
        return json.dumps(members, separators=(",", ":")).encode()

    @classmethod
    def from_json(cls, payload: bytes) -> Self:
        """Read the payload of a JWS. Raises ValueError for anything but exactly these four texts."""
        members = json.loads(payload)
        if not isinstance(members, dict) or set(members) != {"number", "sha256", "issued", "valid_to"}:
            raise ValueError("not the members of a licence statement")
        if not all(isinstance(value, str) for value in members.values()):
            raise ValueError("a member of a licence statement is not a text")
        issued, valid_to = (date.fromisoformat(members[name]) for name in ("issued", "valid_to"))
        return cls(members["number"], members["sha256"], issued, valid_to)


class Signer(Protocol):
    """Signs licences on behalf of the issuing authority."""

    @property
    def standing(self) -> SignerStanding:
        """Whether the signature has legal effect; a development signature makes the page a specimen."""
        ...

    def sign_statement(self, statement: LicenceStatement) -> str:
        """The statement as a compact JWS; it is ASCII and safe in a URL."""
        ...

    def sign_document(self, pdf: bytes, signed_at: datetime) -> bytes:
        """The PDF with a certification signature over all of it that permits no later change."""
        ...


@dataclass(frozen=True)
class Es256Signer:
    """Signs with ECDSA over P-256 and SHA-256, and an X.509 certificate.

    `chain` begins with the signer's own certificate, followed by its intermediates. Raises ValueError for
    another curve, or a certificate that is not of this key.
    """

    private_key: EllipticCurvePrivateKey
    chain: tuple[x509.Certificate, ...]

    def __post_init__(self) -> None:
        if not isinstance(self.private_key.curve, SECP256R1):
            raise ValueError(f"ES256 needs a key on P-256, not on {self.private_key.curve.name}")
        if not self.chain or self.chain[0].public_key() != self.private_key.public_key():
            raise ValueError("the first certificate of the chain is not that of the signing key")

    @classmethod
    def load(cls, folder: pathlib.Path) -> Self:
        """The signer whose key and certificate chain lie in a folder (see KEY_FILE and CHAIN_FILE).

        Raises FileNotFoundError, and ValueError where the key is not an EC key or every user may read it.
        """
        key_file = folder / KEY_FILE
        if key_file.stat().st_mode & stat.S_IRWXO:
            raise ValueError(f"every user of this machine may read {key_file}: chmod 600 it")
        key = load_pem_private_key(key_file.read_bytes(), password=None)
        if not isinstance(key, EllipticCurvePrivateKey):
            raise ValueError(f"{key_file} is not an EC key")
        return cls(key, tuple(load_certificates(folder / CHAIN_FILE)))

    @property
    def certificate(self) -> x509.Certificate:
        """The signer's own certificate."""
        return self.chain[0]

    @property
    def standing(self) -> SignerStanding:
        """That of the signer's certificate."""
        return standing_of(self.certificate)

    def sign_statement(self, statement: LicenceStatement) -> str:
        """The statement as a compact JWS with `alg` ES256, `kid` and the explicit type of RFC 8725 3.11."""
        header = {"alg": STATEMENT_ALGORITHM, "kid": key_id(self.certificate), "typ": STATEMENT_TYPE}
        key = ECKey.import_key(self.private_key)
        return jws.serialize_compact(header, statement.to_json(), key, algorithms=[STATEMENT_ALGORITHM])

    def sign_document(self, pdf: bytes, signed_at: datetime) -> bytes:
        """The PDF certified by PAdES with a CMS signature over SHA-256."""
        return sign_pdf(pdf, SigningMaterial(self.private_key, self.chain), signed_at)


def load_certificates(file: pathlib.Path) -> Sequence[x509.Certificate]:
    """The certificates of a PEM file, in order."""
    return x509.load_pem_x509_certificates(file.read_bytes())


def standing_of(certificate: x509.Certificate) -> SignerStanding:
    """Development if the certificate says in its subject that no authority has issued it."""
    units = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
    if any(unit.value == DEVELOPMENT_UNIT for unit in units):
        return SignerStanding.DEVELOPMENT
    return SignerStanding.OFFICIAL


def key_id(certificate: x509.Certificate) -> str:
    """`kid` of a statement: the first 16 hexadecimal digits of the SHA-256 of the public key (SPKI, DER)."""
    state = hashes.Hash(hashes.SHA256())
    state.update(certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    return state.finalize().hex()[:16]
