"""How a document that somebody uploaded is answered with: shown in place or kept, never as a page."""

import pytest
from flask import Flask, g
from xuke.licensing.v1 import dossier_pb2 as d

from services.portal.pages.case_attachments import document_answer
from services.portal.security_headers import Frames


@pytest.mark.parametrize(
    ("media_type", "keep", "content_type", "disposition"),
    [
        ("application/pdf", False, "application/pdf", "inline"),
        ("image/jpeg", False, "image/jpeg", "inline"),
        ("image/png", False, "image/png", "inline"),
        ("image/png", True, "image/png", "attachment"),
        ("image/svg+xml", False, "application/octet-stream", "attachment"),
        ("text/html", False, "application/octet-stream", "attachment"),
        ("", False, "application/octet-stream", "attachment"),
    ],
)
def test_only_what_was_recognised_is_shown(
    media_type: str, keep: bool, content_type: str, disposition: str
) -> None:
    document = d.Attachment(media_type=media_type, file_name='合同 1\r\nX: "y";.pdf')
    with Flask("answers").app_context():
        answer = document_answer(document, b"bytes", keep=keep)
        assert g.frames is Frames.SERVED
    assert answer.headers["Content-Type"] == content_type
    kind, name, encoded = answer.headers["Content-Disposition"].split("; ")
    assert kind == disposition
    assert name == 'filename="___1__X___y__.pdf"'
    assert encoded == "filename*=UTF-8''%E5%90%88%E5%90%8C%201%0D%0AX%3A%20%22y%22%3B.pdf"
