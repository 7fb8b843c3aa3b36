"""The certification signature of the PDF: PAdES (ETSI EN 319 142-1, level B-B), no change permitted after."""

import asyncio
import io
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko_certvalidator.registry import SimpleCertificateStore

FIELD_NAME: Final = "LicenceSignature"
_DIGEST: Final = "sha256"


@dataclass(frozen=True, slots=True)
class SigningMaterial:
    """A private key and its certificate chain, the signer's own certificate first."""

    private_key: EllipticCurvePrivateKey
    chain: tuple[x509.Certificate, ...]


class _MetadataUntouched(IncrementalPdfFileWriter):
    """Leaves the metadata as rendered: what is signed is the file, not a new edition of it.

    The writer would otherwise date the document by the wall clock and rewrite its declaration of conformance.
    """

    def _update_meta(self) -> None:
        """Nothing to update."""


class _Pdf17Signer(PdfSigner):
    """Keeps the file at PDF 1.7, on which PDF/A-3 and PDF/UA-1 rest.

    For a key on P-256 the signer would otherwise declare PDF 2.0 and ISO/TS 32002. ESIC level 1 is the
    extension that brings PAdES to PDF 1.7.
    """

    def register_extensions(self, pdf_out: BasePdfFileWriter, *, md_algorithm: str) -> None:
        """Declare the one extension that a PAdES signature needs in PDF 1.7."""
        pdf_out.register_extension(ESIC_EXTENSION_1)


def sign_pdf(pdf: bytes, material: SigningMaterial, signed_at: datetime) -> bytes:
    """The PDF with one certification signature appended; `signed_at` (aware) is its claimed signing time.

    The signature is invisible and its widget lies outside the page: that is the one form of it which PDF/A-3
    (no hidden annotation) and PDF/UA-1 (no untagged annotation on the page) both allow.
    """
    return asyncio.run(_sign(pdf, material, signed_at))


async def _sign(pdf: bytes, material: SigningMaterial, signed_at: datetime) -> bytes:
    writer = _MetadataUntouched(io.BytesIO(pdf))
    signer = _Pdf17Signer(
        PdfSignatureMetadata(
            field_name=FIELD_NAME,
            md_algorithm=_DIGEST,
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
        ),
        signer=cms_signer(material),
        new_field_spec=SigFieldSpec(
            FIELD_NAME,
            readable_field_name="电子签名 Electronic signature",
            invis_sig_settings=InvisSigSettings(box_out_of_bounds=True),
        ),
    )
    # The steps of PdfSigner.sign_pdf one by one, because only the session takes the time of signing.
    session = signer.init_signing_session(writer)
    session.system_time = signed_at
    reserved = await session.estimate_signature_container_size(validation_info=None)
    document = session.prepare_tbs_document(validation_info=None, bytes_reserved=reserved)
    output = io.BytesIO()
    prepared, _ = document.digest_tbs_document(output=output)
    await document.perform_signature(
        document_digest=prepared.document_digest,
        pdf_cms_signed_attrs=PdfCMSSignedAttributes(signing_time=signed_at),
    )
    return output.getvalue()


def cms_signer(material: SigningMaterial) -> SimpleSigner:
    """The signer of CMS structures (RFC 5652) for a key and its chain."""
    chain = b"".join(certificate.public_bytes(Encoding.PEM) for certificate in material.chain)
    key = material.private_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    certificate, *intermediates = load_certs_from_pemder_data(chain)
    known = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # the package annotates no constructor
    known.register_multiple(intermediates)
    return SimpleSigner(certificate, load_private_key_from_pemder_data(key, passphrase=None), known)
