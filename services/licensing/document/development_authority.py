"""A certificate authority for development: its licences are signed soundly and have no legal effect.

`python -m services.licensing.document.development_authority` makes one in XUKE_SIGNING for a trial platform;
a folder that holds a signing key is left as it is.
"""

import os
import pathlib
from datetime import UTC, datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from services.foundation.settings import Settings
from services.licensing.document.signing import CHAIN_FILE, DEVELOPMENT_UNIT, KEY_FILE, TRUST_FILE

_AUTHORITY_VALIDITY: Final = timedelta(days=3650)
_SIGNER_VALIDITY: Final = timedelta(days=1825)
_CLOCK_SKEW: Final = timedelta(minutes=5)


def create_development_authority(folder: pathlib.Path, now: datetime) -> None:
    """Put a fresh signing key, its certificate and the authority to trust into a folder, once.

    A folder that holds a signing key is left as it is. The key of the authority itself is thrown away:
    nothing else is to be signed with it. The signing key is readable by its owner only (0600).
    """
    if (folder / KEY_FILE).exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    authority_key = ec.generate_private_key(ec.SECP256R1())
    signing_key = ec.generate_private_key(ec.SECP256R1())
    authority_name = _name("Xuke development authority")
    authority = (
        _builder(authority_name, authority_name, authority_key.public_key(), now, _AUTHORITY_VALIDITY)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(certificates=True), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    authority_identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    signer = (
        _builder(
            _name("Xuke development issuer"), authority_name, signing_key.public_key(), now, _SIGNER_VALIDITY
        )
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(certificates=False), critical=True)
        .add_extension(authority_identifier, critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    (folder / TRUST_FILE).write_bytes(authority.public_bytes(Encoding.PEM))
    (folder / CHAIN_FILE).write_bytes(signer.public_bytes(Encoding.PEM))
    # The key comes last, so that a folder left half made is made anew.
    private = signing_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _write_private(folder / KEY_FILE, private)


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Xuke"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, DEVELOPMENT_UNIT),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, validity: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCK_SKEW)
        .not_valid_after(now + validity)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _key_usage(*, certificates: bool) -> x509.KeyUsage:
    """An authority signs certificates; a signer signs documents it cannot disown (content commitment)."""
    return x509.KeyUsage(
        digital_signature=not certificates,
        content_commitment=not certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certificates,
        crl_sign=certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _write_private(file: pathlib.Path, content: bytes) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)


def main() -> None:
    """Makes the development authority in the folder of the settings, once."""
    create_development_authority(Settings.from_environment().signing_folder, datetime.now(UTC))


if __name__ == "__main__":
    main()
