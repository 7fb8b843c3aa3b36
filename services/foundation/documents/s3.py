"""Documents in a bucket of an S3-compatible object store: the store of the platform in production."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from services.foundation.documents.store import (
    CHUNK_BYTES,
    Content,
    DocumentReference,
    chunks_of,
    corrupted,
    read_and_close,
    sharded_path,
    spool,
    store_unavailable,
)
from services.foundation.errors import not_found

_ABSENT = ("404", "NoSuchKey", "NotFound")


class S3DocumentStore:
    """A document store in a bucket (see `DocumentStore`).

    The bucket must exist; turn versioning and object lock on there to keep documents for as long as the
    law demands (two-use items: five years, 两用物项出口管制条例 Art. 27).
    """

    def __init__(
        self, bucket: str, prefix: str, endpoint: str, access_key: str, secret_key: str, region: str
    ) -> None:
        self._bucket = bucket
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._client = boto3.client(
            "s3",
            endpoint_url=endpoint,
            aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
            region_name=region,
            config=Config(
                connect_timeout=3,
                read_timeout=10,
                retries={"max_attempts": 3, "mode": "standard"},
                signature_version="s3v4",
                s3={"addressing_style": "path"},
            ),
        )

    def put(self, content: Content) -> DocumentReference:
        """See `DocumentStore.put`. The store checks the digest of what arrives."""
        file, reference = spool(chunks_of(content))
        with file:
            if self.exists(reference.sha256):
                return reference
            with _reaching_the_store():
                self._client.put_object(
                    Bucket=self._bucket,
                    Key=self._key(reference.sha256),
                    Body=file,
                    ContentLength=reference.size,
                    ChecksumSHA256=base64.b64encode(bytes.fromhex(reference.sha256)).decode(),
                )
        return reference

    def open(self, sha256: str) -> Iterator[bytes]:
        """See `DocumentStore.open`."""
        key = self._key(sha256)
        with _reaching_the_store():
            try:
                body = self._client.get_object(Bucket=self._bucket, Key=key)["Body"]
            except ClientError as error:
                if _is_absent(error):
                    raise not_found("document", sha256) from error
                raise
            file, reference = spool(body.iter_chunks(CHUNK_BYTES))
        if reference.sha256 != sha256:
            file.close()
            raise corrupted(sha256)
        return read_and_close(file)

    def exists(self, sha256: str) -> bool:
        """See `DocumentStore.exists`."""
        key = self._key(sha256)
        with _reaching_the_store():
            try:
                self._client.head_object(Bucket=self._bucket, Key=key)
            except ClientError as error:
                if _is_absent(error):
                    return False
                raise
        return True

    def _key(self, sha256: str) -> str:
        return f"{self._prefix}{sharded_path(sha256)}"


def _is_absent(error: ClientError) -> bool:
    return error.response.get("Error", {}).get("Code") in _ABSENT


@contextmanager
def _reaching_the_store() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise store_unavailable() from error
