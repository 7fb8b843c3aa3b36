"""Documents in a folder: the store of the platform on one machine."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from services.foundation.documents.store import (
    Content,
    DocumentReference,
    chunks_of,
    corrupted,
    read_and_close,
    sharded_path,
    store_unavailable,
)
from services.foundation.errors import not_found


class LocalFolderDocumentStore:
    """A document store in a folder of one file system (see `DocumentStore`).

    A document is written beside its place, flushed to the disk and renamed into place, so that under its
    name there is all of it or nothing.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._incoming = folder / "incoming"

    def put(self, content: Content) -> DocumentReference:
        """See `DocumentStore.put`. A stored copy that has been damaged is replaced."""
        try:
            self._incoming.mkdir(parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=self._incoming)
        except OSError as error:
            raise store_unavailable() from error
        temporary = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                reference = _write(file, content)
            place = self._folder / sharded_path(reference.sha256)
            if place.exists() and _digest(place) == reference.sha256:
                return reference
            try:
                place.parent.mkdir(parents=True, exist_ok=True)
                temporary.replace(place)
                for folder in (place.parent, place.parent.parent, self._folder):
                    _sync_folder(folder)
            except OSError as error:
                raise store_unavailable() from error
            return reference
        finally:
            temporary.unlink(missing_ok=True)

    def open(self, sha256: str) -> Iterator[bytes]:
        """See `DocumentStore.open`."""
        place = self._folder / sharded_path(sha256)
        try:
            if _digest(place) != sha256:
                raise corrupted(sha256)
            return read_and_close(place.open("rb"))
        except FileNotFoundError as error:
            raise not_found("document", sha256) from error
        except OSError as error:
            raise store_unavailable() from error

    def exists(self, sha256: str) -> bool:
        """See `DocumentStore.exists`."""
        return (self._folder / sharded_path(sha256)).exists()


def _write(file: IO[bytes], content: Content) -> DocumentReference:
    digest, size = hashlib.sha256(), 0
    for chunk in chunks_of(content):
        digest.update(chunk)
        try:
            size += file.write(chunk)
        except OSError as error:
            raise store_unavailable() from error
    try:
        file.flush()
        os.fsync(file.fileno())
    except OSError as error:
        raise store_unavailable() from error
    return DocumentReference(digest.hexdigest(), size)


def _digest(place: Path) -> str:
    with place.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
