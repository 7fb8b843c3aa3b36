"""The authorization endpoint (RFC 6749 3.1): a plain page on which a person chooses a development account.

It asks for no password: the one of the development accounts is known to all, and the issuer listens on the
loopback address only.
"""

import pathlib
import re
import urllib.parse
from collections.abc import Mapping
from typing import Final

from flask import Flask, Response, redirect, render_template_string, request
from werkzeug.wrappers import Response as AnyResponse

from services.launcher.issuer.grants import Directory

_PAGE: Final = (pathlib.Path(__file__).parent / "sign_in_page.html").read_text(encoding="utf-8")
_CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}")
# Passed from the program's request through the page to the answer.
_CARRIED: Final = (
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
)


def _refusal(asked: Mapping[str, str], directory: Directory) -> str:
    """Why a request cannot be answered by sending the person back; empty if it can."""
    if directory.redirect_uris.get(asked["client_id"]) != asked["redirect_uri"] or not asked["redirect_uri"]:
        return "redirect_uri is not registered for this client"
    return ""


def _error(asked: Mapping[str, str]) -> str:
    """The error code of RFC 6749 4.1.2.1 that the program is told; empty if there is none."""
    if asked["response_type"] != "code":
        return "unsupported_response_type"
    if asked["code_challenge_method"] != "S256" or not _CHALLENGE.fullmatch(asked["code_challenge"]):
        return "invalid_request"
    if "openid" not in asked["scope"].split():
        return "invalid_scope"
    return ""


def _back(asked: Mapping[str, str], **answer: str) -> AnyResponse:
    query = urllib.parse.urlencode({**answer, "state": asked["state"]})
    return redirect(f"{asked['redirect_uri']}?{query}", 303)


def _page(asked: Mapping[str, str], directory: Directory) -> Response:
    answer = Response(
        render_template_string(_PAGE, asked=asked, persons=directory.accounts.persons.values()),
        content_type="text/html; charset=utf-8",
    )
    # A browser holds form-action against the address that the form leads to in the end, too.
    parts = urllib.parse.urlsplit(asked["redirect_uri"])
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none';"
        f" form-action 'self' {parts.scheme}://{parts.netloc}"
    )
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def add_sign_in_page(application: Flask, directory: Directory) -> None:
    """Adds /authorize to the issuer."""

    @application.route("/authorize", methods=["GET", "POST"])
    def authorize() -> AnyResponse:
        asked = {name: request.values.get(name, "") for name in _CARRIED}
        if refusal := _refusal(asked, directory):
            return Response(refusal, 400, content_type="text/plain; charset=utf-8")
        if error := _error(asked):
            return _back(asked, error=error)
        if request.method == "GET":
            return _page(asked, directory)
        account = directory.accounts.persons.get(request.form.get("account", ""))
        if account is None:
            return _back(asked, error="access_denied")
        code = directory.codes.give(
            account,
            client_id=asked["client_id"],
            redirect_uri=asked["redirect_uri"],
            code_challenge=asked["code_challenge"],
            nonce=asked["nonce"],
        )
        return _back(asked, code=code)
