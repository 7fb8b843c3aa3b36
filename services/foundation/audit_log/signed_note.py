"""Signed notes: a few lines of text with an Ed25519 signature, as C2SP signed-note lays them out.

A note is its text, which ends in a line break, an empty line, and one signature line made of an em dash,
the name of the key and, in base64, four bytes of key id followed by the signature over the text.
"""

import base64
import binascii
import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519: Final = b"\x01"
_SIGNATURE_MARK: Final = "— "
_KEY_NAME: Final = re.compile(r"[^\s+]+")


class InvalidNote(Exception):
    """The note is not laid out as a note, or is not signed by the expected key."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """The public half of a key, with the name that its signatures carry."""

    name: str
    public_key: bytes

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell keys of one name apart."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.public_key).digest()[:4]

    def __str__(self) -> str:
        """The text form: name, key id in hexadecimal, and algorithm with key in base64, joined by `+`."""
        encoded = base64.b64encode(_ED25519 + self.public_key).decode()
        return f"{self.name}+{self.key_id.hex()}+{encoded}"

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """Reads the text form. Raises InvalidNote when it is not one or its key id does not belong to it."""
        try:
            name, key_id, encoded = text.strip().split("+", 2)
            material = base64.b64decode(encoded, validate=True)
        except (ValueError, binascii.Error) as error:
            raise InvalidNote("not a verifier key") from error
        if len(material) != 33 or material[:1] != _ED25519 or not _KEY_NAME.fullmatch(name):
            raise InvalidNote("not an Ed25519 verifier key")
        key = cls(name, material[1:])
        if key.key_id.hex() != key_id:
            raise InvalidNote("the key id does not belong to the key")
        return key

    def open(self, note: str) -> str:
        """The text of a note signed by this key. Raises InvalidNote for any other."""
        text, separator, signature_line = note.rpartition("\n\n")
        text += "\n"
        if (
            not separator
            or not signature_line.startswith(_SIGNATURE_MARK)
            or not signature_line.endswith("\n")
        ):
            raise InvalidNote("not laid out as a signed note")
        name, _, encoded = signature_line.removeprefix(_SIGNATURE_MARK).removesuffix("\n").partition(" ")
        try:
            signature = base64.b64decode(encoded, validate=True)
        except (ValueError, binascii.Error) as error:
            raise InvalidNote("the signature is not base64") from error
        if name != self.name or signature[:4] != self.key_id:
            raise InvalidNote(f"signed by another key than {self.name}")
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(signature[4:], note_bytes(text))
        except InvalidSignature as error:
            raise InvalidNote("the signature does not fit the text") from error
        return text


class SigningKey:
    """The private half of a key."""

    def __init__(self, name: str, private_key: Ed25519PrivateKey) -> None:
        if not _KEY_NAME.fullmatch(name):
            raise ValueError("the name of a key has no space and no plus sign")
        self._private_key = private_key
        self.verifier = VerifierKey(
            name,
            private_key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw),
        )

    def sign(self, text: str) -> str:
        """The note of a text, which must end in a line break and hold no empty line."""
        if not text.endswith("\n") or "\n\n" in text:
            raise ValueError("the text of a note ends in a line break and holds no empty line")
        signature = self.verifier.key_id + self._private_key.sign(text.encode())
        return f"{text}\n{_SIGNATURE_MARK}{self.verifier.name} {base64.b64encode(signature).decode()}\n"

    @classmethod
    def create(cls, name: str, file: Path) -> "SigningKey":
        """Makes a key and stores it in a new file that only its owner may read (mode 0600)."""
        key = Ed25519PrivateKey.generate()
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(pem)
            stream.flush()
            os.fsync(stream.fileno())
        return cls(name, key)

    @classmethod
    def load(cls, name: str, file: Path) -> "SigningKey":
        """The key in a file. Raises PermissionError if others than its owner may read it."""
        if file.stat().st_mode & 0o077:
            raise PermissionError(f"{file} may be read by others than its owner")
        key = serialization.load_pem_private_key(file.read_bytes(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError(f"{file} does not hold an Ed25519 key")
        return cls(name, key)


def note_bytes(note: str) -> bytes:
    """The bytes a note was read from, whatever they were."""
    return note.encode(errors="surrogateescape")


def note_text(data: bytes) -> str:
    """Bytes as the text in which notes are looked for; bytes that are no text do not get lost."""
    return data.decode(errors="surrogateescape")


def split_notes(text: str) -> Iterator[str]:
    """The whole notes of a text that holds one after another; a torn note at its end is left out."""
    begin = 0
    for match in re.finditer(rf"^{_SIGNATURE_MARK}[^\n]*\n", text, re.MULTILINE):
        yield text[begin : match.end()]
        begin = match.end()
