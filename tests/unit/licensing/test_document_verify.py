"""Offline verification: whatever is done to a licence after it was signed comes to light."""

import io
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.generic import pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

from services.licensing.document.canonical import canonical_bytes
from services.licensing.document.development_authority import create_development_authority
from services.licensing.document.pades import SigningMaterial, cms_signer
from services.licensing.document.pdf import issue_document
from services.licensing.document.signing import (
    TRUST_FILE,
    Es256Signer,
    LicenceStatement,
    SignerStanding,
    load_certificates,
)
from services.licensing.document.verify import Finding, verify_document
from tests.unit.licensing.licence_samples import (
    NOW,
    PUBLIC_URL,
    development,
    document,
    facts,
    renderer,
)

SIGNER, TRUSTED = development()
SIGNED = document().pdf
CONTENTS_FROM = SIGNED.index(b"/Contents <") + len(b"/Contents <")
CONTENTS_TO = SIGNED.index(b">", CONTENTS_FROM)


def findings(pdf: bytes, at: datetime = NOW) -> set[Finding]:
    return set(verify_document(pdf, TRUSTED, at).findings)


def flipped(pdf: bytes, position: int, bit: int = 0) -> bytes:
    return pdf[:position] + bytes([pdf[position] ^ 1 << bit]) + pdf[position + 1 :]


def test_a_genuine_licence_is_intact_trusted_and_whole() -> None:
    result = verify_document(SIGNED, TRUSTED, NOW)
    assert result.genuine
    assert result.signer is not None
    assert "Xuke development issuer" in result.signer
    assert result.standing is SignerStanding.DEVELOPMENT
    assert result.signed_at == NOW
    assert result.canonical == canonical_bytes(facts())
    assert result.statement is not None
    assert result.statement.number == str(facts().number)


def test_one_flipped_byte_in_the_page_is_not_intact() -> None:
    assert Finding.DOCUMENT_ALTERED in findings(flipped(SIGNED, SIGNED.index(b"stream\n") + 40))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(SIGNED) - 1 - (CONTENTS_TO - CONTENTS_FROM)), st.integers(0, 7))
def test_one_flipped_bit_of_the_signed_bytes_is_noticed(position: int, bit: int) -> None:
    """The signed bytes are all of the file but the signature itself."""
    if position >= CONTENTS_FROM:
        position += CONTENTS_TO - CONTENTS_FROM
    result = verify_document(flipped(SIGNED, position, bit), TRUSTED, NOW)
    assert result.findings
    assert result.statement is None


@settings(max_examples=100, deadline=None)
@given(st.integers(CONTENTS_FROM, CONTENTS_TO - 1), st.integers(0, 7))
def test_one_flipped_bit_of_the_signature_never_changes_what_it_says(position: int, bit: int) -> None:
    """The wrapping of a signature (RFC 5652) has bits that nobody signed, such as the case of a name."""
    result = verify_document(flipped(SIGNED, position, bit), TRUSTED, NOW)
    assert result.findings or result == verify_document(SIGNED, TRUSTED, NOW)


@pytest.mark.parametrize("before_its_end", [1, 100])
@pytest.mark.parametrize("byte", [b"1", b" ", b"\n"])
def test_the_room_beside_the_signature_cannot_be_used(before_its_end: int, byte: bytes) -> None:
    position = CONTENTS_TO - before_its_end
    changed = SIGNED[:position] + byte + SIGNED[position + 1 :]
    assert findings(changed) == {Finding.SIGNATURE_INVALID}


@pytest.mark.parametrize("added", [b"\n", b"%%EOF\n", b"<script>"])
def test_nothing_may_follow_the_signed_bytes(added: bytes) -> None:
    assert findings(SIGNED + added)


def test_an_edition_added_after_the_signature_is_noticed() -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(SIGNED))
    writer.root["/Lang"] = pdf_string("en")
    writer.update_root()
    output = io.BytesIO()
    writer.write(output)
    assert Finding.SIGNATURE_NOT_OF_WHOLE_DOCUMENT in findings(output.getvalue())


