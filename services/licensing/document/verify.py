"""Offline verification of a licence: of the PDF file, or of the code alone, with nothing but a certificate.

Neither says whether the licence may be used today: a licence can be suspended or revoked after it was signed,
and only the issuing authority knows.
"""

import io
import urllib.parse
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import (
    EmbeddedPdfSignature,
    PdfSignatureStatus,
    SignatureCoverageLevel,
    validate_pdf_signature,
)
from pyhanko_certvalidator import ValidationContext

from services.licensing.document.canonical import digest
from services.licensing.document.signing import (
    STATEMENT_ALGORITHM,
    STATEMENT_TYPE,
    LicenceStatement,
    SignerStanding,
    standing_of,
)

CANONICAL_ATTACHMENT: Final = "licence.json"
STATEMENT_ATTACHMENT: Final = "licence.jws"

# What the reader of a PDF may raise when it is fed hostile bytes.
_UNREADABLE: Final = (
    PdfError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
    zlib.error,
)


class Finding(StrEnum):
    """Why something is not a genuine licence. Each word is a reason code with a sentence in the catalogue."""

    DOCUMENT_UNREADABLE = "DOCUMENT_UNREADABLE"
    """The bytes cannot be read as a PDF, or its signature as a signature."""
    DOCUMENT_NOT_SIGNED = "DOCUMENT_NOT_SIGNED"
    DOCUMENT_SIGNED_SEVERAL_TIMES = "DOCUMENT_SIGNED_SEVERAL_TIMES"
    DOCUMENT_ALTERED = "DOCUMENT_ALTERED"
    """The signed bytes are not those that were signed."""
    SIGNATURE_INVALID = "SIGNATURE_INVALID"
    """The signature was not made by the key of its certificate, or has not the form it must have."""
    SIGNATURE_NOT_OF_WHOLE_DOCUMENT = "SIGNATURE_NOT_OF_WHOLE_DOCUMENT"
    """The signature leaves part of the file uncovered, or something was added after it."""
    SIGNATURE_PERMITS_CHANGES = "SIGNATURE_PERMITS_CHANGES"
    """The signature is not a certification that forbids every change."""
    SIGNER_NOT_TRUSTED = "SIGNER_NOT_TRUSTED"
    """No chain leads from the signer to a trusted certificate at the time asked about."""
    FACTS_MISSING = "FACTS_MISSING"
    """The file does not carry the canonical facts and the statement."""
    FACTS_DIFFER = "FACTS_DIFFER"
    """The statement is about other facts than those the file carries."""
    STATEMENT_MALFORMED = "STATEMENT_MALFORMED"
    STATEMENT_SIGNATURE_INVALID = "STATEMENT_SIGNATURE_INVALID"
    STATEMENT_NUMBER_DIFFERS = "STATEMENT_NUMBER_DIFFERS"
    """The address in the code names another licence than the statement."""


@dataclass(frozen=True, slots=True)
class StatementVerification:
    """What came of verifying a signed statement; it is there only if genuine."""

    findings: tuple[Finding, ...]
    statement: LicenceStatement | None = None

    @property
    def genuine(self) -> bool:
        """Nothing speaks against it."""
        return not self.findings


@dataclass(frozen=True, slots=True)
class DocumentVerification:
    """What came of verifying a PDF. What it says is filled in as far as the signature vouches for it.

    `signed_at` is the signer's own claim (aware); `canonical` are the canonical bytes of the facts.
    """

    findings: tuple[Finding, ...]
    signer: str | None = None
    standing: SignerStanding | None = None
    signed_at: datetime | None = None
    statement: LicenceStatement | None = None
    canonical: bytes | None = None

    @property
    def genuine(self) -> bool:
        """Nothing speaks against it. A genuine specimen has no legal effect: see `standing`."""
        return not self.findings


def verify_document(pdf: bytes, trusted: Sequence[x509.Certificate], at: datetime) -> DocumentVerification:
    """Verify a licence as a file: signed once, all of it, unaltered, by a signer trusted at instant `at`.

    Then its statement is verified with the signer's key and compared with the facts that the file carries.
    Never raises for any bytes, and fetches nothing: revocation of the signer's certificate is not looked up.
    """
    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        signatures = reader.embedded_signatures
        if len(signatures) != 1:
            return DocumentVerification(
                (Finding.DOCUMENT_SIGNED_SEVERAL_TIMES if signatures else Finding.DOCUMENT_NOT_SIGNED,)
            )
        (signature,) = signatures
        status = validate_pdf_signature(signature, _trust(trusted, at))
        findings = tuple(_signature_findings(pdf, signature, status))
        if findings:
            return DocumentVerification(findings)
        return _verified_contents(reader, signature, status)
    except _UNREADABLE:
        return DocumentVerification((Finding.DOCUMENT_UNREADABLE,))


