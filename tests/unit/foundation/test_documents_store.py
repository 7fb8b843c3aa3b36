"""Both document stores, under one set of expectations: a real folder, and a real S3 server on a socket."""

import hashlib
import io
import os
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto.server import ThreadedMotoServer

from services.foundation.documents.local_folder import LocalFolderDocumentStore
from services.foundation.documents.media_type import MediaType
from services.foundation.documents.opening import document_store
from services.foundation.documents.receiving import MAXIMUM_BYTES, receive
from services.foundation.documents.s3 import S3DocumentStore
from services.foundation.documents.store import DocumentReference, DocumentStore
from services.foundation.errors import ErrorCode, XukeError
from services.foundation.settings import SettingMissing, Settings
from tests.unit.foundation.test_documents_media_type import jpeg, pdf, png

CONTENT = b"end-user certificate " * 40_000
SHA256 = hashlib.sha256(CONTENT).hexdigest()
BUCKET = "documents"


@pytest.fixture(scope="module")
def s3_endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id="key",
        aws_secret_access_key="secret",
        region_name="us-east-1",
    ).create_bucket(Bucket=BUCKET)
    yield endpoint
    server.stop()


def s3_store(endpoint: str, prefix: str) -> S3DocumentStore:
    return S3DocumentStore(BUCKET, prefix, endpoint, "key", "secret", "us-east-1")


Spoil = Callable[[str, bytes], None]


@pytest.fixture(params=["folder", "s3"])
def store_and_spoil(
    request: pytest.FixtureRequest, tmp_path: Path, s3_endpoint: str
) -> tuple[DocumentStore, Spoil]:
    """An empty store, and a way to change what it holds behind its back."""
    if request.param == "folder":

        def spoil_file(sha256: str, data: bytes) -> None:
            (tmp_path / sha256[:2] / sha256[2:4] / sha256).write_bytes(data)

        return LocalFolderDocumentStore(tmp_path), spoil_file
    prefix = uuid.uuid4().hex
    store = s3_store(s3_endpoint, prefix)

    def spoil_object(sha256: str, data: bytes) -> None:
        key = f"{prefix}/{sha256[:2]}/{sha256[2:4]}/{sha256}"
        store._client.put_object(Bucket=BUCKET, Key=key, Body=data)

    return store, spoil_object


@pytest.fixture
def store(store_and_spoil: tuple[DocumentStore, Spoil]) -> DocumentStore:
    return store_and_spoil[0]


def test_what_is_put_is_read_back(store: DocumentStore) -> None:
    assert not store.exists(SHA256)
    assert store.put(CONTENT) == DocumentReference(SHA256, len(CONTENT))
    assert store.exists(SHA256)
    assert b"".join(store.open(SHA256)) == CONTENT


def test_chunks_and_bytes_are_the_same_document(store: DocumentStore) -> None:
    chunks = (CONTENT[begin : begin + 1000] for begin in range(0, len(CONTENT), 1000))
    assert store.put(chunks) == store.put(CONTENT)
    assert b"".join(store.open(SHA256)) == CONTENT


def test_an_empty_document_has_its_place_too(store: DocumentStore) -> None:
    reference = store.put(b"")
    assert reference == DocumentReference(hashlib.sha256(b"").hexdigest(), 0)
    assert b"".join(store.open(reference.sha256)) == b""


def test_a_document_that_is_not_there(store: DocumentStore) -> None:
    for name in (SHA256, "", "../../etc/passwd", SHA256.upper(), SHA256[:-1], SHA256 + "\n"):
        with pytest.raises(XukeError) as raised:
            store.open(name)
        assert raised.value.code is ErrorCode.NOT_FOUND
    assert not store.exists(SHA256)


def test_a_document_changed_behind_the_store_is_not_handed_out(
    store_and_spoil: tuple[DocumentStore, Spoil],
) -> None:
    store, spoil = store_and_spoil
    store.put(CONTENT)
    spoil(SHA256, CONTENT[:-1] + b"!")
    with pytest.raises(XukeError) as raised:
        b"".join(store.open(SHA256))
    assert (raised.value.code, raised.value.reason) == (ErrorCode.INTERNAL, "STORED_DOCUMENT_CORRUPTED")


def test_a_source_that_fails_leaves_nothing(store: DocumentStore) -> None:
    def failing() -> Iterator[bytes]:
        yield CONTENT
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        store.put(failing())
    assert not store.exists(SHA256)


def test_the_folder_holds_whole_documents_only(tmp_path: Path) -> None:
    store = LocalFolderDocumentStore(tmp_path)
    store.put(CONTENT)
    store.put(CONTENT)

    def failing() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        store.put(failing())
    files = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()]
    assert files == [f"{SHA256[:2]}/{SHA256[2:4]}/{SHA256}"]


def test_storing_again_repairs_a_damaged_document(tmp_path: Path) -> None:
    store = LocalFolderDocumentStore(tmp_path)
    store.put(CONTENT)
    (tmp_path / SHA256[:2] / SHA256[2:4] / SHA256).write_bytes(b"damaged")
    store.put(CONTENT)
    assert b"".join(store.open(SHA256)) == CONTENT


def test_a_folder_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(XukeError) as raised:
        LocalFolderDocumentStore(tmp_path / "file" / "documents").put(CONTENT)
    assert raised.value.reason == "DOCUMENT_STORE_UNAVAILABLE"


