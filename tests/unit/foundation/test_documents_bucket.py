from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from services.foundation.documents import make_bucket

KEYS = {"XUKE_S3_ACCESS_KEY": "key", "XUKE_S3_SECRET_KEY": "secret"}


@pytest.fixture
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def client_of(endpoint: str) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id="key",
        aws_secret_access_key="secret",
        region_name="us-east-1",
    )


def test_the_bucket_of_the_settings_is_made_once_versioned_and_lockable(
    endpoint: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {**KEYS, "XUKE_S3_ENDPOINT": endpoint, "XUKE_DOCUMENTS": "s3://papers/2026"}.items():
        monkeypatch.setenv(name, value)
    make_bucket.main()
    make_bucket.main()
    assert capsys.readouterr().out.splitlines() == ["papers: made", "papers: there already"]
    client = client_of(endpoint)
    assert client.get_bucket_versioning(Bucket="papers")["Status"] == "Enabled"
    lock = client.get_object_lock_configuration(Bucket="papers")["ObjectLockConfiguration"]
    assert lock["ObjectLockEnabled"] == "Enabled"
