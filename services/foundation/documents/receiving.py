"""Taking in what an applicant uploads: small enough, of an accepted kind, whole, and then stored."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO, Final

from services.foundation.documents.malware_scanner import MalwareScanner
from services.foundation.documents.media_type import MediaType, claimed_type, is_sound
from services.foundation.documents.store import DocumentStore, read_and_close, spool
from services.foundation.errors import invalid_field

MAXIMUM_MEGABYTES: Final = 20
MAXIMUM_BYTES: Final = MAXIMUM_MEGABYTES * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ReceivedDocument:
    """A document that was taken in and stored."""

    sha256: str
    size: int
    media_type: MediaType


def receive(
    chunks: Iterable[bytes],
    file_name: str,
    store: DocumentStore,
    content_field: str = "content",
    name_field: str = "file_name",
    scanner: MalwareScanner | None = None,
) -> ReceivedDocument:
    """Stores an upload after looking at all of it; what is refused is never stored.

    Errors: INVALID_ARGUMENT naming `content_field` with ATTACHMENT_EMPTY, ATTACHMENT_TOO_LARGE,
    ATTACHMENT_TYPE_NOT_ACCEPTED or ATTACHMENT_DAMAGED, or `name_field` with ATTACHMENT_NAME_MISLEADING
    where the name ends as another kind; with a scanner ATTACHMENT_INFECTED, and UNAVAILABLE while it cannot
    be asked; and those of the store. Without a scanner nothing is looked at for malware.
    """
    file, reference = spool(_limited(chunks, content_field))
    with file:
        if reference.size == 0:
            raise invalid_field(content_field, "ATTACHMENT_EMPTY")
        media_type = claimed_type(file.read(16))
        if media_type is None:
            raise invalid_field(content_field, "ATTACHMENT_TYPE_NOT_ACCEPTED", file_name=file_name)
        if not is_sound(file, media_type):
            raise invalid_field(
                content_field, "ATTACHMENT_DAMAGED", file_name=file_name, media_type=media_type
            )
        if PurePath(file_name).suffix.lower() not in media_type.extensions:
            raise invalid_field(
                name_field, "ATTACHMENT_NAME_MISLEADING", file_name=file_name, media_type=media_type
            )
        _require_clean(file, file_name, content_field, scanner)
        file.seek(0)
        stored = store.put(read_and_close(file))
    return ReceivedDocument(stored.sha256, stored.size, media_type)


def _require_clean(file: IO[bytes], file_name: str, field: str, scanner: MalwareScanner | None) -> None:
    if scanner is None:
        return
    file.seek(0)
    finding = scanner.finding(file)
    if finding:
        raise invalid_field(field, "ATTACHMENT_INFECTED", file_name=file_name, finding=finding)


def _limited(chunks: Iterable[bytes], field: str) -> Iterator[bytes]:
    """The chunks, as long as they do not exceed the limit; the rest of a longer upload is not read."""
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > MAXIMUM_BYTES:
            raise invalid_field(field, "ATTACHMENT_TOO_LARGE", limit_megabytes=str(MAXIMUM_MEGABYTES))
        yield chunk