@pytest.mark.parametrize("pdf", [b"", b"%PDF-1.7", b"not a pdf", SIGNED[: len(SIGNED) // 2], SIGNED[100:]])
def test_what_is_no_pdf_is_said_to_be_none(pdf: bytes) -> None:
    assert findings(pdf) == {Finding.DOCUMENT_UNREADABLE}


@given(st.binary(max_size=400))
def test_no_bytes_make_the_verification_fail_by_itself(content: bytes) -> None:
    assert findings(content)
    assert findings(b"%PDF-1.7\n" + content + b"\n%%EOF\n")


def test_an_unsigned_licence_is_said_to_be_unsigned() -> None:
    unsigned = renderer().render(facts(), document().statement, SignerStanding.OFFICIAL, PUBLIC_URL)
    assert findings(unsigned) == {Finding.DOCUMENT_NOT_SIGNED}


def test_a_signer_of_another_authority_is_not_trusted(tmp_path: Path) -> None:
    create_development_authority(tmp_path, NOW)
    others = load_certificates(tmp_path / TRUST_FILE)
    assert verify_document(SIGNED, others, NOW).findings == (Finding.SIGNER_NOT_TRUSTED,)
    assert verify_document(SIGNED, [], NOW).findings == (Finding.SIGNER_NOT_TRUSTED,)


@pytest.mark.parametrize("away", [timedelta(days=-1), timedelta(days=1826)])
def test_a_certificate_is_trusted_within_its_time_only(away: timedelta) -> None:
    assert findings(SIGNED, NOW + away) == {Finding.SIGNER_NOT_TRUSTED}


def signed_by_hand(pdf: bytes, field: str, permission: MDPPerm | None) -> bytes:
    """Signed with the right key, but not in the way a licence is signed."""
    metadata = PdfSignatureMetadata(
        field_name=field,
        certify=permission is not None,
        **({"docmdp_permissions": permission} if permission else {}),
    )
    signer = PdfSigner(
        metadata,
        signer=cms_signer(SigningMaterial(SIGNER.private_key, SIGNER.chain)),
        new_field_spec=SigFieldSpec(field),
    )
    return bytes(signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf))).getvalue())


@pytest.mark.parametrize("permission", [None, MDPPerm.FILL_FORMS, MDPPerm.ANNOTATE])
def test_a_signature_that_permits_changes_is_not_enough(permission: MDPPerm | None) -> None:
    unsigned = renderer().render(facts(), document().statement, SignerStanding.OFFICIAL, PUBLIC_URL)
    signed = signed_by_hand(unsigned, "Other", permission)
    assert findings(signed) == {Finding.SIGNATURE_PERMITS_CHANGES}


def test_a_second_signature_is_noticed() -> None:
    unsigned = renderer().render(facts(), document().statement, SignerStanding.OFFICIAL, PUBLIC_URL)
    twice = signed_by_hand(signed_by_hand(unsigned, "First", None), "Second", None)
    assert findings(twice) == {Finding.DOCUMENT_SIGNED_SEVERAL_TIMES}


def test_a_statement_about_other_facts_is_noticed() -> None:
    """Even the right key cannot join the facts of one licence to the statement of another."""
    other = issue_document(facts(contract_number="OTHER"), SIGNER, renderer(), PUBLIC_URL, NOW)
    joined = renderer().render(facts(), other.statement, SignerStanding.OFFICIAL, PUBLIC_URL)
    result = verify_document(SIGNER.sign_document(joined, NOW), TRUSTED, NOW)
    assert result.findings == (Finding.FACTS_DIFFER,)


def test_a_statement_by_another_key_is_noticed(tmp_path: Path) -> None:
    create_development_authority(tmp_path, NOW)
    stranger = Es256Signer.load(tmp_path)
    statement = verify_document(SIGNED, TRUSTED, NOW).statement
    assert isinstance(statement, LicenceStatement)
    joined = renderer().render(
        facts(), stranger.sign_statement(statement), SignerStanding.OFFICIAL, PUBLIC_URL
    )
    result = verify_document(SIGNER.sign_document(joined, NOW), TRUSTED, NOW)
    assert result.findings == (Finding.STATEMENT_SIGNATURE_INVALID,)


def test_another_signed_pdf_is_not_a_licence() -> None:
    writer = IncrementalPdfFileWriter(
        io.BytesIO(renderer().render(facts(), "x", SignerStanding.OFFICIAL, PUBLIC_URL))
    )
    del writer.root["/Names"]
    writer.update_root()
    output = io.BytesIO()
    writer.write(output)
    signed = SIGNER.sign_document(output.getvalue(), NOW)
    assert findings(signed) == {Finding.FACTS_MISSING}