def verify_statement(token: str, key: EllipticCurvePublicKey) -> StatementVerification:
    """Verify a signed statement (compact JWS, ES256) against a public key. Never raises for any text."""
    if not isinstance(key.curve, SECP256R1):
        return StatementVerification((Finding.STATEMENT_SIGNATURE_INVALID,))
    try:
        envelope = jws.extract_compact(token.encode())
        if envelope.headers().get("typ") != STATEMENT_TYPE:
            return StatementVerification((Finding.STATEMENT_MALFORMED,))
        statement = LicenceStatement.from_json(envelope.payload)
        if not jws.validate_compact(envelope, ECKey.import_key(key), algorithms=[STATEMENT_ALGORITHM]):
            return StatementVerification((Finding.STATEMENT_SIGNATURE_INVALID,))
    except (JoseError, ValueError, TypeError, LookupError):
        return StatementVerification((Finding.STATEMENT_MALFORMED,))
    return StatementVerification((), statement)


def verify_code(content: str, key: EllipticCurvePublicKey) -> StatementVerification:
    """Verify what a reader of codes hands over, `.../verify/{number}#{statement}`. Never raises."""
    address, _, token = content.partition("#")
    result = verify_statement(token, key)
    number = urllib.parse.unquote(address.rpartition("/verify/")[2])
    if result.statement is not None and result.statement.number != number:
        return StatementVerification((Finding.STATEMENT_NUMBER_DIFFERS,))
    return result


def _trust(trusted: Sequence[x509.Certificate], at: datetime) -> ValidationContext:
    roots = b"".join(certificate.public_bytes(Encoding.PEM) for certificate in trusted)
    certificates = list(load_certs_from_pemder_data(roots)) if trusted else []
    return ValidationContext(trust_roots=certificates, moment=at, allow_fetching=False)


def _signature_findings(
    pdf: bytes, signature: EmbeddedPdfSignature, status: PdfSignatureStatus
) -> Iterator[Finding]:
    if not status.intact:
        yield Finding.DOCUMENT_ALTERED
    if not status.valid or not _uncovered_bytes_are_the_signature(pdf, signature):
        yield Finding.SIGNATURE_INVALID
    if status.coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        yield Finding.SIGNATURE_NOT_OF_WHOLE_DOCUMENT
    if signature.docmdp_level is not MDPPerm.NO_CHANGES:
        yield Finding.SIGNATURE_PERMITS_CHANGES
    if not status.trusted:
        yield Finding.SIGNER_NOT_TRUSTED


def _uncovered_bytes_are_the_signature(pdf: bytes, signature: EmbeddedPdfSignature) -> bool:
    """The signature itself is the one part of the file that no digest covers.

    It must stand there in the one way it is written: upper-case hexadecimal, filled up with zeros. White space
    or other bytes in its room would be passed over by readers, and the file would not be the one signed.
    """
    _, end_of_first_part, start_of_second_part, _ = (int(value) for value in signature.byte_range)
    room = pdf[end_of_first_part:start_of_second_part]
    content: bytes = signature.pkcs7_content
    written = content[: _der_length(content)].hex().upper().encode()
    return room == b"<" + written.ljust(len(room) - 2, b"0") + b">"


def _der_length(content: bytes) -> int:
    """Bytes of the outermost DER element, header included (X.690 8.1.3)."""
    first = content[1]
    if first < 0x80:
        return 2 + first
    octets = first & 0x7F
    return 2 + octets + int.from_bytes(content[2 : 2 + octets], "big")


def _verified_contents(
    reader: PdfFileReader, signature: EmbeddedPdfSignature, status: PdfSignatureStatus
) -> DocumentVerification:
    certificate = x509.load_der_x509_certificate(signature.signer_cert.dump())
    result = DocumentVerification(
        findings=(),
        signer=certificate.subject.rfc4514_string(),
        standing=standing_of(certificate),
        signed_at=status.signer_reported_dt,
    )
    attached = _attachments(reader)
    canonical, token = attached.get(CANONICAL_ATTACHMENT), attached.get(STATEMENT_ATTACHMENT)
    if canonical is None or token is None:
        return replace(result, findings=(Finding.FACTS_MISSING,))
    key = certificate.public_key()
    if not isinstance(key, EllipticCurvePublicKey):
        return replace(result, findings=(Finding.STATEMENT_SIGNATURE_INVALID,), canonical=canonical)
    stated = verify_statement(token.decode("ascii", errors="replace"), key)
    findings = stated.findings
    if stated.statement is not None and stated.statement.sha256 != digest(canonical).sha256:
        findings = (Finding.FACTS_DIFFER,)
    return replace(result, findings=findings, statement=stated.statement, canonical=canonical)


def _attachments(reader: PdfFileReader) -> dict[str, bytes]:
    """The files attached to a PDF by name (ISO 32000-1, 7.11.4), in a name tree of one level."""
    names: Any = reader.root.get("/Names", {}).get("/EmbeddedFiles", {}).get("/Names", [])
    entries = [names[index] for index in range(len(names))]
    return {
        str(name): specification["/EF"]["/F"].data
        for name, specification in zip(entries[::2], entries[1::2], strict=True)
    }
