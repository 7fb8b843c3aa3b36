"""The signed statement, and the keys that sign it."""

import base64
import hmac
import json
import stat
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey

from services.licensing.document.canonical import canonical_bytes, digest
from services.licensing.document.development_authority import create_development_authority
from services.licensing.document.qr import verification_url
from services.licensing.document.signing import (
    CHAIN_FILE,
    KEY_FILE,
    TRUST_FILE,
    Es256Signer,
    LicenceStatement,
    SignerStanding,
    load_certificates,
)
from services.licensing.document.verify import Finding, verify_code, verify_statement
from tests.unit.licensing.licence_samples import NOW, PUBLIC_URL, development, document, facts

SIGNER, TRUSTED = development()
PUBLIC_KEY = SIGNER.private_key.public_key()
STATEMENT = LicenceStatement.of(facts(), digest(canonical_bytes(facts())))
TOKEN = SIGNER.sign_statement(STATEMENT)


def decoded(segment: str) -> bytes:
    return base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def test_the_statement_says_number_facts_and_dates() -> None:
    assert json.loads(decoded(TOKEN.split(".")[1])) == {
        "number": "XKA20260000001233",
        "sha256": digest(canonical_bytes(facts())).sha256,
        "issued": "2026-11-21",
        "valid_to": "2027-11-20",
    }
    header = json.loads(decoded(TOKEN.split(".")[0]))
    assert (header["alg"], header["typ"]) == ("ES256", "licence+jws")


def test_the_statement_verifies_without_any_of_our_libraries() -> None:
    """RFC 7515: ECDSA over the first two segments; the signature is r and s side by side (RFC 7518 3.4)."""
    signed, _, signature = TOKEN.rpartition(".")
    raw = decoded(signature)
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    PUBLIC_KEY.verify(encode_dss_signature(r, s), signed.encode(), ec.ECDSA(hashes.SHA256()))


def test_a_genuine_statement_is_returned() -> None:
    result = verify_statement(TOKEN, PUBLIC_KEY)
    assert result.genuine
    assert result.statement == STATEMENT


@given(
    st.integers(0, len(TOKEN) - 1), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnop0123456789-_.")
)
def test_no_character_of_a_statement_can_be_changed(position: int, character: str) -> None:
    changed = TOKEN[:position] + character + TOKEN[position + 1 :]
    if decoded_alike(changed):
        return
    result = verify_statement(changed, PUBLIC_KEY)
    assert not result.genuine
    assert result.statement is None


def decoded_alike(token: str) -> bool:
    """The last character of a segment has bits that no byte takes; changing only those changes nothing."""
    segments = token.split(".")
    return len(segments) == 3 and [*map(decoded, segments)] == [*map(decoded, TOKEN.split("."))]


def test_another_key_does_not_verify_it() -> None:
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    assert verify_statement(TOKEN, other).findings == (Finding.STATEMENT_SIGNATURE_INVALID,)


def test_a_key_on_another_curve_is_refused() -> None:
    other = ec.generate_private_key(ec.SECP384R1()).public_key()
    assert verify_statement(TOKEN, other).findings == (Finding.STATEMENT_SIGNATURE_INVALID,)


def test_the_public_key_does_not_pass_as_a_shared_secret() -> None:
    """The confusion of algorithms that RFC 8725 3.1 warns of."""
    header = encoded(json.dumps({"alg": "HS256", "typ": "licence+jws"}).encode())
    signed = f"{header}.{TOKEN.split('.')[1]}"
    secret = PUBLIC_KEY.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    forged = f"{signed}.{encoded(hmac.digest(secret, signed.encode(), 'sha256'))}"
    assert not verify_statement(forged, PUBLIC_KEY).genuine
    unsigned = f"{encoded(json.dumps({'alg': 'none', 'typ': 'licence+jws'}).encode())}.{TOKEN.split('.')[1]}."
    assert not verify_statement(unsigned, PUBLIC_KEY).genuine


@pytest.mark.parametrize(
    ("header", "payload"),
    [
        ({"alg": "ES256"}, STATEMENT.to_json()),
        ({"alg": "ES256", "typ": "JWT"}, STATEMENT.to_json()),
        ({"alg": "ES256", "typ": "licence+jws"}, b"[]"),
        ({"alg": "ES256", "typ": "licence+jws"}, b'{"number":"X"}'),
        ({"alg": "ES256", "typ": "licence+jws"}, b'{"number":1,"sha256":"","issued":"","valid_to":""}'),
        ({"alg": "ES256", "typ": "licence+jws"}, b'{"number":"","sha256":"","issued":"x","valid_to":"y"}'),
    ],
)
def test_what_the_key_signed_for_another_purpose_is_no_statement(
    header: dict[str, str], payload: bytes
) -> None:
    token = jws.serialize_compact(header, payload, ECKey.import_key(SIGNER.private_key), algorithms=["ES256"])
    assert verify_statement(token, PUBLIC_KEY).findings == (Finding.STATEMENT_MALFORMED,)


@given(st.text(max_size=200))
def test_no_text_makes_the_verification_fail_by_itself(text: str) -> None:
    assert not verify_statement(text, PUBLIC_KEY).genuine
    assert not verify_code(text, PUBLIC_KEY).genuine


def test_the_code_verifies_as_a_whole() -> None:
    statement = document().statement
    result = verify_code(verification_url(PUBLIC_URL, "XKA20260000001233", statement), PUBLIC_KEY)
    assert result.genuine
    other = verification_url(PUBLIC_URL, "XKA20260000001241", statement)
    assert verify_code(other, PUBLIC_KEY).findings == (Finding.STATEMENT_NUMBER_DIFFERS,)


def test_a_statement_reads_back() -> None:
    changed = replace(STATEMENT, valid_to=date(2028, 2, 29))
    assert LicenceStatement.from_json(changed.to_json()) == changed


def test_a_development_authority_is_made_once_and_its_key_is_private(tmp_path: Path) -> None:
    folder = tmp_path / "signing"
    create_development_authority(folder, NOW)
    key = (folder / KEY_FILE).read_bytes()
    assert stat.S_IMODE((folder / KEY_FILE).stat().st_mode) == 0o600
    create_development_authority(folder, NOW + timedelta(days=1))
    assert (folder / KEY_FILE).read_bytes() == key
    assert Es256Signer.load(folder).standing is SignerStanding.DEVELOPMENT


def test_the_development_chain_leads_to_its_root(tmp_path: Path) -> None:
    create_development_authority(tmp_path, NOW)
    (root,) = load_certificates(tmp_path / TRUST_FILE)
    (leaf,) = load_certificates(tmp_path / CHAIN_FILE)
    leaf.verify_directly_issued_by(root)
    assert leaf.not_valid_before_utc <= NOW < leaf.not_valid_after_utc


def test_a_key_that_everybody_may_read_is_refused(tmp_path: Path) -> None:
    create_development_authority(tmp_path, NOW)
    (tmp_path / KEY_FILE).chmod(0o644)
    with pytest.raises(ValueError, match="chmod 600"):
        Es256Signer.load(tmp_path)


def test_a_key_needs_its_own_certificate() -> None:
    with pytest.raises(ValueError, match="not that of the signing key"):
        Es256Signer(ec.generate_private_key(ec.SECP256R1()), SIGNER.chain)
    with pytest.raises(ValueError, match="P-256"):
        Es256Signer(ec.generate_private_key(ec.SECP384R1()), SIGNER.chain)