def test_a_bucket_that_is_not_there_or_not_reachable_is_unavailable(s3_endpoint: str) -> None:
    nowhere = S3DocumentStore("no-such-bucket", "", s3_endpoint, "key", "secret", "us-east-1")
    silent = S3DocumentStore(BUCKET, "", "http://127.0.0.1:1", "key", "secret", "us-east-1")
    for act in (lambda: nowhere.put(CONTENT), lambda: silent.put(CONTENT), lambda: silent.open(SHA256)):
        with pytest.raises(XukeError) as raised:
            act()
        assert (raised.value.code, raised.value.reason) == (
            ErrorCode.UNAVAILABLE,
            "DOCUMENT_STORE_UNAVAILABLE",
        )


def test_the_store_is_chosen_by_the_settings(tmp_path: Path, s3_endpoint: str) -> None:
    local = document_store(Settings({"XUKE_DOCUMENTS": str(tmp_path)}))
    assert isinstance(local, LocalFolderDocumentStore)
    local.put(b"x")
    secret = tmp_path / "secret"
    secret.write_text("secret\n")
    environment = {
        "XUKE_DOCUMENTS": f"s3://{BUCKET}/chosen/by/settings",
        "XUKE_S3_ENDPOINT": s3_endpoint,
        "XUKE_S3_ACCESS_KEY": "key",
        "XUKE_S3_SECRET_KEY_FILE": str(secret),
    }
    remote = document_store(Settings(environment))
    reference = remote.put(CONTENT)
    keys = s3_store(s3_endpoint, "")._client.list_objects_v2(Bucket=BUCKET, Prefix="chosen/by/settings/")
    assert [item["Key"].rsplit("/", 1)[1] for item in keys["Contents"]] == [reference.sha256]
    del environment["XUKE_S3_ENDPOINT"]
    with pytest.raises(SettingMissing, match="XUKE_S3_ENDPOINT"):
        document_store(Settings(environment))


def in_pieces(data: bytes) -> Iterator[bytes]:
    file = io.BytesIO(data)
    while piece := file.read(1 << 16):
        yield piece


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (pdf(), "contract.pdf", MediaType.PDF),
        (jpeg(), "身份证.JPG", MediaType.JPEG),
        (jpeg(), "scan.jpeg", MediaType.JPEG),
        (png(), "drawing.png", MediaType.PNG),
    ],
)
def test_an_upload_is_stored(store: DocumentStore, data: bytes, name: str, kind: MediaType) -> None:
    received = receive(in_pieces(data), name, store)
    assert (received.size, received.media_type) == (len(data), kind)
    assert b"".join(store.open(received.sha256)) == data


@pytest.mark.parametrize(
    ("data", "name", "field", "reason"),
    [
        (b"", "contract.pdf", "content", "ATTACHMENT_EMPTY"),
        (b"This is not a PDF", "contract.pdf", "content", "ATTACHMENT_TYPE_NOT_ACCEPTED"),
        (b"MZ\x90\x00", "contract.pdf", "content", "ATTACHMENT_TYPE_NOT_ACCEPTED"),
        (pdf()[:-30], "contract.pdf", "content", "ATTACHMENT_DAMAGED"),
        (b"%PDF-1.7 renamed letter", "contract.pdf", "content", "ATTACHMENT_DAMAGED"),
        (png(), "contract.pdf", "file_name", "ATTACHMENT_NAME_MISLEADING"),
        (pdf(), "contract", "file_name", "ATTACHMENT_NAME_MISLEADING"),
        (pdf(), "contract.pdf.exe", "file_name", "ATTACHMENT_NAME_MISLEADING"),
        (pdf() + b" " * MAXIMUM_BYTES, "contract.pdf", "content", "ATTACHMENT_TOO_LARGE"),
    ],
)
def test_an_upload_is_refused_naming_the_field(
    tmp_path: Path, data: bytes, name: str, field: str, reason: str
) -> None:
    with pytest.raises(XukeError) as raised:
        receive(in_pieces(data), name, LocalFolderDocumentStore(tmp_path))
    assert raised.value.code is ErrorCode.INVALID_ARGUMENT
    assert [(violation.field, violation.reason) for violation in raised.value.violations] == [(field, reason)]
    assert list(tmp_path.iterdir()) == []


def test_the_rest_of_a_too_large_upload_is_not_read(tmp_path: Path) -> None:
    read = 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        while True:
            read += 1
            yield os.urandom(1 << 20)

    with pytest.raises(XukeError):
        receive(endless(), "contract.pdf", LocalFolderDocumentStore(tmp_path))
    assert read == MAXIMUM_BYTES // (1 << 20) + 1


def test_an_upload_of_exactly_the_limit_is_taken(tmp_path: Path) -> None:
    data = jpeg()
    padded = data[:-2] + b"\x00" * (MAXIMUM_BYTES - len(data)) + data[-2:]
    assert receive(in_pieces(padded), "scan.jpg", LocalFolderDocumentStore(tmp_path)).size == MAXIMUM_BYTES


@given(st.lists(st.binary(max_size=50), max_size=6))
def test_the_name_is_the_digest_however_the_content_is_cut(pieces: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = LocalFolderDocumentStore(Path(folder))
        reference = store.put(iter(pieces))
        assert reference.sha256 == hashlib.sha256(b"".join(pieces)).hexdigest()
        assert b"".join(store.open(reference.sha256)) == b"".join(pieces)
