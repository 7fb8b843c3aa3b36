"""What a document store is: content-addressed, write-once, checked on every read."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Final, Protocol

from services.foundation.errors import ErrorCode, XukeError, not_found, unavailable

CHUNK_BYTES: Final = 256 * 1024
# A document up to this size is held in memory on its way; a larger one in a temporary file.
_IN_MEMORY_BYTES: Final = 1024 * 1024
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")

Content = bytes | Iterable[bytes]


@dataclass(frozen=True, slots=True)
class DocumentReference:
    """A stored document: its SHA-256 in lower-case hexadecimal, and its size in bytes."""

    sha256: str
    size: int


class DocumentStore(Protocol):
    """Keeps documents. Storing one twice is the same as storing it once.

    Errors: UNAVAILABLE, DOCUMENT_STORE_UNAVAILABLE while the store cannot be reached or is full.
    """

    def put(self, content: Content) -> DocumentReference:
        """Stores a document; when this returns it survives a crash."""
        ...

    def open(self, sha256: str) -> Iterator[bytes]:
        """The content in chunks, handed out only after all of it was found to have this digest.

        Errors: NOT_FOUND; INTERNAL, STORED_DOCUMENT_CORRUPTED.
        """
        ...

    def exists(self, sha256: str) -> bool:
        """Whether a document with this digest is stored."""
        ...


def sharded_path(sha256: str) -> str:
    """Where a document lies in a store, in folders of at most 256 entries each.

    A digest that is none is refused with NOT_FOUND, so that no path can be smuggled in as one.
    """
    if not _DIGEST.fullmatch(sha256):
        raise not_found("document", sha256)
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def chunks_of(content: Content) -> Iterable[bytes]:
    """Content as chunks, whichever way it came."""
    return (content,) if isinstance(content, bytes) else content


def spool(chunks: Iterable[bytes]) -> tuple[IO[bytes], DocumentReference]:
    """Content gathered in a temporary file, rewound, with its reference. The caller closes it."""
    file: IO[bytes] = SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115 - handed to the caller
    try:
        digest, size = hashlib.sha256(), 0
        for chunk in chunks:
            digest.update(chunk)
            size += file.write(chunk)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file, DocumentReference(digest.hexdigest(), size)


def read_and_close(file: IO[bytes]) -> Iterator[bytes]:
    """The rest of a file in chunks; closes it in the end."""
    with file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def corrupted(sha256: str) -> XukeError:
    """The stored content is not what it was when it was stored."""
    return XukeError(ErrorCode.INTERNAL, "STORED_DOCUMENT_CORRUPTED", {"sha256": sha256})


def store_unavailable() -> XukeError:
    """The store cannot be reached, or cannot take any more."""
    return unavailable("DOCUMENT_STORE_UNAVAILABLE")
