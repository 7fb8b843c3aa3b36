"""Documents of an application: attached with what they are, refused with the reason, handed over as they were."""

import hashlib

import pytest

from services.foundation.documents.receiving import MAXIMUM_BYTES
from services.launcher.demo.papers import paper
from services.portal.pages.filing_attachments import GREATEST_UPLOAD_BYTES
from tests.journeys.portal.conftest import EXPORTER, HOSTILE
from tests.journeys.portal.filling_in import fault_links, send, sent
from tests.support.browsing import Browser, Page

PDF = paper("出口合同", "for a test")
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa7\x9a\xa0\xa0\x00\x00\x00\x00IEND\xaeB`\x82"
)


@pytest.fixture
def exporter(browser: Browser) -> Browser:
    browser.sign_in(EXPORTER, "en")
    return browser


@pytest.fixture
def path(exporter: Browser) -> str:
    page = send(exporter, exporter.get("/en/"), "/applications/new")
    return page.url.removeprefix(exporter.base) + "/attachments"


def attach(browser: Browser, path: str, kind: str, name: str, content: bytes) -> Page:
    """Uploads as a browser does: to the address of the form, in parts."""
    fields = sent(browser.get(path), "/attachments", kind=kind)
    files = {"file": (name, content, "application/octet-stream")}
    return browser.post(path, fields, files=files)


def test_a_document_is_shown_with_its_size_and_digest_and_comes_back_whole(
    exporter: Browser, path: str
) -> None:
    name = "合同 “最终”.pdf"
    page = attach(exporter, path, "CONTRACT", name, PDF)
    assert page.url.endswith("/attachments")
    assert name in page.words
    assert f"{len(PDF):,} bytes" in page.words
    assert hashlib.sha256(PDF).hexdigest() in page.words
    link = next(one for one in page.tree.xpath("//main//a/@href") if "/attachments/" in one)
    answer = exporter.get(link).response
    assert answer.content == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_document_is_taken_away_once(exporter: Browser, path: str) -> None:
    page = attach(exporter, path, "CONTRACT", "a.pdf", PDF)
    fields = sent(page, "/remove")
    removal = next(one for one in page.tree.xpath("//main//form/@action") if one.endswith("/remove"))
    page = exporter.post(removal, fields)
    assert "a.pdf" not in page.words
    assert exporter.post(removal, fields).url == page.url


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("contract.pdf", b"<html>not a PDF</html>", "is not a PDF, JPEG or PNG file"),
        ("contract.png", PDF, "contract.png"),
        ("contract.pdf", b"", "empty"),
        ("contract.pdf", PDF[: len(PDF) // 2], "contract.pdf"),
        ("large.pdf", PDF + b"\0" * MAXIMUM_BYTES, "20 MB"),
    ],
    ids=["of another kind", "under a misleading name", "empty", "damaged", "too large"],
)
def test_what_is_refused_is_refused_with_the_reason(
    exporter: Browser, path: str, name: str, content: bytes, said: str
) -> None:
    page = attach(exporter, path, "CONTRACT", name, content)
    assert page.status == 400
    assert fault_links(page) == ["#file"]
    assert said in page.words
    assert page.tree.xpath("//option[@value='CONTRACT']/@selected")
    assert "attachments/" not in exporter.get(path).text.replace(f"{path}/", "")


def test_kind_and_file_must_be_named(exporter: Browser, path: str) -> None:
    page = attach(exporter, path, "", "", b"")
    assert fault_links(page) == ["#kind", "#file"]
    page = attach(exporter, path, "UNSPECIFIED", "a.pdf", PDF)
    assert fault_links(page) == ["#kind"]
    for shown in (page, exporter.get(f"{path}?kind=UNSPECIFIED")):
        assert not shown.tree.xpath("//option[@value='UNSPECIFIED']")
    chosen = exporter.get(f"{path}?kind=CONTRACT").tree.xpath("//select[@id='kind']/option[@selected]/@value")
    assert chosen == ["CONTRACT"]


def test_more_than_any_document_may_have_is_not_read(exporter: Browser, path: str) -> None:
    page = attach(exporter, path, "CONTRACT", "vast.pdf", b"\0" * GREATEST_UPLOAD_BYTES)
    assert page.status == 413


def test_the_name_of_a_file_is_text(exporter: Browser, path: str) -> None:
    page = attach(exporter, path, "OTHER", "<script>x.pdf", PDF)
    assert "<script>x.pdf" in page.words
    assert "<script>x" not in page.text
    page = attach(exporter, path, "OTHER", "C:\\papers\\b.png", PNG)
    assert "b.png" in page.words or page.status == 400
    assert HOSTILE not in page.text


def test_another_organisation_attaches_and_takes_nothing(exporter: Browser, path: str, world) -> None:
    page = attach(exporter, path, "CONTRACT", "a.pdf", PDF)
    removal = next(one for one in page.tree.xpath("//main//form/@action") if one.endswith("/remove"))
    stranger = Browser(world.base)
    token = {"csrf_token": stranger.sign_in("guangdong.exporter", "en").field("csrf_token"), "kind": "OTHER"}
    assert stranger.post(path, token, files={"file": ("b.pdf", PDF)}).status == 404
    assert stranger.post(removal, token).status == 404
    assert "a.pdf" in exporter.get(path).words


def test_what_the_law_asks_for_stands_on_the_page_until_it_is_there(exporter: Browser, path: str) -> None:
    assert exporter.get(path).words.count("Not attached") == 6
    attach(exporter, path, "HANDLER_IDENTITY", "c.pdf", PDF)
    assert exporter.get(path).words.count("Not attached") == 5
