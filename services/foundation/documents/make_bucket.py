"""Makes the bucket of the document store, once: `python -m services.foundation.documents.make_bucket`.

The bucket is versioned and has object lock, so that a document can be kept beyond the reach of a mistake for
as long as the law demands (dual-use items: five years, 两用物项出口管制条例 Art. 27). How long, and whether
anybody may shorten it, is the operator's decision: set a default retention on the bucket.
"""

from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from services.foundation.settings import Settings

_ABSENT = ("404", "NoSuchBucket", "NotFound")


def make_bucket(client: Any, name: str) -> bool:
    """Makes the bucket with object lock, which turns versioning on; False if it was there already."""
    try:
        client.head_bucket(Bucket=name)
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") not in _ABSENT:
            raise
        client.create_bucket(Bucket=name, ObjectLockEnabledForBucket=True)
        return True
    return False


def main() -> None:
    """Makes the bucket that XUKE_DOCUMENTS names, by the settings of `opening.document_store`."""
    settings = Settings.from_environment()
    client = boto3.client(
        "s3",
        endpoint_url=settings.text("XUKE_S3_ENDPOINT"),
        aws_access_key_id=settings.text("XUKE_S3_ACCESS_KEY"),
        aws_secret_access_key=settings.text("XUKE_S3_SECRET_KEY"),
        region_name=settings.text("XUKE_S3_REGION", "us-east-1"),
        config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
    )
    name = urlsplit(settings.documents).netloc
    print(f"{name}: {'made' if make_bucket(client, name) else 'there already'}")


if __name__ == "__main__":
    main()
