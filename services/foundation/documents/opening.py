"""Which document store a process uses, by its settings."""

from pathlib import Path
from urllib.parse import urlsplit

from services.foundation.documents.local_folder import LocalFolderDocumentStore
from services.foundation.documents.store import DocumentStore
from services.foundation.settings import Settings


def document_store(settings: Settings) -> DocumentStore:
    """The store at XUKE_DOCUMENTS: a folder, or s3://bucket/prefix.

    A bucket further needs XUKE_S3_ENDPOINT, XUKE_S3_ACCESS_KEY and XUKE_S3_SECRET_KEY, each of which may
    be given as a file by the same name with _FILE; XUKE_S3_REGION is optional.
    """
    location = urlsplit(settings.documents)
    if location.scheme != "s3":
        return LocalFolderDocumentStore(Path(settings.documents))
    # Only here, because the library takes longer to import than the rest of a service.
    from services.foundation.documents.s3 import S3DocumentStore

    return S3DocumentStore(
        bucket=location.netloc,
        prefix=location.path,
        endpoint=settings.text("XUKE_S3_ENDPOINT"),
        access_key=settings.text("XUKE_S3_ACCESS_KEY"),
        secret_key=settings.text("XUKE_S3_SECRET_KEY"),
        region=settings.text("XUKE_S3_REGION", "us-east-1"),
    )
